"""Whether a machine is as sure as it may be: how often it is right for how sure it says it is."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Table
from analytics.charts.data import Mark, Unit
from analytics.charts.frame import empty
from analytics.charts.scale import Scale
from analytics.charts.svg import TEXT, Pen, unique_id
from analytics.charts.theme import series_mark
from analytics.charts.wording import write_mark, write_number
from config.kernel.punctuation import labelled

HEIGHT = 300.0
_WIDEST = 420.0  # of the square-like field
_LEFT, _TOP, _BELOW = 48.0, 30.0, 44.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_DOT, _LARGEST = 3.5, 10.0


@dataclass(frozen=True, slots=True)
class Level:
    """Decisions that were about as sure: `said` is their mean confidence, the value of `mark` the
    share that is right, both 0..1; `mark.n` counts them."""

    said: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class ReliabilityChart:
    """One dot for each level, its area by the number of decisions, with its interval; on the line
    from corner to corner it is right as often as it says."""

    title: str
    levels: tuple[Level, ...]
    description: str = ""

    def as_table(self) -> Table:
        """How sure it said it was, and how often it was right."""
        header = (_("It says it is sure by"), _("It is right in"))
        rows = tuple((write_number(one.said, Unit.SHARE), (one.mark,)) for one in self.levels)
        return Table(self.title, header, rows, (Unit.SHARE,))


@dataclass(frozen=True, slots=True)
class _Field:
    x: Scale
    y: Scale


def reliability(
    chart: ReliabilityChart, *, width: float = 600, standalone: bool = False
) -> SafeString:
    """The chart as SVG, 300 units high."""
    pen = Pen(unique_id(chart, width), standalone)
    known = [one for one in chart.levels if one.mark.value is not None]
    body = _body(pen, known, width) if known else empty(pen, width, HEIGHT)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(known),
        width=width,
        height=HEIGHT,
        interactive=any(one.mark.href for one in known),
    )


def _summary(levels: list[Level]) -> str:
    if not levels:
        return _("No data for this choice")
    worst = max(levels, key=lambda one: abs((one.mark.value or 0.0) - one.said))
    return _("Farthest from the line: %(said)s sure, %(right)s right.") % {
        "said": write_number(worst.said, Unit.SHARE),
        "right": write_number(worst.mark.value or 0.0, Unit.SHARE),
    }


def _body(pen: Pen, levels: list[Level], width: float) -> list[SafeString]:
    right = min(width - 16, _LEFT + _WIDEST)
    field = _Field(
        Scale(0, 1, _LEFT, right),
        Scale(0, 1, HEIGHT - _BELOW, _TOP),
    )
    drawn = _grid(pen, field)
    drawn.append(
        pen.line(
            (field.x.at(0), field.y.at(0)),
            (field.x.at(1), field.y.at(1)),
            part="axis",
            stroke_width=1.5,
            stroke_dasharray="5 4",
        )
    )
    most = max(one.mark.n or 1 for one in levels)
    # The large ones first, so that a small one is not hidden behind them.
    for one in sorted(levels, key=lambda level: -(level.mark.n or 0)):
        drawn.append(_level(pen, field, one, most))
    return drawn


def _grid(pen: Pen, field: _Field) -> list[SafeString]:
    left, right = field.x.at(0), field.x.at(1)
    drawn = []
    for tick in _TICKS:
        label, y = write_number(tick, Unit.SHARE, short=True), field.y.at(tick)
        part = "axis" if tick == 0 else "grid"
        drawn.append(pen.line((left, y), (right, y), part=part, stroke_width=1))
        drawn.append(pen.text(label, left - 8, y + 4, anchor="end"))
        drawn.append(pen.text(label, field.x.at(tick), HEIGHT - _BELOW + 18, anchor="middle"))
    drawn.append(pen.text(_("right in"), 0, _TOP - 14))
    beneath = _("it says it is sure by")
    drawn.append(pen.text(beneath, (left + right) / 2, HEIGHT - 6, anchor="middle"))
    return drawn


def _level(pen: Pen, field: _Field, level: Level, most: int) -> SafeString:
    value, said = level.mark.value or 0.0, level.said
    x, y = field.x.at(said), field.y.at(value)
    radius = max(_DOT, _LARGEST * math.sqrt((level.mark.n or 1) / most))
    drawn = []
    if level.mark.interval:
        low, high = (field.y.at(bound) for bound in level.mark.interval)
        drawn.append(pen.line((x, low), (x, high), part="whisker", stroke_width=1.5))
    drawn.append(pen.dot((x, y), radius, mark=series_mark(0), stroke_width=1.5))
    label = write_number(value, Unit.SHARE)
    drawn += pen.only_on_hover(
        pen.text(
            label,
            min(max(x, 24.0), field.x.at(1) - 16),
            max(y - radius - 6, TEXT),
            part="value",
            hover=True,
            anchor="middle",
            size=TEXT,
            font_weight="600",
        )
    )
    what = _("%(share)s sure") % {"share": write_number(said, Unit.SHARE)}
    return pen.link(level.mark.href, labelled(what, write_mark(level.mark, Unit.SHARE)), *drawn)
