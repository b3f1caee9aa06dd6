"""What a rule of alerts watches, in the terms of metrics; and the rules that come with the
product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from analytics.enums import AlertKind, AlertSides, Sensitivity
from analytics.metrics.baseline import Side
from analytics.metrics.catalogue.metric import Better, Metric
from analytics.metrics.daily import WATCHABLE, bad_sides

Texts = Mapping[str, tuple[str, ...]]

# How often a day may raise a false alarm: all series of a rule together.
CHANCES = {Sensitivity.MONTH: 12 / 365.25, Sensitivity.QUARTER: 4 / 365.25,
           Sensitivity.YEAR: 1 / 365.25}  # fmt: skip
# What can be watched each by itself. No people: an alert is no judgement of a colleague.
SERIES = ("branch", "category", "product", "channel", "team", "form", "survey")
NEGATIVE = {"mood": ("negative",)}


@dataclass(frozen=True)
class Watch:
    """`by`: the dimension of which each value is a series, or nothing; `filters` as addresses
    write them, the team among them. With `early` a day that is not over counts as soon as it has
    more than a whole one: that raises no further false alarms."""

    metric: Metric
    by: str = ""
    filters: Texts = field(default_factory=dict)
    sides: tuple[Side, ...] = (Side.ABOVE,)
    chance: float = CHANCES[Sensitivity.QUARTER]
    early: bool = False


def watch(
    kind: str,
    *,
    metric: str,
    by: str,
    filters: Mapping[str, Any],
    team_id: int | None,
    sides: str,
    sensitivity: str,
) -> Watch | None:
    """None for a kind that no metric is watched for, and for a metric that is not there."""
    is_negative = kind == AlertKind.NEGATIVE
    found = WATCHABLE.get("volume" if is_negative else metric)
    if found is None or kind not in {AlertKind.METRIC, AlertKind.NEGATIVE}:
        return None
    both = sides == AlertSides.BOTH and not is_negative
    only = {name: tuple(texts) for name, texts in filters.items() if texts}
    if is_negative:
        only |= NEGATIVE
    if team_id is not None:
        only["team"] = (str(team_id),)
    return Watch(
        found,
        by,
        only,
        (Side.ABOVE, Side.BELOW) if both else bad_sides(found),
        CHANCES[Sensitivity(sensitivity)],
        early=is_negative,
    )


def is_bad(metric: Metric, side: str) -> bool:
    """Whether it is bad news that a metric lies on this side; more of what is neither is."""
    if metric.better is Better.NEITHER:
        return side == Side.ABOVE
    return side in bad_sides(metric)


def mail_at(now: datetime, quiet_from: int, quiet_to: int) -> datetime | None:
    """When a mail may leave that is written at `now` (local time); None: at once. Quiet from 21
    until 8 is over at eight in the morning; the same hour twice is never quiet."""
    if quiet_from == quiet_to:
        return None
    hour = now.hour
    over_night = quiet_from > quiet_to
    is_quiet = (
        hour >= quiet_from or hour < quiet_to if over_night else quiet_from <= hour < quiet_to
    )
    if not is_quiet:
        return None
    end = datetime.combine(now.date(), time(quiet_to), now.tzinfo)
    return end if end > now else end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReadyRule:
    code: str
    kind: AlertKind
    metric: str = ""
    by: str = ""
    sides: AlertSides = AlertSides.WORSE
    sensitivity: Sensitivity = Sensitivity.QUARTER


# On from the beginning. Together about two false alarms a quarter.
READY = (
    ReadyRule("negative", AlertKind.NEGATIVE),
    ReadyRule("negative-branch", AlertKind.NEGATIVE, by="branch", sensitivity=Sensitivity.YEAR),
    ReadyRule("negative-team", AlertKind.NEGATIVE, by="team", sensitivity=Sensitivity.YEAR),
    ReadyRule(
        "volume", AlertKind.METRIC, "volume", sides=AlertSides.BOTH, sensitivity=Sensitivity.YEAR
    ),
    ReadyRule("csat", AlertKind.METRIC, "csat", sensitivity=Sensitivity.YEAR),
    ReadyRule("topic", AlertKind.TOPIC, sensitivity=Sensitivity.YEAR),
    ReadyRule("customer", AlertKind.CUSTOMER),
)
