"""How far a result swings when one assumption does: the largest swing on top."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Table
from analytics.charts.data import Item, Mark, Unit
from analytics.charts.frame import empty
from analytics.charts.legend import sample
from analytics.charts.lettering import shorten, text_width
from analytics.charts.scale import Scale
from analytics.charts.svg import TEXT, Pen, unique_id
from analytics.charts.texture import fill_of, patterns
from analytics.charts.wording import write_number
from config.kernel.punctuation import labelled

_ROW, _THICK, _LEGEND, _FOOT = 46.0, 14.0, 28.0, 26.0


@dataclass(frozen=True, slots=True)
class Swing:
    """The result with an assumption at its `low` and at its `high` end; None where there is none
    (a rate of return that does not exist)."""

    name: str
    low: float | None
    high: float | None
    href: str = ""

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, Mark(getattr(self, name), self.href).value)

    @property
    def values(self) -> list[float]:
        """Those of the two that are there."""
        return [one for one in (self.low, self.high) if one is not None]


@dataclass(frozen=True, slots=True)
class TornadoChart:
    """Swings around `base`, the result as it was assumed. `low_name` and `high_name` say what the
    ends are, for example "20% less"."""

    title: str
    base: float | None
    swings: tuple[Swing, ...]
    unit: Unit = Unit.COUNT
    low_name: str = ""
    high_name: str = ""
    description: str = ""

    @property
    def ordered(self) -> list[Swing]:
        """The largest swing first; equal ones in the order given."""
        return sorted(self.swings, key=self._reach, reverse=True)

    def _reach(self, swing: Swing) -> float:
        values = [*swing.values, self.base or 0.0]
        return max(values) - min(values)

    @property
    def ends(self) -> tuple[str, str]:
        """What the two ends are called."""
        return self.low_name or _("Assumption low"), self.high_name or _("Assumption high")

    def as_table(self) -> Table:
        """Each assumption with the result at both ends."""
        rows = tuple(
            (one.name, (Mark(one.low, one.href), Mark(one.high, one.href))) for one in self.ordered
        )
        return Table(self.title, (_("Assumption"), *self.ends), rows, (self.unit,))


def tornado(chart: TornadoChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the number of assumptions."""
    pen = Pen(unique_id(chart, width), standalone)
    base = Mark(chart.base).value
    values = [value for one in chart.swings for value in one.values]
    if base is None or not values:
        height = 160.0
        body = empty(pen, width, height)
    else:
        height = _LEGEND + _ROW * len(chart.swings) + _FOOT
        body = _body(pen, chart, base, values, width)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart, bool(values)),
        width=width,
        height=height,
        interactive=any(one.href for one in chart.swings),
    )


def _summary(chart: TornadoChart, is_known: bool) -> str:
    if not is_known:
        return _("No data for this choice")
    first = chart.ordered[0]
    return _("It depends most on %(name)s: %(low)s to %(high)s.") % {
        "name": first.name,
        "low": _write(first.low, chart.unit),
        "high": _write(first.high, chart.unit),
    }


def _write(value: float | None, unit: Unit) -> str:
    return _("no data") if value is None else write_number(value, unit)


def _body(
    pen: Pen, chart: TornadoChart, base: float, values: list[float], width: float
) -> list[SafeString]:
    low, high = min(*values, base), max(*values, base)
    if high <= low:
        low, high = low - 1, high + 1
    edge = 4 + max(text_width(write_number(value, chart.unit), TEXT) for value in values)
    scale = Scale(low, high, edge + 4, width - edge - 4)
    drawn = _legend(pen, chart, width)
    bottom = _LEGEND + _ROW * len(chart.swings)
    drawn += [
        _row(pen, chart, one, (base, scale), (_LEGEND + _ROW * at, width))
        for at, one in enumerate(chart.ordered)
    ]
    for at in range(len(chart.swings)):
        middle = _LEGEND + _ROW * at + 32
        drawn.append(_upright(pen, scale.at(base), middle, part="whisker", stroke_width=1.5))
        if low < 0 < high:
            drawn.append(
                _upright(
                    pen, scale.at(0), middle, part="axis", stroke_width=1, stroke_dasharray="2 3"
                )
            )
    words = labelled(_("As assumed"), write_number(base, chart.unit))
    half = text_width(words, TEXT) / 2
    x = min(max(scale.at(base), half), width - half)
    return [*drawn, pen.text(words, x, bottom + 18, part="name", anchor="middle")]


def _upright(pen: Pen, x: float, middle: float, **style: Any) -> SafeString:
    """A short line through a bar: where the base lies, or nothing."""
    return pen.line((x, middle - 11), (x, middle + 11), **style)


def _kinds(chart: TornadoChart) -> tuple[Item, Item]:
    low, high = chart.ends
    return Item(low, Mark(None)), Item(high, Mark(None))


def _legend(pen: Pen, chart: TornadoChart, width: float) -> list[SafeString]:
    drawn, x = [patterns(pen, _kinds(chart))], 0.0
    for index, one in enumerate(_kinds(chart)):
        name = shorten(one.name, width / 2 - 30, TEXT)
        drawn.append(sample(pen, one, index, x, 10, lines=False))
        drawn.append(pen.text(name, x + 18, 14, part="name", full=one.name))
        x += 18 + text_width(name, TEXT) + 18
    return drawn


def _row(
    pen: Pen,
    chart: TornadoChart,
    swing: Swing,
    around: tuple[float, Scale],
    place: tuple[float, float],
) -> SafeString:
    base, scale = around
    top, width = place
    middle = top + 32
    drawn = [
        pen.rect((0, top + 1), (width, _ROW - 2), part="hit", rx=4),
        pen.text(shorten(swing.name, width - 8, TEXT), 4, top + 16, part="name", full=swing.name),
    ]
    ends = [
        (index, value) for index, value in enumerate((swing.low, swing.high)) if value is not None
    ]
    # Where both lie on one side of the base, the longer is drawn first and the shorter on it.
    for index, value in sorted(ends, key=lambda end: -abs(end[1] - base)):
        start, end = sorted((scale.at(base), scale.at(value)))
        fill = fill_of(pen, _kinds(chart)[index], index)
        drawn.append(
            pen.rect((start, middle - _THICK / 2), (max(end - start, 1), _THICK), rx=2, **fill)
        )
    for at_left, values in (
        (True, [v for _i, v in ends if v < base]),
        (False, [v for _i, v in ends if v >= base]),
    ):
        if values:
            farthest = min(values) if at_left else max(values)
            x = scale.at(farthest) + (-6 if at_left else 6)
            drawn.append(
                pen.text(
                    write_number(farthest, chart.unit),
                    x,
                    middle + 4,
                    part="value",
                    anchor="end" if at_left else "start",
                )
            )
    words = _("%(low)s to %(high)s") % {
        "low": _write(swing.low, chart.unit),
        "high": _write(swing.high, chart.unit),
    }
    return pen.link(swing.href, labelled(swing.name, words), *drawn)
