"""How a record was read, as people are shown it: in the review and on the page of the record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from accounts.selectors.personal_data import company_patterns
from analytics.selectors.category_names import category_names
from analytics.text.stop_words import STOP_WORDS
from config.kernel.text.marking import Piece, mark_reasons
from config.kernel.text.personal_data.masking import masked_beginning
from feedback.enums import Direction, Doubt, Mood
from feedback.models import Assessment, Category, Feedback, Message
from feedback.selectors.kept_settings import categories

SHOWN_LETTERS = 1500
LATELY = 1000  # records by which categories are most used
AT_HAND = 9  # categories, a key for each


def percent(share: float | None) -> int | None:
    """Of a share from 0 to 1."""
    return None if share is None else round(100 * share)


@dataclass(frozen=True, slots=True)
class Option:
    """A category that it could be. `key`: the key that chooses it."""

    category: Category
    name: str
    share: float | None  # how likely, 0 to 1
    key: str

    @property
    def percent(self) -> int | None:
        return percent(self.share)


@dataclass(frozen=True, slots=True)
class Words:
    """What the customer wrote, in pieces; `is_cut`: there is more of it."""

    subject: Sequence[Piece]
    text: Sequence[Piece]
    is_cut: bool


def options_of(assessment: Assessment) -> list[Option]:
    """The best three, the proposed one first; those that can no longer be chosen are left out."""
    known, names = categories(), category_names()
    read: list[tuple[int, float | None]] = [(pk, sure) for pk, sure in assessment.alternatives]
    first = assessment.category_id
    if first is not None:
        sure = assessment.category_confidence
        read = [(first, sure), *(one for one in read if one[0] != first)]
    there = [(pk, sure) for pk, sure in read if pk in known and known[pk].archived_at is None]
    return [
        Option(known[pk], names[pk], sure, str(at))
        for at, (pk, sure) in enumerate(there[:3], start=1)
    ]


def usual_options() -> list[Option]:
    """Where nothing is proposed: the categories that the newest records have most often, then
    others by their names, so that each can be taken with one key."""
    known, names = categories(), category_names(offered=True)
    newest = Feedback.objects.exclude(category=None).order_by("-pk").values("category")
    counted = Counter(newest[:LATELY].values_list("category", flat=True))
    places = sorted(names, key=lambda pk: (-counted[pk], names[pk]))
    return [
        Option(known[pk], names[pk], None, str(at))
        for at, pk in enumerate(places[:AT_HAND], start=1)
    ]


@dataclass(frozen=True, slots=True)
class Further:
    """A category that it is about beside the first: `is_said` by a person, or only proposed."""

    category: Category
    name: str
    share: float | None
    is_said: bool

    @property
    def percent(self) -> int | None:
        return percent(self.share)


def further_options_of(assessment: Assessment, feedback: Feedback) -> list[Further]:
    """What was said, then what is proposed; neither the category itself nor what is archived."""
    known, names = categories(), category_names()
    said: list[tuple[int, float | None]] = [(pk, None) for pk in feedback.also_categories]
    proposed = [(pk, sure) for pk, sure in assessment.also if pk not in feedback.also_categories]
    return [
        Further(known[pk], names[pk], sure, at < len(said))
        for at, (pk, sure) in enumerate([*said, *proposed])
        if pk in known and known[pk].archived_at is None and pk != feedback.category_id
    ]


def reason_words(assessment: Assessment) -> dict[str, list[str]]:
    """By what they decided: words that spoke for it, the strongest first."""
    found = {
        kind: [words for words, weight in assessment.reasons.get(kind, []) if weight > 0]
        for kind in ("category", "sentiment", "urgency")
        if assessment.reasons.get(kind)
    }
    if "category" in found:
        found["category"] = _telling(found["category"])
    return found


def _telling(words: list[str]) -> list[str]:
    """Without “the”, 可以, bare numbers and marks, which weigh a little in every category and
    convince nobody; all of them where there is nothing else."""
    told = [one for one in words if one.lower() not in STOP_WORDS and not _is_bare(one)]
    return told or words


def _is_bare(words: str) -> bool:
    """Digits and punctuation alone; an emoji says something."""
    return all(category(letter)[0] in "NPZ" for letter in words)


def words_of(assessment: Assessment) -> Words:
    """The subject and what the customer wrote first, personal data covered: nobody needs it to say
    what a text is about."""
    said = Message.objects.filter(
        feedback=assessment.pk, direction=Direction.IN, is_automatic=False, is_third_party=False
    ).exclude(text="")
    text = said.order_by("created_at", "pk").values_list("text", flat=True).first() or ""
    reasons = reason_words(assessment)
    own = company_patterns()
    shown = masked_beginning(text, SHOWN_LETTERS, own).rstrip()
    subject = masked_beginning(assessment.feedback.subject, SHOWN_LETTERS, own)
    if _begins_with(shown, subject):  # made of the text: nobody need read it twice
        subject = ""
    return Words(
        mark_reasons(subject, reasons),
        mark_reasons(shown, reasons),
        len(text) > SHOWN_LETTERS,
    )


def _begins_with(text: str, subject: str) -> bool:
    """Whatever stands between words, and whether the subject was cut."""
    said, heading = "".join(text.split()), "".join(subject.rstrip("… ").split())
    return said.startswith(heading)


MOOD_KEYS = {Mood.NEGATIVE: "n", Mood.NEUTRAL: "u", Mood.POSITIVE: "p", Mood.MIXED: ""}
MOOD_TONES = {Mood.NEGATIVE: "red", Mood.POSITIVE: "green", Mood.MIXED: "amber"}


def mood_choices(chosen: str) -> list[dict[str, Any]]:
    """What somebody can say of the sentiment, with the keys that say it."""
    return [
        {"value": str(mood), "label": mood.label, "key": key, "chosen": mood == chosen}
        for mood, key in MOOD_KEYS.items()
    ]


ASKS_FOR_MOOD = frozenset({Doubt.SENTIMENT, Doubt.IRONY, Doubt.SAMPLE})
