"""Alerts about the figures of a dashboard: whoever sees a spike is one step from its evidence."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from analytics.enums import AlertKind
from analytics.metrics.periods import Period
from analytics.models import Alert
from analytics.rules.alerts import Texts
from analytics.selectors.alerts.about import narrowing_of

READ = "analytics.view_alert"
_AT_MOST, _ON_A_TILE = 200, 2
# The figure in which a spike of what is negative is seen.
_SEEN_IN = {AlertKind.NEGATIVE: "negative"}


def alerts_within(user: User, period: Period, metrics: Iterable[str]) -> list[Alert]:
    """About these figures, begun in this period, the newest first; those dismissed are no news."""
    if not user.has_perm(READ):
        return []
    wanted = set(metrics)
    about = Q(kind=AlertKind.METRIC, metric__in=wanted)
    for kind, metric in _SEEN_IN.items():
        if metric in wanted:
            about |= Q(kind=kind)
    found = Alert.objects.visible_to(user).filter(
        about, dismissed_at=None, day__range=(period.first, period.last)
    )
    return list(found.order_by("-day", "-pk")[:_AT_MOST])


def alerts_about(alerts: Iterable[Alert], metric: str, texts: Texts) -> list[Alert]:
    """Those of this figure, narrowed as it is and no further."""
    wanted = _sets(texts)
    same = [one for one in alerts if _SEEN_IN.get(AlertKind(one.kind), one.metric) == metric]
    found = [one for one in same if _sets(narrowing_of(one)) == wanted]
    return found[:_ON_A_TILE]


def _sets(texts: Texts) -> dict[str, set[str]]:
    return {name: set(values) for name, values in texts.items()}
