"""How values and comparisons are made of sums, for several metrics each."""

from collections.abc import Callable

from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.ces import HIGHEST as CES_HIGHEST
from analytics.metrics.ces import LOWEST as CES_LOWEST
from analytics.metrics.ces import ces
from analytics.metrics.csat import HIGHEST, LOWEST, csat
from analytics.metrics.intervals import Estimate, mean_of_sums, wilson
from analytics.metrics.nps import HIGHEST as NPS_HIGHEST
from analytics.metrics.nps import LOWEST as NPS_LOWEST
from analytics.metrics.nps import Nps, nps
from analytics.metrics.spread import quantile_estimate
from analytics.metrics.trend import (
    Change,
    compare_means,
    compare_means_of_sums,
    compare_nps,
    compare_quantiles,
    compare_shares,
)

HOUR = 3600
Value = Callable[[Sums], Estimate | None]
Compare = Callable[[Sums, Sums], Change | None]

RATINGS = tuple(f"r{step}" for step in range(LOWEST, HIGHEST + 1))
EFFORTS = tuple(f"r{step}" for step in range(CES_LOWEST, CES_HIGHEST + 1))
CHANCES = tuple(f"r{step}" for step in range(NPS_LOWEST, NPS_HIGHEST + 1))


def number_of(name: str) -> Value:
    """A count of everything: there is always one."""
    return lambda sums: Estimate(sums[name], sums[name], sums[name], sums[name])


def share_of(hits: str, n: str) -> Value:
    return lambda sums: wilson(sums[hits], sums[n])


def shares_compared(hits: str, n: str) -> Compare:
    return lambda before, after: compare_shares(
        hits_before=before[hits], n_before=before[n], hits_after=after[hits], n_after=after[n]
    )


def satisfied(sums: Sums) -> Estimate | None:
    return csat(_ratings(sums)).share


def satisfied_compared(before: Sums, after: Sums) -> Change | None:
    first, second = csat(_ratings(before)), csat(_ratings(after))
    return compare_shares(
        hits_before=first.satisfied,
        n_before=first.n,
        hits_after=second.satisfied,
        n_after=second.n,
    )


def net_promoters(sums: Sums) -> Estimate | None:
    return _nps(sums).score


def promoters_compared(before: Sums, after: Sums) -> Change | None:
    return compare_nps(_nps(before), _nps(after))


def effort(sums: Sums) -> Estimate | None:
    return ces(_efforts(sums)).mean


def effort_compared(before: Sums, after: Sums) -> Change | None:
    return compare_means(_efforts(before), _efforts(after))


def mean_of(n: str, total: str, squares: str, lowest: float, highest: float) -> Value:
    def mean(sums: Sums) -> Estimate | None:
        found = mean_of_sums(sums[n], sums[total], sums[squares])
        return found.clipped(lowest, highest) if found else None

    return mean


def means_compared(n: str, total: str, squares: str) -> Compare:
    return lambda before, after: compare_means_of_sums(
        (before[n], before[total], before[squares]), (after[n], after[total], after[squares])
    )


def hours_at(share: float) -> Value:
    """A quantile of durations, in hours."""

    def hours(sums: Sums) -> Estimate | None:
        found = quantile_estimate(sums.cells, share)
        return found.scaled(1 / HOUR) if found else None

    return hours


def hours_compared(share: float) -> Compare:
    hours = hours_at(share)
    return lambda before, after: compare_quantiles(hours(before), hours(after))


def mean_age(sums: Sums) -> Estimate | None:
    """Of what stands: the moment less the mean of when each came, in hours. All of it is known,
    so it has no interval of its own."""
    n = sums["n"]
    if n <= 0:
        return None
    hours = (sums.at - sums["came"] / n) / HOUR
    return Estimate(hours, hours, hours, n)


def _ratings(sums: Sums) -> dict[int, int]:
    return sums.steps("r", LOWEST, HIGHEST)


def _efforts(sums: Sums) -> dict[int, int]:
    return sums.steps("r", CES_LOWEST, CES_HIGHEST)


def _nps(sums: Sums) -> Nps:
    return nps(sums.steps("r", NPS_LOWEST, NPS_HIGHEST))
