"""Keeping how the machine read a record: with `assessment_reviews` the one place that writes
`Assessment`. Who reads is none of our business (analytics does, in the queue)."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from feedback.enums import Mood, TimelineKind
from feedback.models import Assessment, Category, Feedback, NearDuplicate, Tag
from feedback.models.assessment import NOBODY
from feedback.services.details import apply_category
from feedback.services.records import lock, tell

# Who says how the customer feels (`Feedback.sentiment_source`).
BY_READING, BY_PERSON = "reading", "person"
_LOOK_EVERY = 0.05  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read. Confidences are probabilities from 0 to 1. `is_sure`: the category may be
    set without a person. `same_as`: ids of earlier records with their similarity."""

    reader: str = ""
    language: str = ""
    category_id: int | None = None
    category_confidence: float | None = None
    alternatives: Sequence[tuple[int, float]] = ()
    also: Sequence[tuple[int, float | None]] = ()
    is_sure: bool = False
    mood: str = ""
    sentiment: int | None = None
    sentiment_confidence: float | None = None
    urgency: int | None = None
    urgency_confidence: float | None = None
    keywords: Sequence[str] = ()
    tags: Sequence[str] = ()
    reasons: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    personal: Mapping[str, int] = field(default_factory=dict)
    doubt: str = ""
    certainty: float = 1.0
    same_as: Sequence[tuple[int, float]] = ()


@transaction.atomic
def take_reading(feedback_id: int, reading: Reading, *, is_late: bool = False) -> Assessment:
    """Keep what was read and let the record have what it lacks.

    A category is set only where the reading is sure and nobody has chosen or emptied it; the
    sentiment is never written over a person's word. May be called again with a newer reading:
    what a person reviewed stays reviewed. `is_late`: read long after it was settled, for figures
    only; nothing is set, told or asked.
    """
    return apply_reading(lock(feedback_id), reading, is_late=is_late)


def apply_reading(feedback: Feedback, reading: Reading, *, is_late: bool = False) -> Assessment:
    """Inside another service: `take_reading` of a locked record."""
    before = Assessment.objects.filter(pk=feedback.pk).first()
    category = _category(reading)
    applies = (
        category is not None
        and reading.is_sure
        and not is_late
        and _may_set_category(feedback, category, before)
    )
    values = _values(reading, category, feedback, before)
    values["is_applied"] = applies or (
        before is not None and before.is_applied and feedback.category == category
    )
    if is_late:
        values["doubt"] = ""
    if before is not None and before.reviewed_at is not None:
        values["doubt"] = before.doubt
    if before is not None:
        values = _without_what_people_said(values, feedback)
    assessment = _kept(before, feedback, values)
    if applies:
        apply_category(feedback, by=None, category=category)
    _take_sentiment(feedback, reading)
    if before is not None or reading.same_as:
        _keep_near_duplicates(feedback.pk, reading.same_as)
    if before is None and not is_late:
        tell(
            feedback,
            TimelineKind.ASSESSED,
            category=category.pk if category else None,
            confidence=reading.category_confidence,
            applied=applies,
            mood=reading.mood,
            urgency=reading.urgency,
            same=len(reading.same_as),
        )
    return assessment


def _kept(before: Assessment | None, feedback: Feedback, values: dict[str, Any]) -> Assessment:
    """In one statement: the record is locked, so nobody else makes or changes it."""
    if before is None:
        return Assessment.objects.create(pk=feedback.pk, **values)
    for name, value in values.items():
        setattr(before, name, value)
    before.save(update_fields=values)
    return before


@transaction.atomic
def go_unread(feedback_id: int) -> None:
    """Nobody reads this record, or could; nothing need wait for it. What was read of it before
    stays, and it may be read after all. A record that is gone is left alone."""
    if Feedback.objects.select_for_update().filter(pk=feedback_id).exists():
        Assessment.objects.get_or_create(pk=feedback_id, defaults={"reader": NOBODY})


def _category(reading: Reading) -> Category | None:
    if reading.category_id is None:
        return None
    return Category.objects.active().filter(pk=reading.category_id).first()


def _may_set_category(feedback: Feedback, category: Category, before: Assessment | None) -> bool:
    """Nobody else has said what it is about."""
    if feedback.category_id is not None:
        own = before is not None and before.is_applied and before.reviewed_at is None
        if not own or feedback.category_id == category.pk:
            return False
    chosen = Q(kind=TimelineKind.CATEGORY, actor__isnull=False)
    said_right = Q(kind=TimelineKind.REVIEWED, data__has_key="category")
    return not feedback.timeline.filter(chosen | said_right).exists()


