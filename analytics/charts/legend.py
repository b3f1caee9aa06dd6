"""Names of the series above the plot, each with a sample of how it is drawn."""

from collections.abc import Callable, Sequence
from functools import partial

from django.utils.safestring import SafeString

from analytics.charts.data import Item, Series
from analytics.charts.lettering import shorten, text_width
from analytics.charts.svg import TEXT, Pen
from analytics.charts.texture import dash_of, fill_of, mark_of

_LINE, _SQUARE = 18.0, 12.0
_BETWEEN = 18.0
_ROW = 20.0
_LONGEST = 230.0


# A name and what draws its sample from the left end at a middle height.
Entry = tuple[str, Callable[[float, float], SafeString]]


def legend(
    pen: Pen,
    series: Sequence[Series | Item],
    width: float,
    *,
    lines: bool,
    more: Sequence[Entry] = (),
) -> tuple[list[SafeString], float]:
    """The elements and the height they take, broken into rows of at most `width`. `more` are
    entries that are no series."""
    drawn: list[SafeString] = []
    x, y, across = 0.0, 10.0, _LINE if lines else _SQUARE
    entries: list[Entry] = [
        (one.name, partial(sample, pen, one, index, lines=lines))
        for index, one in enumerate(series)
    ]
    for full, draw in (*entries, *more):
        name = shorten(full, _LONGEST, TEXT)
        takes = across + 6 + text_width(name, TEXT)
        if x and x + takes > width:
            x, y = 0.0, y + _ROW
        drawn.append(draw(x, y))
        drawn.append(pen.text(name, x + across + 6, y + 4, part="name", full=full))
        x += takes + _BETWEEN
    return drawn, y + 14.0


def sample(
    pen: Pen, one: Series | Item, index: int, x: float, y: float, *, lines: bool
) -> SafeString:
    """A short line or a small square around the middle height `y`."""
    mark = mark_of(one, index)
    if lines:
        return pen.line(
            (x, y), (x + _LINE, y), part="line", mark=mark, stroke_width=2.5, **dash_of(one, index)
        )
    return pen.rect((x, y - 6), (_SQUARE, _SQUARE), rx=3, **fill_of(pen, one, index))
