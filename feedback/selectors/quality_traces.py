"""Quality traces: the list, and others of the same product and batch."""

from django.db.models import Q, QuerySet

from accounts.models import User
from feedback.enums import TraceState
from feedback.models import QualityTrace

PAGE_SIZE = 25


def traces_for_list(user: User, which: str) -> QuerySet[QualityTrace]:
    """ "open": not closed; "closed"; newest first, with what a row shows."""
    rows = QualityTrace.objects.visible_to(user)
    is_closed = Q(state=TraceState.CLOSED)
    rows = rows.filter(is_closed if which == "closed" else ~is_closed)
    return rows.select_related("feedback__customer", "product", "owner").order_by("-pk")


def same_defect(trace: QualityTrace, user: User) -> QuerySet[QualityTrace]:
    """Others of the same batch, or of the same product where the batch is not known."""
    others = QualityTrace.objects.visible_to(user).exclude(pk=trace.pk)
    if trace.batch:
        others = others.filter(batch__iexact=trace.batch)
        if trace.product_id is not None:
            others = others.filter(Q(product=trace.product_id) | Q(product=None))
    elif trace.product_id is not None:
        others = others.filter(product=trace.product_id)
    else:
        others = others.none()
    return others.select_related("feedback", "product").order_by("-pk")
