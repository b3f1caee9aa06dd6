import pytest

from analytics.metrics.controlled import beyond
from analytics.metrics.interrupted import CannotTell, interrupted_counts, interrupted_mean
from analytics.metrics.trend import Direction, compare_shares

# 48 months, a measure after 24 of them; what comes out is what statsmodels 0.14 makes of them.
SCORES = [
    *(66.4, 68.0, 70.7, 73.1, 72.0, 69.5, 68.4, 71.3, 75.0, 73.4, 68.9, 67.7),
    *(73.3, 73.6, 68.2, 69.3, 69.2, 69.0, 70.1, 69.9, 72.3, 72.6, 70.9, 72.4),
    *(78.6, 74.5, 74.7, 75.3, 76.5, 75.6, 77.3, 79.1, 78.9, 77.5, 78.4, 78.1),
    *(77.2, 80.4, 80.1, 83.4, 85.6, 80.1, 81.7, 82.1, 83.1, 84.9, 81.3, 82.7),
]
COMPLAINTS = [
    *(54, 55, 71, 77, 52, 58, 46, 50, 48, 38, 50, 57),
    *(48, 35, 68, 51, 65, 60, 50, 47, 44, 68, 38, 72),
    *(25, 53, 69, 56, 85, 86, 35, 52, 71, 37, 48, 22),
    *(23, 73, 67, 52, 61, 88, 46, 48, 46, 59, 33, 25),
]
CUSTOMERS = [1_000 + 5 * month for month in range(48)]


def test_a_score_jumps_and_climbs_as_newey_and_west_would_say():
    found = interrupted_mean(SCORES, 24)

    assert found.level.value == pytest.approx(3.744145, abs=5e-7)
    assert (found.level.low, found.level.high) == pytest.approx((1.901149, 5.587141), abs=5e-7)
    assert found.level.p_value == pytest.approx(0.00017829, abs=5e-9)
    assert found.slope.value == pytest.approx(0.3158696, abs=5e-8)
    assert (found.slope.low, found.slope.high) == pytest.approx((0.1551737, 0.4765654), abs=5e-8)
    assert found.durbin_watson == pytest.approx(1.4356765, abs=5e-8)
    assert (found.n_before, found.n_after) == (24, 24)
    assert found.level.is_significant
    assert len(found.without) == 24
    assert found.fitted[24] - found.without[0] == pytest.approx(found.level.value)


@pytest.mark.parametrize(
    ("season", "with_slope", "level", "low", "high", "dispersion"),
    [
        (None, True, 1.1095704, 0.7851853, 1.5679694, 5.0595426),
        (12, False, 0.9874138, 0.7011124, 1.3906274, 4.0895561),
        (12, True, 0.9838994, 0.6986881, 1.3855365, 4.1426285),
    ],
)
def test_complaints_per_customer_change_as_a_quasi_poisson_would_say(
    season, with_slope, level, low, high, dispersion
):
    found = interrupted_counts(
        COMPLAINTS, 24, exposure=CUSTOMERS, season=season, with_slope=with_slope
    )

    assert found.level.value == pytest.approx(level, abs=5e-7)
    assert (found.level.low, found.level.high) == pytest.approx((low, high), abs=5e-7)
    assert found.dispersion == pytest.approx(dispersion, abs=5e-7)
    assert found.fitted[24] / found.without[0] == pytest.approx(found.level.value)


def test_a_series_that_cannot_carry_the_question_is_refused_with_the_reason():
    with pytest.raises(CannotTell, match="7 periods before and 41 after"):
        interrupted_mean(SCORES, 7)
    with pytest.raises(CannotTell, match="24 are needed to tell a season"):
        interrupted_counts(COMPLAINTS[:20], 10, season=12)
    with pytest.raises(CannotTell, match="Nothing was counted"):
        interrupted_counts([0] * 20, 10)
    with pytest.raises(CannotTell, match="one side has nothing but zeros"):
        interrupted_counts([0] * 10 + [5, 4, 6] * 4, 10)
    with pytest.raises(ValueError, match="zero or more"):
        interrupted_counts([-1] * 20, 10)


def test_a_level_series_has_no_effect_and_no_doubt():
    found = interrupted_mean([5.0] * 20, 10)

    assert found.level.value == pytest.approx(0, abs=1e-9)
    assert found.durbin_watson == 2


def test_what_the_others_gained_too_is_not_counted_as_effect():
    treated = compare_shares(hits_before=300, n_before=500, hits_after=400, n_after=500)
    untouched = compare_shares(hits_before=310, n_before=500, hits_after=400, n_after=500)
    still = compare_shares(hits_before=310, n_before=500, hits_after=310, n_after=500)

    assert beyond(treated, untouched).difference == pytest.approx(0.02)
    assert beyond(treated, untouched).direction == Direction.UNCLEAR
    assert beyond(treated, still).direction == Direction.UP
    assert beyond(treated, still).p_value < 0.001
    # two independent changes together are as uncertain as the root of their squares
    wide = beyond(treated, still)
    assert wide.high - wide.low == pytest.approx(
        ((treated.high - treated.low) ** 2 + (still.high - still.low) ** 2) ** 0.5, rel=1e-3
    )
