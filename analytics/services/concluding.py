"""What a text says: everything that is found in it without asking anybody, and what follows from
that for its record."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics.enums import TextTask
from analytics.rules.further import further_of
from analytics.rules.labels import category_of
from analytics.selectors.near_duplicates import near_texts
from analytics.services.readers import LiveModel, Reader
from config.kernel.text.language import Language
from config.kernel.text.mood.moods import Mood as ReadMood
from config.kernel.text.mood.urgency import UrgencyReading, urgency_of
from config.kernel.text.normalising import essence, normalise
from config.kernel.text.personal_data.finding import find_in_beginning
from config.kernel.text.personal_data.kinds import Certainty, Found
from config.kernel.text.personal_data.masking import masked, without
from config.kernel.text.reasons import reasons
from config.kernel.text.scoring import Scores
from config.kernel.text.similarity import fingerprint, packed
from feedback.enums import Doubt, Mood, Urgency
from feedback.models import Feedback
from feedback.services.assessing import Reading

LONGEST = 20_000  # letters that are looked at for personal data and words
WORDS = 300  # that are kept of a text
KEYWORDS = 8
FURTHER = 3  # categories beside the first
# Below this a sentiment is shown to people as a doubt.
SURE_OF_MOOD = 0.6
SURE_OF_URGENCY = 0.7


@dataclass(frozen=True, slots=True)
class Text:
    """What was read of one text. `personal` and places in `mood` are of the text as written."""

    text: str
    cleaned: str
    mood: ReadMood
    personal: Sequence[Found]
    words: Sequence[str]
    marks: bytes

    @property
    def label(self) -> Mood:
        return Mood(str(self.mood.label))


def read_text(text: str, reader: Reader, subject: str = "") -> Text:
    """Everything that is found in a text without asking anybody."""
    text, personal = find_in_beginning(text, LONGEST, reader.numbers)
    return Text(
        text=text,
        cleaned=masked(text, personal),
        mood=reader.moods.read(text, subject=subject, aspects=reader.aspects),
        personal=personal,
        words=_words(without(text, personal), reader),
        marks=packed(fingerprint(text)),
    )


def _words(text: str, reader: Reader) -> list[str]:
    """Each once."""
    found = reader.cut(normalise(text))
    return [one[:60] for one in dict.fromkeys(found)][:WORDS]


def language_code(language: Language) -> str:
    return "" if language is Language.UNDETERMINED else str(language)


def reading_of(feedback: Feedback, text: Text, reader: Reader) -> Reading:
    """What is kept of a record: what its first text says, by words and by models, whether a
    person should look at it, and which earlier records say the same."""
    mood = text.mood
    urgency = urgency_of(text.text, positive=mood.positive)
    scores = _scores(text, feedback.subject, reader)
    level, sure = _level(scores, int(urgency.level))
    found = _by_models(text, scores, reader, feedback.received_at)
    doubt, certainty = _doubt(feedback, text, found, reader.sample_percent)
    return Reading(
        reader=reader.name,
        language=language_code(mood.language),
        category_id=found.category_id,
        category_confidence=found.confidence,
        alternatives=found.alternatives,
        also=_further(feedback, text, scores, found, reader),
        is_sure=found.is_sure,
        tags=found.tags,
        mood=text.label,
        sentiment=None if text.label == Mood.UNDETERMINED else mood.score,
        sentiment_confidence=mood.confidence,
        urgency=level,
        urgency_confidence=sure,
        keywords=_telling(text, reader),
        reasons={
            "category": found.reasons,
            "sentiment": _words_of(text, _mood_words(text)),
            "urgency": _urgency_words(text, urgency),
        },
        personal=Counter(str(one.kind) for one in text.personal),
        doubt=doubt,
        certainty=certainty,
        same_as=near_texts(feedback.pk, text.text, text.marks),
    )


def _scores(text: Text, subject: str, reader: Reader) -> Mapping[str, Scores]:
    """What the models of this company say, each by its task; nothing without models."""
    if reader.scorer is None:
        return {}
    return reader.scorer.read([essence(text.text, subject)])


def _level(scores: Mapping[str, Scores], by_words: int) -> tuple[int, float | None]:
    """How urgent it is: by the words, unless a model of this company is sure of something else.
    Danger and the like (3) are never talked down."""
    if TextTask.URGENCY not in scores or by_words == Urgency.NOW:
        return by_words, None
    said = scores[TextTask.URGENCY]
    sure = float(said.confidence[0])
    return (int(said.labels[0]), sure) if sure >= SURE_OF_URGENCY else (by_words, None)


@dataclass(frozen=True, slots=True)
class _Found:
    category_id: int | None = None
    confidence: float | None = None
    alternatives: Sequence[tuple[int, float]] = ()
    is_sure: bool = False
    tags: Sequence[str] = ()
    reasons: Sequence[Sequence[Any]] = ()


def _by_models(
    text: Text, scores: Mapping[str, Scores], reader: Reader, came_at: datetime
) -> _Found:
    live = reader.live.get(TextTask.CATEGORY)
    if live is None or TextTask.CATEGORY not in scores or len(text.text.strip()) < 2:
        return _Found()
    guesses = [one for one in scores[TextTask.CATEGORY].top() if category_of(one.label)]
    if not guesses or scores[TextTask.CATEGORY].known[0] <= 0:
        return _Found()
    best = guesses[0]
    tags = scores[TextTask.TAGS].chosen() if TextTask.TAGS in scores else []
    # Of what it read: nothing else can have decided.
    told = reasons(live.model, essence(text.cleaned), best.label)
    return _Found(
        category_id=category_of(best.label),
        confidence=best.probability,
        alternatives=[(category_of(one.label) or 0, round(one.probability, 4)) for one in guesses],
        is_sure=best.probability >= live.threshold and not _is_known(live, came_at),
        tags=[one.label for one in tags][:5],
        reasons=[[one.words, round(one.weight, 3)] for one in told],
    )


def _is_known(live: LiveModel, came_at: datetime) -> bool:
    """A model is surer of texts that it guessed its way through while it learned than it is right
    in them: what was measured on texts it had not seen does not hold for them."""
    return live.taught_until is not None and came_at <= live.taught_until


def _further(
    feedback: Feedback,
    text: Text,
    scores: Mapping[str, Scores],
    found: _Found,
    reader: Reader,
) -> list[tuple[int, float | None]]:
    """What it is about beside its category: by the model of several categories, or while there is
    none by the words that tell a category. Nothing that stands above what is said already."""
    if TextTask.FURTHER in scores:
        guesses = scores[TextTask.FURTHER].chosen()
        read: list[tuple[int, float | None]] = [
            (category_of(one.label) or 0, round(one.probability, 4)) for one in guesses
        ]
    else:
        read = [(int(key), None) for key in text.mood.aspects]
    main = feedback.category_id or found.category_id
    return further_of(main, read, reader.parents)[:FURTHER]


def _doubt(
    feedback: Feedback, text: Text, found: _Found, sample_percent: int
) -> tuple[str, float]:
    """Why a person should look at it, and the least certainty in it."""
    certainty = found.confidence if found.confidence is not None else 1.0
    if feedback.category_id is None and found.category_id is not None and not found.is_sure:
        return Doubt.CATEGORY, certainty
    if text.mood.irony:
        return Doubt.IRONY, text.mood.confidence
    if text.label != Mood.UNDETERMINED and text.mood.confidence < SURE_OF_MOOD:
        return Doubt.SENTIMENT, text.mood.confidence
    if found.is_sure and _is_drawn(feedback.pk, sample_percent):
        return Doubt.SAMPLE, certainty
    return "", certainty


def _is_drawn(feedback_id: int, percent: int) -> bool:
    """By chance, and yet always the same ones."""
    digest = hashlib.blake2b(str(feedback_id).encode(), digest_size=4, person=b"reviews").digest()
    return int.from_bytes(digest) % 100 < percent


def _telling(text: Text, reader: Reader) -> list[str]:
    found: dict[str, None] = {}
    for word in text.words:
        if len(found) == KEYWORDS:
            break
        if keyword := reader.wording.keyword(word):
            found[keyword] = None
    return list(found)


def _mood_words(text: Text) -> list[tuple[int, int, float]]:
    """Those that speak for the mood that was read; of a mixed one all."""
    sign = {Mood.NEGATIVE: -1, Mood.POSITIVE: 1}.get(text.label, 0)
    return [
        (one.start, one.end, one.value)
        for one in text.mood.reasons
        if not sign or one.value * sign > 0
    ]


def _urgency_words(text: Text, urgency: UrgencyReading) -> list[list[Any]]:
    return _words_of(text, ((r.start, r.end, float(r.points)) for r in urgency.reasons))


def _words_of(text: Text, places: Iterable[tuple[int, int, float]]) -> list[list[Any]]:
    """[words, weight] of places, without those that hold personal data."""
    hidden = [(one.start, one.end) for one in text.personal if one.certainty > Certainty.POSSIBLE]
    return [
        [text.text[start:end][:60], round(value, 2)]
        for start, end, value in places
        if not any(start < to and at < end for at, to in hidden)
    ][:6]
