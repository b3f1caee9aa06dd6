"""A business case as it is told: rates per year, words in both languages."""

import pytest
from django.utils.translation import override

from analytics.enums import MoneyPeriod
from analytics.rules.business_case import (
    NoRate,
    case_of,
    case_sentence,
    saved_by,
    write_money,
    write_payback,
)

YEAR, MONTH = MoneyPeriod.YEAR, MoneyPeriod.MONTH


def test_the_worked_example_of_the_guide_comes_out():
    # behaviour.md 4.5: numpy-financial npv(.08, [-40000, 5000, 8000, 12000, 30000]).
    case = case_of((40_000, 0, 0, 0, 0), (0, 5_000, 8_000, 12_000, 30_000), period=YEAR,
                   yearly_rate=0.08)  # fmt: skip
    assert case.result.value == pytest.approx(3065.2226682)
    assert case.flows == (-40_000, 5_000, 8_000, 12_000, 30_000)
    assert not case.swings.always_pays


def test_months_are_discounted_by_the_twelfth_root_and_told_per_year():
    case = case_of((1_000, *[0] * 12), (0, *[100] * 12), period=MONTH, yearly_rate=0.08)
    monthly = 1.08 ** (1 / 12)
    assert case.result.value == pytest.approx(sum(100 / monthly**n for n in range(1, 13)) - 1_000)
    assert case.internal_rate == pytest.approx((1 + case.result.internal_rate) ** 12 - 1)


@pytest.mark.parametrize(
    ("costs", "benefits", "why"),
    [
        ((100, 0), (0, 0), NoRate.ONE_WAY),
        ((100, 0, 132), (0, 230, 0), NoRate.SEVERAL),
        ((100, 0, 200), (0, 100, 0), NoRate.NONE),
    ],
)
def test_a_rate_that_is_undefined_says_why(costs, benefits, why):
    case = case_of(costs, benefits, period=YEAR, yearly_rate=0.08)
    assert (case.internal_rate, case.no_rate) == (None, why)


def test_it_is_said_in_both_languages():
    pays = case_of((100, 0), (0, 200), period=YEAR, yearly_rate=0.0)
    loses = case_of((100, 0), (0, 50), period=YEAR, yearly_rate=0.0)
    barely = case_of((100, 0), (0, 110), period=YEAR, yearly_rate=0.0)
    with override("en"):
        assert case_sentence(pays, "CNY").startswith("It pays: it brings CNY 100 in today’s money")
        assert case_sentence(loses, "CNY") == "It does not pay: it loses CNY 50 in today’s money."
        assert "fall short by less than 9.1%" in case_sentence(barely, "CNY")
        assert write_payback(7.54, MONTH) == "7.5 months"
        assert write_payback(None, YEAR) == "not within these periods"
    with override("zh-hans"):
        assert case_sentence(loses, "CNY") == "不划算：按现值计算亏损 CNY 50。"
        assert write_payback(7.54, MONTH) == "7.5 个月"
    assert write_money(-0.001, "CNY") == "CNY 0"
    assert saved_by(12.5, 0.4, 80) == 400
