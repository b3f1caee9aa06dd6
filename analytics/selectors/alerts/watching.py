"""Looking at days: which series of what is watched lie outside their bands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from analytics.charts.data import Step
from analytics.metrics.baseline import HISTORY_DAYS, Band
from analytics.metrics.daily import DaySums, band_of
from analytics.metrics.periods import Period
from analytics.metrics.spells import confidence_of, out_of_the_ordinary, spells
from analytics.rules.alerts import Watch
from analytics.selectors.alerts.day_kinds import Kinds, day_kinds
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.measuring import measure_all
from analytics.selectors.facts.question import Answer, Row, asked
from feedback.selectors.queue_filters import NONE

MOST_SERIES = 40
Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """One series on one day. `text` is its value as addresses write it, empty for the whole.
    `counts`: out of the ordinary among all series; `outside`: of this one alone."""

    key: Any
    text: str
    day: date
    row: Row
    band: Band | None
    counts: bool
    outside: bool


def sights_of(
    watch: Watch, first: date, last: date, now: datetime, kinds: Kinds | None = None
) -> dict[date, list[Sight]]:
    """Every series on every day from `first` to `last`, of everything that `watch` is about.
    Raises FilterNotKnown and NotAsked for what is not there any more."""
    answer, begin = _answers(watch, first, last, now)
    table = _Table(watch, answer, kinds or day_kinds(), begin)
    return {
        bucket.first: table.sights(at)
        for at, bucket in enumerate(answer.buckets)
        if bucket.first >= first
    }


def _answers(watch: Watch, first: date, last: date, now: datetime) -> tuple[Answer, int]:
    """Day by day from as far back as the band of the first day needs, and since which of these
    days there is anything at all: days before that say nothing."""
    period = Period(first - timedelta(days=HISTORY_DAYS), last)
    by = [watch.by] if watch.by else []
    key, filters = watch.metric.key, keys_of(watch.filters)
    answer, everything = measure_all(
        None,
        [
            asked(key, period, by=by, step=Step.DAY, filters=filters),
            asked(key, period, step=Step.DAY),
        ],
        now=now,
    )
    for at, bucket in enumerate(everything.buckets):
        row = everything.at((), bucket)
        if row is not None and (row.count or row.n):
            return answer, at
    return answer, len(answer.buckets)


def spells_of(watch: Watch, first: date, last: date, now: datetime) -> list[tuple[date, str]]:
    """What would have been raised: the first day and the series of each spell, the newest
    first."""
    seen = sights_of(watch, first, last, now)
    days = sorted(seen)
    by_series: dict[str, list[tuple[bool, bool]]] = {}
    for day in days:
        for one in seen[day]:
            by_series.setdefault(one.text, []).append((one.counts, one.outside))
    found = [(days[at], text) for text, marks in by_series.items() for at in spells(marks)]
    return sorted(found, reverse=True)


@dataclass(frozen=True)
class _Table:
    """Series by day; nothing is known before the day `begin`."""

    watch: Watch
    answer: Answer
    kinds: Kinds
    begin: int

    @cached_property
    def keys(self) -> list[Keys]:
        return [row.keys for row in self.answer.groups[:MOST_SERIES]]

    @cached_property
    def texts(self) -> dict[Keys, str]:
        if not self.watch.by:
            return {(): ""}
        of = [key for (key,) in self.keys if key is not None]
        known = DIMENSIONS[self.watch.by].texts(of)
        return {(key,): NONE if key is None else str(known.get(key, key)) for (key,) in self.keys}

    def sights(self, at: int) -> list[Sight]:
        sides = self.watch.sides
        bands = {keys: self._band(keys, at) for keys in self.keys}
        counting = out_of_the_ordinary(bands, sides, self.watch.chance)
        day = self.answer.buckets[at]
        found = []
        for keys, band in bands.items():
            row = self.answer.at(keys, day)
            if row is not None:
                key = keys[0] if keys else None
                outside = band is not None and band.side in sides
                is_news = keys in counting
                found.append(Sight(key, self.texts[keys], day.first, row, band, is_news, outside))
        return found

    def _band(self, keys: Keys, at: int) -> Band | None:
        days = [
            DaySums(row.sums, self.kinds(bucket.first))
            for bucket in self.answer.buckets[max(self.begin, at - HISTORY_DAYS) : at + 1]
            if (row := self.answer.at(keys, bucket)) is not None
        ]
        if not days:
            return None
        confidence = confidence_of(self.watch.chance, self.watch.sides)
        return band_of(self.watch.metric, days[:-1], days[-1], confidence=confidence)
