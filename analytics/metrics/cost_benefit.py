"""Whether a measure pays: money that goes out and comes in over equal periods.

Flows are numbers in one currency, one per period, the first of them today (period 0) and not
discounted; money going out is negative. Rates are per period: 0.08 is 8 %. Excel's NPV() discounts
the first value too, so its result is ours divided by 1 + rate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import accumulate, pairwise

import numpy as np

SENSITIVITY = 0.2  # by which costs and benefits are moved to see whether the answer stays
DAYS_A_YEAR = 365
_LOWEST_RATE, _HIGHEST_RATE = -0.9999, 1_000.0
_REAL = 1e-6  # imaginary part below which a root counts as a number


def present_value(rate: float, flows: Sequence[float]) -> float:
    """Net present value: Σ flow_t / (1 + rate)^t with t from 0. ValueError for rate <= -1."""
    _ensure_rate(rate)
    return math.fsum(flow / (1 + rate) ** period for period, flow in enumerate(flows))


def internal_rates(flows: Sequence[float]) -> tuple[float, ...]:
    """All rates above -100 % at which the present value is nothing, from low to high.

    They are the real roots of the polynomial in 1 / (1 + rate) (numpy.roots); flows that never
    change sign have none, flows that change it more than once may have several.
    """
    used = [float(flow) for flow in flows]
    while used and used[-1] == 0:
        used.pop()
    if len(used) < 2 or min(used) >= 0 or max(used) <= 0:
        return ()
    roots = np.roots(used[::-1])
    real = [
        1 / root.real - 1
        for root in roots
        if abs(root.imag) < _REAL * max(1.0, abs(root)) and root.real > 0
    ]
    return tuple(sorted({round(rate, 12) for rate in real}))


def internal_rate(flows: Sequence[float]) -> float | None:
    """The internal rate of return; None where there is no such rate, or more than one, because
    then none of them says whether the measure pays."""
    rates = internal_rates(flows)
    return rates[0] if len(rates) == 1 else None


def modified_internal_rate(
    flows: Sequence[float], *, finance: float, reinvest: float
) -> float | None:
    """The rate at which what was paid (discounted with `finance`) grows to what came back
    (reinvested with `reinvest`): one answer also where the internal rate has several. None
    unless money goes both ways."""
    _ensure_rate(finance)
    _ensure_rate(reinvest)
    last = len(flows) - 1
    paid = math.fsum(min(flow, 0) / (1 + finance) ** at for at, flow in enumerate(flows))
    back = math.fsum(max(flow, 0) * (1 + reinvest) ** (last - at) for at, flow in enumerate(flows))
    if last < 1 or paid == 0 or back == 0:
        return None
    return float((back / -paid) ** (1 / last) - 1)


def present_value_on_days(rate: float, flows: Sequence[tuple[date, float]]) -> float:
    """`present_value` of flows on any days, `rate` per year of 365 days, as of the first of
    them."""
    _ensure_rate(rate)
    first = flows[0][0]
    return math.fsum(
        flow / (1 + rate) ** ((day - first).days / DAYS_A_YEAR) for day, flow in flows
    )


def internal_rate_on_days(flows: Sequence[tuple[date, float]]) -> float | None:
    """The yearly rate at which `present_value_on_days` is nothing, found by bisection; None unless
    the flows change sign once, so that there is just one."""
    signs = [flow > 0 for _, flow in sorted(flows) if flow]
    if sum(one != two for one, two in pairwise(signs)) != 1:
        return None
    value = partial(present_value_on_days, flows=sorted(flows))
    low, high = _LOWEST_RATE, _HIGHEST_RATE
    if (value(low) > 0) == (value(high) > 0):
        return None
    for _ in range(200):
        middle = (low + high) / 2
        if (value(middle) > 0) == (value(low) > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def payback(flows: Sequence[float]) -> float | None:
    """Periods until what went out has come back, between two periods by straight line (11 months
    and a half of even income: 11.5); None if it never does, 0 if nothing was ever missing."""
    totals = list(accumulate(flows))
    if not totals:
        return None
    missing = [period for period, total in enumerate(totals) if total < 0]
    if not missing:
        return 0.0
    last = missing[-1]
    if last == len(totals) - 1:
        return None
    return last - totals[last] / flows[last + 1]


def discounted_payback(rate: float, flows: Sequence[float]) -> float | None:
    """`payback` of the flows at what they are worth today."""
    _ensure_rate(rate)
    return payback([flow / (1 + rate) ** period for period, flow in enumerate(flows)])


@dataclass(frozen=True, slots=True)
class BusinessCase:
    """What a measure costs and brings. Money in the currency of the flows; `return_on_investment`
    1.0 means that it brings twice what it costs; rates per period; paybacks in periods. None
    stands for what has no answer."""

    value: float
    cost: float
    benefit: float
    return_on_investment: float | None
    internal_rate: float | None
    payback: float | None
    discounted_payback: float | None


def business_case(
    costs: Sequence[float], benefits: Sequence[float], *, rate: float
) -> BusinessCase:
    """The case for `costs` and `benefits`, both zero or more, one each per period from today on.

    ROI = (Σ benefits - Σ costs) / Σ costs, not discounted. ValueError for a negative number or
    unequal lengths.
    """
    if len(costs) != len(benefits):
        raise ValueError("Each period has a cost and a benefit.")
    if min((*costs, *benefits), default=0) < 0:
        raise ValueError("Costs and benefits are zero or more.")
    flows = [benefit - cost for cost, benefit in zip(costs, benefits, strict=True)]
    cost, benefit = math.fsum(costs), math.fsum(benefits)
    return BusinessCase(
        value=present_value(rate, flows),
        cost=cost,
        benefit=benefit,
        return_on_investment=(benefit - cost) / cost if cost else None,
        internal_rate=internal_rate(flows),
        payback=payback(flows),
        discounted_payback=discounted_payback(rate, flows),
    )


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The present value when benefits or costs come out otherwise than thought."""

    benefits_lower: float
    benefits_higher: float
    costs_lower: float
    costs_higher: float
    # The share by which benefits may fall short, 0..1, before the measure no longer pays; None
    # where it does not pay anyhow or has no benefits.
    may_fall_short_by: float | None

    @property
    def always_pays(self) -> bool:
        """In none of the four cases money is lost."""
        return (
            min(self.benefits_lower, self.benefits_higher, self.costs_lower, self.costs_higher)
            >= 0
        )


def sensitivity(
    costs: Sequence[float], benefits: Sequence[float], *, rate: float, by: float = SENSITIVITY
) -> Sensitivity:
    """The present value with benefits and then costs moved by ± `by` (a share, 0.2 being the
    usual one)."""
    spent, gained = present_value(rate, costs), present_value(rate, benefits)
    return Sensitivity(
        benefits_lower=gained * (1 - by) - spent,
        benefits_higher=gained * (1 + by) - spent,
        costs_lower=gained - spent * (1 - by),
        costs_higher=gained - spent * (1 + by),
        may_fall_short_by=1 - spent / gained if gained and gained >= spent else None,
    )


def _ensure_rate(rate: float) -> None:
    if rate <= -1:
        raise ValueError("A rate is above -100 %.")
