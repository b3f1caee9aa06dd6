"""How often alerts are false: days as a company has them, simulated, and watched by the same bands
and spells as real ones.

A day's count is Poisson, or negative binomial where customers come in bursts (`dispersion`: the
variance is mean + mean²/dispersion), with the rhythm of a week. With `holidays` a week in spring
and one in autumn are days off, and two Saturdays around each are worked instead (调休); days off
have 0.4 of a usual weekday, where the calendar says Sunday (0.5), so they are not quite like one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.metrics.baseline import HISTORY_DAYS, Day, Side, count_band
from analytics.metrics.spells import confidence_of, out_of_the_ordinary, spells

WEEK = (1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.5)
SUNDAY, MIDWEEK, DAY_OFF = 6, 2, 0.4
_YEAR, _QUARTER = 365, 365.25 / 4
_BEGINS = (120, 273)  # the days of the year on which the weeks off begin


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    mean: float
    series: int = 1
    dispersion: float | None = None
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """`alarms` in so many `days`, all of them false."""

    alarms: int
    days: int

    @property
    def per_quarter(self) -> float:
        return self.alarms / self.days * _QUARTER


def false_alarms(
    company: Company,
    *,
    chance: float,
    days: int,
    seed: int,
    sides: tuple[Side, ...] = (Side.ABOVE,),
) -> Rate:
    """Nothing happens for `days` days; how many spells begin all the same."""
    counts, kinds = _simulated(company, days + HISTORY_DAYS, np.random.default_rng(seed))
    marks: dict[int, list[tuple[bool, bool]]] = {at: [] for at in range(company.series)}
    for day in range(HISTORY_DAYS, days + HISTORY_DAYS):
        bands = {at: _band(counts[at], kinds, day, chance, sides) for at in marks}
        counting = out_of_the_ordinary(bands, sides, chance)
        for at, band in bands.items():
            marks[at].append((at in counting, band is not None and band.side in sides))
    return Rate(sum(len(spells(one)) for one in marks.values()), days)


def noticed(company: Company, *, chance: float, factor: float, times: int, seed: int) -> float:
    """The share (0..1) of days that have `factor` times as much of the first series and are
    noticed, out of `times`."""
    found = 0
    for at in range(times):
        draw = np.random.default_rng(seed + at)
        counts, kinds = _simulated(company, HISTORY_DAYS + 1 + at % 7, draw)
        last = len(kinds) - 1
        counts[0, last] = draw.poisson(company.mean * WEEK[last % 7] * factor)
        sides = (Side.ABOVE,)
        bands = {one: _band(counts[one], kinds, last, chance, sides) for one in range(len(counts))}
        found += 0 in out_of_the_ordinary(bands, sides, chance)
    return found / times


def _band(counts: Any, kinds: list[int], day: int, chance: float, sides: tuple[Side, ...]) -> Any:
    days = [Day(int(counts[at]), kinds[at]) for at in range(day - HISTORY_DAYS, day + 1)]
    return count_band(days[:-1], days[-1], confidence=confidence_of(chance, sides))


def _simulated(company: Company, days: int, draw: np.random.Generator) -> tuple[Any, list[int]]:
    """Counts by series and day, and the kinds of the days as the calendar has them."""
    rhythm = list(_rhythm(days, holidays=company.holidays))
    expected = company.mean * np.array([level for level, _kind in rhythm])
    rates = np.tile(expected, (company.series, 1))
    if company.dispersion:
        rates = draw.gamma(company.dispersion, rates / company.dispersion)
    return draw.poisson(rates), [kind for _level, kind in rhythm]


def _rhythm(days: int, *, holidays: bool) -> Iterator[tuple[float, int]]:
    """The level of each day, and what kind of day it is."""
    for at in range(days):
        weekday, since = at % 7, [at % _YEAR - begin for begin in _BEGINS]
        if holidays and any(0 <= one < 7 for one in since):
            yield DAY_OFF, SUNDAY
        elif holidays and weekday == SUNDAY - 1 and any(-7 <= one < 14 for one in since):
            yield WEEK[MIDWEEK], MIDWEEK
        else:
            yield WEEK[weekday], weekday
