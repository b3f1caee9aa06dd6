"""Links by which people who do not work here read a dashboard."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analytics.models import DashboardLink


@transaction.atomic
def share_board(board: str, *, by: User, query: str = "", days: int = 30) -> DashboardLink:
    """A new link to a dashboard with the filters of `query`, for `days` days; whoever has it
    reads what `by` may see."""
    now = timezone.now()
    return DashboardLink.objects.create(
        board=board, query=query, made_by=by, made_at=now, ends_at=now + timedelta(days=days)
    )


@transaction.atomic
def withdraw_board_link(link_id: int) -> DashboardLink:
    """It stops working at once."""
    link = DashboardLink.objects.select_for_update().get(pk=link_id)
    if link.withdrawn_at is None:
        link.withdrawn_at = timezone.now()
        link.save(update_fields=["withdrawn_at"])
    return link
