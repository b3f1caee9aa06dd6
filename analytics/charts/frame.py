"""The room a line or bar chart is drawn in: grid, ticks, labels of the axis, empty state."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Axis, TimeAxis, Unit
from analytics.charts.dates import date_labels
from analytics.charts.lettering import shorten, text_width
from analytics.charts.scale import Scale, nice_ticks, ticks_within
from analytics.charts.svg import TEXT, Pen
from analytics.charts.wording import write_number

_PER_TICK = 36.0
_BELOW = 24.0
HEADROOM = 18.0
# Where several marks share a position that is thinner than this, nobody hits one of them with a
# finger: they are drawn without links, and the table below has these.
THINNEST_TO_HIT = 12.0


@dataclass(frozen=True, slots=True)
class Plot:
    """Where things go, in user units. `slot` is the width of one position of the axis."""

    left: float
    right: float
    top: float
    bottom: float
    slot: float
    scale: Scale
    ticks: tuple[float, ...]

    def middle(self, index: int) -> float:
        """The middle of the position at `index`."""
        return self.left + (index + 0.5) * self.slot

    @property
    def zero(self) -> float:
        """The height of zero, or of the end of the scale next to it."""
        return self.scale.at(0)

    def keep_inside(self, x: float, text: str, size: float = TEXT) -> float:
        """The middle of a centred text, moved so that it stays between the borders."""
        half = text_width(text, size) / 2
        return max(min(x, self.right - half), half)


def lay_out(
    values: Sequence[float],
    *,
    unit: Unit,
    bounds: tuple[float, float] | None,
    positions: int,
    width: float,
    height: float,
    top: float,
    right: float = 4.0,
) -> Plot:
    """Choose ticks for the values (zero is always in sight unless `bounds` rule) and share the
    room between labels and plot."""
    room = height - top - _BELOW
    wanted = max(2, round(room / _PER_TICK))
    whole = unit is Unit.COUNT or unit is Unit.POINTS
    if bounds:
        low, high = bounds
        ticks = ticks_within(low, high, wanted, whole=whole)
    else:
        ticks = nice_ticks(min(0, *values), max(0, *values), wanted, whole=whole)
        low, high = ticks[0], ticks[-1]
    labels = (write_number(tick, unit, short=True) for tick in ticks)
    left = math.ceil(max(text_width(label, TEXT) for label in labels)) + 8.0
    bottom = height - _BELOW
    return Plot(
        left=left,
        right=width - right,
        top=top,
        bottom=bottom,
        slot=(width - right - left) / max(positions, 1),
        scale=Scale(low, high, bottom, top),
        ticks=tuple(ticks),
    )


def grid(pen: Pen, plot: Plot, unit: Unit) -> list[SafeString]:
    """Quiet horizontal lines with their values; the line of zero is a little stronger."""
    drawn = []
    for tick in plot.ticks:
        y = plot.scale.at(tick)
        drawn.append(
            pen.line(
                (plot.left, y),
                (plot.right, y),
                part="axis" if tick == 0 else "grid",
                stroke_width=1,
            )
        )
        label = write_number(tick, unit, short=True)
        drawn.append(pen.text(label, plot.left - 8, y + 4, anchor="end"))
    return drawn


def axis_labels(pen: Pen, plot: Plot, axis: Axis, height: float) -> list[SafeString]:
    """Dates thinned until they fit, or category names shortened until they do."""
    baseline = height - 6
    if isinstance(axis, TimeAxis):
        return [
            pen.text(label, plot.keep_inside(plot.middle(index), label), baseline, anchor="middle")
            for index, label in date_labels(axis, plot.slot, TEXT)
        ]
    return [
        pen.text(
            shorten(name, plot.slot - 6, TEXT),
            plot.middle(index),
            baseline,
            anchor="middle",
            full=name,
        )
        for index, name in enumerate(axis.names)
    ]


def empty(pen: Pen, width: float, height: float) -> list[SafeString]:
    """Nothing to draw: say so in the middle of a quiet frame."""
    drawn = [
        pen.line((0, y), (width, y), part="grid", stroke_width=1, stroke_dasharray="2 6")
        for y in (height * 0.2, height * 0.8)
    ]
    return [
        *drawn,
        pen.text(
            _("No data for this choice"), width / 2, height / 2 + 4, anchor="middle", size=13
        ),
    ]
