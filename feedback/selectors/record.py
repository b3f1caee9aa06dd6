"""What stands around the conversation of a record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Window

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Customer, User
from accounts.selectors.custom_fields import fields_stamp
from config.kernel.kept import settings_at, settings_stamp
from feedback.enums import OPEN_STATES, State
from feedback.models import Feedback, Status
from feedback.panels import panel_facts
from feedback.rules.workflow import can_step
from feedback.selectors.form_definitions import forms
from feedback.selectors.kept_settings import categories, statuses, teams

# Kinds of contact by which we can answer today; the others are shown for a person to use.
ANSWERED_BY = (ContactKind.EMAIL,)


def records_for_page(user: Any) -> QuerySet[Feedback]:
    """Records with everything that their page shows this person about them in a fixed number of
    queries, once `with_settings` has completed them. Few joins: planning a dozen takes PostgreSQL
    longer than anything else on the page."""
    points = ContactPoint.objects.order_by("kind", "-is_primary", "pk")
    rows = Feedback.objects.select_related(
        "customer__organisation",
        "customer__owner",
        "assignee",
        "product",
        "quality",
        "hold",
        "assessment",
    ).annotate(fields_stamp=fields_stamp(), settings_stamp=settings_stamp(), **panel_facts(user))
    return rows.prefetch_related("tags", Prefetch("customer__contact_points", queryset=points))


def with_settings(feedback: Any) -> Feedback:
    """One of `records_for_page` with its status, team, form and category in place, from memory."""
    with settings_at(feedback.settings_stamp):
        feedback.status = statuses()[feedback.status_id]
        feedback.team = teams()[feedback.team_id] if feedback.team_id else None
        feedback.form = forms()[feedback.form_id] if feedback.form_id else None
        category = feedback.category_id
        feedback.category = categories()[category] if category else None
    row: Feedback = feedback
    return row


@dataclass(frozen=True, slots=True)
class OtherFeedback:
    """The customer's other records: the newest few, and how many there are."""

    rows: Sequence[Feedback]
    total: int
    open: int


def other_feedback(feedback: Feedback, user: Any, *, limit: int = 5) -> OtherFeedback:
    return feedback_of(
        Feedback.objects.filter(customer_id=feedback.customer_id).exclude(pk=feedback.pk),
        user,
        limit=limit,
    )


def feedback_of(records: Any, user: Any, *, limit: int) -> OtherFeedback:
    """Rows and counts in one query: those that count in figures and that `user` may see."""
    is_open = Q(state__in=OPEN_STATES)
    rows = list(
        records.visible_to(user)
        .real()
        .select_related("status")
        .annotate(
            in_all=Window(Count("pk")),
            in_open=Window(Count("pk", filter=is_open)),
        )
        .order_by("-pk")[:limit]
    )
    if not rows:
        return OtherFeedback([], 0, 0)
    return OtherFeedback(rows, rows[0].in_all, rows[0].in_open)


def next_statuses(feedback: Feedback, statuses: Iterable[Status]) -> list[Status]:
    """Those that the record may be moved to by hand; merging has its own use case."""
    here = State(feedback.state)
    return [
        one
        for one in statuses
        if one.pk != feedback.status_id
        and one.archived_at is None
        and one.state != State.MERGED
        and can_step(here, State(one.state))
    ]


def people_for(feedback: Feedback) -> QuerySet[User]:
    """Who may be given the record: whoever works in its team, or everybody when it has none."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    if feedback.team_id is None:
        return people
    return people.filter(memberships__team=feedback.team_id)


@dataclass(frozen=True, slots=True)
class Reach:
    """How an answer gets to a customer: `address` is empty when it cannot, and then `others`
    says how else they can be reached."""

    address: str
    name: str
    wishes: str
    others: Sequence[ContactPoint]


def reach_of(customer: Customer) -> Reach:
    points = list(customer.contact_points.all())
    others = [one for one in points if one.kind not in ANSWERED_BY]
    wishes = customer.preferred_channel
    words = str(ContactKind(wishes).label) if wishes in ContactKind.values else ""
    return Reach(customer.email, str(customer), words, others)
