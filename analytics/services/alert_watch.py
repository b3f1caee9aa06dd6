"""Watching: raises alerts, keeps them up to date while they last, ends them. Each rule in a
transaction of its own; safe to run at any time, and twice."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from analytics.enums import AlertKind
from analytics.metrics.spells import QUIET_DAYS
from analytics.models import Alert, AlertRule
from analytics.rules.alerts import CHANCES
from analytics.selectors.alerts.about import watch_of
from analytics.selectors.alerts.customers import unhappy_customers
from analytics.selectors.alerts.topics import topic_sights
from analytics.selectors.alerts.watching import sights_of
from analytics.selectors.facts.question import NotAsked
from analytics.selectors.window import today
from analytics.services.alert_spells import (
    Finding,
    go_on,
    go_on_about_customer,
    open_about_customer,
    open_alert,
)
from config.kernel.live import tell_pages
from feedback.errors import FilterNotKnown

logger = logging.getLogger(__name__)
DAY = timedelta(days=1)
CATCH_UP = 7  # days that are looked at after a worker stood still; what is older is no news

BY_DAY = (AlertKind.METRIC, AlertKind.NEGATIVE, AlertKind.TOPIC)


def watch_days(now: datetime | None = None) -> int:
    """Days that are over; how many alerts were raised."""
    now = now or timezone.now()
    yesterday = today(now) - DAY
    due = AlertRule.objects.active().filter(kind__in=BY_DAY).exclude(checked_on__gte=yesterday)
    return _each(due.values_list("pk", flat=True), lambda pk: _watch_days(pk, yesterday, now))


def watch_now(now: datetime | None = None) -> int:
    """What cannot wait until the day is over: spikes of negative feedback and key customers; how
    many alerts were raised."""
    now = now or timezone.now()
    rules = AlertRule.objects.active()
    spikes = rules.filter(kind=AlertKind.NEGATIVE).values_list("pk", flat=True)
    people = rules.filter(kind=AlertKind.CUSTOMER).values_list("pk", flat=True)
    return _each(spikes, lambda pk: _watch_today(pk, now)) + _each(
        people, lambda pk: _watch_customers(pk, now)
    )


def _each(rules: Iterable[int], look: Callable[[int], int]) -> int:
    raised = 0
    for pk in list(rules):
        try:
            raised += look(pk)
        except (FilterNotKnown, NotAsked):
            logger.warning("rule of alerts %s asks for what is not there any more", pk)
        except Exception:  # one rule that cannot be looked at stops no other
            logger.exception("rule of alerts %s could not be looked at", pk)
    if raised:
        tell_pages("alerts")
    return raised


def _locked(rule_id: int) -> AlertRule | None:
    """None when it is gone, or another worker is at it."""
    rules = AlertRule.objects.active().select_for_update(of=["self"], skip_locked=True)
    return rules.filter(pk=rule_id).first()


@transaction.atomic
def _watch_days(rule_id: int, yesterday: date, now: datetime) -> int:
    rule = _locked(rule_id)
    if rule is None or (rule.checked_on is not None and rule.checked_on >= yesterday):
        return 0
    first = yesterday if rule.checked_on is None else rule.checked_on + DAY
    first = max(first, yesterday - (CATCH_UP - 1) * DAY)
    raised = 0
    for day, found in _findings(rule, first, yesterday, now):
        raised += _apply(rule, day, found, now)
        _end_what_is_over(rule, day, now)
    rule.checked_on = yesterday
    rule.save(update_fields=["checked_on"])
    return raised


@transaction.atomic
def _watch_today(rule_id: int, now: datetime) -> int:
    """A day that is not over already has more than was expected of a whole one."""
    rule, day = _locked(rule_id), today(now)
    if rule is None:
        return 0
    return sum(_apply(rule, one, found, now) for one, found in _findings(rule, day, day, now))


def _findings(
    rule: AlertRule, first: date, last: date, now: datetime
) -> list[tuple[date, list[Finding]]]:
    if rule.kind == AlertKind.TOPIC:
        days = [first + at * DAY for at in range((last - first).days + 1)]
        chance = CHANCES[rule.sensitivity]  # type: ignore[index]
        return [
            (day, [Finding.of_topic(one) for one in topic_sights(day, chance, rule.team_id)])
            for day in days
        ]
    watch = watch_of(rule)
    if watch is None:
        return []
    seen = sights_of(watch, first, last, now)
    return [(day, [Finding.of_sight(watch, one) for one in seen[day]]) for day in sorted(seen)]


def _apply(rule: AlertRule, day: date, found: list[Finding], now: datetime) -> int:
    running = _running(rule)
    raised = 0
    for one in found:
        alert = running.get(one.series)
        if alert is not None and (one.counts or one.outside):
            go_on(alert, rule, one, day, now)
        elif alert is None and one.counts:
            open_alert(rule, one, day, now)
            raised += 1
    return raised


def _running(rule: AlertRule) -> dict[str, Alert]:
    rows = Alert.objects.running().filter(rule=rule).select_for_update(of=["self"])
    return {one.series: one for one in rows.select_related("topic", "customer__owner")}


def _end_what_is_over(rule: AlertRule, day: date, now: datetime) -> None:
    over = Alert.objects.running().filter(rule=rule, last_day__lte=day - QUIET_DAYS * DAY)
    over.update(ended_at=now)


@transaction.atomic
def _watch_customers(rule_id: int, now: datetime) -> int:
    rule = _locked(rule_id)
    if rule is None:
        return 0
    filters = {name: tuple(texts) for name, texts in rule.filters.items()}
    found = unhappy_customers(filters, rule.team_id, now)
    running = _running(rule)
    raised = 0
    for one in found:
        alert = running.pop(str(one.customer_id), None)
        if alert is not None:
            go_on_about_customer(alert, rule, one, now)
        else:
            open_about_customer(rule, one, now)
            raised += 1
    Alert.objects.filter(pk__in=[one.pk for one in running.values()]).update(ended_at=now)
    return raised
