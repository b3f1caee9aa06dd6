"""What people say about how the machine read a record: each thing is kept beside what was read,
and taken back within minutes by who said it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from analytics.enums import TextTask
from analytics.errors import ReviewedMeanwhile
from analytics.models import Review
from analytics.selectors.drawing import reviewed_before
from config.kernel.tokens import digest, new_secret
from feedback.enums import Doubt, Mood, Urgency
from feedback.errors import NothingToUndo, Stale
from feedback.models import Assessment, Category, Feedback
from feedback.services.assessment_reviews import (
    Before,
    as_it_stands,
    settle_review,
    take_back_review,
)
from feedback.services.details import add_tags
from feedback.services.further_categories import add_further, drop_further
from feedback.services.records import lock
from feedback.services.tags import tags_named

KEPT_SECONDS = 10 * 60
_VERSIONS = re.compile(r"(\w+) (\d+)")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was said, and the record as it was before; for taking it back."""

    feedback_id: int
    number: int
    version: int
    reviews: Sequence[int]
    before: Before | None  # of a second look, which changes nothing: none


@transaction.atomic
def review(
    feedback_id: int,
    *,
    by: User,
    category: Category | None = None,
    mood: Mood | None = None,
    urgency: Urgency | None = None,
    tags: Sequence[str] = (),
    also: Sequence[Category] = (),
    not_also: Sequence[Category] = (),
    version: int | None = None,
    only_if_open: bool = False,
    is_drawn: bool = False,
) -> Reviewed:
    """What is said counts for the record from now on, and is kept for learning and measuring.
    `also`: categories that it is about beside the first, `not_also`: such that it is not about.
    `only_if_open`: it comes from the queue, where nobody may have been quicker. `is_drawn`: it was
    its turn among all records (selectors.drawing). Tags and further categories alone do not
    settle what is doubtful. Raises Stale, ReviewedMeanwhile, TooManyCategories,
    Assessment.DoesNotExist."""
    feedback = lock(feedback_id, version=version)
    assessment = Assessment.objects.get(pk=feedback_id)
    if only_if_open and assessment.reviewed_at is not None:
        raise ReviewedMeanwhile
    before = as_it_stands(feedback_id)
    said = _said(assessment, category=category, mood=mood, urgency=urgency, tags=tags)
    said += _said_further(assessment, also, not_also)
    is_sample = assessment.doubt == Doubt.SAMPLE and assessment.reviewed_at is None
    if is_drawn:
        reviewed_before(by, assessment).update(is_drawn=True)
    kept = _keep(said, assessment, by=by, is_sample=is_sample, is_drawn=is_drawn)
    if category is None and mood is None and urgency is None:
        add_tags(feedback_id, by=by, names=tags)
    else:
        settle_review(feedback_id, by=by, category=category, mood=mood, urgency=urgency, tags=tags)
    _say_further(feedback_id, also, not_also, by=by)
    return _reviewed(feedback, kept, before)


@transaction.atomic
def look_again(
    feedback_id: int,
    *,
    by: User,
    category: Category | None = None,
    mood: Mood | None = None,
    urgency: Urgency | None = None,
) -> Reviewed:
    """A second person, who did not see what the first one said: kept, and changes nothing. Raises
    ReviewedMeanwhile when a third was quicker, Assessment.DoesNotExist."""
    feedback = lock(feedback_id)
    assessment = Assessment.objects.get(pk=feedback_id)
    if Review.objects.filter(feedback=feedback_id, is_second=True).exists():
        raise ReviewedMeanwhile
    said = _said(assessment, category=category, mood=mood, urgency=urgency, tags=())
    return _reviewed(feedback, _keep(said, assessment, by=by, is_second=True), None)


_Said = tuple[TextTask, str, str, float | None]  # task, as read, as it is, confidence


