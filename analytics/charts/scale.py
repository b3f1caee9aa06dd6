"""From values to places: ticks that people can add up in their heads, and linear scales."""

import math
from dataclasses import dataclass

_LEVEL = 1e-9  # values closer than this are drawn as equal


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear: the value `low` lies at `start`, `high` at `end` (user units)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; values outside stay at the border."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)


def nice_step(span: float, count: int, *, whole: bool = False) -> float:
    """The smallest of 1, 2, 5 times a power of ten that cuts `span` into at most `count` steps.

    `whole` forbids steps under 1: half a message does not exist.
    """
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def nice_ticks(low: float, high: float, count: int, *, whole: bool = False) -> list[float]:
    """Ticks at multiples of a nice step, from at or below `low` to at or above `high`.

    There are at most `count` + 2 of them and at least two, also when all values are equal.
    """
    if high - low < _LEVEL:
        high = low + 1
    step = nice_step(high - low, count, whole=whole)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [_tidy(index * step, step) for index in range(first, last + 1)]


def ticks_within(low: float, high: float, count: int, *, whole: bool = False) -> list[float]:
    """Nice ticks of an axis whose ends are given: none lies outside."""
    inside = [
        tick
        for tick in nice_ticks(low, high, count, whole=whole)
        if low - 1e-9 <= tick <= high + 1e-9
    ]
    return inside or [low, high]


def _tidy(value: float, step: float) -> float:
    """0.6000000000000001 is 0.6."""
    return round(value, max(0, -math.floor(math.log10(step)) + 1)) + 0.0
