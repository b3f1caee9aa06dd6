"""CSAT, NPS, CES and the four satisfactions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.ces import ces
from analytics.metrics.csat import csat
from analytics.metrics.nps import nps, nps_of_groups
from analytics.metrics.satisfaction import Dimension, satisfaction


def counts_on(lowest, highest):
    return st.dictionaries(st.integers(lowest, highest), st.integers(0, 500))


def test_csat_is_the_share_of_fours_and_fives():
    result = csat({1: 5, 2: 4, 3: 6, 4: 20, 5: 25})

    assert result.n == 60
    assert result.satisfied == 45
    assert result.counts == (5, 4, 6, 20, 25)
    assert result.share.value == 0.75
    assert result.share.low == pytest.approx(0.62768, abs=5e-6)
    assert result.share.high == pytest.approx(0.84223, abs=5e-6)
    assert result.mean.value == pytest.approx((5 + 8 + 18 + 80 + 125) / 60)


def test_csat_without_answers_is_unknown_and_not_zero():
    result = csat({})

    assert result.share is None
    assert result.mean is None
    assert result.n == 0
    assert result.is_small


def test_csat_of_few_answers_is_marked_as_small():
    assert csat({5: 29}).is_small
    assert not csat({5: 30}).is_small


def test_a_single_answer_leaves_the_mean_open_over_the_whole_scale():
    assert (csat({4: 1}).mean.low, csat({4: 1}).mean.high) == (1, 5)


@pytest.mark.parametrize("metric", [csat, nps, ces])
def test_a_rating_from_another_scale_is_refused(metric):
    with pytest.raises(ValueError, match="not on the scale"):
        metric({11: 1})


@pytest.mark.parametrize("metric", [csat, nps, ces])
def test_a_negative_count_is_refused(metric):
    with pytest.raises(ValueError, match="negative"):
        metric({3: -1})


@given(counts_on(1, 5), counts_on(1, 5))
def test_two_groups_merge_by_their_counts(first, second):
    together = {step: first.get(step, 0) + second.get(step, 0) for step in range(1, 6)}

    assert csat(together).satisfied == csat(first).satisfied + csat(second).satisfied
    assert csat(together).n == csat(first).n + csat(second).n


@pytest.mark.parametrize(
    ("groups", "score", "low", "high"),
    [
        # Adjusted Wald by hand: 162.75/327, 54.75/327; 500.75/1003, 200.75/1003
        ((162, 108, 54), 33.333, 24.945, 41.110),
        ((500, 300, 200), 30.0, 25.077, 34.744),
    ],
)
def test_nps_with_its_interval(groups, score, low, high):
    promoters, passives, detractors = groups
    result = nps_of_groups(promoters=promoters, passives=passives, detractors=detractors)

    assert result.score.value == pytest.approx(score, abs=5e-4)
    assert result.score.low == pytest.approx(low, abs=5e-4)
    assert result.score.high == pytest.approx(high, abs=5e-4)


@pytest.mark.parametrize(
    ("groups", "variance", "error", "low", "high"),
    [
        ((162, 108, 54), 5 / 9, 4.141, 25.217, 41.449),  # a half, a third, a sixth of 324
        ((500, 300, 200), 0.61, 2.470, 25.159, 34.841),
    ],
)
def test_the_plain_interval_of_nps_is_the_published_one(groups, variance, error, low, high):
    promoters, passives, detractors = groups
    result = nps_of_groups(promoters=promoters, passives=passives, detractors=detractors)

    assert result.variance == pytest.approx(variance)
    assert result.standard_error == pytest.approx(error, abs=5e-4)
    assert (result.wald().low, result.wald().high) == pytest.approx((low, high), abs=5e-4)
    assert nps({}).wald() is None


def test_nps_sorts_ratings_into_its_three_groups():
    result = nps(dict.fromkeys(range(11), 1))

    assert (result.promoters, result.passives, result.detractors) == (2, 2, 7)
    assert result.score.value == pytest.approx(100 * (2 - 7) / 11)


def test_nps_without_answers_is_unknown():
    assert nps({}).score is None


def test_nps_refuses_a_negative_group():
    with pytest.raises(ValueError, match="fewer than no answers"):
        nps_of_groups(promoters=-1, passives=3, detractors=0)


@given(counts_on(0, 10))
def test_nps_stays_between_minus_and_plus_one_hundred(counts):
    result = nps(counts)

    if result.n:
        assert -100 <= result.score.low <= result.score.value <= result.score.high <= 100


def test_ces_states_the_mean_and_the_easy_share_apart():
    # A published worked example: 80, 210, 140, 110, 160, 180, 120 answers for 1 to 7
    result = ces({1: 80, 2: 210, 3: 140, 4: 110, 5: 160, 6: 180, 7: 120})

    assert result.mean.value == pytest.approx(4.08)
    assert result.easy.value == pytest.approx(0.46)
    assert result.index.value == pytest.approx(-13.0)
    assert result.n == 1000


@given(counts_on(1, 7))
def test_ces_stays_on_its_scale(counts):
    result = ces(counts)

    if result.n:
        assert 1 <= result.mean.low <= result.mean.value <= result.mean.high <= 7
    else:
        assert (result.mean, result.easy, result.index) == (None, None, None)


def test_each_satisfaction_rests_on_its_own_question():
    result = satisfaction(
        {
            Dimension.OVERALL: {5: 3, 1: 1},
            Dimension.FUNCTIONAL: {5: 1, 2: 1},
            Dimension.SERVICE: {4: 40},
        }
    )

    assert result.overall.share.value == 0.75
    assert result.functional.share.value == 0.5
    assert result.service.share.value == 1.0
    assert result.emotional.share is None
    assert [result.of(dimension).n for dimension in Dimension] == [4, 2, 40, 0]


def test_overall_is_never_computed_from_the_others():
    assert satisfaction({Dimension.SERVICE: {5: 100}}).overall.share is None
