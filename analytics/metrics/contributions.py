"""What moved a figure: how much of the difference from the usual each value of a dimension makes.

Counts. Usual is what was expected of the whole, shared out as the days before were. A value makes
the part (now - usual) / (sum of all now - expected).

What grew no more than the whole did moved nothing: `stands_out` says which values did.

Shares and means. With weights w (share of the answers) and means x now, and w', x' before, the
difference of the whole is the sum of w·(x - m) - w'·(x' - m) over all values, m the mean of all
answers before: exactly, for the weights add up to one. So a value counts that became worse, and
one that is bad and became more frequent.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from analytics.metrics.baseline import Answers

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part(Generic[K]):
    """`now` and `usual` in the unit of the figure (None: no answers), `part` of the whole
    difference (1 = all of it; others may work against it)."""

    key: K
    now: float | None
    usual: float | None
    part: float


def parts_of_count(
    now: Mapping[K, int], before: Mapping[K, int], expected: float
) -> list[Part[K]]:
    """The largest part first."""
    whole, difference = sum(before.values()), sum(now.values()) - expected
    if not difference:
        return []
    found = []
    for key in now.keys() | before.keys():
        usual = expected * before.get(key, 0) / whole if whole else 0.0
        found.append(Part(key, now.get(key, 0), usual, (now.get(key, 0) - usual) / difference))
    return _ordered(found)


def stands_out(part: Part[K], value: float, expected: float) -> bool:
    """Of a count: whether it differs from its usual by at least a quarter more than the whole,
    which is `value` where `expected` was."""
    if part.now is None or part.usual is None or not expected:
        return True
    grown = abs(value - expected) / expected
    return abs(part.now - part.usual) >= 1.25 * grown * part.usual


def parts_of_mean(now: Mapping[K, Answers], before: Mapping[K, Answers]) -> list[Part[K]]:
    """The largest part first; none without answers now or before, or without a difference."""
    n = sum(one.n for one in now.values())
    n_before = sum(one.n for one in before.values())
    if not (n and n_before):
        return []
    mean = sum(one.total for one in before.values()) / n_before
    difference = sum(one.total for one in now.values()) / n - mean
    if not difference:
        return []
    nothing, found = Answers(0, 0.0, 0.0), []
    for key in now.keys() | before.keys():
        here, there = now.get(key, nothing), before.get(key, nothing)
        moved = (here.total - here.n * mean) / n - (there.total - there.n * mean) / n_before
        found.append(Part(key, _mean(here), _mean(there), moved / difference))
    return _ordered(found)


def _mean(one: Answers) -> float | None:
    return one.total / one.n if one.n else None


def _ordered(found: list[Part[K]]) -> list[Part[K]]:
    return sorted(found, key=lambda one: (-one.part, str(one.key)))
