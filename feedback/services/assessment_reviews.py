"""What people make of how the machine read a record: what they say counts from then on, and may be
taken back. Writes `Assessment`, as `assessing` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from feedback.enums import Doubt, Mood, TimelineKind, Urgency
from feedback.models import Assessment, Category
from feedback.services.assessing import BY_PERSON
from feedback.services.details import add_tags, apply_category, apply_tags
from feedback.services.further_categories import apply_further
from feedback.services.records import lock, save_change, tell
from feedback.services.tags import tags_named

# What a person's word counts on the scale from -100 to 100.
SCORE_OF = {Mood.NEGATIVE: -60, Mood.NEUTRAL: 0, Mood.POSITIVE: 60, Mood.MIXED: 0}


@transaction.atomic
def settle_review(
    feedback_id: int,
    *,
    by: User,
    category: Category | None = None,
    mood: Mood | None = None,
    urgency: Urgency | None = None,
    tags: Sequence[str] = (),
    version: int | None = None,
) -> Assessment:
    """A person looked at how a record was read: what they say is what counts from now on. None =
    nothing said about that; it waits for review until what is doubtful about it was said. Raises
    Stale, Assessment.DoesNotExist for what was never read."""
    feedback = lock(feedback_id, version=version)
    assessment = Assessment.objects.select_for_update().get(pk=feedback_id)
    said: dict[str, Any] = {}
    seen = feedback.version
    if category is not None:
        said["category"] = {"read": assessment.category_id, "is": category.pk}
        apply_category(feedback, by=by, category=category)
    if mood is not None:
        said["mood"] = {"read": assessment.mood, "is": str(mood)}
        if mood in SCORE_OF:
            same = mood == assessment.mood and assessment.sentiment is not None
            feedback.sentiment = assessment.sentiment if same else SCORE_OF[mood]
            feedback.sentiment_source = BY_PERSON
            save_change(feedback, "sentiment", "sentiment_source")
    if urgency is not None:
        said["urgency"] = {"read": assessment.urgency, "is": int(urgency)}
        assessment.urgency = urgency
    if feedback.version == seen:
        save_change(feedback)
    if tags:
        add_tags(feedback_id, by=by, names=tags)
    if _answers(assessment, category, mood):
        assessment.reviewed_at, assessment.reviewed_by = timezone.now(), by
    assessment.save(update_fields=["urgency", "reviewed_at", "reviewed_by"])
    tell(feedback, TimelineKind.REVIEWED, by=by, **said)
    return assessment


def _answers(assessment: Assessment, category: Category | None, mood: Mood | None) -> bool:
    if assessment.doubt == Doubt.CATEGORY:
        return category is not None
    if assessment.doubt in {Doubt.SENTIMENT, Doubt.IRONY}:
        return mood is not None
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What `settle_review` may change about a record, as it was; plain values."""

    category: int | None
    sentiment: int | None
    sentiment_source: str
    urgency: int | None
    reviewed_at: str | None  # ISO 8601
    reviewed_by: int | None
    tags: Sequence[str]
    also: Sequence[int] = ()
    proposed: Sequence[Any] = ()  # Assessment.also
    denied: Sequence[int] = ()  # Assessment.not_also


def as_it_stands(feedback_id: int) -> Before:
    """Of a record that was read, for taking a review back. Raises Assessment.DoesNotExist."""
    assessment = Assessment.objects.select_related("feedback").get(pk=feedback_id)
    feedback, at = assessment.feedback, assessment.reviewed_at
    return Before(
        category=feedback.category_id,
        sentiment=feedback.sentiment,
        sentiment_source=feedback.sentiment_source,
        urgency=assessment.urgency,
        reviewed_at=at.isoformat() if at else None,
        reviewed_by=assessment.reviewed_by_id,
        tags=list(feedback.tags.values_list("name", flat=True)),
        also=list(feedback.also_categories),
        proposed=list(assessment.also),
        denied=list(assessment.not_also),
    )


@transaction.atomic
def take_back_review(feedback_id: int, before: Before, *, by: User, version: int) -> None:
    """As it was before the last review. Raises Stale when the record has changed since."""
    feedback = lock(feedback_id, version=version)
    category = Category.objects.filter(pk=before.category or 0).first()
    apply_category(feedback, by=by, category=category)
    apply_tags(feedback, by=by, tags=tags_named(before.tags))
    apply_further(feedback, by=by, ids=before.also)
    feedback.sentiment = before.sentiment
    feedback.sentiment_source = before.sentiment_source
    save_change(feedback, "sentiment", "sentiment_source")
    at = before.reviewed_at
    Assessment.objects.filter(pk=feedback_id).update(
        urgency=before.urgency,
        reviewed_at=datetime.fromisoformat(at) if at else None,
        reviewed_by=before.reviewed_by,
        also=list(before.proposed),
        not_also=list(before.denied),
    )
    tell(feedback, TimelineKind.REVIEWED, by=by, undone=True)
