"""What tells series apart without colour: dashes for lines, patterns for surfaces."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from analytics.charts.data import Item, Series, Tone
from analytics.charts.svg import Attributes, Pen
from analytics.charts.theme import series_mark

_DASHES = ("", "7 4", "2 3.5", "11 4 2 4", "14 4", "4 2 1.5 2", "1.5 2", "9 2")
_QUIET_DASH = "5 4"
_TILE = 7
_SOLID = 0
_HATCHES = (
    "",
    "M-1 1L1 -1M0 7L7 0M6 8L8 6",
    "dots",
    "M0 2H7M0 5.5H7",
    "M-1 6L1 8M0 0L7 7M6 -1L8 1",
    "M2 0V7M5.5 0V7",
    "M0 7L7 0M0 0L7 7",
    "M0 3.5H7M3.5 0V7",
)
_TONE_HATCH = {Tone.GOOD: 0, Tone.NEUTRAL: 2, Tone.BAD: 1}


def mark_of(one: Series | Item, index: int) -> str:
    """The colour class of the series or item at `index`."""
    if isinstance(one, Series) and one.is_quiet and not one.tone:
        return f"tone-{Tone.NEUTRAL.value}"
    return f"tone-{one.tone.value}" if one.tone else series_mark(index)


def dash_of(one: Series | Item, index: int) -> Attributes:
    """Attributes of the line at `index`; the first is solid, a quiet one never."""
    is_quiet = isinstance(one, Series) and one.is_quiet
    dash = _QUIET_DASH if is_quiet else _DASHES[index % len(_DASHES)]
    return {"stroke_dasharray": dash} if dash else {}


def fill_of(pen: Pen, one: Series | Item, index: int) -> Attributes:
    """Attributes that fill a surface: a plain colour for the first, a pattern for the others."""
    if _hatch_of(one, index) == _SOLID:
        return {"part": "bar", "mark": mark_of(one, index)}
    return {"fill": f"url(#{pen.uid}-p{index})"}


def patterns(pen: Pen, series: Sequence[Series | Item]) -> SafeString:
    """The <defs> that `fill_of` refers to."""
    drawn = [
        _pattern(pen, index, mark_of(one, index), _HATCHES[hatch])
        for index, one in enumerate(series)
        if (hatch := _hatch_of(one, index)) != _SOLID
    ]
    return pen.draw("defs", *drawn) if drawn else SafeString("")


def shade(pen: Pen, mark: str) -> SafeString:
    """The gradient `#{uid}-g` for the ground under a line that is alone."""
    stops = [
        pen.draw("stop", part="stop", mark=mark, offset=offset, stop_opacity=opacity)
        for offset, opacity in (("0", "0.2"), ("1", "0.01"))
    ]
    return pen.draw("linearGradient", *stops, id=f"{pen.uid}-g", x1=0, x2=0, y1=0, y2=1)


def _hatch_of(one: Series | Item, index: int) -> int:
    return _TONE_HATCH[one.tone] if one.tone else index % len(_HATCHES)


def _pattern(pen: Pen, index: int, mark: str, hatch: str) -> SafeString:
    ground = pen.rect((0, 0), (_TILE, _TILE), part="bar", mark=mark)
    if hatch == "dots":
        grain = [
            pen.draw("circle", part="speckle", cx=cx, cy=cy, r=1, opacity="0.7")
            for cx, cy in ((1.75, 1.75), (5.25, 5.25))
        ]
    else:
        grain = [pen.path(hatch, part="hatch", stroke_width=1.2, opacity="0.55")]
    return pen.draw(
        "pattern",
        ground,
        *grain,
        id=f"{pen.uid}-p{index}",
        width=_TILE,
        height=_TILE,
        patternUnits="userSpaceOnUse",
    )
