"""A table of two dimensions, one for each value of a third: counted in one statement, or one more
for each side whose values a record may have several of; small groups put together; tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from accounts.models import User
from analytics.metrics.association import Association, associate, strikes
from analytics.metrics.catalogue.metric import Measured
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.small_cells import too_small
from analytics.selectors.cross.asking import CrossAsking
from analytics.selectors.cross.counted import (
    Counted,
    Keys,
    all_of,
    needed_of,
    put_together,
    question_of,
    size_of,
)
from analytics.selectors.cross.heads import Head, heads_of
from analytics.selectors.cross.lettered import letters_of
from analytics.selectors.facts.listing import Lists
from analytics.selectors.facts.measuring import sums_of
from analytics.selectors.window import today

MOST_LAYERS = 8
_LONGEST_LIST = 60  # values in the address of a list


@dataclass(frozen=True)
class Cell:
    """`count` things are in the list at `url` (no url: no list shows just these). `of_row`,
    `of_column`, `of_all` are shares 0..1 of what is counted; `measured` is the value of a metric
    that does not count. `is_hidden`: too few to be shown, and nothing of it is."""

    count: int = 0
    measured: Measured = field(default_factory=Measured)
    url: str = ""
    of_row: float | None = None
    of_column: float | None = None
    of_all: float | None = None
    expected: float | None = None
    residual: float | None = None
    letters: str = ""
    is_hidden: bool = False

    @property
    def strikes(self) -> str:
        """ "more" or "fewer" than if rows and columns had nothing to do with each other."""
        return strikes(self.residual)


@dataclass(frozen=True)
class Table:
    """`cells` has a line for each of `rows` and one for the totals; the last one of every line is
    its total. `untested` and `unlettered` say why not: "many" values of one thing, a "value"."""

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[Cell, ...], ...]
    layer: Head | None = None
    test: Association | None = None
    untested: str = ""
    unlettered: str = ""

    @property
    def lines(self) -> list[tuple[Head, tuple[Cell, ...]]]:
        return list(zip(self.rows, self.cells, strict=False))

    @property
    def total(self) -> Cell:
        return self.cells[-1][-1]

    @property
    def hides(self) -> bool:
        return any(cell.is_hidden for line in self.cells for cell in line)


@dataclass(frozen=True)
class Cross:
    """`tables`: one, or one for each layer. `left_out` are groups of a side that are not shown,
    because they cannot be put together: {"rows": 3}."""

    asking: CrossAsking
    tables: tuple[Table, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(one.rows and one.columns for one in self.tables)


def cross_tables(user: User, asking: CrossAsking, now: datetime) -> Cross:
    """Of what `user` may see. Raises NotAsked."""
    questions = {one: question_of(asking, one) for one in needed_of(asking)}
    found = sums_of(user, list(questions.values()), now=now)
    counted = Counted(asking, dict(zip(questions, found, strict=True)))
    return _Making(counted, now).tables()


@dataclass(frozen=True)
class _Making:
    counted: Counted
    now: datetime

    @property
    def asking(self) -> CrossAsking:
        return self.counted.asking

    def tables(self) -> Cross:
        asking, counted = self.asking, self.counted
        left: dict[str, int] = {}
        heads = []
        for at, place in enumerate(("rows", "columns", "layers")[: len(asking.dimensions)]):
            sums = {keys[0]: self._weight(one) for keys, one in counted.over((at,)).items()}
            most = MOST_LAYERS if at == 2 else asking.most
            found, without = heads_of(asking.dimensions[at], sums, most, by_name=asking.by_name)
            heads.append(found)
            if without:
                left[place] = without
        lists = self._lists(heads)
        maker = _Table(counted, lists, heads[0], heads[1], heads)
        layers: list[Head | None] = list(heads[2]) if len(heads) == 3 else [None]
        return Cross(asking, tuple(maker.of(layer) for layer in layers), left)

    def _weight(self, sums: Sums) -> int:
        return size_of(self.asking.metric, sums)

    def _lists(self, heads: Sequence[Sequence[Head]]) -> Lists:
        everything = tuple(range(len(self.asking.dimensions)))
        question = question_of(self.asking, everything)
        keys = {
            name: {key for head in heads[at] for key in head.keys}
            for at, name in enumerate(self.asking.by)
        }
        return Lists(question, self.asking.metric, today(self.now), keys)


@dataclass(frozen=True)
class _Table:
    counted: Counted
    lists: Lists
    rows: Sequence[Head]
    columns: Sequence[Head]
    heads: Sequence[Sequence[Head]]

    @property
    def asking(self) -> CrossAsking:
        return self.counted.asking

    def of(self, layer: Head | None) -> Table:
        """Numbers, then what chance says to them, then what may be shown of them."""
        asking = self.asking
        has_many = any(asking.dimensions[at].is_many for at in (0, 1))
        grid = self._grid(layer)
        plain = [[size_of(asking.metric, one) for one in line] for line in grid]
        inner = [line[:-1] for line in plain[:-1]]
        is_tested = asking.is_counted and not has_many
        test = associate(inner) if is_tested and inner and inner[0] else None
        letters = self._letters(grid)
        hidden = too_small(plain, asking.least)
        cells = tuple(
            tuple(
                Cell(is_hidden=True)
                if hidden[r][c]
                else self._cell(grid, (r, c), layer, test, letters)
                for c in range(len(grid[r]))
            )
            for r in range(len(grid))
        )
        untested = "many" if has_many else "" if asking.is_counted else "value"
        unlettered = "many" if asking.dimensions[1].is_many else ""
        if not asking.is_counted and asking.metric.change is None:
            unlettered = "value"
        return Table(
            tuple(self.rows),
            tuple(self.columns),
            cells,
            layer,
            test,
            untested,
            unlettered,
        )

    def _grid(self, layer: Head | None) -> list[list[Sums]]:
        """With totals as the last row and the last column."""
        depth = (2,) if layer else ()
        inner = self.counted.over((0, 1, *depth))
        rows, columns = self.counted.over((0, *depth)), self.counted.over((1, *depth))
        rest = [(layer,)] if layer else []
        cells = put_together(inner, [self.rows, self.columns, *rest])
        of_rows = put_together(rows, [self.rows, *rest])
        of_columns = put_together(columns, [self.columns, *rest])
        last = (0,) if layer else ()
        none = Sums()
        grid = [
            [
                *(cells.get((r, c, *last), none) for c in range(len(self.columns))),
                of_rows.get((r, *last), none),
            ]
            for r in range(len(self.rows))
        ]
        foot = [of_columns.get((c, *last), none) for c in range(len(self.columns))]
        return [*grid, [*foot, self._total(rows, columns, layer)]]

    def _total(
        self, rows: Mapping[Keys, Sums], columns: Mapping[Keys, Sums], layer: Head | None
    ) -> Sums:
        """Of a side whose values add up; where none does, of what was asked without both."""
        many = [self.asking.dimensions[at].is_many for at in (0, 1)]
        if all(many):
            found = self.counted.over((2,) if layer else ())
            return all_of(found, layer)
        return all_of(columns if many[0] else rows, layer)

    def _letters(self, grid: Sequence[Sequence[Sums]]) -> list[list[str]]:
        if self.asking.dimensions[1].is_many:
            return [[""] * len(line) for line in grid]
        asking = self.asking
        foot = grid[-1][:-1]
        found = [
            letters_of(
                asking.metric, line[:-1], foot, level=asking.level, bonferroni=asking.bonferroni
            )
            for line in grid[:-1]
        ]
        of_totals = [""] * len(foot)
        if not asking.is_counted:
            of_totals = letters_of(
                asking.metric, foot, foot, level=asking.level, bonferroni=asking.bonferroni
            )
        return [[*line, ""] for line in [*found, of_totals]]

    def _cell(
        self,
        grid: Sequence[Sequence[Sums]],
        at: tuple[int, int],
        layer: Head | None,
        test: Association | None,
        letters: Sequence[Sequence[str]],
    ) -> Cell:
        r, c = at
        metric, sums = self.asking.metric, grid[r][c]
        is_inner = r < len(self.rows) and c < len(self.columns)
        count = sum(sums.cells.values()) if metric.uses_cells else sums[metric.listed]
        cell = Cell(
            count,
            metric.measured(sums),
            self._url(at, layer) if count else "",
            letters=letters[r][c],
        )
        if not self.asking.is_counted:
            return cell
        whole = [size_of(metric, one) for one in (grid[r][-1], grid[-1][c], grid[-1][-1])]
        shares = [count / one if one else None for one in whole]
        cell = replace(cell, of_row=shares[0], of_column=shares[1], of_all=shares[2])
        if test is None or not is_inner:
            return cell
        return replace(cell, expected=test.expected[r][c], residual=test.residuals[r][c])

    def _url(self, at: tuple[int, int], layer: Head | None) -> str:
        values: dict[str, Keys] = dict(self.lists.question.filters)
        chosen: list[Head | None] = [
            self.rows[at[0]] if at[0] < len(self.rows) else None,
            self.columns[at[1]] if at[1] < len(self.columns) else None,
            layer,
        ]
        for place, dimension in enumerate(self.asking.dimensions):
            head = chosen[place]
            if head is not None:
                keys = head.keys
            elif self.counted.drops(place) and not dimension.is_many:
                keys = tuple(key for one in self.heads[place] for key in one.keys)
            else:
                continue
            if len(keys) > _LONGEST_LIST:
                return ""
            if dimension.key == "branch" and "category" in values:
                return ""
            values[dimension.key] = keys
        if "category" in values and "branch" in values:
            del values["branch"]
        return self.lists.url_of(values, self.asking.base.period)
