"""What a rule watches and what the figures of an alert are about, as metrics are asked."""

from analytics.enums import AlertKind
from analytics.models import Alert, AlertRule
from analytics.rules.alerts import NEGATIVE, Texts, Watch, watch


def watch_of(rule: AlertRule) -> Watch | None:
    """None where it is no metric that is watched, or one that is not there any more."""
    return watch(
        rule.kind,
        metric=rule.metric,
        by=rule.each,
        filters=rule.filters,
        team_id=rule.team_id,
        sides=rule.sides,
        sensitivity=rule.sensitivity,
    )


def filters_of(alert: Alert) -> Texts:
    """Everything by which the figures of an alert are narrowed, its series and its team too."""
    found = narrowing_of(alert)
    return {**found, **NEGATIVE} if alert.kind == AlertKind.NEGATIVE else found


def narrowing_of(alert: Alert) -> dict[str, tuple[str, ...]]:
    """The same without the mood of what is negative: that is what such an alert is about."""
    found = {name: tuple(texts) for name, texts in alert.filters.items()}
    if alert.team_id is not None:
        found["team"] = (str(alert.team_id),)
    if alert.each:
        found[alert.each] = (alert.series,)
    return found
