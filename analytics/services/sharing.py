"""Links to results for people who do not work here, and what all such links have in common."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from analytics.models import DashboardLink, SharedReport, SharedResults


@transaction.atomic
def share_results(
    survey_id: int,
    *,
    by: User,
    query: Mapping[str, Sequence[str]],
    compare: str = "",
    days: int = 30,
    with_texts: bool = False,
    password: str = "",
) -> SharedResults:
    """A new link to the results with the filters of `query`, for `days` days; without a password
    whoever has it reads."""
    now = timezone.now()
    return SharedResults.objects.create(
        survey_id=survey_id,
        query={name: list(values) for name, values in query.items()},
        compare=compare[:200],
        with_texts=with_texts,
        password=make_password(password) if password else "",
        made_by=by,
        made_at=now,
        ends_at=now + timedelta(days=days),
    )


@transaction.atomic
def withdraw_shared_results(shared_id: int, *, by: User) -> SharedResults:
    """It stops working at once; withdrawn again it stays as it was."""
    shared = SharedResults.objects.select_for_update().get(pk=shared_id)
    if shared.withdrawn_at is None:
        shared.withdrawn_at, shared.withdrawn_by = timezone.now(), by
        shared.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return shared


def note_opened(shared: SharedResults | SharedReport | DashboardLink) -> None:
    """In the database alone: the one at hand stays as it was read."""
    type(shared)._default_manager.filter(pk=shared.pk).update(
        last_opened_at=timezone.now(), times_opened=F("times_opened") + 1
    )


def knows_password(shared: SharedResults | SharedReport, password: str) -> bool:
    return check_password(password, shared.password)
