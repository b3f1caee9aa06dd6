"""What an author sees of their suggestions."""

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from feedback.enums import (
    DONE_STATES,
    Channel,
    CommitmentKind,
    CommitmentState,
    Decision,
    Direction,
)
from feedback.models import Commitment, Feedback, Message, Suggestion


def own_suggestions(user: User) -> QuerySet[Suggestion]:
    """The newest first, with their record and status, and how many answers there are."""
    answers = Q(feedback__messages__direction=Direction.OUT, feedback__messages__is_recalled=False)
    return (
        Suggestion.objects.of(user)
        .select_related("feedback__status", "feedback__merged_into__status")
        .annotate(answers=Count("feedback__messages", filter=answers))
        .order_by("-feedback__received_at", "-pk")
    )


def suggestion_of(user: User, number: int) -> Suggestion | None:
    """One's own, by the number of its record."""
    rows = Suggestion.objects.of(user).filter(feedback__number=number)
    return rows.select_related("feedback__status", "feedback__merged_into__status").first()


def counts_for(suggestion: Suggestion) -> Feedback:
    """The record that says how far it is: the one it was merged into, if it was."""
    return suggestion.feedback.merged_into or suggestion.feedback


def conversation_of(suggestion: Suggestion) -> QuerySet[Message]:
    """What its author wrote and was told; of a record that it was merged into the answers, and
    nothing that another colleague wrote."""
    told = Q(feedback=counts_for(suggestion), direction=Direction.OUT)
    own = Q(feedback=suggestion.feedback_id)
    return Message.objects.filter(own | told).for_customer()


def carried_out(records: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Suggestions that were settled and not declined or put off by a decision."""
    against = Commitment.objects.filter(
        kind=CommitmentKind.DECISION, decision__in=[Decision.DECLINED, Decision.DEFERRED]
    ).exclude(state=CommitmentState.WITHDRAWN)
    settled = records.filter(channel=Channel.STAFF, state__in=DONE_STATES)
    return settled.exclude(pk__in=against.values("feedback"))
