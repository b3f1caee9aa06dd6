"""What is rolled up of each fact: by which dimensions, and the statement that adds it up. It is
generated from the fact alone; a digest says whether what is kept was made by the same definition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q

from analytics.metrics.catalogue.sums import FactName
from analytics.selectors.expressions import BucketOf
from analytics.selectors.facts.fact import Fact
from analytics.selectors.facts.facts import FACTS
from feedback.selectors.queue_filters import start_of

Grouping = tuple[str, ...]  # none, one or two dimensions

_RECORD_SINGLES = (
    *("channel", "team", "category", "product", "priority", "language", "mood", "tier", "stage"),
    *("assignee", "form"),
)
_RECORD_PAIRS: tuple[Grouping, ...] = (("team", "channel"), ("team", "category"))
_MOOD_PAIRS: tuple[Grouping, ...] = (("category", "mood"), ("channel", "mood"), ("team", "mood"))
_ANSWER_SINGLES = (
    *("channel", "team", "category", "product", "stage", "form", "language", "tier", "survey"),
    "way",
)


def _of(singles: Iterable[str], pairs: Iterable[Grouping] = ()) -> tuple[Grouping, ...]:
    return ((), *((name,) for name in singles), *pairs)


GROUPINGS: dict[FactName, tuple[Grouping, ...]] = {
    FactName.RECEIVED: _of(_RECORD_SINGLES, (*_RECORD_PAIRS, *_MOOD_PAIRS)),
    FactName.ANSWERED: _of(_RECORD_SINGLES, _RECORD_PAIRS),
    FactName.RESOLVED: _of(_RECORD_SINGLES, _RECORD_PAIRS),
    FactName.RATED: _of(_RECORD_SINGLES, _RECORD_PAIRS),
    FactName.PROMISED: _of(
        (*_RECORD_SINGLES, "promise", "working_hours"),
        (
            ("promise", "working_hours"),
            *(("promise", name) for name in ("team", "channel", "category", "priority")),
        ),
    ),
    **{
        name: _of(_ANSWER_SINGLES, (("survey", "team"),))
        for name, fact in FACTS.items()
        if fact.asked
    },
}


def grouping_for(fact: FactName, names: set[str]) -> Grouping | None:
    """The smallest one that knows these dimensions; None: they are counted from the records."""
    fitting = [one for one in GROUPINGS[fact] if names <= set(one)]
    return min(fitting, key=len, default=None)


@dataclass(frozen=True)
class Statement:
    """Gives rows (day, a, b, sums, cells, times)."""

    sql: str
    params: tuple[Any, ...]


def added_up(fact: Fact, grouping: Grouping, days: Sequence[date]) -> Statement:
    """What these days, ascending, add up to by `grouping`: of all records there are."""
    bounds, of_place, spans = _bounds(fact, days)
    rows = fact.rows(None).filter(spans)
    rows = rows.annotate(in_stretch=BucketOf(fact.moment, bounds)).order_by()
    columns = {f"by_{at}": fact.dimensions[name] for at, name in enumerate(grouping)}
    kept = ["in_stretch"]
    if fact.duration is not None:
        rows, kept = rows.annotate(in_cell=fact.cell), [*kept, "in_cell"]
    sums = {f"sum_{name}": one for name, one in fact.sums.items()}
    counted = rows.values(*kept, **columns).annotate(**sums, in_all=Count("*"))
    inner, params = counted.query.sql_with_params()
    a, b = (f"COALESCE(by_{at}::text, '')" if at < len(grouping) else "''" for at in range(2))
    total = ", ".join(f"SUM(sum_{name})::bigint" for name in fact.sums)
    cells, times = "NULL::int[]", "NULL::int[]"
    if fact.duration is not None:
        cells, times = _gathered("in_cell"), _gathered("in_all::int")
    sql = (
        f"SELECT (%s::date[])[in_stretch] AS day, {a} AS a, {b} AS b, ARRAY[{total}] AS sums, "
        f"{cells} AS cells, {times} AS times"
    )
    return Statement(
        f"{sql} FROM ({inner}) AS counted GROUP BY 1, 2, 3",
        (of_place, *params),
    )


def _gathered(column: str) -> str:
    """The column of all cells as an array, those first that took least."""
    held = f"array_agg({column} ORDER BY in_cell) FILTER (WHERE in_cell IS NOT NULL)"
    return f"COALESCE({held}, '{{}}')"


def _bounds(fact: Fact, days: Sequence[date]) -> tuple[list[datetime], list[date | None], Q]:
    """Moments at which days begin and runs of days end, the day of each place, and the runs as a
    condition."""
    bounds: list[datetime] = []
    of_place: list[date | None] = []
    spans = Q(pk__in=[])
    runs = _runs(days)
    for first, last in runs:
        end = start_of(last + timedelta(days=1))
        spans |= Q(**{f"{fact.moment}__gte": start_of(first), f"{fact.moment}__lt": end})
        for day in _each(first, last):
            bounds.append(start_of(day))
            of_place.append(day)
        bounds.append(end)
        of_place.append(None)
    return bounds, of_place, spans


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day == found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


@lru_cache(maxsize=32)
def definition_of(name: FactName) -> str:
    """A digest of everything that decides about what is kept of a fact."""
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    statements = [added_up(FACTS[name], one, [day]).sql for one in GROUPINGS[name][:1]]
    fact = FACTS[name]
    told = {key: repr(path) for key, path in sorted(fact.dimensions.items())}
    parts = [*statements, repr(GROUPINGS[name]), repr(told), repr(list(fact.sums))]
    return sha256("\n".join(parts).encode()).hexdigest()
