"""Quality traces: begun for what is told about a product's quality, then written by people."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import State, TimelineKind, TraceState
from feedback.errors import NotInTeam, TraceRefused
from feedback.models import Feedback, QualityTrace
from feedback.services.assignment import may_work_in
from feedback.services.records import lock, save_change, tell

RECENT = timedelta(days=14)
AT_ONCE = 200
FIELDS = ("product", "batch", "order_number", "defect", "cause", "measure", "owner", "state")


def start_traces() -> int:
    """A trace for each open record that is, or was put since, in a category about product
    quality; gives how many began. Safe to run twice."""
    found = Feedback.objects.open().filter(
        category__product_quality=True,
        quality_trace=None,
        received_at__gte=timezone.now() - RECENT,
    )
    keys = list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(start_trace(pk, by=None) is not None for pk in keys)


@transaction.atomic
def start_trace(feedback_id: int, *, by: User | None) -> QualityTrace | None:
    """Begin to follow a defect with what the record knows of it; None when somebody has begun
    already, or the record is spam or merged."""
    feedback = lock(feedback_id)
    is_gone = feedback.state in {State.MERGED, State.SPAM}
    if is_gone or QualityTrace.objects.filter(feedback=feedback).exists():
        return None
    trace = QualityTrace.objects.create(
        feedback=feedback,
        owner=feedback.assignee,
        product_id=feedback.product_id,
        order_number=feedback.order_number,
        defect=feedback.subject,
    )
    save_change(feedback)
    tell(feedback, TimelineKind.TRACE, by=by, state=str(trace.state))
    return trace


@transaction.atomic
def write_trace(trace_id: int, *, by: User, **fields: Any) -> QualityTrace:
    """Write what is known now (any of FIELDS). Raises TraceRefused for a state that says more
    than is written, NotInTeam for an owner who may not see the record."""
    feedback_id = QualityTrace.objects.values_list("feedback", flat=True).get(pk=trace_id)
    feedback = lock(feedback_id)
    trace = QualityTrace.objects.select_for_update(of=["self"]).get(pk=trace_id)
    before = trace.state
    for name in FIELDS:
        if name in fields:
            value = fields[name]
            setattr(trace, name, value.strip() if isinstance(value, str) else value)
    _ensure(trace, feedback)
    is_closed = trace.state == TraceState.CLOSED
    trace.closed_at = (trace.closed_at or timezone.now()) if is_closed else None
    trace.save()
    save_change(feedback)
    if trace.state != before:
        tell(feedback, TimelineKind.TRACE, by=by, state=str(trace.state))
    return trace


def _ensure(trace: QualityTrace, feedback: Feedback) -> None:
    knows = {TraceState.CAUSE_FOUND, TraceState.MEASURE_TAKEN}
    if trace.state in knows and not trace.cause:
        raise TraceRefused(_("Write down the cause first."))
    if trace.state == TraceState.MEASURE_TAKEN and not trace.measure:
        raise TraceRefused(_("Write down the measure first."))
    owner, team = trace.owner, feedback.team
    if owner is not None and team is not None and not may_work_in(owner, team):
        raise NotInTeam
