"""Reminding owners of measures that are due, at most once a day, safe to run at any time."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from analytics.models import Measure
from analytics.rules.effects import asks_again
from analytics.rules.measures import CARRIED_OUT, DUE_SOON, UNDER_WAY, reminds_today
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page


def remind_owners(today: date | None = None) -> int:
    """Of measures under way; how many reminders that were."""
    today = today or timezone.localdate()
    soon = Measure.objects.filter(status__in=UNDER_WAY, due_on__lte=today + DUE_SOON)
    waiting = soon.exclude(owner=None).order_by("pk").values_list("pk", flat=True)
    return sum(_remind(pk, today) for pk in waiting)


@transaction.atomic
def _remind(pk: int, today: date) -> bool:
    found = Measure.objects.select_for_update(of=["self"], skip_locked=True)
    measure = found.filter(pk=pk, status__in=UNDER_WAY).exclude(owner=None).first()
    if measure is None or not reminds_today(measure.due_on, measure.reminded_on, today):
        return False
    measure.reminded_on = today
    measure.save(update_fields=["reminded_on"])
    page = reverse("analytics:measure", args=[measure.pk])
    owners = [measure.owner_id] if measure.owner_id else []
    notify_of_page(owners, NoticeKind.MEASURE_DUE, by=None, page=page, title=str(measure))
    return True


def ask_for_effects(today: date | None = None) -> int:
    """Owners of measures whose effect is to be measured, once each; how many they were."""
    today = today or timezone.localdate()
    due = Measure.objects.filter(status__in=CARRIED_OUT, effect_due_on__lte=today)
    waiting = due.exclude(owner=None).order_by("pk").values_list("pk", flat=True)
    return sum(_ask(pk, today) for pk in waiting)


@transaction.atomic
def _ask(pk: int, today: date) -> bool:
    found = Measure.objects.select_for_update(of=["self"], skip_locked=True)
    measure = found.filter(pk=pk, status__in=CARRIED_OUT).exclude(owner=None).first()
    if measure is None or not asks_again(measure.effect_due_on, measure.reminded_on, today):
        return False
    measure.reminded_on = today
    measure.save(update_fields=["reminded_on"])
    page = reverse("analytics:measure_effect", args=[measure.pk])
    owners = [measure.owner_id] if measure.owner_id else []
    notify_of_page(owners, NoticeKind.EFFECT_DUE, by=None, page=page, title=str(measure))
    return True
