"""Sums from roll-ups where they are up to date, from the records where they are not: at any moment
together what the records alone would say."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from analytics.metrics.catalogue.sums import FactName, Sums
from analytics.models import RollUpMark, RollUpState
from analytics.selectors.facts.counting import (
    Group,
    Range,
    Wanted,
    folded,
    raw_sums,
    stored,
    values_meant,
)
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.groupings import Grouping, definition_of, grouping_for
from analytics.selectors.window import today
from feedback.selectors.queue_filters import start_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST = (
    40  # changed days that are left out one by one; more are left out from the first to the last
)


@dataclass(frozen=True)
class Freshness:
    """Which days may be taken from roll-ups, as it was when it was asked."""

    built_from: Mapping[FactName, date] = field(default_factory=dict)
    changed: Mapping[FactName, frozenset[date]] = field(default_factory=dict)


def freshness() -> Freshness:
    """Two statements. A fact that was rolled up by another definition, or in the days of another
    time zone, is not at all."""
    built = {}
    for state in RollUpState.objects.filter(fact__in=list(FactName)).exclude(built_from=None):
        name = FactName(state.fact)
        if is_made_as_now(state) and state.built_from:
            built[name] = state.built_from
    if not built:
        return Freshness()
    marks = RollUpMark.objects.order_by().values_list("fact", "hour").distinct()
    by_stream: dict[str, set[date]] = {}
    for stream, hour in marks:
        by_stream.setdefault(stream, set()).update(days_of_hour(hour))
    changed = {name: frozenset(by_stream.get(FACTS[name].stream, ())) for name in built}
    return Freshness(built, changed)


def is_made_as_now(state: RollUpState) -> bool:
    """Whether what is kept was made by today's definition, in today's days."""
    with suppress(ValueError):
        same = state.definition == definition_of(FactName(state.fact))
        return same and state.time_zone == settings.TIME_ZONE
    return False


def days_of_hour(hour: datetime) -> set[date]:
    """The days, where this installation is, that the hour from then on touches."""
    zone = timezone.get_default_timezone()
    return {timezone.localdate(one, zone) for one in (hour, hour + HOUR - timedelta(seconds=1))}


def sees_everything(user: User | None) -> bool:
    """Who sees some teams only is counted by the records: roll-ups do not know whose they are."""
    return user is None or bool(user.is_active and user.has_perm("accounts.view_every_team"))


def counted(user: User | None, wanted: Wanted, known: Freshness) -> dict[Group, Sums]:
    """What is asked for, as far as `known` says from roll-ups."""
    plan = _plan(wanted, known)
    if plan is None:
        ranges = [(one.start, one.end) for one in wanted.cuts.stretches]
        return folded(wanted, raw_sums(user, wanted, ranges))
    found = dict(raw_sums(user, wanted, plan.raw))
    for group, sums in plan.read().items():
        found[group] = found[group] + sums if group in found else sums
    return folded(wanted, found)


@dataclass(frozen=True)
class _Plan:
    """Days from `first` to before `end` but for `without` are read from roll-ups, moments in
    `raw` from the records."""

    wanted: Wanted
    grouping: Grouping
    first: date
    end: date
    without: tuple[date, ...]
    raw: tuple[Range, ...]

    def read(self) -> dict[Group, Sums]:
        if self.first >= self.end:
            return {}
        found: dict[Group, Sums] = {}
        for row in self._rows() if self.wanted.sums else ():
            place, keys, sums = self._split(row)
            found[place, keys] = Sums(dict(zip(self.wanted.sums, map(int, sums), strict=True)))
        for row in self._cells() if self.wanted.cells else ():
            place, keys, (cell, times) = self._split(row)
            held = found.setdefault((place, keys), Sums())
            found[place, keys] = held + Sums({}, {cell: int(times)})
        return found

    def _split(self, row: Sequence[Any]) -> tuple[int, tuple[Any, ...], Sequence[Any]]:
        by = self.wanted.by
        keys = (
            DIMENSIONS[stored(name)].of_text(text) if text else None
            for name, text in zip(by, row[1:], strict=False)
        )
        return row[0], tuple(keys), row[1 + len(by) :]

    @property
    def _columns(self) -> list[str]:
        """Where the values stand that are asked for."""
        return ["ab"[self.grouping.index(stored(name))] for name in self.wanted.by]

    def _rows(self) -> list[Any]:
        names = list(self.wanted.fact.sums)
        sums = [f"SUM(sums[{names.index(name) + 1}])" for name in self.wanted.sums]
        return self._asked([*self._columns, *sums], "", len(self._columns))

    def _cells(self) -> list[Any]:
        columns = [*self._columns, "one.cell"]
        unnest = "CROSS JOIN LATERAL unnest(cells, times) AS one(cell, times)"
        return self._asked([*columns, "SUM(one.times)"], unnest, len(columns))

    def _asked(self, columns: Sequence[str], joined: str, by: int) -> list[Any]:
        where, params = self._where()
        numbers = ", ".join(str(at + 1) for at in range(by + 1))
        sql = (
            f"SELECT width_bucket(day, %s::date[]), {', '.join(columns)} "  # noqa: S608 - our names
            f"FROM analytics_rollup {joined} WHERE {where} GROUP BY {numbers}"
        )
        bounds = [_day_of_bound(one) for one in self.wanted.cuts.bounds]
        with connection.cursor() as cursor:
            cursor.execute(sql, [bounds, *params])
            return cursor.fetchall()

    def _where(self) -> tuple[str, list[Any]]:
        parts = ["fact = %s", "grouping = %s", "day >= %s", "day < %s"]
        params: list[Any] = [
            self.wanted.fact.name.value,
            " ".join(self.grouping),
            self.first,
            self.end,
        ]
        if self.without:
            parts.append("NOT day = ANY(%s)")
            params.append(list(self.without))
        for name, values in self.wanted.filters:
            column = "ab"[self.grouping.index(stored(name))]
            meant = values_meant(name, values)
            parts.append(f"{column} = ANY(%s)")
            params.append([text_of_key(one) for one in meant])
        return " AND ".join(parts), params


def text_of_key(key: Any) -> str:
    """As PostgreSQL writes it; empty for none."""
    if key is None:
        return ""
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(getattr(key, "value", key))


def _plan(wanted: Wanted, known: Freshness) -> _Plan | None:
    """None: all of it from the records."""
    name = wanted.fact.name
    built_from = known.built_from.get(name)
    named = [*wanted.by, *(one for one, _values in wanted.filters)]
    grouping = grouping_for(name, {stored(one) for one in named})
    if built_from is None or grouping is None:
        return None
    changed = sorted(known.changed.get(name, ()))
    raw: list[Range] = []
    without: set[date] = set()
    first, end = date.max, date.min
    for one in wanted.cuts.stretches:
        without |= {today(bound) for bound in (one.start, one.end) if bound and _is_inside(bound)}
        begin = max(built_from, date.min if one.start is None else _day_of_bound(one.start))
        until = today(
            one.end
        )  # the day in which it ends is not whole, unless it ends at its start
        if begin >= until:
            raw.append((one.start, one.end))
            continue
        first, end = min(first, begin), max(end, until)
        here = _left_out([day for day in changed if begin <= day < until])
        without |= here
        raw += [(start_of(day), start_of(day + DAY)) for day in here]
        if one.start is None and built_from > date.min:
            raw.append((None, start_of(begin)))
        elif one.start is not None:
            raw.append((one.start, start_of(begin)))
        raw.append((start_of(until), one.end))
    # Between stretches nothing is wanted; places that nobody wanted are left out afterwards.
    return _Plan(wanted, grouping, first, end, tuple(sorted(without)), tuple(raw))


def _left_out(days: list[date]) -> set[date]:
    if len(days) <= MOST:
        return set(days)
    return set(_each(days[0], days[-1]))


def _each(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def _is_inside(moment: datetime) -> bool:
    """Whether a day is under way at this moment: then it is counted in parts."""
    return start_of(today(moment)) != moment


def _day_of_bound(moment: datetime) -> date:
    """The first day that begins at `moment` or later."""
    return today(moment) + (DAY if _is_inside(moment) else timedelta(0))
