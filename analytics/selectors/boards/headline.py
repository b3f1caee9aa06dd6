"""The one number of a tile in words: value, how sure it is, how it moved, whether the goal is
reached."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts.data import Unit
from analytics.charts.wording import write_interval, write_number
from analytics.metrics.catalogue.metric import Better, Measured, Metric
from analytics.metrics.trend import Direction
from analytics.selectors.boards.figures import TileFigure
from analytics.selectors.facts.question import Row
from config.kernel.templatetags.ui import span_in_words

_HOUR = 3600
_SAME = 0.005  # a relative difference below which two amounts are called equal
_SHORT = {Unit.SHARE: 3, Unit.RATING: 1, Unit.POINTS: 0, Unit.COUNT: 0}


@dataclass(frozen=True, slots=True)
class Moved:
    """Against the period before. `tone` is green or red only where the difference is more than
    chance and one direction is better."""

    words: str
    icon: str = "minus"
    tone: str = "gray"


@dataclass(frozen=True, slots=True)
class Headline:
    """`count` things are in the list at `url`; no url: there is no such list."""

    value: str
    note: str = ""
    count: int = 0
    url: str = ""
    moved: Moved | None = None
    goal: str = ""
    goal_tone: str = ""


def headline_of(figure: TileFigure) -> Headline | None:
    """Of everything together; None where nothing was measured."""
    if figure.answer is None:
        return None
    metric, total = figure.answer.metric, figure.answer.total
    goal, tone = _goal(metric, total.measured, figure.plan.goal)
    return Headline(
        value=write_value(total.value, metric.unit),
        note=" · ".join(_notes(metric, total.measured)),
        count=total.count,
        url=total.url if total.count else "",
        moved=moved(metric, total),
        goal=goal,
        goal_tone=tone,
    )


def write_value(value: float | None, unit: Unit) -> str:
    """A dash for what is not known; durations as people say them."""
    if value is None:
        return "–"
    if unit is Unit.HOURS:
        return span_in_words(max(value, 0.0) * _HOUR)
    return write_number(round(value, _SHORT[unit]), unit)


def _notes(metric: Metric, measured: Measured) -> list[str]:
    if measured.value is None or metric.unit is Unit.COUNT:
        return []
    found = []
    if measured.low is not None and measured.high is not None and measured.low < measured.high:
        if metric.unit is Unit.HOURS:
            ends = {
                "low": write_value(measured.low, metric.unit),
                "high": write_value(measured.high, metric.unit),
            }
            found.append(_("%(low)s to %(high)s") % ends)
        else:
            digits = _SHORT[metric.unit]
            low, high = round(measured.low, digits), round(measured.high, digits)
            found.append(write_interval(low, high, metric.unit))
    n = write_number(measured.n, Unit.COUNT)
    found.append(ngettext("of %(n)s", "of %(n)s", measured.n) % {"n": n})
    if measured.is_small:
        found.append(_("too few to be sure"))
    return found


def moved(metric: Metric, row: Row) -> Moved | None:
    """In words; None where there is nothing to compare."""
    before = row.before
    if before is None or before.value is None or row.value is None:
        return None
    if metric.unit in {Unit.COUNT, Unit.HOURS}:
        return _relative(metric, row, before.value)
    change = row.change
    if change is None:
        return None
    if change.direction is Direction.UNCLEAR:
        return Moved(_("no clear change"))
    is_up = change.direction is Direction.UP
    size = abs(change.difference) * (100 if metric.unit is Unit.SHARE else 1)
    points = {"points": write_number(round(size, 1), Unit.COUNT)}
    words = _("up %(points)s points") if is_up else _("down %(points)s points")
    return Moved(words % points, _arrow(is_up=is_up), _tone(metric, is_up=is_up))


def _relative(metric: Metric, row: Row, before: float) -> Moved:
    after = row.value or 0.0
    if not before:
        return Moved(_("none in the period before"))
    change = (after - before) / before
    if abs(change) < _SAME:
        return Moved(_("as before"))
    is_up = change > 0
    percent = {"percent": write_number(abs(round(change, 2)), Unit.SHARE)}
    words = _("%(percent)s more") if is_up else _("%(percent)s fewer")
    if metric.unit is Unit.HOURS:
        words = _("%(percent)s longer") if is_up else _("%(percent)s shorter")
    is_sure = row.change is not None and row.change.is_significant
    tone = _tone(metric, is_up=is_up) if is_sure else "gray"
    return Moved(words % percent, _arrow(is_up=is_up), tone)


def _arrow(*, is_up: bool) -> str:
    return "trending-up" if is_up else "trending-down"


def _tone(metric: Metric, *, is_up: bool) -> str:
    if metric.better is Better.NEITHER:
        return "gray"
    return "green" if is_up == (metric.better is Better.HIGHER) else "red"


def _goal(metric: Metric, measured: Measured, goal: float | None) -> tuple[str, str]:
    if goal is None:
        return "", ""
    words = _("Goal: %(goal)s") % {"goal": write_value(goal, metric.unit)}
    if measured.value is None or metric.better is Better.NEITHER:
        return words, ""
    is_higher = metric.better is Better.HIGHER
    is_reached = measured.value >= goal if is_higher else measured.value <= goal
    return words, "green" if is_reached else "amber"
