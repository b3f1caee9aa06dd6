from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.cost_benefit import (
    business_case,
    discounted_payback,
    internal_rate,
    internal_rate_on_days,
    internal_rates,
    modified_internal_rate,
    payback,
    present_value,
    present_value_on_days,
    sensitivity,
)

SHOP = [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500]
ON_DAYS = [
    (date(2008, 1, 1), -10_000),
    (date(2008, 3, 1), 2_750),
    (date(2008, 10, 30), 4_250),
    (date(2009, 2, 15), 3_250),
    (date(2009, 4, 1), 2_750),
]


def test_present_values_are_those_of_excels_and_numpys_examples():
    # Excel, NPV(): its function discounts the first flow as well
    assert present_value(0.1, [-10_000, 3_000, 4_200, 6_800]) / 1.1 == pytest.approx(
        1188.4434, abs=5e-5
    )
    assert present_value(0.08, SHOP) == pytest.approx(1922.0616, abs=5e-5)
    assert present_value(0.08, [*SHOP, -9_000]) == pytest.approx(-3749.4651, abs=5e-5)
    # the examples of numpy-financial
    assert present_value(0.281, [-100, 39, 59, 55, 20]) == pytest.approx(-0.0084785916)
    assert present_value(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]) == pytest.approx(
        3065.2226682
    )


def test_internal_rates_are_those_of_excels_examples():
    four_years = [-70_000, 12_000, 15_000, 18_000, 21_000]

    assert internal_rate(four_years) == pytest.approx(-0.021245, abs=5e-7)
    assert internal_rate([*four_years, 26_000]) == pytest.approx(0.086631, abs=5e-7)
    assert modified_internal_rate(
        [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], finance=0.1, reinvest=0.12
    ) == pytest.approx(0.126094, abs=5e-7)


def test_flows_on_any_days_are_those_of_excels_examples():
    assert present_value_on_days(0.09, ON_DAYS) == pytest.approx(2086.6476, abs=5e-5)
    assert internal_rate_on_days(ON_DAYS) == pytest.approx(0.373363, abs=5e-7)
    assert internal_rate_on_days([*ON_DAYS, (date(2009, 6, 1), -50)]) is None


def test_where_no_rate_or_several_answer_there_is_none():
    assert internal_rates([-100, 230, -132]) == pytest.approx((0.1, 0.2))
    assert internal_rate([-100, 230, -132]) is None
    assert internal_rate([100, 200]) is None
    assert internal_rate([-100, -5]) is None
    assert internal_rate([]) is None
    assert modified_internal_rate([5, 5], finance=0.1, reinvest=0.1) is None
    # an example of numpy-financial
    assert 0.0885983 in [round(rate, 7) for rate in internal_rates([-5, 10.5, 1, -8, 1])]


def test_money_is_back_between_two_periods():
    flows = [-10_000, 3_000, 4_200, 6_800]

    assert payback(flows) == pytest.approx(2.411765, abs=5e-7)
    assert discounted_payback(0.1, flows) == pytest.approx(2.744118, abs=5e-7)
    assert payback([-10_000, 3_000]) is None
    assert payback([0, 10]) == 0
    # what comes back and is lost again is not back
    assert payback([-10, 12, -5, 6]) == pytest.approx(2 + 3 / 6)


def test_a_case_says_what_it_costs_and_brings():
    case = business_case([10_000, 0, 0, 0], [0, 3_000, 4_200, 6_800], rate=0.1)

    assert case.value == pytest.approx(1188.4434 * 1.1, abs=5e-4)
    assert case.return_on_investment == pytest.approx(0.4)
    assert case.payback == pytest.approx(2.411765, abs=5e-7)
    assert business_case([0, 0], [5, 5], rate=0.1).return_on_investment is None
    with pytest.raises(ValueError, match="zero or more"):
        business_case([-1], [5], rate=0.1)
    with pytest.raises(ValueError, match="Each period"):
        business_case([1, 2], [5], rate=0.1)
    with pytest.raises(ValueError, match="-100 %"):
        business_case([1], [5], rate=-1)


def test_a_case_that_hardly_pays_falls_with_a_fifth_less():
    moved = sensitivity([100, 0], [0, 120], rate=0.1)

    assert moved.benefits_lower == pytest.approx(0.8 * 120 / 1.1 - 100)
    assert moved.costs_higher == pytest.approx(120 / 1.1 - 120)
    assert moved.may_fall_short_by == pytest.approx(1 - 100 / (120 / 1.1))
    assert not moved.always_pays
    assert sensitivity([100, 0], [0, 300], rate=0.1).always_pays
    assert sensitivity([100, 0], [0, 50], rate=0.1).may_fall_short_by is None


@given(
    st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=8),
    st.floats(-0.5, 2),
)
def test_at_an_internal_rate_nothing_is_left(flows, rate):
    for found in internal_rates(flows):
        scale = sum(abs(flow) / (1 + found) ** at for at, flow in enumerate(flows))
        assert present_value(found, flows) == pytest.approx(0, abs=1e-4 * scale)
    assert present_value(rate, [flows[0]]) == flows[0]
