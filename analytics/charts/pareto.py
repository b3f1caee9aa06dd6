"""Causes from the largest to the smallest, with what they make up together."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.charts.cells import Table
from analytics.charts.data import Item, Mark, Unit
from analytics.charts.frame import HEADROOM, Plot, empty, grid, lay_out
from analytics.charts.legend import sample
from analytics.charts.lettering import shorten, text_width, wrap
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.texture import fill_of, patterns
from analytics.charts.wording import write_number
from analytics.metrics.pareto import VITAL, Cause
from config.kernel.punctuation import labelled

_HEIGHT = 300.0
_UPRIGHT_FROM = 64.0  # a column narrower than this has no room for its name: rows instead
_WIDEST = 56.0
_NAME_LINES, _LEADING = 2, 15.0
_ROW, _THICK = 48.0, 10.0
_LEGEND = 26.0
_PERCENT_STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_VITAL, _REST = 0, 1  # places in the legend


@dataclass(frozen=True, slots=True)
class ParetoChart:
    """What `metrics.pareto` found. `links` are the lists of the causes, in their order ("" for
    none); `vital` is the share that the vital few were asked to make up."""

    title: str
    causes: tuple[Cause, ...]
    links: tuple[str, ...] = ()
    unit: Unit = Unit.COUNT
    vital: float = VITAL
    description: str = ""

    def __post_init__(self) -> None:
        if self.links and len(self.links) != len(self.causes):
            raise ValueError(f"{len(self.links)} links for {len(self.causes)} causes.")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The amounts with their links."""
        links = self.links or ("",) * len(self.causes)
        return tuple(Mark(one.amount, href) for one, href in zip(self.causes, links, strict=True))

    def as_table(self) -> Table:
        """Amount, share and running share of each cause."""
        header = (_("Cause"), _("Amount"), _("Share"), _("Together"))
        rows = tuple(
            (one.name, (mark, Mark(_round(one.share)), Mark(_round(one.together))))
            for one, mark in zip(self.causes, self.marks, strict=True)
        )
        return Table(self.title, header, rows, (self.unit, Unit.SHARE, Unit.SHARE))


