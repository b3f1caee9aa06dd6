import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.nps import nps_of_groups
from analytics.metrics.trend import Direction, compare_means, compare_nps, compare_shares


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((0, 29), (5, 56), -0.0381, 0.1926),
    ],
)
def test_difference_of_shares_has_the_published_interval(before, after, low, high):
    change = compare_shares(
        hits_before=before[0], n_before=before[1], hits_after=after[0], n_after=after[1]
    )

    assert change.difference == pytest.approx(after[0] / after[1] - before[0] / before[1])
    assert change.low == pytest.approx(low, abs=5e-5)
    assert change.high == pytest.approx(high, abs=5e-5)


def test_p_value_is_that_of_pearson_without_continuity_correction():
    # Physicians' Health Study, aspirin: chi-square 25.0139, p 5.69e-07
    change = compare_shares(hits_before=189, n_before=11034, hits_after=104, n_after=11037)

    assert change.p_value == pytest.approx(5.69e-07, rel=1e-3)
    assert change.direction == Direction.DOWN


def test_a_change_that_may_be_chance_is_called_unclear():
    change = compare_shares(hits_before=15, n_before=20, hits_after=17, n_after=20)

    assert not change.is_significant
    assert change.is_small
    assert change.direction == Direction.UNCLEAR


def test_a_period_without_answers_cannot_be_compared():
    assert compare_shares(hits_before=0, n_before=0, hits_after=5, n_after=9) is None
    some = nps_of_groups(promoters=3, passives=2, detractors=1)
    none = nps_of_groups(promoters=0, passives=0, detractors=0)
    assert compare_nps(none, some) is None
    assert compare_nps(some, none) is None
    assert compare_means({5: 1}, {5: 9}) is None


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_changes_of_shares_hold_their_difference_and_mirror(hits, misses, more, less):
    n_before, n_after = hits + misses or 1, more + less or 1
    there = compare_shares(hits_before=hits, n_before=n_before, hits_after=more, n_after=n_after)
    back = compare_shares(hits_before=more, n_before=n_after, hits_after=hits, n_after=n_before)

    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert there.low == pytest.approx(-back.high)
    assert there.p_value == pytest.approx(back.p_value)
    assert 0 <= there.p_value <= 1


def test_two_net_promoter_scores_are_compared_in_points():
    before = nps_of_groups(promoters=400, passives=300, detractors=300)
    after = nps_of_groups(promoters=500, passives=300, detractors=200)

    change = compare_nps(before, after)

    # By hand: (0.699402 - 0.099701²) and (0.699402 - 0.299103²) over 1003: error 3.59933 points
    assert change.difference == pytest.approx(20)
    assert change.low == pytest.approx(20 - 1.959964 * 3.59933, abs=1e-3)
    assert change.direction == Direction.UP


def test_means_are_compared_by_welch():
    # scipy 1.17: ttest_ind([3, 3, 7, 7], [1, 2, 3, 4, 5], equal_var=False), df 5.130742
    change = compare_means({1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, {3: 2, 7: 2})

    assert change.difference == pytest.approx(2)
    assert change.low == pytest.approx(-1.4540760, abs=1e-6)
    assert change.high == pytest.approx(5.4540760, abs=1e-6)
    assert change.p_value == pytest.approx(0.1982369, abs=1e-6)
    assert change.direction == Direction.UNCLEAR


def test_unanimous_samples_leave_no_doubt():
    same = compare_means({5: 4}, {5: 9})
    different = compare_means({1: 4}, {5: 9})

    assert (same.p_value, same.direction) == (1.0, Direction.UNCLEAR)
    assert (different.p_value, different.direction) == (0.0, Direction.UP)


def test_all_or_none_on_both_sides_is_no_change():
    assert compare_shares(hits_before=9, n_before=9, hits_after=4, n_after=4).p_value == 1.0
