"""How often a rule would have raised an alert, on the data there is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.enums import AlertKind
from analytics.models import AlertRule
from analytics.rules.alerts import CHANCES
from analytics.selectors.alerts.about import watch_of
from analytics.selectors.alerts.customers import unhappy_customers
from analytics.selectors.alerts.topics import topic_sights
from analytics.selectors.alerts.watching import spells_of
from analytics.selectors.alerts.wording import value_names
from analytics.selectors.window import today

DAYS = 90
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """`count` alerts in the last `days` days (0: as things are now), the newest named."""

    count: int
    days: int = DAYS
    named: tuple[tuple[date, str], ...] = ()


def preview_of(rule: AlertRule, now: datetime) -> Preview:
    """Raises FilterNotKnown, NotAsked."""
    yesterday = today(now) - timedelta(days=1)
    if rule.kind == AlertKind.CUSTOMER:
        filters = {name: tuple(texts) for name, texts in rule.filters.items()}
        return Preview(len(unhappy_customers(filters, rule.team_id, now)), 0)
    if rule.kind == AlertKind.TOPIC:
        chance = CHANCES[rule.sensitivity]  # type: ignore[index]
        seen = [one for one in topic_sights(yesterday, chance, rule.team_id) if one.counts]
        return Preview(len(seen), 0, tuple((one.day, one.topic.label) for one in seen[:SHOWN]))
    watch = watch_of(rule)
    if watch is None:
        return Preview(0)
    found = spells_of(watch, yesterday - timedelta(days=DAYS - 1), yesterday, now)
    names = value_names((rule.each, text) for _day, text in found[:SHOWN] if text)
    named = tuple((day, names.get((rule.each, text), "")) for day, text in found[:SHOWN])
    return Preview(len(found), DAYS, named)
