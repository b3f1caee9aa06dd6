"""Against printed numbers, and against what must hold for every sample."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.intervals import (
    adjusted_wald,
    mean,
    mean_of_counts,
    normal_quantile,
    wilson,
)
from analytics.metrics.student import t_quantile, two_sided_p


@st.composite
def shares(draw):
    n = draw(st.integers(1, 100_000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # R: prop.test(45, 60, correct = FALSE), prop.test(0, 10, correct = FALSE)
        (45, 60, 0.62768, 0.84223),
        (0, 10, 0.0000, 0.27753),
    ],
)
def test_wilson_gives_the_published_intervals(hits, n, low, high):
    estimate = wilson(hits, n)

    assert estimate.value == hits / n
    assert estimate.low == pytest.approx(low, abs=5e-5)
    assert estimate.high == pytest.approx(high, abs=5e-5)


@given(shares())
def test_wilson_holds_the_share_and_stays_between_nothing_and_everything(share):
    estimate = wilson(*share)

    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(shares(), st.integers(2, 50))
def test_wilson_shrinks_when_the_same_share_rests_on_more_answers(share, times):
    hits, n = share
    few, many = wilson(hits, n), wilson(hits * times, n * times)

    assert many.high - many.low < few.high - few.low


@given(shares())
def test_wilson_treats_hits_and_misses_alike(share):
    hits, n = share

    assert wilson(hits, n).low == pytest.approx(1 - wilson(n - hits, n).high, abs=1e-12)


@given(shares())
def test_more_confidence_costs_a_wider_interval(share):
    usual, strict = wilson(*share), wilson(*share, confidence=0.99)

    assert strict.low <= usual.low
    assert strict.high >= usual.high


@st.composite
def gains_and_losses(draw):
    gains, losses, others = (draw(st.integers(0, 5000)) for _ in range(3))
    return gains, losses, max(1, gains + losses + others)


@given(gains_and_losses())
def test_adjusted_wald_holds_the_net_share_and_stays_on_the_scale(sample):
    gains, losses, n = sample
    estimate = adjusted_wald(gains, losses, n)

    assert estimate.value == (gains - losses) / n
    assert -1 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(gains_and_losses())
def test_adjusted_wald_mirrors_when_gains_and_losses_change_places(sample):
    gains, losses, n = sample
    there, back = adjusted_wald(gains, losses, n), adjusted_wald(losses, gains, n)

    assert there.low == pytest.approx(-back.high)


def test_no_answers_are_no_estimate():
    assert wilson(0, 0) is None
    assert adjusted_wald(0, 0, 0) is None
    assert mean([]) is None
    assert mean_of_counts({}) is None


@pytest.mark.parametrize(("hits", "n"), [(-1, 5), (6, 5)])
def test_a_part_that_is_no_part_is_refused(hits, n):
    with pytest.raises(ValueError, match="not a share"):
        wilson(hits, n)


def test_more_gains_and_losses_than_answers_are_refused():
    with pytest.raises(ValueError, match="not a share"):
        adjusted_wald(3, 3, 5)


def test_fewer_than_thirty_answers_are_called_small():
    assert wilson(20, 29).is_small
    assert not wilson(20, 30).is_small


def test_mean_of_the_extra_sleep_of_ten_patients():
    # Student 1908, second drug; R: t.test(sleep$extra[11:20]) prints 2.33, 0.898 to 3.762
    estimate = mean([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])

    assert estimate.value == pytest.approx(2.33)
    assert estimate.low == pytest.approx(0.8976775, abs=1e-6)
    assert estimate.high == pytest.approx(3.7623225, abs=1e-6)


def test_one_value_says_nothing_about_its_spread():
    estimate = mean([4])

    assert (estimate.value, estimate.low, estimate.high) == (4, -math.inf, math.inf)
    assert (estimate.clipped(1, 5).low, estimate.clipped(1, 5).high) == (1, 5)


@given(st.lists(st.integers(1, 7), min_size=2, max_size=200))
def test_counts_and_single_values_give_the_same_mean(values):
    counted = mean_of_counts({step: values.count(step) for step in range(1, 8)})
    listed = mean(values)

    assert counted.value == pytest.approx(listed.value)
    assert counted.low == pytest.approx(listed.low)
    assert counted.low <= counted.value <= counted.high


@pytest.mark.parametrize(
    ("df", "quantile"),
    [  # Printed t tables, 0.975 one-sided
        (1, 12.706),
        (2, 4.303),
        (3, 3.182),
        (4, 2.776),
        (9, 2.262),
        (30, 2.042),
        (60, 2.000),
        (120, 1.980),
    ],
)
def test_t_quantiles_are_those_of_the_printed_tables(df, quantile):
    assert t_quantile(0.95, df) == pytest.approx(quantile, abs=5e-4)


@pytest.mark.parametrize("t", [0.1, 1, 3, 20])
def test_t_with_one_and_two_degrees_of_freedom_has_a_closed_form(t):
    assert two_sided_p(t, 1) == pytest.approx(1 - 2 / math.pi * math.atan(t), abs=1e-12)
    assert two_sided_p(t, 2) == pytest.approx(1 - t / math.sqrt(2 + t * t), abs=1e-12)


def test_t_becomes_normal_with_many_degrees_of_freedom():
    assert t_quantile(0.95, 1e7) == pytest.approx(normal_quantile(0.95), abs=1e-6)


@given(st.floats(0.01, 0.999), st.floats(0.5, 5000))
def test_quantile_and_probability_undo_each_other(confidence, df):
    assert two_sided_p(t_quantile(confidence, df), df) == pytest.approx(1 - confidence, rel=1e-8)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_confidence_is_a_share_and_not_a_percentage(confidence):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        t_quantile(confidence, 5)
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        normal_quantile(confidence)


def test_there_is_no_t_without_degrees_of_freedom():
    with pytest.raises(ValueError, match="positive"):
        two_sided_p(1, 0)
