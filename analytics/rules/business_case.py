"""The business case of a measure as its page, its file and the API tell it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analytics.charts.data import Unit
from analytics.charts.wording import write_number
from analytics.enums import MoneyPeriod
from analytics.metrics.cost_benefit import (
    BusinessCase,
    Sensitivity,
    business_case,
    internal_rates,
    sensitivity,
)

A_YEAR = {MoneyPeriod.MONTH: 12, MoneyPeriod.QUARTER: 4, MoneyPeriod.YEAR: 1}
WEEKS = {period: 365.25 / 7 / a_year for period, a_year in A_YEAR.items()}


class NoRate(StrEnum):
    """Why there is no internal rate of return."""

    ONE_WAY = "one_way"
    NONE = "none"
    SEVERAL = "several"


WHY_NO_RATE: dict[NoRate, Promise] = {
    NoRate.ONE_WAY: gettext_lazy("undefined: money goes one way only"),
    NoRate.NONE: gettext_lazy("undefined: at no rate the present value is nothing"),
    NoRate.SEVERAL: gettext_lazy(
        "undefined: the sign changes more than once, so several rates fit"
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """`rate` and the internal rate are per year (0.08 is 8 %); paybacks in periods."""

    period: MoneyPeriod
    rate: float
    costs: tuple[float, ...]
    benefits: tuple[float, ...]
    result: BusinessCase
    swings: Sensitivity
    internal_rate: float | None
    no_rate: NoRate | None

    @property
    def flows(self) -> tuple[float, ...]:
        return tuple(gain - cost for cost, gain in zip(self.costs, self.benefits, strict=True))

    @property
    def pays(self) -> bool:
        return self.result.value >= 0


def case_of(
    costs: Sequence[float], benefits: Sequence[float], *, period: MoneyPeriod, yearly_rate: float
) -> Case:
    """`yearly_rate`: 0.08 is 8 % a year; a period of a month is discounted by its twelfth root."""
    a_year = A_YEAR[period]
    rate = (1 + yearly_rate) ** (1 / a_year) - 1
    result = business_case(costs, benefits, rate=rate)
    found = result.internal_rate
    yearly = (1 + found) ** a_year - 1 if found is not None else None
    return Case(
        period,
        yearly_rate,
        tuple(costs),
        tuple(benefits),
        result,
        sensitivity(costs, benefits, rate=rate),
        yearly,
        None if yearly is not None else _why_no_rate(costs, benefits),
    )


def _why_no_rate(costs: Sequence[float], benefits: Sequence[float]) -> NoRate:
    flows = [gain - cost for cost, gain in zip(costs, benefits, strict=True)]
    if min(flows, default=0) >= 0 or max(flows, default=0) <= 0:
        return NoRate.ONE_WAY
    return NoRate.SEVERAL if len(internal_rates(flows)) > 1 else NoRate.NONE


def saved_by(cases: float, share: float, cost_of_a_case: float) -> float:
    """What avoiding a `share` (0..1) of so many cases a period is worth in that period."""
    return round(cases * share * cost_of_a_case, 2)


def write_money(value: float, currency: str) -> str:
    """“CNY 1,200.50”; the code stands before the number in both languages."""
    return f"{currency} {write_number(round(value, 2) or 0.0, Unit.COUNT)}"


def write_rate(rate: float | None) -> str:
    return write_number(round(rate, 4), Unit.SHARE) if rate is not None else ""


def write_payback(periods: float | None, period: MoneyPeriod) -> str:
    """“7.5 months”, “at once”, “not within these periods”."""
    if periods is None:
        return _("not within these periods")
    if periods == 0:
        return _("at once")
    n = {"n": write_number(round(periods, 1), Unit.COUNT)}
    many = 1 if round(periods, 1) == 1 else 2
    match period:
        case MoneyPeriod.MONTH:
            return ngettext("%(n)s month", "%(n)s months", many) % n
        case MoneyPeriod.QUARTER:
            return ngettext("%(n)s quarter", "%(n)s quarters", many) % n
        case _:
            return ngettext("%(n)s year", "%(n)s years", many) % n


def case_sentence(case: Case, currency: str) -> str:
    """Whether it pays, in one sentence."""
    value = write_money(abs(case.result.value), currency)
    if not case.pays:
        return _("It does not pay: it loses %(value)s in today’s money.") % {"value": value}
    if case.swings.always_pays:
        return _(
            "It pays: it brings %(value)s in today’s money, and still pays when benefits are a "
            "fifth lower or costs a fifth higher."
        ) % {"value": value}  # fmt: skip
    share = case.swings.may_fall_short_by or 0.0
    return _(
        "It pays as assumed: it brings %(value)s in today’s money, but only while benefits fall "
        "short by less than %(share)s."
    ) % {"value": value, "share": write_rate(share)}  # fmt: skip


def period_name(at: int, period: MoneyPeriod) -> str:
    """“Today”, “Month 1” …"""
    if at == 0:
        return _("Today")
    match period:
        case MoneyPeriod.MONTH:
            return _("Month %(n)s") % {"n": at}
        case MoneyPeriod.QUARTER:
            return _("Quarter %(n)s") % {"n": at}
        case _:
            return _("Year %(n)s") % {"n": at}
