import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.durations import durations, percentile


def test_median_and_p90_of_ten_cases():
    # PostgreSQL: percentile_cont(0.5 / 0.9) within group (order by x) over 1..10
    result = durations([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])

    assert result.median == 5.5
    assert result.p90 == pytest.approx(9.1)
    assert result.n == 10


def test_one_forgotten_case_does_not_move_the_median():
    assert durations([60, 61, 62, 63, 9_000_000]).median == 62


def test_a_single_case_is_its_own_median_and_p90():
    result = durations([42.0])

    assert (result.median, result.p90, result.n) == (42.0, 42.0, 1)


def test_nothing_finished_is_unknown_and_not_zero():
    result = durations([])

    assert (result.median, result.p90, result.n) == (None, None, 0)


def test_an_unordered_list_is_refused():
    with pytest.raises(ValueError, match="ascending"):
        durations([2, 1])


def test_a_percentile_needs_values_and_a_share():
    with pytest.raises(ValueError, match="empty"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="share"):
        percentile([1], 90)


@given(
    st.lists(st.floats(0, 1e9), min_size=1).map(sorted),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_percentiles_rise_with_the_share_and_stay_inside(values, one, other):
    low, high = sorted((one, other))

    assert values[0] <= percentile(values, low) * (1 + 1e-12)
    assert percentile(values, low) <= percentile(values, high) * (1 + 1e-12)
    assert percentile(values, high) <= values[-1] * (1 + 1e-12)
