"""Cause and effect as a fish bone: the problem is the head, each kind of cause a bone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.cells import Table, Words
from analytics.charts.data import Item, Unit
from analytics.charts.frame import empty
from analytics.charts.lettering import text_width, wrap
from analytics.charts.svg import TEXT, Pen, tab_stops, unique_id
from analytics.charts.wording import write_number
from config.kernel.punctuation import clauses, labelled, listed, with_aside

Causes = tuple[str | Item, ...]
_LEADING = 15.0
_LINES = 4  # of a cause; the whole of it is in its tooltip and in the table
_NARROWEST, _BROADEST = 132.0, 290.0  # room of one bone; with less, the fish stands upright
_SLANT, _EDGE = 44.0, 22.0
_NAME, _ROW_GAP = 26.0, 10.0
_BOX = {"part": "bar", "mark": "series-1"}


@dataclass(frozen=True, slots=True)
class Ishikawa:
    """`branches` are kinds of causes with their causes, plain words or items: an item with a
    value says how often it was found, one with a link leads to its evidence. The head says
    `problem`, or the title where there is none."""

    title: str
    branches: tuple[tuple[str, Causes], ...]
    problem: str = ""
    description: str = ""

    @property
    def head(self) -> str:
        """What is to be explained."""
        return self.problem or self.title

    def as_table(self) -> Table:
        """One row for each cause; a kind without causes has one too."""
        rows = tuple(
            (name, (cell,))
            for name, causes in self.branches
            for cell in [Words(_words(one), _href(one)) for one in causes] or [Words("–")]
        )
        return Table(self.title, (_("Kind of cause"), _("Cause")), rows)


@dataclass(frozen=True, slots=True)
class _Fish:
    """Measures of the lying fish: `column` is the room of one pair of bones, `above` and `below`
    the lengths of the bones on either side."""

    column: float
    left: float
    head: float
    above: float
    below: float
    lines: tuple[str, ...]

    @property
    def spine(self) -> float:
        return max(self.above, len(self.lines) * _LEADING / 2 + 16) + 2

    def foot(self, at: int) -> float:
        """Where the bones of pair `at` meet the spine."""
        return self.left + _SLANT + (at + 1) * self.column

    def along(self, at: int, distance: float, length: float) -> float:
        """Where a bone of this length is at `distance` from the spine."""
        return self.foot(at) - _SLANT * distance / (length - _NAME)


def ishikawa(chart: Ishikawa, *, width: float = 600, standalone: bool = False) -> SafeString:
    """The chart as SVG; its height follows from the words. Too narrow for two rows of bones side
    by side, the spine runs from top to bottom."""
    pen = Pen(unique_id(chart, width), standalone)
    fish = _lay_out(chart, width) if chart.branches else None
    if not chart.branches:
        height = 160.0
        body = empty(pen, width, height)
    elif fish:
        below = max(fish.below, len(fish.lines) * _LEADING / 2 + 16)
        height = fish.spine + below + 2
        body = _lying(pen, chart, fish)
    else:
        body, height = _upright(pen, chart, width)
    return pen.root(
        *body,
        title=chart.title,
        description=chart.description or _summary(chart),
        width=width,
        height=height,
        interactive=any(_href(one) for _name, causes in chart.branches for one in causes),
    )


def _summary(chart: Ishikawa) -> str:
    if not chart.branches:
        return _("No data for this choice")
    return clauses(
        labelled(name, listed(_words(one) for one in causes) or "–")
        for name, causes in chart.branches
    )


def _words(cause: str | Item) -> str:
    if isinstance(cause, str):
        return cause
    if cause.mark.value is None:
        return cause.name
    return with_aside(cause.name, write_number(cause.mark.value, Unit.COUNT))


def _href(cause: str | Item) -> str:
    return "" if isinstance(cause, str) else cause.mark.href


def _many(chart: Ishikawa) -> bool:
    """Whether the Tab key can still go from cause to cause."""
    return tab_stops(sum(len(causes) for _name, causes in chart.branches))


def _lay_out(chart: Ishikawa, width: float) -> _Fish | None:
    head = min(220.0, max(112.0, width * 0.2))
    pairs = ceil(len(chart.branches) / 2)
    column = min((width - head - _SLANT - 14) / pairs, _BROADEST)
    if column < _NARROWEST:
        return None
    left = (width - head - _SLANT - 14 - column * pairs) / 2
    lengths = [_length(causes, column) for _name, causes in chart.branches]
    return _Fish(
        column=column,
        left=left,
        head=head,
        above=max(lengths[::2]),
        below=max(lengths[1::2], default=0.0),
        lines=tuple(wrap(chart.head, head - 24, 13, 6)),
    )


def _length(causes: Causes, column: float) -> float:
    rows = [len(wrap(_words(one), column - _EDGE, TEXT, _LINES)) for one in causes]
    return _NAME + sum(lines * _LEADING + _ROW_GAP for lines in rows) + 20


def _lying(pen: Pen, chart: Ishikawa, fish: _Fish) -> list[SafeString]:
    pairs = ceil(len(chart.branches) / 2)
    nose = fish.foot(pairs - 1) + 14
    y = fish.spine
    drawn = [
        pen.line((fish.left, y), (nose, y), part="whisker", stroke_width=2.5),
        *_head(pen, chart, fish, nose),
    ]
    tab = _many(chart)
    for index, (name, causes) in enumerate(chart.branches):
        drawn += _bone(pen, fish, index, name, causes, tab=tab)
    return drawn


def _head(pen: Pen, chart: Ishikawa, fish: _Fish, nose: float) -> list[SafeString]:
    half = len(fish.lines) * _LEADING / 2 + 12
    place, size = (nose, fish.spine - half), (fish.head, 2 * half)
    first = fish.spine - (len(fish.lines) - 1) * _LEADING / 2 + 4.5
    return [
        pen.rect(place, size, rx=8, fill_opacity="0.14", **_BOX),
        pen.rect(place, size, rx=8, part="arc", mark="series-1", stroke_width=1.5),
        *_lines(pen, fish.lines, nose + 12, first, chart.head, size=13, font_weight="600"),
    ]


def _bone(
    pen: Pen, fish: _Fish, index: int, name: str, causes: Causes, *, tab: bool
) -> list[SafeString]:
    """A slanted bone with its name at the end and its causes as twigs, seen from the name."""
    at, is_above = index // 2, index % 2 == 0
    length = fish.above if is_above else fish.below
    side = -1 if is_above else 1
    tip = fish.foot(at) - _SLANT
    drawn = [
        pen.line(
            (tip, fish.spine + side * (length - _NAME)),
            (fish.foot(at), fish.spine),
            part="whisker",
            stroke_width=1.5,
        ),
        *_name_box(pen, name, tip, fish.spine + side * (length - _NAME / 2), fish.column - 12),
    ]
    reached = length - _NAME
    for one in causes:
        lines = wrap(_words(one), fish.column - _EDGE, TEXT, _LINES)
        high = len(lines) * _LEADING
        near, far = reached - high - _ROW_GAP + 2, reached - _ROW_GAP + 2
        twig, top = (near, far) if is_above else (reached - _ROW_GAP + 2, near)
        # The bone leans: words above a twig must keep away from where it is beside them.
        edge = fish.along(at, max(twig, top), length)
        start = edge - 8 - max((text_width(line, TEXT) for line in lines), default=0.0)
        y = fish.spine + side * twig
        drawn.append(_twig(pen, one, lines, (start, y), fish.along(at, twig, length), tab=tab))
        reached -= high + _ROW_GAP
    return drawn


def _twig(
    pen: Pen,
    cause: str | Item,
    lines: Sequence[str],
    place: tuple[float, float],
    end: float,
    *,
    tab: bool,
) -> SafeString:
    x, y = place
    first = y - 5 - (len(lines) - 1) * _LEADING
    return pen.link(
        _href(cause),
        _words(cause),
        pen.rect(
            (x - 4, y - len(lines) * _LEADING - 2),
            (end - x, len(lines) * _LEADING + 6),
            part="hit",
            rx=4,
        ),
        pen.line((x, y), (end, y), part="axis", stroke_width=1),
        *_lines(pen, lines, x, first, _words(cause)),
        tab=tab,
    )


def _lines(
    pen: Pen,
    lines: Sequence[str],
    x: float,
    y: float,
    full: str,
    *,
    size: float = TEXT,
    **attributes: str,
) -> list[SafeString]:
    return [
        pen.text(
            line,
            x,
            y + at * _LEADING,
            part="name",
            size=size,
            full=full if at == len(lines) - 1 and line.endswith("…") else "",
            **attributes,
        )
        for at, line in enumerate(lines)
    ]


def _name_box(pen: Pen, name: str, middle: float, y: float, room: float) -> list[SafeString]:
    line = (wrap(name, room - 18, TEXT, 1) or [""])[0]
    wide = text_width(line, TEXT) + 18
    left = max(middle - wide / 2, 0.0)
    return [
        pen.rect((left, y - 12), (wide, 24), rx=6, fill_opacity="0.14", **_BOX),
        pen.text(
            line,
            left + wide / 2,
            y + 4,
            part="name",
            anchor="middle",
            full=name,
            font_weight="600",
        ),
    ]


def _upright(pen: Pen, chart: Ishikawa, width: float) -> tuple[list[SafeString], float]:
    """The head on top, the spine down the left, kinds and causes to its right."""
    lines = wrap(chart.head, width - 24, 13, 4)
    high = len(lines) * _LEADING + 20
    body = [
        pen.rect((0, 0), (width, high), rx=8, fill_opacity="0.14", **_BOX),
        pen.rect((0.75, 0.75), (width - 1.5, high - 1.5), rx=8, part="arc", mark="series-1"),
        *_lines(pen, lines, 12, 24, chart.head, size=13, font_weight="600"),
    ]
    tab, y, last = _many(chart), high + 12, high
    for name, causes in chart.branches:
        last = y + 12
        box = (wrap(name, width - 50, TEXT, 1) or [""])[0]
        body.append(pen.line((14, y + 2), (30, last), part="whisker", stroke_width=1.5))
        body += _name_box(pen, name, 30 + (text_width(box, TEXT) + 18) / 2, y + 12, width - 32)
        y += _NAME + 4
        for one in causes:
            words = wrap(_words(one), width - 52, TEXT, _LINES)
            bottom = y + len(words) * _LEADING + 4
            body.append(_twig(pen, one, words, (46, bottom), width - 4, tab=tab))
            y = bottom + 6
        y += 10
    spine = pen.line((14, high), (14, last - 10), part="whisker", stroke_width=2.5)
    return [spine, *body], y
