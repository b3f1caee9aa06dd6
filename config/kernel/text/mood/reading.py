"""How somebody feels who writes: words and rules, the shipped prior and a company's own model.

Method: z = what the prior says (log odds of positive) + RULES_WEIGH · what the words say; where
a company has a model of its own, both are mixed by how many labels it has seen. A model of grams
does not hear "not" and "but", so that the words weigh more where they were turned round.
Probability of positive = logistic(z · SLOPE).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from config.kernel.text.language import Language, LanguageReading, language_of_normal
from config.kernel.text.model import Model
from config.kernel.text.mood.irony import sounds_ironic
from config.kernel.text.mood.rules import ClauseMood, feel, strongest, total
from config.kernel.text.normalising import (
    essence,
    head_and_tail_with_places,
    normalise_with_places,
)
from config.kernel.text.scoring import Scorer, Scores
from config.kernel.text.sentences import Span, sentences

RULES_WEIGH_SHORT, RULES_WEIGH, RULES_WEIGH_LONG = 1.0, 0.7, 0.4
RULES_WEIGH_TURNED, PRIOR_WEIGH_TURNED = 1.8, 0.4
SHORT, LONG = 3, 8  # clauses
OF_A_SENTENCE = 0.5  # a model taught by whole texts knows less of one sentence
SLOPE = 0.9
ENGLISH = 1.1  # log odds for one unit of the words where no prior helps
NEUTRAL = (-0.35, 0.35)  # log odds between which nothing is said either way
NEUTRAL_EN = (-0.2, 0.9)  # a denial tells, a word of politeness does not
SOFT = 0.3
SUREST_NEUTRAL = 0.7  # that no word of feeling is known does not prove that there is none
STRONG_BOTH, BALANCED, UNDECIDED = 2.0, 0.5, 1.4  # of a mixed text: enough of both, none ahead
WITHOUT_WORDS = 4.0  # log odds below which a text without any word of feeling is neutral
NEARLY = 20  # the largest score of a neutral text
A_FEELING, CALM = 2.5, 35  # words that weigh less together tell of facts; the score of those
FULL = 3.0  # log odds that give a score of 76
TRUSTED_FROM = 200  # own labels that weigh as much as prior and words together
SHORTEST = 4  # letters below which only a word of the lists tells anything
MAX_ODDS = 6.0
REASONS = 6
MOST = 4_000  # letters that are read: the first and the last half


class Label(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class MoodReason:
    """A word that told, with its place in the text as written. `value`: -3..3 and more, after
    denial, strength and contrast; `denied`: a denial turned it round."""

    start: int
    end: int
    value: float
    denied: bool


@dataclass(frozen=True, slots=True)
class PartMood:
    """Of a sentence or of the clauses about one aspect: places in the text as written."""

    spans: tuple[tuple[int, int], ...]
    score: int
    label: Label


@dataclass(frozen=True, slots=True)
class Mood:
    """`score`: -100 (very bad) to 100; `label`; `confidence` 0..1: how likely the label is right;
    `neutral`: probability that it is neither; `positive`: probability that it is rather positive
    than negative, were it one of both; `irony`: praise that
    may mean the opposite, for a person to see; `learned`: whether a model had a say, or only the
    words."""

    score: int
    label: Label
    confidence: float
    positive: float
    neutral: float
    language: Language
    irony: bool
    learned: bool
    reasons: tuple[MoodReason, ...]
    sentences: tuple[PartMood, ...]
    aspects: Mapping[str, PartMood]


class MoodReader:
    """Reads with models that are already loaded; make one and keep it.

    `own`: a company's model with the labels negative, positive and perhaps neutral (or 0 and 1);
    `own_labels`: by how many human labels it was taught, else `facts["n"]` of the model.
    """

    def __init__(
        self, prior: Model | None = None, own: Model | None = None, own_labels: int | None = None
    ) -> None:
        models = {name: model for name, model in (("prior", prior), ("own", own)) if model}
        self._scorer = Scorer(models) if models else None
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
        odds, neutral = self._odds(scores, row, moods, language, 1.0)
        told = _is_told(normal, moods, language)
        label, confidence = _labelled(odds, neutral, moods, told)
        parts = []
        for number, span in enumerate(several, row + 1):
            inside = [m for m in moods if span.start <= m.span.start < span.end]
            part_odds, part_neutral = self._odds(scores, number, inside, language, OF_A_SENTENCE)
            told_here = _is_told(span.of(normal), inside, language)
            part_label, _ = _labelled(part_odds, part_neutral, inside, told_here)
            where = ((places[span.start], places[span.end]),)
            parts.append(PartMood(where, _score(part_odds, part_label, inside), part_label))
        if not parts and normal.strip():
            parts.append(PartMood(((0, places[-1]),), _score(odds, label, moods), label))
        return Mood(
            score=_score(odds, label, moods),
            label=label,
            confidence=confidence,
            positive=logistic(odds),
            neutral=neutral,
            language=language.language,
            irony=told and sounds_ironic(normal, moods),
            learned=bool(scores),
            reasons=_reasons(moods, places),
            sentences=tuple(parts),
            aspects=_aspects(normal, places, moods, aspects or {}),
        )

    def _odds(
        self,
        scores: Mapping[str, Scores],
        row: int,
        moods: Sequence[ClauseMood],
        language: LanguageReading,
        trust: float,
    ) -> tuple[float, float]:
        """The log odds of positive, and the probability of neutral."""
        words = total(moods)
        weigh, heard = _weights(moods)
        trust *= heard
        prior = _odds_of(scores["prior"], row)[0] if "prior" in scores else None
        if prior is None:
            odds = ENGLISH * words
        else:
            share = language.zh
            odds = share * (trust * prior + weigh * words) + (1 - share) * ENGLISH * words
        neutral = _neutral(odds, _between(moods, words, language))
        if "own" not in scores:
            return odds, neutral
        own, own_neutral = _odds_of(scores["own"], row)
        share = self._share
        return (
            share * trust * own + (1 - share) * odds,
            share * own_neutral + (1 - share) * neutral,
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


def logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds * SLOPE))))


def _read(text: str) -> tuple[str, list[int]]:
    return head_and_tail_with_places(*normalise_with_places(text), MOST)


def _taught(model: Model | None) -> int:
    return int(model.facts.get("n", 0) or 0) if model else 0


def _between(
    moods: Sequence[ClauseMood], words: float, language: LanguageReading
) -> tuple[float, float]:
    """The log odds between which a text is neutral. Without a word of feeling it is a question or
    a report: the prior knows reviews, which always feel."""
    if abs(words) < 1 and not any(mood.feelings for mood in moods):
        return -WITHOUT_WORDS, WITHOUT_WORDS
    return NEUTRAL if language.zh > 0.5 else NEUTRAL_EN


def _neutral(odds: float, between: tuple[float, float]) -> float:
    """Above one half between the two log odds, and the less the farther from their middle."""
    low, high = between
    beyond = abs(odds - (low + high) / 2) - (high - low) / 2
    return min(SUREST_NEUTRAL, 1 / (1 + math.exp(max(-20.0, min(20.0, beyond / SOFT)))))


def _weights(moods: Sequence[ClauseMood]) -> tuple[float, float]:
    """How much the words count, and what share of a model's odds: in short texts that deny or
    turn, the words know better, in long ones the model does."""
    if len(moods) > LONG:
        return RULES_WEIGH_LONG, 1.0
    if len(moods) > SHORT:
        return RULES_WEIGH, 1.0
    if any(mood.turns or any(f.denied for f in mood.feelings) for mood in moods):
        return RULES_WEIGH_TURNED, PRIOR_WEIGH_TURNED
    return RULES_WEIGH_SHORT, 1.0


_GOOD, _BAD = ("positive", "pos", "1"), ("negative", "neg", "0", "-1")


def _odds_of(scores: Scores, row: int) -> tuple[float, float]:
    """Log odds of positive against negative, and the probability of neutral."""
    of = dict(zip(scores.model.labels, scores.probabilities[row].tolist(), strict=True))
    good = next((of[name] for name in _GOOD if name in of), 0.0)
    bad = next((of[name] for name in _BAD if name in of), 0.0)
    odds = math.log((good + 1e-6) / (bad + 1e-6))
    return max(-MAX_ODDS, min(MAX_ODDS, odds)), of.get("neutral", 0.0)


def _is_told(normal: str, moods: Sequence[ClauseMood], language: LanguageReading) -> bool:
    """Whether there is enough to judge by: some words of the lists, or some length in a language
    that is read."""
    if any(mood.feelings for mood in moods):
        return True
    letters = sum(letter.isalnum() for letter in normal)
    return letters >= SHORTEST and language.language not in (
        Language.OTHER,
        Language.UNDETERMINED,
    )


def _labelled(
    odds: float, neutral: float, moods: Sequence[ClauseMood], told: bool
) -> tuple[Label, float]:
    if not told:
        return Label.UNDETERMINED, 0.0
    positive = logistic(odds)
    sure = max(positive, 1 - positive)
    good, bad = strongest(moods)
    less, more = sorted((good, -bad))
    if less >= STRONG_BOTH and less / more >= BALANCED and abs(odds) < UNDECIDED:
        return Label.MIXED, less / more
    if neutral > 0.5:
        return Label.NEUTRAL, neutral
    return (Label.POSITIVE if odds > 0 else Label.NEGATIVE), sure * (1 - neutral)


def _score(odds: float, label: Label, moods: Sequence[ClauseMood]) -> int:
    """The score of a label: what is neutral stays near 0, and what only names a defect or a wish
    (漏水, 退款) is not called furious."""
    if label is Label.UNDETERMINED:
        return 0
    most = 100
    if label is Label.NEUTRAL:
        most = NEARLY
    elif sum(abs(f.value) for mood in moods for f in mood.feelings) < A_FEELING:
        most = CALM
    return max(-most, min(most, round(100 * math.tanh(odds / FULL))))


def _reasons(moods: Sequence[ClauseMood], places: list[int]) -> tuple[MoodReason, ...]:
    found = [
        MoodReason(places[f.start], places[f.end], round(f.value * mood.weight, 2), f.denied)
        for mood in moods
        for f in mood.feelings
    ]
    found.sort(key=lambda reason: -abs(reason.value))
    return tuple(found[:REASONS])


def _aspects(
    normal: str,
    places: list[int],
    moods: Sequence[ClauseMood],
    aspects: Mapping[str, Sequence[str]],
) -> dict[str, PartMood]:
    """Each aspect that is mentioned, with what its clauses say. A clause that only names it is
    answered by the next one, where that names nothing: 房间,很舒服."""
    # Few of many words are said at all: only those are looked for in each clause.
    said = {
        key: [word for word in words if word and word in normal] for key, words in aspects.items()
    }
    said = {key: words for key, words in said.items() if words}
    named = [_named(normal, mood, said) for mood in moods]
    found: dict[str, PartMood] = {}
    for key in said:
        about: list[ClauseMood] = []
        for at, mood in enumerate(moods):
            if key in named[at]:
                about.append(mood)
                if not mood.feelings and at + 1 < len(moods) and not named[at + 1]:
                    about.append(moods[at + 1])
        if about:
            odds = ENGLISH * total(about)
            good, bad = strongest(about)
            label = (
                Label.MIXED
                if min(good, -bad) >= 1.5 and abs(odds) < 2 * NEUTRAL[1]
                else Label.NEUTRAL
                if abs(odds) < NEUTRAL[1]
                else Label.POSITIVE
                if odds > 0
                else Label.NEGATIVE
            )
            spans = tuple((places[m.span.start], places[m.span.end]) for m in about)
            found[key] = PartMood(spans, _score(odds, label, about), label)
    return found


def _named(normal: str, mood: ClauseMood, aspects: Mapping[str, Sequence[str]]) -> set[str]:
    said = normal[mood.span.start : mood.span.end]
    padded = f" {said} "
    return {
        key
        for key, words in aspects.items()
        if any(f" {word}" in padded if word.isascii() else word in said for word in words)
    }
