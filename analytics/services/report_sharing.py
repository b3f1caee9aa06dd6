"""Links to issued reports for people who do not work here."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analytics.enums import ReportStep
from analytics.models import ReportVersion, SharedReport
from analytics.services.reports import note


@transaction.atomic
def share_report(version_id: int, *, by: User, days: int = 30, password: str = "") -> SharedReport:
    """A new link to one issued version, for `days` days; without a password whoever has it
    reads."""
    version = ReportVersion.objects.select_related("report").get(pk=version_id)
    now = timezone.now()
    note(version.report, ReportStep.SHARED, by=by, version=version.number)
    return SharedReport.objects.create(
        version=version,
        password=make_password(password) if password else "",
        made_by=by,
        made_at=now,
        ends_at=now + timedelta(days=days),
    )


@transaction.atomic
def withdraw_shared_report(shared_id: int, *, by: User) -> SharedReport:
    """It stops working at once; withdrawn again it stays as it was."""
    rows = SharedReport.objects.select_for_update(of=["self"]).select_related("version__report")
    shared = rows.get(pk=shared_id)
    if shared.withdrawn_at is None:
        shared.withdrawn_at, shared.withdrawn_by = timezone.now(), by
        shared.save(update_fields=["withdrawn_at", "withdrawn_by"])
        note(shared.version.report, ReportStep.WITHDRAWN, by=by, version=shared.version.number)
    return shared
