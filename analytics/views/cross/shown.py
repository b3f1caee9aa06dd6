"""A table in words, for its page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Unit
from analytics.charts.figure import figure as drawn
from analytics.charts.wording import write_interval, write_number
from analytics.metrics.association import Association, Strength, emphasis, strikes
from analytics.selectors.boards.headline import write_value
from analytics.selectors.cross.asking import CrossAsking
from analytics.selectors.cross.drawing import chart_of, title_of, unit_of, value_of
from analytics.selectors.cross.findings import Finding, findings_of
from analytics.selectors.cross.heads import Head
from analytics.selectors.cross.table import Cell, Cross, Table
from analytics.views.survey_cards import p_words

_CHANCE = 0.05


@dataclass(frozen=True)
class ShownCell:
    """`note` is said beside the number, `title` when it is pointed at. `ground` names how strongly
    the cell is coloured: more-1 … more-3, fewer-1 … fewer-3."""

    text: str
    count: int = 0
    url: str = ""
    note: str = ""
    title: str = ""
    letters: str = ""
    ground: str = ""
    strikes: str = ""
    is_few: bool = False


@dataclass(frozen=True)
class ShownTable:
    table: Table
    title: str
    lines: Sequence[tuple[Head | None, Sequence[ShownCell]]]
    picture: SafeString | str = ""
    p: str = ""
    association: str = ""


@dataclass(frozen=True)
class ShownFinding:
    words: str
    is_more: bool
    url: str
    problem_url: str = ""


@dataclass(frozen=True)
class ShownCross:
    tables: list[ShownTable] = field(default_factory=list)
    findings: list[ShownFinding] = field(default_factory=list)


def shown(cross: Cross, *, may_add: bool) -> ShownCross:
    tables = [_table(cross.asking, one) for one in cross.tables if one.total.count or one.hides]
    return ShownCross(tables, [_finding(cross, one, may_add) for one in findings_of(cross)])


def _table(asking: CrossAsking, table: Table) -> ShownTable:
    heads: list[Head | None] = [*table.rows, None]
    lines = [
        (head, [_cell(asking, cell) for cell in line])
        for head, line in zip(heads, table.cells, strict=True)
    ]
    chart = chart_of(asking, table)
    return ShownTable(
        table,
        title_of(asking, table),
        lines,
        drawn(chart, wide=True) if chart else "",
        _p(table.test) if table.test else "",
        _strength(table.test) if table.test else "",
    )


def _p(test: Association) -> str:
    words = p_words(test.p_value)
    return words if words.startswith("<") else f"= {words}"


def _strength(test: Association) -> str:
    if test.p_value >= _CHANCE:
        return _("may be chance")
    return {
        Strength.NONE: _("hardly any association"),
        Strength.WEAK: _("weak association"),
        Strength.MODERATE: _("moderate association"),
        Strength.STRONG: _("strong association"),
    }[test.strength]


def _cell(asking: CrossAsking, cell: Cell) -> ShownCell:
    if cell.is_hidden:
        return ShownCell(f"< {asking.least}", title=_("Too few to be shown."))
    if not asking.is_counted:
        return _value(asking, cell)
    value = value_of(asking, cell)
    text = "–" if value is None else write_number(_short(value, asking), unit_of(asking))
    return ShownCell(
        text,
        cell.count,
        cell.url if cell.count else "",
        note=_residual(cell),
        title=_title(cell),
        letters=cell.letters,
        ground=_ground(cell.residual),
        strikes=cell.strikes,
    )


def _value(asking: CrossAsking, cell: Cell) -> ShownCell:
    found, unit = cell.measured, asking.metric.unit
    if found.value is None:
        return ShownCell("–")
    interval = ""
    if found.low is not None and found.high is not None and unit is not Unit.HOURS:
        interval = write_interval(round(found.low, 3), round(found.high, 3), unit)
    return ShownCell(
        write_value(found.value, unit),
        cell.count,
        cell.url if cell.count else "",
        note=f"n={write_number(found.n, Unit.COUNT)}",
        title=interval,
        letters=cell.letters,
        is_few=found.is_small,
    )


def _short(value: float, asking: CrossAsking) -> float:
    return round(value, 3) if unit_of(asking) is Unit.SHARE else value


def _residual(cell: Cell) -> str:
    """Where it is beyond chance, with its sign."""
    return f"{cell.residual:+.1f}".replace("-", "−") if cell.strikes and cell.residual else ""


def _title(cell: Cell) -> str:
    parts = [write_number(cell.count, Unit.COUNT)]
    words = {
        _("of the row"): cell.of_row,
        _("of the column"): cell.of_column,
        _("of the whole"): cell.of_all,
    }
    parts += [
        f"{write_number(round(share, 3), Unit.SHARE)} {name}"
        for name, share in words.items()
        if share is not None
    ]
    if cell.expected is not None:
        parts.append(
            _("expected %(n)s") % {"n": write_number(round(cell.expected, 1), Unit.COUNT)}
        )
    return " · ".join(parts)


def _ground(residual: float | None) -> str:
    way = strikes(residual)
    return f"cross-{way}-{emphasis(residual)}" if way else ""


def _finding(cross: Cross, one: Finding, may_add: bool) -> ShownFinding:
    expected = write_number(round(one.cell.expected or 0), Unit.COUNT)
    groups = " × ".join(head.label for head in (one.row, one.column, one.layer) if head)
    count = write_number(one.cell.count, Unit.COUNT)
    words = _("%(groups)s: %(count)s, where %(expected)s would be expected") % {
        "groups": groups,
        "count": count,
        "expected": expected,
    }
    url = one.cell.url if one.cell.count else ""
    query = urlsplit(url).query
    problem = ""
    if may_add and url.startswith(reverse("feedback:queue")):
        told = urlencode({"from": "queue", "list": query})
        problem = f"{reverse('analytics:new_problem')}?{told}"
    return ShownFinding(words, one.is_more, url, problem)
