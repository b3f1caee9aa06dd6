"""A question by another question, or by where its answers come from: counted in the database,
tested by analytics.metrics."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from analytics.metrics.association import Association, associate, strikes
from analytics.metrics.column_letters import (
    SMALL_BASE,
    Column,
    Mean,
    letter_of,
    mean_letters,
    share_letters,
)
from analytics.metrics.intervals import Estimate, weighted_wilson
from surveys.enums import DataType
from surveys.models import Question, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answer_counts import Blocks, blocks_of
from surveys.selectors.cross_counts import CrossCounts, cross_tallied
from surveys.selectors.response_dimensions import Dimension

CLOSED = (DataType.SINGLE, DataType.MULTI, DataType.NUMBER)
MOST_STEPS = 24  # a number with more has no rows of a table
MOST_COLUMNS = 26  # A … Z
LEVELS = {90: 0.10, 95: 0.05, 99: 0.01}


@dataclass(frozen=True, slots=True)
class Head:
    """One row or column: `filter` (name, value) narrows the list of responses to it."""

    key: Any
    label: str
    base: int
    filter: tuple[str, str] | None
    letter: str = ""
    effective: float | None = None  # base that the spread of the weights leaves; None without

    @property
    def is_small(self) -> bool:
        return (self.base if self.effective is None else self.effective) < SMALL_BASE


@dataclass(frozen=True, slots=True)
class Cell:
    """`of_column` is a share 0..1 of the column's base with its interval, `of_row` of the row's;
    `residual` is adjusted, None where there is no test; `letters` name the columns that are
    significantly lower."""

    count: int
    of_column: Estimate | None
    of_row: Estimate | None
    residual: float | None
    letters: str

    @property
    def strikes(self) -> str:
        """ "more" or "fewer" than if rows and columns had nothing to do with each other."""
        return strikes(self.residual)


@dataclass(frozen=True, slots=True)
class CrossTab:
    """`cells` has a line for each row. `means` (value, letters) stand under a row of numbers.
    `n` are the people with an opinion on both. `untested` and `unlettered` say why not."""

    row: str
    column: str
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[Cell, ...], ...]
    n: int
    means: tuple[tuple[float | None, str], ...] = ()
    test: Association | None = None
    untested: str = ""
    unlettered: str = ""
    left_out: int = 0  # columns beyond MOST_COLUMNS
    # Whether shares, means and letters are weighted; counts are of people always. "left_out"
    # where there are weights that cannot be used, because several answers may be chosen.
    weights: str = ""

    @property
    def lines(self) -> list[tuple[Head, tuple[Cell, ...]]]:
        return list(zip(self.rows, self.cells, strict=True))


def closed_questions(survey: Survey) -> list[Question]:
    """Those whose answers can be rows: choices, and numbers on a short scale. One query more
    for their choices."""
    found = survey.questions.filter(data_type__in=CLOSED).select_related("parent")
    return [
        one
        for one in found.prefetch_related("choices")
        if one.data_type != DataType.NUMBER
        or (
            one.minimum is not None
            and one.maximum is not None
            and one.maximum - one.minimum <= MOST_STEPS
        )
    ]


@dataclass(frozen=True, slots=True)
class _Side:
    """How one side is read: where its keys are and which answers have an opinion."""

    label: str
    key: str
    relation: dict[str, FilteredRelation]
    opinion: Q
    is_multi: bool
    heads: Callable[[dict[Any, int]], list[Head]]


def _side(name: str, what: Question | Dimension) -> _Side:
    if isinstance(what, Dimension):
        return _Side(
            str(what.label),
            what.path,
            {},
            Q(**{f"{what.path}__isnull": False}),
            False,
            lambda bases: _dimension_heads(what, bases),
        )
    relation = {name: FilteredRelation("answers", condition=Q(answers__question=what.pk))}
    is_number = what.data_type == DataType.NUMBER
    return _Side(
        what.text,
        f"{name}__number" if is_number else f"{name}__choice",
        relation,
        Q(**{f"{name}__number__isnull": False})
        if is_number
        else Q(**{f"{name}__choice__is_missing": False}),
        what.data_type == DataType.MULTI,
        lambda bases: _question_heads(what, bases),
    )


def _dimension_heads(what: Dimension, bases: dict[Any, int]) -> list[Head]:
    labels = what.labels(bases)
    return sorted(
        (
            Head(key, labels.get(key, str(key)), n, (what.code, str(key)))
            for key, n in bases.items()
        ),
        key=lambda head: (-head.base, head.label),
    )


def _question_heads(what: Question, bases: dict[Any, int]) -> list[Head]:
    if what.data_type == DataType.NUMBER:
        low, high = int(what.minimum or 0), int(what.maximum or 0)
        steps = {float(step) for step in range(low, high + 1)} | set(bases)
        return [
            Head(step, f"{step:g}", bases.get(step, 0), ("answer", f"{what.code}:{step:g}"))
            for step in sorted(steps, reverse=True)
        ]
    return [
        Head(one.pk, one.text, bases.get(one.pk, 0), ("answer", f"{what.code}:{one.code}"))
        for one in what.choices.all()
        if not one.is_missing and (one.retired_in is None or bases.get(one.pk))
    ]


def cross(
    responses: ResponseQuerySet,
    row: Question,
    column: Question | Dimension,
    *,
    level: int = 95,
    bonferroni: bool = False,
) -> CrossTab:
    """The table over `responses`; whoever has no opinion on one of the two is no part of it.
    Six queries for counts at most, and one for the names of a dimension. Column shares are of
    people, so those of several choices may come to more than 100 %. Where responses have weights,
    shares, means and letters are weighted and rest on effective bases (Σw)²/Σw²; chi-square counts
    people, so there is none. KeyError for a level that is none of LEVELS."""
    alpha = LEVELS[level]
    one, two = _side("as_row", row), _side("as_column", column)
    blocks = blocks_of(row.survey)
    if blocks.number and responses.exclude(weight=1).exists():
        blocks = Blocks(0, ())  # tallies know nothing of weights
    rest = blocks.rest_of(responses)
    both = rest.order_by().alias(**one.relation, **two.relation).filter(one.opinion, two.opinion)
    found = {
        (r, c): Mass(n, w, ww)
        for r, c, n, w, ww in both.values_list(F(one.key), F(two.key)).annotate(
            n=Count("pk"), w=Sum("weight"), ww=Sum(F("weight") * F("weight"))
        )
    }
    counted = CrossCounts({pair: mass.n for pair, mass in found.items()})
    is_multi = one.is_multi or two.is_multi
    has_weights = any(mass.w != mass.n for mass in found.values())
    weighted = has_weights and not is_multi
    counted.rows, counted.columns, counted.n = _bases(both, one, two, counted.cells)
    if blocks.number:
        path = column.path if isinstance(column, Dimension) else column
        tallied = cross_tallied(responses, blocks, row, path)
        counted.add(tallied)
        for pair, people in tallied.cells.items():
            found[pair] = found.get(pair, Mass()) + Mass(people, people, people)
    n, rows = counted.n, one.heads(counted.rows)
    columns = [head for head in two.heads(counted.columns) if head.base]
    left_out = max(len(columns) - MOST_COLUMNS, 0)
    columns = [
        replace(head, letter=letter_of(at)) for at, head in enumerate(columns[:MOST_COLUMNS])
    ]
    # Without weights that count, each person weighs one.
    mass = [[_mass(found.get((r.key, c.key)), weighted) for c in columns] for r in rows]
    of_rows = [sum(line, Mass()) for line in mass]
    of_columns = [sum(line, Mass()) for line in zip(*mass, strict=True)]
    if is_multi:
        of_rows = [Mass(head.base, head.base, head.base) for head in rows]
        of_columns = [Mass(head.base, head.base, head.base) for head in columns]
    if weighted:
        rows = [
            replace(head, effective=m.effective) for head, m in zip(rows, of_rows, strict=True)
        ]
        columns = [
            replace(head, effective=m.effective)
            for head, m in zip(columns, of_columns, strict=True)
        ]
    table = [[one_mass.n for one_mass in line] for line in mass]
    tested = not is_multi and not weighted
    test = associate(table) if tested and table and columns else None
    letters = [
        [""] * len(columns)
        if two.is_multi
        else share_letters(
            [
                Column(cell.w, of.w, of.effective)
                for cell, of in zip(line, of_columns, strict=True)
            ],
            level=alpha,
            bonferroni=bonferroni,
        )
        for line in mass
    ]
    return CrossTab(
        one.label,
        two.label,
        tuple(rows),
        tuple(columns),
        tuple(
            tuple(
                Cell(
                    cell.n,
                    _share(cell, of_columns[at]),
                    _share(cell, of_rows[at_row]),
                    test.residuals[at_row][at] if test else None,
                    letters[at_row][at],
                )
                for at, cell in enumerate(line)
            )
            for at_row, line in enumerate(mass)
        ),
        n,
        means=_means(rows, mass, of_columns, alpha, bonferroni, lettered=not two.is_multi)
        if row.data_type == DataType.NUMBER
        else (),
        test=test,
        untested="" if tested else "weights" if weighted else "multi",
        unlettered="multi" if two.is_multi else "",
        left_out=left_out,
        weights="used" if weighted else "left_out" if has_weights else "",
    )


@dataclass(frozen=True, slots=True)
class Mass:
    """People with the sum of their weights and of the squares of these."""

    n: int = 0
    w: float = 0.0
    ww: float = 0.0

    def __add__(self, other: "Mass") -> "Mass":
        return Mass(self.n + other.n, self.w + other.w, self.ww + other.ww)

    @property
    def effective(self) -> float:
        """Kish: (Σw)²/Σw²."""
        return self.w * self.w / self.ww if self.ww else 0.0


def _mass(mass: Mass | None, weighted: bool) -> Mass:
    if mass is None:
        return Mass()
    return mass if weighted else Mass(mass.n, mass.n, mass.n)


def _share(cell: Mass, of: Mass) -> Estimate | None:
    return weighted_wilson(cell.w / of.w, of.effective) if of.w else None


def _bases(
    both: QuerySet[Response], one: _Side, two: _Side, counts: dict[tuple[Any, Any], int]
) -> tuple[dict[Any, int], dict[Any, int], int]:
    """People in each row, in each column, in all; with several choices a person stands in many
    cells, and is counted once by the database."""
    if not one.is_multi and not two.is_multi:
        in_rows: dict[Any, int] = {}
        in_columns: dict[Any, int] = {}
        for (r, c), n in counts.items():
            in_rows[r] = in_rows.get(r, 0) + n
            in_columns[c] = in_columns.get(c, 0) + n
        return in_rows, in_columns, sum(counts.values())
    people = Count("pk", distinct=True)
    return (
        dict(both.values_list(F(one.key)).annotate(n=people)),
        dict(both.values_list(F(two.key)).annotate(n=people)),
        both.aggregate(n=people)["n"],
    )


def _means(
    rows: list[Head],
    table: list[list[Mass]],
    columns: list[Mass],
    alpha: float,
    bonferroni: bool,
    *,
    lettered: bool,
) -> tuple[tuple[float | None, str], ...]:
    found: list[float | None] = []
    columned = []
    for at, column in enumerate(columns):
        weights = [line[at].w for line in table]
        n = column.effective
        mean = sum(r.key * w for r, w in zip(rows, weights, strict=True)) / column.w
        squares = sum(w * (r.key - mean) ** 2 for r, w in zip(rows, weights, strict=True))
        found.append(mean)
        # Of weights that are all one this is the variance of a sample, squares / (n - 1).
        columned.append(Mean(mean, squares / column.w * n / (n - 1) if n > 1 else 0.0, n))
    if not lettered:
        return tuple((mean, "") for mean in found)
    letters = mean_letters(columned, level=alpha, bonferroni=bonferroni)
    return tuple(zip(found, letters, strict=True))
