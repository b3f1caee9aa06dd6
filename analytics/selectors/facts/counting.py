"""Sums of a fact by stretch of time and by values of dimensions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, IntegerField, Q, QuerySet, Value

from accounts.models import User
from analytics.metrics.catalogue.sums import Sums
from analytics.selectors.expressions import BucketOf
from analytics.selectors.facts.cuts import Cuts
from analytics.selectors.facts.dimension import roots
from analytics.selectors.facts.fact import Fact
from feedback.models import Category

Group = tuple[int, tuple[Any, ...]]  # the place of a stretch, and one value for each dimension
Range = tuple[datetime | None, datetime]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be counted of one fact. `by` and `filters` name dimensions; main categories are
    put together afterwards."""

    fact: Fact
    cuts: Cuts
    by: tuple[str, ...]
    filters: tuple[tuple[str, tuple[Any, ...]], ...]
    sums: tuple[str, ...]
    cells: bool = False
    # Of dimensions that the fact itself does not know.
    further: Mapping[str, Any] = field(default_factory=dict, compare=False)
    narrowing: tuple[Q, ...] = field(default=(), compare=False)

    def expression(self, name: str) -> Any:
        """What leads from a row to the value of a dimension."""
        return self.further[name] if name in self.further else self.fact.dimensions[stored(name)]


def raw_sums(user: User | None, wanted: Wanted, ranges: Iterable[Range]) -> dict[Group, Sums]:
    """What records say about moments in `ranges`."""
    fact = wanted.fact
    spans = [_within(fact.moment, start, end) for start, end in joined(ranges)]
    if not spans:
        return {}
    narrowed = fact.rows(user).filter(reduce(or_, spans), *wanted.narrowing)
    rows = filtered(fact, narrowed, wanted.filters)
    columns = {f"by_{at}": wanted.expression(name) for at, name in enumerate(wanted.by)}
    rows = rows.annotate(in_stretch=_stretch_of(wanted)).order_by()
    found: dict[Group, Sums] = {}
    if wanted.sums:
        sums = {f"sum_{name}": fact.sums[name] for name in wanted.sums}
        for row in rows.values("in_stretch", **columns).annotate(**sums):
            counts = {name: int(row[f"sum_{name}"]) for name in wanted.sums}
            _add(found, _group(row, columns), Sums(counts))
    if wanted.cells:
        timed = rows.filter(took__isnull=False).annotate(in_cell=fact.cell)
        for row in timed.values("in_stretch", "in_cell", **columns).annotate(times=Count("*")):
            _add(found, _group(row, columns), Sums({}, {row["in_cell"]: row["times"]}))
    return found


def _stretch_of(wanted: Wanted) -> Any:
    """Which stretch a row is in; what there is only one of needs no looking."""
    stretches = wanted.cuts.stretches
    if len(stretches) == 1:
        return Value(stretches[0].place, output_field=IntegerField())
    return BucketOf(wanted.fact.moment, wanted.cuts.bounds)


def folded(wanted: Wanted, found: Mapping[Group, Sums]) -> dict[Group, Sums]:
    """Categories put together to main categories where those are asked for;
    stretches that nobody wanted are left out."""
    places = {one.place for one in wanted.cuts.stretches}
    above = roots() if "branch" in wanted.by else {}
    folded: dict[Group, Sums] = {}
    for (place, keys), sums in found.items():
        if place in places:
            named = tuple(
                above.get(key) if name == "branch" else key
                for name, key in zip(wanted.by, keys, strict=True)
            )
            _add(folded, (place, named), sums)
    return folded


def stored(name: str) -> str:
    """The dimension that the database knows."""
    return "category" if name == "branch" else name


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The same moments in as few ranges as possible, in order."""
    merged: list[Range] = []
    for start, end in sorted(ranges, key=lambda one: (one[0] is not None, one[0] or one[1])):
        if start is not None and start >= end:
            continue
        if merged and start is not None and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def values_meant(name: str, values: Iterable[Any]) -> list[Any]:
    """What a filter lets through: a category with all below it."""
    given = list(values)
    if stored(name) != "category":
        return given
    ids = {one for one in given if one is not None}
    below = Category.objects.filter(pk__in=ids)
    meant = {
        pk for one in below for pk in Category.objects.under(one).values_list("pk", flat=True)
    }
    return [*sorted(meant), *([None] if None in given else [])]


def filtered(
    fact: Fact, rows: QuerySet[Any], filters: Iterable[tuple[str, tuple[Any, ...]]]
) -> QuerySet[Any]:
    """Rows of a fact that have these values of dimensions."""
    for name, values in filters:
        meant = values_meant(name, values)
        known = [one for one in meant if one is not None]
        alias = f"only_{name}"
        condition = Q(**{f"{alias}__in": known})
        if None in meant:
            condition |= Q(**{f"{alias}__isnull": True})
        rows = rows.alias(**{alias: fact.dimensions[stored(name)]}).filter(condition)
    return rows


def _within(moment: str, start: datetime | None, end: datetime) -> Q:
    span = Q(**{f"{moment}__lt": end})
    return span if start is None else span & Q(**{f"{moment}__gte": start})


def _group(row: Mapping[str, Any], columns: Mapping[str, Any]) -> Group:
    return row["in_stretch"], tuple(row[name] for name in columns)


def _add(found: dict[Group, Sums], group: Group, sums: Sums) -> None:
    held = found.get(group)
    found[group] = sums if held is None else held + sums
