from datetime import date, timedelta

import pytest

from analytics.charts.data import Step, TimeAxis
from analytics.charts.wording import write_position
from analytics.metrics.periods import Period, last_days

TODAY = date(2026, 11, 22)  # a Sunday


def test_thirty_days_end_today_and_are_compared_with_the_thirty_before():
    period = last_days(30, TODAY)

    assert (period.first, period.last, period.days) == (date(2026, 10, 24), TODAY, 30)
    assert period.before == Period(date(2026, 9, 24), date(2026, 10, 23))


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("days", [1, 7, 30, 90, 365, 800])
def test_the_buckets_are_exactly_the_period(days, step):
    period = last_days(days, TODAY)
    found = [
        one.first + timedelta(days=n) for one in period.buckets(step) for n in range(one.days)
    ]

    assert found == [period.first + timedelta(days=n) for n in range(days)]


def test_weeks_begin_on_monday_and_months_on_their_first():
    quarter = last_days(90, TODAY)

    assert all(one.first.weekday() == 0 for one in quarter.buckets(Step.WEEK)[1:])
    assert [one.first.day for one in quarter.buckets(Step.MONTH)][1:] == [1, 1, 1]


@pytest.mark.parametrize(
    ("days", "step", "broad"),
    [
        (7, Step.DAY, Step.DAY),
        (30, Step.DAY, Step.WEEK),
        (90, Step.WEEK, Step.WEEK),
        (365, Step.MONTH, Step.MONTH),
    ],
)
def test_longer_periods_are_cut_more_coarsely(days, step, broad):
    assert last_days(days, TODAY).step is step
    assert last_days(days, TODAY).broad_step is broad


def test_a_period_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Period(TODAY, TODAY - timedelta(days=1))


def test_a_month_that_was_cut_short_says_its_days():
    axis = TimeAxis(
        (date(2026, 9, 18), date(2026, 10, 1)),
        Step.MONTH,
        ends=(date(2026, 9, 30), date(2026, 10, 31)),
    )

    assert write_position(axis, 0) == "18–30 Sep 2026"
    assert write_position(axis, 1) == "October 2026"


def test_a_week_of_one_day_is_that_day():
    axis = TimeAxis((date(2026, 11, 22),), Step.WEEK, ends=(date(2026, 11, 22),))

    assert write_position(axis, 0) == "Sun 22 Nov 2026"


def test_an_axis_needs_an_end_for_each_position():
    with pytest.raises(ValueError, match="2 ends for 1 positions"):
        TimeAxis((TODAY,), Step.DAY, ends=(TODAY, TODAY))
