"""How somebody feels who writes: words and rules, the shipped prior and a company's own model.

What the words say (`rules`) and the models weigh against each other (`odds`) becomes a label and
a score (`labels`), of the text, of its sentences and of aspects of it (`aspects`).
"""

from collections.abc import Mapping, Sequence

from config.kernel.text.language import language_of_normal
from config.kernel.text.model import Model
from config.kernel.text.mood.aspects import aspects_of
from config.kernel.text.mood.feelings import ClauseMood
from config.kernel.text.mood.irony import sounds_ironic
from config.kernel.text.mood.labels import is_told, labelled, score_of
from config.kernel.text.mood.moods import Mood, MoodReason, PartMood
from config.kernel.text.mood.odds import OF_A_SENTENCE, logistic, odds
from config.kernel.text.mood.rules import feel
from config.kernel.text.normalising import (
    essence,
    head_and_tail_with_places,
    normalise_with_places,
)
from config.kernel.text.scoring import Scorer, Scores
from config.kernel.text.sentences import Span, sentences
from config.kernel.text.vectors import Encoder

TRUSTED_FROM = 200  # own labels that weigh as much as prior and words together
REASONS = 6
MOST = 4_000  # letters that are read: the first and the last half


class MoodReader:
    """Reads with models that are already loaded; make one and keep it.

    `own`: a company's model with the labels negative, positive and perhaps neutral (or 0 and 1);
    `own_labels`: by how many human labels it was taught, else `facts["n"]` of the model.
    """

    def __init__(
        self,
        prior: Model | None = None,
        own: Model | None = None,
        own_labels: int | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        models = {name: model for name, model in (("prior", prior), ("own", own)) if model}
        self._scorer = Scorer(models, encoder) if models else None
        taught = own_labels if own_labels is not None else _taught(own)
        self._share = taught / (taught + TRUSTED_FROM) if own else 0.0

    def read(
        self, text: str, *, subject: str = "", aspects: Mapping[str, Sequence[str]] | None = None
    ) -> Mood:
        """The mood of one text. `aspects`: words that name each, in either language."""
        normal, places = _read(text)
        spans = sentences(normal)
        several = spans if len(spans) > 1 else []
        read = [essence(normal, subject), *(span.of(normal) for span in several)]
        scores = self._scorer.read(read) if self._scorer else {}
        return self._mood((normal, places), scores, several=several, aspects=aspects)

    def read_many(self, texts: Sequence[str]) -> list[Mood]:
        """The moods of many texts, without their sentences: several times faster."""
        normals = [_read(text) for text in texts]
        scores = (
            self._scorer.read([essence(normal) for normal, _ in normals]) if self._scorer else {}
        )
        return [self._mood(text, scores, at) for at, text in enumerate(normals)]

    def _mood(
        self,
        text: tuple[str, list[int]],
        scores: Mapping[str, Scores],
        row: int = 0,
        several: Sequence[Span] = (),
        aspects: Mapping[str, Sequence[str]] | None = None,
    ) -> Mood:
        """`row`: of the scores; those of its sentences stand behind it."""
        normal, places = text
        language = language_of_normal(normal)
        moods = feel(normal)
        z, neutral = odds(scores, row, moods, language, trust=1.0, own_share=self._share)
        told = is_told(normal, moods, language)
        label, confidence = labelled(z, neutral, moods, told)
        parts = []
        for number, span in enumerate(several, row + 1):
            inside = [m for m in moods if span.start <= m.span.start < span.end]
            part_z, part_neutral = odds(
                scores, number, inside, language, trust=OF_A_SENTENCE, own_share=self._share
            )
            told_here = is_told(span.of(normal), inside, language)
            part_label, _ = labelled(part_z, part_neutral, inside, told_here)
            where = ((places[span.start], places[span.end]),)
            parts.append(PartMood(where, score_of(part_z, part_label, inside), part_label))
        if not parts and normal.strip():
            parts.append(PartMood(((0, places[-1]),), score_of(z, label, moods), label))
        return Mood(
            score=score_of(z, label, moods),
            label=label,
            confidence=confidence,
            positive=logistic(z),
            neutral=neutral,
            language=language.language,
            irony=told and sounds_ironic(normal, moods),
            learned=bool(scores),
            reasons=_reasons(moods, places),
            sentences=tuple(parts),
            aspects=aspects_of(normal, places, moods, aspects or {}),
        )


def reading(
    text: str,
    *,
    prior: Model | None = None,
    own: Model | None = None,
    aspects: Mapping[str, Sequence[str]] | None = None,
) -> Mood:
    """The mood of one text; for many texts make a MoodReader and keep it."""
    return MoodReader(prior, own).read(text, aspects=aspects)


def _read(text: str) -> tuple[str, list[int]]:
    return head_and_tail_with_places(*normalise_with_places(text), MOST)


def _taught(model: Model | None) -> int:
    return int(model.facts.get("n", 0) or 0) if model else 0


def _reasons(moods: Sequence[ClauseMood], places: list[int]) -> tuple[MoodReason, ...]:
    found = [
        MoodReason(places[f.start], places[f.end], round(f.value * mood.weight, 2), f.denied)
        for mood in moods
        for f in mood.feelings
    ]
    found.sort(key=lambda reason: -abs(reason.value))
    return tuple(found[:REASONS])
