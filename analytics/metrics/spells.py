"""Days that are out of the ordinary, put together to spells: one alert for each.

Many series. The probabilities of all series of a day are adjusted together (`discoveries`), and
what is left below `chance` counts. If nothing is out of the ordinary, a day raises an alert with
the probability `chance` at most, however many series are watched (Benjamini and Hochberg 1995:
there every discovery is false, so their share is the probability of one).

A spell begins with such a day, lasts while its series alone lies outside its band, and is over
after QUIET_DAYS days inside it.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from analytics.metrics.baseline import Band, Side
from analytics.metrics.discoveries import adjusted

QUIET_DAYS = 2
MUCH_WORSE = 2.0  # as far off as when it was told last

K = TypeVar("K", bound=Hashable)


def confidence_of(chance: float, sides: Iterable[Side]) -> float:
    """Of the two-sided band beyond which a day lies with the probability `chance` on the sides
    that are watched."""
    return 1 - chance if len(set(sides)) > 1 else 1 - 2 * chance


def out_of_the_ordinary(
    bands: Mapping[K, Band | None], sides: tuple[Side, ...], chance: float
) -> set[K]:
    """Of all series of a day, those that count. `bands` are of `confidence_of(chance, sides)`."""
    known = {key: band for key, band in bands.items() if band is not None}
    levels = adjusted([band.p_on(*sides) for band in known.values()])
    return {
        key
        for (key, band), level in zip(known.items(), levels, strict=True)
        if level <= chance and band.side in sides
    }


def spells(days: Iterable[tuple[bool, bool]]) -> list[int]:
    """At which days spells begin. `days` in order: (counts, lies outside its band)."""
    found, quiet, is_open = [], 0, False
    for at, (counts, outside) in enumerate(days):
        if is_open and (counts or outside):
            quiet = 0
        elif is_open:
            quiet += 1
            is_open = quiet < QUIET_DAYS
        elif counts:
            found.append(at)
            is_open, quiet = True, 0
    return found


def is_much_worse(off: float, told: float) -> bool:
    """Whether it is worth telling again: twice as far from what was expected."""
    return abs(off) >= MUCH_WORSE * abs(told) and abs(off) > abs(told)