def _said(
    assessment: Assessment,
    *,
    category: Category | None,
    mood: Mood | None,
    urgency: Urgency | None,
    tags: Sequence[str],
) -> list[_Said]:
    found: list[_Said] = []
    if category is not None:
        read = str(assessment.category_id or "")
        sure = assessment.category_confidence
        found.append((TextTask.CATEGORY, read, str(category.pk), sure))
    if mood is not None:
        sure = assessment.sentiment_confidence
        found.append((TextTask.SENTIMENT, assessment.mood, str(mood), sure))
    if urgency is not None:
        level = "" if assessment.urgency is None else str(assessment.urgency)
        found.append((TextTask.URGENCY, level, str(int(urgency)), assessment.urgency_confidence))
    proposed = {name.casefold() for name in assessment.tags}
    for tag in tags_named(tags):
        read = str(tag.pk) if tag.name.casefold() in proposed else ""
        found.append((TextTask.TAGS, read, str(tag.pk), None))
    return found


def _said_further(
    assessment: Assessment, also: Sequence[Category], not_also: Sequence[Category]
) -> list[_Said]:
    """What was proposed and is not so is kept with nothing chosen."""
    proposed: dict[int, float | None] = dict(assessment.also)
    found: list[_Said] = []
    for one in also:
        read = str(one.pk) if one.pk in proposed else ""
        found.append((TextTask.FURTHER, read, str(one.pk), proposed.get(one.pk)))
    denied = (one.pk for one in not_also if one.pk in proposed)
    return [*found, *((TextTask.FURTHER, str(pk), "", proposed[pk]) for pk in denied)]


def _say_further(
    feedback_id: int, also: Sequence[Category], not_also: Sequence[Category], *, by: User
) -> None:
    if not_also:
        drop_further(feedback_id, by=by, categories=not_also)
    if also:
        add_further(feedback_id, by=by, categories=also)


def _keep(said: Iterable[_Said], assessment: Assessment, *, by: User, **more: Any) -> list[int]:
    versions = {name: int(number) for name, number in _VERSIONS.findall(assessment.reader)}
    rows = Review.objects.bulk_create(
        Review(
            feedback_id=assessment.pk,
            task=task,
            predicted=read,
            chosen=chosen,
            confidence=sure,
            model_version=versions.get(task, 0),
            reviewer=by,
            **more,
        )
        for task, read, chosen, sure in said
    )
    return [row.pk for row in rows]


def _reviewed(feedback: Feedback, kept: Sequence[int], before: Before | None) -> Reviewed:
    version = Feedback.objects.values_list("version", flat=True).get(pk=feedback.pk)
    return Reviewed(feedback.pk, feedback.number, version, kept, before)


def remember_review(reviewed: Reviewed, *, by: User) -> str:
    """For the Undo of the next ten minutes; the key takes it back once."""
    key = new_secret(12)
    cache.set(_name(key), {"user": by.pk, **asdict(reviewed)}, KEPT_SECONDS)
    cache.set(_latest(by), (key, reviewed.number), KEPT_SECONDS)
    return key


def latest_review(by: User) -> tuple[str, int] | None:
    """What this person said last and may still take back: its key and the number of the record."""
    found: tuple[str, int] | None = cache.get(_latest(by))
    return found


@transaction.atomic
def undo_review(key: str, *, by: User) -> int:
    """Take back what was remembered under `key`: as if nobody had looked. Gives the number of the
    record. Raises NothingToUndo when it was taken back already, is too old, was said by somebody
    else, or the record has changed since."""
    kept = cache.get(_name(key))
    if kept is None or kept["user"] != by.pk:
        raise NothingToUndo
    cache.delete_many([_name(key), _latest(by)])
    if kept["before"] is not None:
        before = Before(**kept["before"])
        try:
            take_back_review(kept["feedback_id"], before, by=by, version=kept["version"])
        except (Stale, Feedback.DoesNotExist) as changed:
            raise NothingToUndo from changed
    Review.objects.filter(pk__in=kept["reviews"], reviewer=by).delete()
    number: int = kept["number"]
    return number


def _name(key: str) -> str:
    return f"undo_review:{digest(key)}"


def _latest(by: User) -> str:
    return f"latest_review:{by.pk}"
