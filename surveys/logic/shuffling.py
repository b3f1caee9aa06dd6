"""Orders that follow from a seed, so that a page looks the same when it comes back.

Seed and key (the code of a question, of a page …) are mixed by FNV-1a (32 bit, over UTF-8); from
there mulberry32 (T. Ettinger's generator of 32 bits of state) gives numbers, and Fisher-Yates,
from the end, takes item floor(number · (i + 1) / 2^32) for place i. static/js/shuffle.js does the
same; vectors in tests/surveys/logic_vectors.json.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_BITS = 0xFFFFFFFF


def shuffled(
    items: Sequence[T],
    seed: int,
    key: str,
    is_fixed: Callable[[T], bool] = lambda item: False,
) -> list[T]:
    """`items` in the order of `seed` (any whole number, its last 32 bits count) and `key`; what
    `is_fixed` keeps its place, as “none of these” at the end."""
    numbers = _mulberry(_mixed(seed, key))
    free = [item for item in items if not is_fixed(item)]
    for last in range(len(free) - 1, 0, -1):
        at = next(numbers) * (last + 1) >> 32
        free[last], free[at] = free[at], free[last]
    order = iter(free)
    return [item if is_fixed(item) else next(order) for item in items]


def _mixed(seed: int, key: str) -> int:
    value = 0x811C9DC5 ^ (seed & _BITS)
    for byte in key.encode():
        value = (value ^ byte) * 0x01000193 & _BITS
    return value


def _mulberry(state: int) -> Iterator[int]:
    """Numbers from 0 to 2^32 - 1."""
    while True:
        state = state + 0x6D2B79F5 & _BITS
        mixed = (state ^ state >> 15) * (state | 1) & _BITS
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61)) & _BITS
        yield mixed ^ mixed >> 14
