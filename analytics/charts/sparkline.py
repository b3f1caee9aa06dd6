"""A line the size of a word, beside a figure: the direction, not the values."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Mark, Series, TimeAxis, Tone, Unit, ensure_aligned, known_values
from analytics.charts.scale import Scale
from analytics.charts.svg import Pen, unique_id
from analytics.charts.texture import mark_of, shade
from analytics.charts.wording import write_number, write_position
from config.kernel.punctuation import labelled

_EDGE = 4.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Values over time; `href` makes the whole picture one link."""

    title: str
    axis: TimeAxis
    marks: tuple[Mark, ...]
    unit: Unit = Unit.COUNT
    href: str = ""
    tone: Tone = Tone.NONE
    description: str = ""

    def __post_init__(self) -> None:
        ensure_aligned(self.axis, (self.series,))

    @property
    def series(self) -> Series:
        """The values under the name of the picture."""
        return Series(self.title, self.marks, self.tone)


def sparkline(
    chart: Sparkline, *, width: float = 120, height: float = 32, standalone: bool = False
) -> SafeString:
    """The chart as SVG. Without values it is a quiet dashed line."""
    pen = Pen(unique_id(chart, width), standalone)
    values = known_values((chart.series,))
    body = _body(pen, chart, width, height, values) if values else _nothing(pen, width, height)
    description = chart.description or _summary(chart, values)
    if chart.href:
        field = pen.rect((0, 0), (width, height), part="hit", rx=4)
        body = [
            pen.link(Mark(None, chart.href).href, labelled(chart.title, description), field, *body)
        ]
    return pen.root(
        *body,
        title=chart.title,
        description=description,
        width=width,
        height=height,
        interactive=bool(chart.href),
    )


def _summary(chart: Sparkline, values: list[float]) -> str:
    if not values:
        return _("No data for this choice")
    return _("%(first)s to %(last)s: from %(begin)s to %(end)s, between %(low)s and %(high)s.") % {
        "first": write_position(chart.axis, 0),
        "last": write_position(chart.axis, len(chart.axis) - 1),
        "begin": write_number(values[0], chart.unit),
        "end": write_number(values[-1], chart.unit),
        "low": write_number(min(values), chart.unit),
        "high": write_number(max(values), chart.unit),
    }


def _nothing(pen: Pen, width: float, height: float) -> list[SafeString]:
    return [
        pen.line(
            (_EDGE, height / 2),
            (width - _EDGE, height / 2),
            part="axis",
            stroke_width=1,
            stroke_dasharray="2 4",
        )
    ]


def _body(
    pen: Pen, chart: Sparkline, width: float, height: float, values: list[float]
) -> list[SafeString]:
    low, high = min(values), max(values)
    if low == high:  # a level line lies in the middle
        low, high = low - 1, high + 1
    scale = Scale(low, high, height - _EDGE, _EDGE)
    mark = mark_of(chart.series, 0)
    across = (width - 2 * _EDGE) / max(len(chart.axis) - 1, 1)
    drawn, x, y = [], _EDGE, height / 2
    drawn.append(shade(pen, mark))
    for run in chart.series.runs():
        points = [(_EDGE + i * across, scale.at(chart.marks[i].value or 0.0)) for i in run]
        outline = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points)
        if len(points) > 1:
            closed = f"{outline}V{height:.1f}H{points[0][0]:.1f}Z"
            drawn.append(pen.path(closed, fill=f"url(#{pen.uid}-g)"))
            drawn.append(
                pen.path(
                    outline,
                    part="line",
                    mark=mark,
                    stroke_width="1.75",
                    stroke_linejoin="round",
                    stroke_linecap="round",
                )
            )
        x, y = points[-1]
    drawn.append(pen.dot((x, y), 2.75, mark=mark, stroke_width="1.25"))
    return drawn
