"""One figure on its scale, with its interval: NPS from -100 to 100, CSAT from 0 to 100 %."""

import math
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Item, Mark, Tone, Unit
from analytics.charts.lettering import text_width
from analytics.charts.scale import Scale
from analytics.charts.svg import Pen, unique_id
from analytics.charts.texture import mark_of
from analytics.charts.wording import write_interval, write_mark, write_number
from config.kernel.punctuation import labelled

WIDTH, HEIGHT = 240.0, 156.0
_CENTRE = (120.0, 112.0)
_RADIUS, _THICK = 92.0, 14.0
_SMALL = 11.0
_FEW = 30


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value between `bounds`; the arc starts at `origin` (for NPS at zero), else at the low
    end. `confidence` is what the interval of the mark promises, a share."""

    title: str
    mark: Mark
    bounds: tuple[float, float]
    unit: Unit = Unit.SHARE
    origin: float | None = None
    confidence: float = 0.95
    tone: Tone = Tone.NONE
    description: str = ""

    def __post_init__(self) -> None:
        if self.bounds[0] >= self.bounds[1]:
            raise ValueError("A gauge needs a scale from low to high.")


def gauge(chart: Gauge, *, standalone: bool = False) -> SafeString:
    """The chart as SVG, 240 by 156 units."""
    pen = Pen(unique_id(chart), standalone)
    drawn = [pen.path(_arc(0.0, 1.0), part="track", stroke_width=_THICK), *_ends(pen, chart)]
    if chart.mark.value is None:
        drawn.append(
            pen.text(_("No answers yet"), _CENTRE[0], _CENTRE[1] - 14, anchor="middle", size=13)
        )
    else:
        drawn += _reading(pen, chart, chart.mark.value)
    title = labelled(chart.title, write_mark(chart.mark, chart.unit))
    field = pen.rect((0, 0), (WIDTH, HEIGHT), part="hit", rx=6)
    return pen.root(
        pen.link(chart.mark.href, title, field, *drawn),
        title=chart.title,
        description=chart.description or write_mark(chart.mark, chart.unit),
        width=WIDTH,
        height=HEIGHT,
        interactive=bool(chart.mark.href),
    )


def _reading(pen: Pen, chart: Gauge, value: float) -> list[SafeString]:
    scale = Scale(*chart.bounds, 0.0, 1.0)
    origin = chart.bounds[0] if chart.origin is None else chart.origin
    start, end = sorted((scale.at(origin), scale.at(value)))
    mark = mark_of(Item(chart.title, chart.mark, chart.tone), 0)
    drawn = []
    if end > start:
        drawn.append(pen.path(_arc(start, end), part="arc", mark=mark, stroke_width=_THICK))
    drawn.append(_needle(pen, scale.at(value)))
    if chart.mark.interval:
        low, high = (scale.at(bound) for bound in chart.mark.interval)
        drawn.append(
            pen.path(
                _arc(low, high, _RADIUS + 12),
                part="whisker",
                stroke_width="2",
                stroke_linecap="round",
                stroke_opacity="0.75",
            )
        )
    drawn.append(
        pen.text(
            write_number(round(value, 3), chart.unit, short=True),
            _CENTRE[0],
            _CENTRE[1] - 12,
            part="value",
            anchor="middle",
            size=34,
            font_weight="600",
        )
    )
    return drawn + _small_print(pen, chart)


def _small_print(pen: Pen, chart: Gauge) -> list[SafeString]:
    drawn = []
    if chart.mark.interval:
        text = _("%(confidence)s: %(interval)s") % {
            "confidence": write_number(chart.confidence, Unit.SHARE),
            "interval": write_interval(*chart.mark.interval, chart.unit),
        }
        drawn.append(pen.text(text, _CENTRE[0], _CENTRE[1] + 10, anchor="middle"))
    if chart.mark.n is not None:
        text = f"n = {write_number(chart.mark.n, Unit.COUNT)}"
        if chart.mark.n < _FEW:
            text = _("%(count)s: few answers") % {"count": text}
        drawn.append(pen.text(text, _CENTRE[0], _CENTRE[1] + 30, anchor="middle", size=_SMALL))
    return drawn


def _ends(pen: Pen, chart: Gauge) -> list[SafeString]:
    """The ends of the scale under the ends of the arc, and zero above it where it lies inside."""
    low, high = (write_number(bound, chart.unit, short=True) for bound in chart.bounds)
    y = _CENTRE[1] + 18
    half = max(text_width(low, _SMALL), text_width(high, _SMALL)) / 2
    left = max(_CENTRE[0] - _RADIUS, half)
    drawn = [
        pen.text(low, left, y, anchor="middle", size=_SMALL),
        pen.text(high, 2 * _CENTRE[0] - left, y, anchor="middle", size=_SMALL),
    ]
    if chart.bounds[0] < 0 < chart.bounds[1]:
        place = Scale(*chart.bounds, 0.0, 1.0).at(0)
        (ax, ay), (bx, by) = _on(place, _RADIUS - _THICK / 2), _on(place, _RADIUS + _THICK / 2)
        drawn.append(pen.line((ax, ay), (bx, by), part="axis", stroke_width="1.5"))
    return drawn


def _needle(pen: Pen, share: float) -> SafeString:
    (ax, ay), (bx, by) = _on(share, _RADIUS - _THICK / 2 - 2), _on(share, _RADIUS + _THICK / 2 + 2)
    return pen.line((ax, ay), (bx, by), part="whisker", stroke_width="3")


def _arc(start: float, end: float, radius: float = _RADIUS) -> str:
    (ax, ay), (bx, by) = _on(start, radius), _on(end, radius)
    return f"M{ax:.2f} {ay:.2f}A{radius:.2f} {radius:.2f} 0 0 1 {bx:.2f} {by:.2f}"


def _on(share: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - share)
    return _CENTRE[0] + radius * math.cos(angle), _CENTRE[1] - radius * math.sin(angle)
