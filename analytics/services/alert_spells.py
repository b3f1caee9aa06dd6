"""One spell, one alert: opened with its evidence and told once, told again when it gets much
worse. Inside the transactions of services.alert_watch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from analytics.metrics.baseline import Band
from analytics.metrics.spells import is_much_worse
from analytics.models import Alert, AlertEvidence, AlertRule, Topic
from analytics.rules.alerts import Watch
from analytics.selectors.alerts.about import filters_of
from analytics.selectors.alerts.customers import Unhappy
from analytics.selectors.alerts.evidence import (
    MOST_EVIDENCE,
    Evidence,
    Said,
    evidence_of,
    moved_by,
)
from analytics.selectors.alerts.topics import TopicSight, evidence_of_topic
from analytics.selectors.alerts.watching import Sight
from analytics.selectors.window import today
from analytics.services.alert_telling import tell


@dataclass(frozen=True)
class Finding:
    """What was seen of one series on one day."""

    series: str
    value: float
    expected: float
    counts: bool
    outside: bool
    watch: Watch | None = None
    key: Any = None
    band: Band | None = None
    topic: Topic | None = None

    @classmethod
    def of_sight(cls, watch: Watch, seen: Sight) -> "Finding":
        expected = seen.band.expected if seen.band else 0.0
        value = seen.row.value or 0.0
        return cls(
            seen.text, value, expected, seen.counts, seen.outside, watch, seen.key, seen.band
        )

    @classmethod
    def of_topic(cls, seen: TopicSight) -> "Finding":
        return cls(
            str(seen.topic.pk), seen.texts, seen.usual, seen.counts, seen.outside,
            topic=seen.topic,
        )  # fmt: skip

    def on(self, day: date) -> dict[str, Any]:
        """As Alert.days keeps it."""
        low, high = (self.band.low, self.band.high) if self.band else (None, None)
        return {
            "day": day.isoformat(),
            "value": self.value,
            "expected": self.expected,
            "low": low,
            "high": high,
        }


def open_alert(rule: AlertRule, found: Finding, day: date, now: datetime) -> Alert:
    alert = Alert(
        rule=rule,
        kind=rule.kind,
        metric=rule.metric,
        series=found.series,
        each=rule.each,
        filters=rule.filters,
        team_id=found.key if rule.each == "team" else rule.team_id,
        topic=found.topic,
        day=day,
        last_day=day,
        opened_at=now,
        days=[found.on(day)],
    )
    _take_figures(alert, found)
    alert.save()
    _gather(alert, found, day, now)
    tell(alert, rule, now)
    return alert


def go_on(alert: Alert, rule: AlertRule, found: Finding, day: date, now: datetime) -> None:
    """Another day of the spell, or the same one later."""
    if day < alert.day:
        return
    alert.last_day = max(alert.last_day, day)
    others = [one for one in alert.days if one["day"] != day.isoformat()]
    alert.days = [*others, found.on(day)]
    if day == alert.day:
        _take_figures(alert, found)
        _gather(alert, found, day, now)
    alert.save()
    if is_much_worse(alert.off, alert.told_off):
        tell(alert, rule, now)


def open_about_customer(rule: AlertRule, found: Unhappy, now: datetime) -> Alert:
    day = today(found.last)
    alert = Alert.objects.create(
        rule=rule,
        kind=rule.kind,
        series=str(found.customer_id),
        team_id=rule.team_id,
        customer_id=found.customer_id,
        day=day,
        last_day=day,
        value=len(found.said),
        evidence_count=len(found.said),
        opened_at=now,
    )
    _keep(alert, found.said)
    tell(alert, rule, now)
    return alert


def go_on_about_customer(alert: Alert, rule: AlertRule, found: Unhappy, now: datetime) -> None:
    """What the customer said since; told again when it is twice as much."""
    before = alert.evidence_count
    _keep(alert, found.said)
    alert.evidence_count = alert.evidence.count()
    if alert.evidence_count == before:
        return
    alert.value, alert.last_day = alert.evidence_count, max(alert.last_day, today(found.last))
    alert.save(update_fields=["value", "evidence_count", "last_day"])
    if is_much_worse(alert.off, alert.told_off):
        tell(alert, rule, now)


def _take_figures(alert: Alert, found: Finding) -> None:
    alert.value, alert.expected = found.value, found.expected
    if found.band is not None:
        alert.low, alert.high = found.band.low, found.band.high
        alert.deviation, alert.side = found.band.deviation, found.band.side


def _gather(alert: Alert, found: Finding, day: date, now: datetime) -> None:
    """What the figure of the first day is made of, and what moved it."""
    evidence = Evidence(0, ())
    if found.topic is not None:
        evidence = evidence_of_topic(found.topic, day, alert.team_id)
    elif found.watch is not None and found.band is not None:
        filters = filters_of(alert)
        metric = found.watch.metric
        evidence = evidence_of(metric, filters, day, now)
        alert.moved = moved_by(metric, filters, day, found.band.expected, now)
    alert.evidence_count = evidence.count
    alert.save(update_fields=["evidence_count", "moved"])
    AlertEvidence.objects.filter(alert=alert).delete()
    _keep(alert, evidence.rows)


def _keep(alert: Alert, said: Iterable[Said]) -> None:
    rows = [
        AlertEvidence(
            alert=alert, feedback_id=one.feedback, response_id=one.response, said_at=one.at
        )
        for one in said
    ]
    AlertEvidence.objects.bulk_create(rows[:MOST_EVIDENCE], ignore_conflicts=True)
