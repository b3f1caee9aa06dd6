"""What a record is about: priority, category, tags, subject, product …"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from feedback.enums import TimelineKind
from feedback.models import Category, Feedback, Product, Tag
from feedback.services.batch import through
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks
from feedback.services.tags import tags_named


@transaction.atomic
def set_priority(
    feedback_id: int, *, by: User | None, priority: int, version: int | None = None
) -> Feedback:
    """What is due moves with it, counted from when the customer began to wait."""
    feedback = lock(feedback_id, version=version)
    apply_priority(feedback, by=by, priority=priority)
    return feedback


def apply_priority(feedback: Feedback, *, by: User | None, priority: int) -> None:
    """Inside another service: `set_priority` of a locked record."""
    if feedback.priority == priority:
        return
    before, feedback.priority = feedback.priority, priority
    moved = settle_clocks(feedback, why="priority")
    save_change(feedback, "priority", "reply_due_at")
    tell(feedback, TimelineKind.PRIORITY, by=by, before=before, after=priority, **moved)


@transaction.atomic
def set_category(
    feedback_id: int, *, by: User | None, category: Category | None, version: int | None = None
) -> Feedback:
    feedback = lock(feedback_id, version=version)
    apply_category(feedback, by=by, category=category)
    return feedback


def apply_category(feedback: Feedback, *, by: User | None, category: Category | None) -> None:
    """Inside another service: `set_category` of a locked record."""
    if feedback.category_id == (category and category.pk):
        return
    before, feedback.category = feedback.category_id, category
    moved = settle_clocks(feedback, why="category")
    save_change(feedback, "category", "reply_due_at")
    after = feedback.category_id
    tell(feedback, TimelineKind.CATEGORY, by=by, before=before, after=after, **moved)


@transaction.atomic
def set_tags(
    feedback_id: int, *, by: User | None, names: Iterable[str], version: int | None = None
) -> Feedback:
    """The record carries exactly these tags afterwards; unknown ones are made."""
    feedback = lock(feedback_id, version=version)
    apply_tags(feedback, by=by, tags=tags_named(names))
    return feedback


@transaction.atomic
def add_tags(
    feedback_id: int, *, by: User | None, names: Iterable[str], version: int | None = None
) -> Feedback:
    """These tags too, beside those that the record carries."""
    feedback = lock(feedback_id, version=version)
    apply_more_tags(feedback, by=by, tags=tags_named(names))
    return feedback


def apply_more_tags(feedback: Feedback, *, by: User | None, tags: Iterable[Tag]) -> None:
    """Inside another service: `add_tags` to a locked record."""
    apply_tags(feedback, by=by, tags=[*through(feedback).tags(feedback), *tags])


def apply_tags(feedback: Feedback, *, by: User | None, tags: Iterable[Tag]) -> None:
    """Inside another service: a locked record carries exactly these tags afterwards."""
    wanted = list({tag.pk: tag for tag in tags}.values())
    before = sorted(tag.name for tag in through(feedback).tags(feedback))
    after = sorted(tag.name for tag in wanted)
    if before == after:
        return
    through(feedback).set_tags(feedback, wanted)
    moved = settle_clocks(feedback, why="tags")
    save_change(feedback, "reply_due_at")
    tell(feedback, TimelineKind.TAGS, by=by, before=before, after=after, **moved)


@transaction.atomic
def set_about(
    feedback_id: int,
    *,
    by: User | None,
    subject: str,
    product: Product | None,
    order_number: str,
    place: str,
    journey_stage: str,
    version: int | None = None,
) -> Feedback:
    """Subject, product, order, place and stage in one go, as the form on the page has them."""
    feedback = lock(feedback_id, version=version)
    wanted: dict[str, Any] = {
        "subject": subject.strip()[:255] or feedback.subject,
        "product": product,
        "order_number": order_number.strip(),
        "place": place.strip(),
        "journey_stage": journey_stage,
    }
    changed = [name for name, value in wanted.items() if getattr(feedback, name) != value]
    if not changed:
        return feedback
    for name in changed:
        setattr(feedback, name, wanted[name])
    moved = settle_clocks(feedback, why="about")
    save_change(feedback, *changed, "reply_due_at")
    tell(feedback, TimelineKind.ABOUT, by=by, fields=changed, **moved)
    return feedback