def pareto(chart: ParetoChart, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG: columns where their names have the room, else rows."""
    pen = Pen(unique_id(chart, width), standalone)
    known = [mark for mark in chart.marks if mark.value]
    height = _HEIGHT
    if not known:
        body = empty(pen, width, height)
    elif (width - 90) / len(chart.causes) >= _UPRIGHT_FROM:
        body = [*_legend(pen, width), *_columns(pen, chart, width)]
    else:
        height = _LEGEND + _ROW * len(chart.causes) + 20
        body = [*_legend(pen, width), *_rows(pen, chart, width)]
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart, known),
        width=width,
        height=height,
        interactive=any(mark.href for mark in known),
    )


def _summary(chart: ParetoChart, known: list[Mark]) -> str:
    if not known:
        return _("No data for this choice")
    few = [cause for cause in chart.causes if cause.is_vital]
    return _("%(few)s of %(count)s causes make up %(share)s.") % {
        "few": len(few),
        "count": len(chart.causes),
        "share": _percent(few[-1].together if few else 0.0),
    }


def _round(share: float) -> float:
    return round(share, 3)


def _percent(share: float) -> str:
    return write_number(_round(share), Unit.SHARE)


def _kinds() -> tuple[Item, Item]:
    """The two kinds of bars; the second is hatched, so that colour is not all that tells."""
    nothing = Mark(None)
    return (
        Item(pgettext("Pareto", "The vital few"), nothing),
        Item(pgettext("Pareto", "All others"), nothing),
    )


def _legend(pen: Pen, width: float) -> list[SafeString]:
    drawn, x = [patterns(pen, _kinds())], 0.0
    for index, one in enumerate(_kinds()):
        drawn.append(sample(pen, one, index, x, 10, lines=False))
        drawn.append(pen.text(one.name, x + 18, 14, part="name"))
        x += 18 + text_width(one.name, TEXT) + 18
    words = shorten(_("Together"), width - x - 30, TEXT)
    drawn.append(_stroke(pen, [(x, 10), (x + 18, 10)]))
    drawn.append(pen.dot((x + 9, 10), 3, mark="series-3", stroke_width=1.5))
    drawn.append(pen.text(words, x + 24, 14, part="name"))
    return drawn


def _stroke(pen: Pen, points: list[tuple[float, float]], **more: str) -> SafeString:
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return pen.path(way, part="line", mark="series-3", stroke_width="2", **more)


def _fill(pen: Pen, cause: Cause) -> dict[str, str]:
    index = _VITAL if cause.is_vital else _REST
    return fill_of(pen, _kinds()[index], index)


def _title(chart: ParetoChart, cause: Cause) -> str:
    words = _("%(amount)s, %(share)s, together %(together)s") % {
        "amount": write_number(cause.amount, chart.unit),
        "share": _percent(cause.share),
        "together": _percent(cause.together),
    }
    return labelled(cause.name, words)


def _columns(pen: Pen, chart: ParetoChart, width: float) -> list[SafeString]:
    whole = sum(mark.value or 0.0 for mark in chart.marks)
    beneath = (_NAME_LINES + 1) * _LEADING - 12
    plot = lay_out(
        [whole],
        unit=chart.unit,
        bounds=(0, whole),
        positions=len(chart.causes),
        width=width,
        height=_HEIGHT - beneath,
        top=_LEGEND + HEADROOM,
        right=46,
    )
    drawn = [*grid(pen, plot, chart.unit), *_shares(pen, plot, whole, chart.vital)]
    tab = tab_stops(len(chart.causes))
    points = [
        (plot.middle(index), plot.scale.at(one.together * whole))
        for index, one in enumerate(chart.causes)
    ]
    columns = [_column(pen, plot, chart, index, tab=tab) for index in range(len(chart.causes))]
    return [*drawn, *columns, *_running(pen, chart, points)]


def _shares(pen: Pen, plot: Plot, whole: float, vital: float) -> list[SafeString]:
    """The scale of the running share on the right, and a line where the vital few end."""
    drawn = [
        pen.text(
            write_number(step, Unit.SHARE, short=True),
            plot.right + 8,
            plot.scale.at(step * whole) + 4,
        )
        for step in _PERCENT_STEPS
    ]
    y = plot.scale.at(vital * whole)
    return [
        *drawn,
        pen.line(
            (plot.left, y), (plot.right, y), part="axis", stroke_width=1, stroke_dasharray="5 4"
        ),
    ]


def _column(pen: Pen, plot: Plot, chart: ParetoChart, index: int, *, tab: bool) -> SafeString:
    cause, mark = chart.causes[index], chart.marks[index]
    middle, thick = plot.middle(index), min(plot.slot * 0.72, _WIDEST)
    top = plot.scale.at(mark.value or 0.0)
    bar = pen.rect(
        (middle - thick / 2, top), (thick, max(plot.bottom - top, 1.0)), **_fill(pen, cause)
    )
    names = wrap(cause.name, plot.slot - 8, TEXT, _NAME_LINES)
    label = [
        pen.text(
            line,
            middle,
            plot.bottom + 18 + at * _LEADING,
            part="name",
            anchor="middle",
            full=cause.name if at == len(names) - 1 and line.endswith("…") else "",
        )
        for at, line in enumerate(names)
    ]
    amount = pen.text(
        write_number(cause.amount, chart.unit) if mark.value is not None else "–",
        middle,
        plot.bottom + 18 + len(names) * _LEADING,
        anchor="middle",
    )
    field = pen.rect(
        (middle - plot.slot / 2, plot.top), (plot.slot, _HEIGHT - plot.top), part="hit", rx=4
    )
    return pen.link(mark.href, _title(chart, cause), field, bar, *label, amount, tab=tab)


def _running(pen: Pen, chart: ParetoChart, points: list[tuple[float, float]]) -> list[SafeString]:
    """The running share over the columns; it never stands in the way of a pointer."""
    through = {"pointer_events": "none"}
    drawn = [_stroke(pen, points, **through)] if len(points) > 1 else []
    for (x, y), cause in zip(points, chart.causes, strict=True):
        drawn.append(pen.dot((x, y), 3.5, mark="series-3", stroke_width=1.5, **through))
        drawn.append(
            pen.text(
                _percent(cause.together),
                x,
                y - 9,
                part="value",
                anchor="middle",
                size=11,
                **through,
            )
        )
    return drawn


def _rows(pen: Pen, chart: ParetoChart, width: float) -> list[SafeString]:
    """One row each: name and amount above; below, on the scale of the whole, the bar and the dot
    of what the causes make up down to here."""
    vital = 4 + (width - 8) * chart.vital
    bottom = _LEGEND + _ROW * len(chart.causes)
    tab = tab_stops(len(chart.causes))
    return [
        *(_row(pen, chart, at, width, tab=tab) for at in range(len(chart.causes))),
        pen.text(_percent(chart.vital), vital, bottom + 12, anchor="middle"),
    ]


def _row(pen: Pen, chart: ParetoChart, index: int, width: float, *, tab: bool) -> SafeString:
    cause, mark = chart.causes[index], chart.marks[index]
    top, reach = _LEGEND + _ROW * index, width - 8
    y = top + 34
    amount = write_number(cause.amount, chart.unit) if mark.value is not None else "–"
    together = _percent(cause.together)
    taken = text_width(together, TEXT) + 8
    room = width - taken - text_width(amount, TEXT) - 20
    length = max(reach * cause.share, 1.5)
    end, vital = 4 + reach * cause.together, 4 + reach * chart.vital
    return pen.link(
        mark.href,
        _title(chart, cause),
        pen.rect((0, top + 1), (width, _ROW - 2), part="hit", rx=4),
        pen.text(shorten(cause.name, room, TEXT), 4, top + 20, part="name", full=cause.name),
        pen.text(amount, width - taken - 4, top + 20, part="value", anchor="end"),
        pen.text(together, width - 4, top + 20, anchor="end"),
        pen.line((4, y), (width - 4, y), part="grid", stroke_width=1),
        _stroke(pen, [(4, y), (end, y)]),
        pen.rect((4, y - _THICK / 2), (length, _THICK), rx=2, **_fill(pen, cause)),
        pen.line(
            (vital, y - 7), (vital, y + 7), part="axis", stroke_width=1, stroke_dasharray="3 3"
        ),
        pen.dot((end, y), 4, mark="series-3", stroke_width=1.5),
        tab=tab,
    )
