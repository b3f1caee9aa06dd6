"""What people do about an alert: acknowledge it, dismiss it, make a problem of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.enums import Dismissal
from analytics.errors import AlertRefused
from analytics.models import Alert, Problem
from config.kernel.live import tell_pages


@transaction.atomic
def acknowledge_alert(alert_id: int, *, by: User) -> Alert:
    """Somebody takes care of it; the first one counts. Raises Alert.DoesNotExist."""
    alert = _locked(alert_id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = timezone.now(), by
        alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
        tell_pages("alerts")
    return alert


@transaction.atomic
def dismiss_alert(alert_id: int, *, by: User, why: Dismissal, note: str = "") -> Alert:
    """Nobody has to act; nobody is told of it again, however long it lasts. Raises AlertRefused
    for a known cause that nobody says."""
    if why == Dismissal.KNOWN and not note.strip():
        raise AlertRefused(_("Say what the cause is."))
    alert = _locked(alert_id)
    alert.dismissed_at, alert.dismissed_by = timezone.now(), by
    alert.dismissal, alert.note = why, note.strip()[:300]
    alert.save(update_fields=["dismissed_at", "dismissed_by", "dismissal", "note"])
    tell_pages("alerts")
    return alert


@transaction.atomic
def take_back_dismissal(alert_id: int) -> Alert:
    """It is to be looked at after all."""
    alert = _locked(alert_id)
    alert.dismissed_at, alert.dismissed_by, alert.dismissal, alert.note = None, None, "", ""
    alert.save(update_fields=["dismissed_at", "dismissed_by", "dismissal", "note"])
    tell_pages("alerts")
    return alert


@transaction.atomic
def link_to_problem(alert_id: int, problem: Problem, *, by: User) -> Alert:
    """The problem that was made of it, or to which its evidence was added; the first one stays.
    Whoever may take care of alerts does so by that."""
    alert = _locked(alert_id)
    if alert.problem_id is None:
        alert.problem = problem
    if alert.acknowledged_at is None and by.has_perm("analytics.change_alert"):
        alert.acknowledged_at, alert.acknowledged_by = timezone.now(), by
    alert.save(update_fields=["problem", "acknowledged_at", "acknowledged_by"])
    tell_pages("alerts")
    return alert


def _locked(pk: int) -> Alert:
    return Alert.objects.select_for_update(of=["self"]).get(pk=pk)
