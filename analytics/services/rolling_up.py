"""Roll-ups are made here, and only here: day by day, anew whenever something of a day changed.

One worker at a time. Marks are taken and days made anew in one transaction: a worker that is
killed leaves both as they were. What is marked while a day is being made stays marked.
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from analytics.metrics.catalogue.sums import FactName
from analytics.models import RollUp, RollUpMark, RollUpState
from analytics.selectors.facts.fact import Fact
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.groupings import GROUPINGS, added_up, definition_of
from analytics.selectors.facts.rolled import days_of_hour, is_made_as_now
from analytics.selectors.window import today

DAY = timedelta(days=1)
BUNDLE = 31  # days that are made together
MARKS = 20_000  # that are taken together
SECONDS = 10.0  # for which one run keeps a worker
_LOCK = 0x726F6C6C  # "roll": whoever makes roll-ups holds it
_INTO = "INSERT INTO analytics_rollup (fact, grouping, day, a, b, sums, cells, times) "


def roll_up_due(*, seconds: float = SECONDS) -> int:
    """Make anew what is marked, then go on with what was never made, the newest first; gives how
    many days of facts that were. Any number of workers may do it: one does."""
    until = time.monotonic() + seconds
    done = _again_and_again(_mend, until)
    return done + sum(_again_and_again(partial(_go_back, name), until) for name in FACTS)


def _again_and_again(work: Callable[[], int], until: float = math.inf) -> int:
    """At least once, until there is nothing more to do, or no more time."""
    done = work()
    while done and time.monotonic() < until and (more := work()):
        done += more
    return done


def build_everything() -> int:
    """From the beginning, to the end; gives how many days of facts that were."""
    forget_roll_ups()
    return roll_up_due(seconds=math.inf)


@transaction.atomic
def forget_roll_ups() -> None:
    """Everything is counted from the records until it is made again."""
    _lock(wait=True)
    RollUpState.objects.all().delete()
    RollUp.objects.all().delete()


@dataclass(frozen=True)
class Difference:
    """What is kept of a day is not what the records say."""

    fact: str
    grouping: str
    day: date


def differences() -> list[Difference]:
    """Days that are neither marked nor right; without a fault there are none."""
    found = []
    with transaction.atomic():
        _lock(wait=True)
        marked = _days_by_fact(RollUpMark.objects.values_list("fact", "hour").distinct())
        for state in RollUpState.objects.exclude(built_from=None):
            fact = FACTS[FactName(state.fact)]
            first, last = _ends(fact)
            kept = RollUp.objects.filter(fact=fact.name.value).aggregate(
                first=Min("day"), last=Max("day")
            )
            ends = [one for one in (first, last, kept["first"], kept["last"]) if one]
            if not ends or state.built_from is None:
                continue
            days = _days(max(min(ends), state.built_from), max(ends))
            skipped = marked.get(fact.name, set())
            for grouping in GROUPINGS[fact.name]:
                found += _differing(fact, grouping, days, skipped)
    return found


def _differing(
    fact: Fact, grouping: tuple[str, ...], days: Sequence[date], skipped: Iterable[date]
) -> list[Difference]:
    fresh = added_up(fact, grouping, days)
    kept = (
        "SELECT day, a, b, sums, cells, times FROM analytics_rollup "
        "WHERE fact = %s AND grouping = %s AND day = ANY(%s)"
    )
    named = (fact.name.value, " ".join(grouping), list(days))
    sql = (
        f"SELECT DISTINCT day FROM (({fresh.sql} EXCEPT {kept}) "  # noqa: S608 - our own
        f"UNION ALL ({kept} EXCEPT {fresh.sql})) AS differing ORDER BY day"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*fresh.params, *named, *named, *fresh.params])
        rows = cursor.fetchall()
    return [
        Difference(fact.name.value, " ".join(grouping), day)
        for (day,) in rows
        if day not in set(skipped)
    ]


@transaction.atomic
def _mend() -> int:
    """Days of the oldest marks; gives how many marks there were, 0 when another is at it."""
    if not _lock():
        return 0
    oldest = RollUpMark.objects.order_by("pk").values("pk")[:MARKS]
    with connection.cursor() as cursor:
        sql, params = oldest.query.sql_with_params()
        cursor.execute(
            f"DELETE FROM analytics_rollupmark WHERE id IN ({sql}) RETURNING fact, hour",  # noqa: S608
            params,
        )
        marks = cursor.fetchall()
    built = {state.fact: state for state in RollUpState.objects.exclude(built_from=None)}
    for name, days in _days_by_fact(set(marks)).items():
        state = built.get(name.value)
        if state is not None and state.built_from is not None and is_made_as_now(state):
            _make(FACTS[name], sorted(day for day in days if day >= state.built_from))
    return len(marks)


@transaction.atomic
def _go_back(name: FactName) -> int:
    """The days before those that are made; gives how many, 0 when all are, or another is at it."""
    if not _lock():
        return 0
    fact = FACTS[name]
    state = RollUpState.objects.filter(fact=name.value).first()
    if state is None or not is_made_as_now(state):
        RollUp.objects.filter(fact=name.value).delete()
        RollUpState.objects.filter(fact=name.value).delete()
        state = RollUpState(
            fact=name.value, definition=definition_of(name), time_zone=settings.TIME_ZONE
        )
    if state.built_from == date.min:
        return 0
    first, last = _ends(fact)
    end = state.built_from or (last + DAY if last else date.max)
    if first is None or end <= first:
        state.built_from = date.min
        state.save()
        return 0
    begin = max(first, end - BUNDLE * DAY)
    days = _days(begin, end - DAY)
    _make(fact, days)
    state.built_from = begin
    state.save()
    return len(days)


def _make(fact: Fact, days: Sequence[date]) -> None:
    """These days anew, by every grouping."""
    if not days:
        return
    RollUp.objects.filter(fact=fact.name.value, day__in=days).delete()
    with connection.cursor() as cursor:
        for grouping in GROUPINGS[fact.name]:
            made = added_up(fact, grouping, days)
            cursor.execute(
                f"{_INTO}SELECT %s, %s, made.* FROM ({made.sql}) AS made",  # noqa: S608 - our own
                [fact.name.value, " ".join(grouping), *made.params],
            )


def _ends(fact: Fact) -> tuple[date | None, date | None]:
    """The first and the last day on which anything was."""
    found = fact.source(None).order_by().aggregate(first=Min(fact.moment), last=Max(fact.moment))
    first, last = found["first"], found["last"]
    return (today(first) if first else None, today(last) if last else None)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _days_by_fact(marks: Iterable[tuple[str, datetime]]) -> dict[FactName, set[date]]:
    facts: dict[str, list[FactName]] = {}
    for fact in FACTS.values():
        facts.setdefault(fact.stream, []).append(fact.name)
    found: dict[FactName, set[date]] = {}
    for stream, hour in marks:
        for name in facts.get(stream, ()):
            found.setdefault(name, set()).update(days_of_hour(hour))
    return found


def _lock(*, wait: bool = False) -> bool:
    """Held until the transaction ends. The statements that follow see all that was done before."""
    call = "pg_advisory_xact_lock(%s)" if wait else "pg_try_advisory_xact_lock(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", [_LOCK])
        return wait or bool(cursor.fetchone()[0])
