"""Lists of alerts and of rules, narrowed as their addresses say."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from accounts.models import User
from analytics.enums import AlertKind
from analytics.models import Alert, AlertRule
from analytics.models.alert import AlertQuerySet
from feedback.errors import FilterNotKnown

OPEN, OVER, ALL = "open", "over", "all"
_KNOWN = {"state", "kind", "page", "lang"}


@dataclass(frozen=True, slots=True)
class AlertChoice:
    state: str = OPEN
    kind: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind)


def read_alert_choice(params: Mapping[str, str]) -> AlertChoice:
    """Raises FilterNotKnown."""
    for name in params:
        if name not in _KNOWN:
            raise FilterNotKnown(name)
    state, kind = params.get("state") or OPEN, params.get("kind") or ""
    if state not in {OPEN, OVER, ALL}:
        raise FilterNotKnown("state", state[:40])
    if kind and kind not in AlertKind.values:
        raise FilterNotKnown("kind", kind[:40])
    return AlertChoice(state, kind)


def chosen_alerts(user: User, choice: AlertChoice) -> AlertQuerySet:
    """Of those that one may see, the newest first."""
    found = Alert.objects.visible_to(user)
    if choice.kind:
        found = found.filter(kind=choice.kind)
    if choice.state != ALL:
        found = found.open() if choice.state == OPEN else found.over()
    return found


def counts_of(user: User, kind: str = "") -> dict[str, int]:
    """How many are open and over."""
    found = chosen_alerts(user, AlertChoice(ALL, kind)).order_by()
    is_open = Q(ended_at=None, dismissed_at=None)
    counts = found.aggregate(
        open=Count("pk", filter=is_open), over=Count("pk", filter=~is_open), all=Count("pk")
    )
    return {OPEN: counts["open"], OVER: counts["over"], ALL: counts["all"]}


def rules_of(user: User) -> list[AlertRule]:
    """Those that one may see, with how many alerts they raised and when last."""
    rows = AlertRule.objects.there().visible_to(user).select_related("team")
    rows = rows.prefetch_related("people", "teams").annotate(
        raised=Count("alerts", distinct=True),
        false_alarms=Count("alerts", filter=Q(alerts__dismissal="false"), distinct=True),
        last_raised=Max("alerts__opened_at"),
    )
    return list(rows.order_by("pk"))