def _further(
    reading: Reading, feedback: Feedback, before: Assessment | None
) -> list[list[int | float | None]]:
    """What may be proposed beside the category: nothing that a person has said or denied."""
    said = {*feedback.also_categories, *(before.not_also if before is not None else ())}
    wanted = [one for one in reading.also if one[0] not in said]
    there = set()
    if wanted:
        active = Category.objects.active().filter(pk__in=[pk for pk, _sure in wanted])
        there = set(active.values_list("pk", flat=True))
    return [list(one) for one in wanted if one[0] in there][:3]


def _values(
    reading: Reading, category: Category | None, feedback: Feedback, before: Assessment | None
) -> dict[str, Any]:
    return {
        "read_at": timezone.now(),
        "reader": reading.reader[:80],
        "language": reading.language,
        "category": category,
        "category_confidence": reading.category_confidence if category else None,
        "alternatives": [list(one) for one in reading.alternatives][:3],
        "also": _further(reading, feedback, before),
        "mood": reading.mood,
        "sentiment": reading.sentiment,
        "sentiment_confidence": reading.sentiment_confidence,
        "urgency": reading.urgency,
        "urgency_confidence": reading.urgency_confidence,
        "keywords": [one[:60] for one in reading.keywords][:12],
        "tags": _known_tags(reading.tags),
        "reasons": {key: [list(one) for one in found] for key, found in reading.reasons.items()},
        "personal": dict(reading.personal),
        "doubt": reading.doubt,
        "certainty": min(1.0, max(0.0, reading.certainty)),
    }


def _known_tags(names: Sequence[str]) -> list[str]:
    """Those that are still in use: a model may remember one that was removed."""
    if not names:
        return []
    there = set(
        Tag.objects.filter(name__in=names, archived_at=None).values_list("name", flat=True)
    )
    return [name[:60] for name in names if name in there][:6]


def _without_what_people_said(values: dict[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Those that a newer reading may write over an older one's."""
    theirs: set[str] = set()
    if feedback.sentiment_source == BY_PERSON:
        theirs |= {"mood", "sentiment", "sentiment_confidence"}
    if _said_how_urgent(feedback):
        theirs |= {"urgency", "urgency_confidence"}
    return {name: value for name, value in values.items() if name not in theirs}


def _said_how_urgent(feedback: Feedback) -> bool:
    """Somebody did, and has not taken it back."""
    taken_back = 0
    reviews = feedback.timeline.filter(kind=TimelineKind.REVIEWED).order_by("-pk")
    for said in reviews.values_list("data", flat=True):
        if said.get("undone"):
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        elif "urgency" in said:
            return True
    return False


def _take_sentiment(feedback: Feedback, reading: Reading) -> None:
    if feedback.sentiment_source == BY_PERSON or feedback.sentiment == reading.sentiment:
        return
    feedback.sentiment, feedback.sentiment_source = reading.sentiment, BY_READING
    Feedback.objects.filter(pk=feedback.pk).update(
        sentiment=reading.sentiment, sentiment_source=BY_READING
    )


def _keep_near_duplicates(feedback_id: int, same_as: Sequence[tuple[int, float]]) -> None:
    earlier = {pk: similarity for pk, similarity in same_as if pk < feedback_id}
    kept = NearDuplicate.objects.filter(feedback=feedback_id)
    if not earlier:
        kept.delete()
        return
    kept.exclude(earlier__in=earlier).delete()
    there = Feedback.objects.filter(pk__in=earlier).values_list("pk", flat=True)
    NearDuplicate.objects.bulk_create(
        [
            NearDuplicate(feedback_id=feedback_id, earlier_id=pk, similarity=earlier[pk])
            for pk in there
        ],
        update_conflicts=True,
        unique_fields=["feedback", "earlier"],
        update_fields=["similarity"],
    )


@transaction.atomic
def take_mood(feedback_id: int, *, mood: Mood, score: int, confidence: float) -> None:
    """How the customer feels by what they wrote last; never over a person's word. Those who must
    know hear of it by the rule for negative feedback."""
    feedback = lock(feedback_id)
    if feedback.sentiment_source == BY_PERSON:
        return
    Assessment.objects.filter(pk=feedback_id).update(
        mood=mood, sentiment=score, sentiment_confidence=confidence
    )
    Feedback.objects.filter(pk=feedback_id).update(sentiment=score, sentiment_source=BY_READING)


def forget_reading(ids: Collection[int]) -> int:
    """Take the words out of how these records were read; figures stay. Gives how many."""
    found = Assessment.objects.filter(pk__in=ids)
    return found.update(keywords=[], tags=[], reasons={}, personal={})


def wait_for_reading(feedback_id: int, *, seconds: float) -> bool:
    """Give a reading that is being made just now the chance to come first; False = gone on
    without. The queue is first in, first out: what reads a record was taken up before."""
    until = time.monotonic() + seconds
    while not Assessment.objects.filter(pk=feedback_id).exists():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_EVERY)
    return True
