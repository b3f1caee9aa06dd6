"""What is told of a text: how somebody feels, of the whole, of its sentences and of aspects."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.kernel.text.language import Language


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
    than negative, were it one of both; `irony`: praise that may mean the opposite, for a person to
    see; `learned`: whether a model had a say, or only the words."""

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
