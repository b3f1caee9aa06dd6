"""What the words of a clause say, and what clauses say together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from config.kernel.text.sentences import Clause


@dataclass(slots=True)
class Feeling:
    """One word with what it says here, after denial and strength; places of the normal form."""

    start: int
    end: int
    value: float
    denied: bool = False


@dataclass(slots=True)
class ClauseMood:
    """`value`: the sum of the feelings; `weight`: how much the clause counts in the text."""

    span: Clause
    value: float = 0.0
    weight: float = 1.0
    feelings: list[Feeling] = field(default_factory=list)
    turns: bool = False


def total(moods: Sequence[ClauseMood]) -> float:
    """What the clauses say together, some -6 to 6; a long text does not shout."""
    telling = [mood for mood in moods if mood.value]
    summed = sum(mood.value * mood.weight for mood in telling)
    return float(summed / max(1.0, len(telling)) ** 0.5)


def strongest(moods: Sequence[ClauseMood]) -> tuple[float, float]:
    """The sums of what pleases and of what does not, weighted: (>= 0, <= 0)."""
    good = sum(mood.value * mood.weight for mood in moods if mood.value > 0)
    bad = sum(mood.value * mood.weight for mood in moods if mood.value < 0)
    return good, bad
