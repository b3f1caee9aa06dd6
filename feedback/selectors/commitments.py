"""What we bound ourselves to: on a record, on a customer's page, on somebody's list."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from feedback.enums import CommitmentState, Decision, TemplateKind
from feedback.models import Commitment, CompensationLimit, Feedback, ReplyTemplate
from feedback.models.commitment import CommitmentQuerySet

NOTHING = Decimal(0)


def today() -> date:
    """The day here (settings.TIME_ZONE), whoever asks."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def commitments_of(feedback: Feedback) -> list[Commitment]:
    """Those of one record: what is open first, the earliest day first."""
    rows = list(feedback.commitments.select_related("owner", "told_in", "approved_by"))
    return sorted(rows, key=lambda one: (one.is_settled, one.due_on or date.max, one.pk))


def commitments_for_customer(feedback: Feedback) -> list[Commitment]:
    """What the status page shows, in the order in which it was said."""
    return list(feedback.commitments.for_customer().order_by("created_at", "pk"))


def commitments_visible_to(user: User) -> CommitmentQuerySet:
    return Commitment.objects.visible_to(user)


def commitments_for_list(user: User, whose: str) -> QuerySet[Commitment]:
    """ "mine": open and this person's; "team": every open one they may see; "done": the settled
    ones, newest first."""
    rows = commitments_visible_to(user).select_related("feedback__customer", "owner")
    waiting = [CommitmentState.OPEN, CommitmentState.PROPOSED]
    if whose == "done":
        return rows.exclude(state__in=waiting).order_by("-settled_at", "-pk")
    rows = rows.filter(state__in=waiting)
    if whose == "mine":
        rows = rows.filter(owner=user)
    return rows.order_by("due_on", "pk")


def limit_of(user: User) -> Decimal | None:
    """Up to what a person grants compensation; None = without limit. The most of their roles
    counts."""
    if user.is_superuser:
        return None
    roles = user.groups.values_list("name", flat=True)
    limits = list(CompensationLimit.objects.filter(role__in=roles).values_list("most", flat=True))
    if None in limits:
        return None
    return max((one for one in limits if one is not None), default=NOTHING)


def commitment_values(commitment: Commitment) -> dict[str, str]:
    """What the variables of a reply template stand for, of one commitment."""
    language = commitment.feedback.language
    with override(language):
        day = date_format(commitment.due_on, "DATE_FORMAT") if commitment.due_on else ""
        decision = Decision(commitment.decision).label if commitment.decision else ""
        return {
            "commitment.text": commitment.customer_text or "",
            "commitment.date": day,
            "commitment.decision": str(decision),
        }


def template_about(commitment: Commitment, user: User) -> ReplyTemplate | None:
    """The template by which a customer is told of it: one for decisions or for progress that
    has a place for its text."""
    is_decision = bool(commitment.decision)
    kind = TemplateKind.DECISION if is_decision else TemplateKind.PROGRESS
    offered = ReplyTemplate.objects.for_agent(user).filter(kind=kind).order_by("pk")
    language = commitment.feedback.language
    fitting = (one for one in offered if "commitment." in one.body_in(language))
    return next(fitting, None)


def plain_words_about(commitment: Commitment, greeting: str) -> str:
    """What is written where no template has a place for a commitment."""
    values = commitment_values(commitment)
    with override(commitment.feedback.language):
        parts = [greeting + _(","), values["commitment.text"]]
        if day := values["commitment.date"]:
            parts.append(_("You hear from us by %(day)s.") % {"day": day})
    return "\n\n".join(part for part in parts if part)
