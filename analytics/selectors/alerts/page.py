"""What the page of one alert shows beside its frozen figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from analytics.charts.context import Note
from analytics.charts.data import Mark, Series, Step, TimeAxis, Unit
from analytics.charts.line import LineChart
from analytics.metrics.baseline import Side
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.periods import Period
from analytics.models import Alert
from analytics.models.alert_rule import OF_CUSTOMERS
from analytics.rules.alerts import CHANCES, Watch
from analytics.selectors.alerts.about import filters_of
from analytics.selectors.alerts.watching import sights_of
from analytics.selectors.alerts.wording import metric_of, title_of, value_names, write_value
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.boards.finding import notes_between
from analytics.selectors.boards.rows import mark_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.measuring import measure
from analytics.selectors.facts.question import NotAsked, Row, asked
from analytics.selectors.window import today
from feedback.errors import FilterNotKnown

BEFORE, AFTER = timedelta(days=41), timedelta(days=14)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moved:
    """A value of a dimension that makes a part of the difference; `percent` of it."""

    dimension: str
    name: str
    now: str
    usual: str
    percent: int


def chart_of(alert: Alert, user: User, now: datetime) -> LineChart | None:
    """The figure day by day with its band, six weeks before and up to two after; None where there
    is none, or what it was narrowed by is gone. The days of the spell are as they were noticed."""
    metric = metric_of(alert.kind, alert.metric)
    if metric is None or alert.low is None:
        return None
    first, last = alert.day - BEFORE, min(today(now), alert.last_day + AFTER)
    watch = Watch(
        metric,
        filters=filters_of(alert),
        sides=(Side.ABOVE, Side.BELOW),
        chance=CHANCES[alert.rule.sensitivity],  # type: ignore[index]
    )
    try:
        seen = sights_of(watch, first, last, now)
    except (FilterNotKnown, NotAsked):
        return None
    unit, frozen = metric.unit, {one["day"]: one for one in alert.days}
    marks, expected = [], []
    for day in sorted(seen):
        (one,) = seen[day]
        was = frozen.get(day.isoformat())
        mark = mark_of(one.row, unit)
        if was is not None:
            marks.append(Mark(was["value"], mark.href, n=mark.n))
            expected.append(Mark(was["expected"], low=was["low"], high=was["high"]))
        else:
            marks.append(Mark(mark.value, mark.href, n=mark.n))
            band = one.band
            expected.append(
                Mark(band.expected, low=band.low, high=band.high) if band else Mark(None)
            )
    days = tuple(sorted(seen))
    return LineChart(
        title_of(alert),
        TimeAxis(days, Step.DAY, unfinished=last == today(now)),
        (Series(str(metric.name), tuple(marks)),),
        unit,
        expected=tuple(expected),
        notes=(*notes_between(user, first, last), Note(alert.day, title_of(alert), "", True)),
    )


def row_now(alert: Alert, user: User, now: datetime) -> Row | None:
    """The days of the spell as the records say now, of what `user` may see, with the list behind
    it; None where there is none."""
    metric = metric_of(alert.kind, alert.metric)
    if metric is None:
        return None
    try:
        keys = keys_of(filters_of(alert))
        question = asked(metric.key, Period(alert.day, alert.last_day), filters=keys)
        return measure(user, question, now=now).total
    except (FilterNotKnown, NotAsked):
        return None


def movers_of(alert: Alert, *, with_customers: bool) -> list[dict[str, Any]]:
    """What moved the first day, as it was kept; only `with_customers` also who they were."""
    return [one for one in alert.moved if with_customers or one["by"] not in OF_CUSTOMERS]


def moved_of(alert: Alert, *, with_customers: bool) -> list[Moved]:
    """The same, named."""
    metric = metric_of(alert.kind, alert.metric)
    unit = metric.unit if metric else Unit.COUNT
    rows = movers_of(alert, with_customers=with_customers)
    names = value_names((one["by"], one["value"]) for one in rows)
    return [
        Moved(
            str(DIMENSIONS[one["by"]].label) if one["by"] in DIMENSIONS else one["by"],
            names[one["by"], one["value"]],
            write_value(one["now"], unit),
            write_value(one["usual"], unit),
            round(one["part"] * 100),
        )
        for one in rows
    ]


def figures_of(alert: Alert) -> dict[str, str]:
    """Of its first day, as written."""
    metric: Metric | None = metric_of(alert.kind, alert.metric)
    unit = metric.unit if metric else Unit.COUNT
    return {
        "value": write_value(alert.value, unit),
        "expected": write_value(alert.expected, unit),
        "low": write_value(alert.low, unit),
        "high": write_value(alert.high, unit),
    }
