"""How far two people who looked at the same things agree."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from analytics.metrics.intervals import Estimate, wilson


@dataclass(frozen=True, slots=True)
class Agreement:
    """`share`: where both said the same, 0..1 with its interval. `kappa`: by how much that is
    more than chance would give, -1..1; None where both always said one and the same thing."""

    share: Estimate
    kappa: float | None

    @property
    def n(self) -> int:
        return self.share.n


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement | None:
    """Of what the first and the second said of each thing; None without pairs.

    Formula: κ = (pₒ - pₑ) / (1 - pₑ), pₒ the share on which both agree, pₑ = Σ over the answers of
    (share of the first) · (share of the second). Source: Cohen 1960, Educational and Psychological
    Measurement 20:37-46. 0 = as chance, 1 = always; 0.6 to 0.8 is commonly called good.
    """
    said = list(pairs)
    n = len(said)
    share = wilson(sum(first == second for first, second in said), n)
    if share is None:
        return None
    ones, others = (Counter(one[side] for one in said) for side in (0, 1))
    by_chance = sum(ones[answer] * others[answer] for answer in ones) / (n * n)
    kappa = None if by_chance == 1 else (share.value - by_chance) / (1 - by_chance)
    return Agreement(share, kappa)
