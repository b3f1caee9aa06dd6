import numpy as np
import pytest

from analytics.metrics.baseline import Answers, Day, Side, count_band, mean_band

WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.6, 0.5])
SEED = 42


def days_of(counts):
    return [Day(int(count), at % 7) for at, count in enumerate(counts)]


def steady(mean, days=57):
    return [round(mean * WEEK[at % 7]) for at in range(days)]


def test_a_quiet_sunday_is_expected_and_a_quiet_monday_is_news():
    counts = steady(100)

    sunday = count_band(days_of(counts[:55]), Day(50, 6))
    monday = count_band(days_of(counts[:56]), Day(50, 0))

    assert sunday.side == Side.WITHIN
    assert sunday.expected == pytest.approx(50, abs=1)
    assert monday.side == Side.BELOW
    assert monday.expected == pytest.approx(120, abs=2)
    assert monday.deviation < -4


def test_a_day_twice_as_high_is_news_and_earlier_spikes_do_not_hide_it():
    counts = steady(100)
    counts[20] = counts[41] = 900

    band = count_band(days_of(counts[:-1]), Day(240, 0))

    assert band.side == Side.ABOVE
    assert band.low < band.expected < band.high < 240
    assert band.expected == pytest.approx(120, abs=5)


def test_a_figure_that_grows_is_expected_to_go_on_growing():
    counts = [50 + 2 * at for at in range(57)]

    assert count_band(days_of(counts[:-1]), days_of(counts)[-1]).side == Side.WITHIN
    assert count_band(days_of(counts[:-1]), Day(60, 0)).side == Side.BELOW


def test_three_records_where_there_are_none_are_no_news():
    nothing = [Day(0, at % 7) for at in range(56)]

    assert count_band(nothing, Day(3, 0)).side == Side.WITHIN
    assert count_band(nothing, Day(12, 0)).side == Side.ABOVE
    assert count_band(nothing[:20], Day(12, 0)) is None


def test_a_kind_of_day_that_is_new_has_the_level_of_all():
    band = count_band(days_of(steady(100)[:-1]), Day(100, "moved"))

    assert band.side == Side.WITHIN


def answers(share, n=100, days=57):
    return [Answers(n, share * n, share * n) for _ in range(days)]


def test_a_share_leaves_its_band_with_the_answers_of_one_day():
    usual = answers(0.1)

    assert mean_band(usual, Answers(100, 30, 30)).side == Side.ABOVE
    assert mean_band(usual, Answers(100, 15, 15)).side == Side.WITHIN
    assert mean_band(usual, Answers(10, 3, 3)).side == Side.WITHIN
    assert mean_band(answers(0.0), Answers(100, 3, 3)).side == Side.WITHIN
    assert mean_band(usual, Answers(0, 0, 0)) is None
    assert mean_band(answers(0.1, n=1), Answers(100, 30, 30)) is None


def test_a_mean_rating_leaves_its_band():
    usual = [Answers(40, 160, 680) for _ in range(56)]  # mean 4, variance 1

    assert mean_band(usual, Answers(40, 110, 340), scale=4).side == Side.BELOW
    assert mean_band(usual, Answers(40, 155, 640), scale=4).side == Side.WITHIN


@pytest.mark.parametrize(("mean", "dispersion"), [(3, None), (20, None), (20, 10), (200, 10)])
def test_of_a_thousand_ordinary_days_hardly_three_are_called_news(mean, dispersion):
    chance = np.random.default_rng(SEED)
    called = 0
    for _ in range(1_000):
        expected = mean * WEEK[np.arange(57) % 7]
        if dispersion:
            expected = chance.gamma(dispersion, expected / dispersion)
        days = days_of(chance.poisson(expected))
        called += count_band(days[:-1], days[-1]).side != Side.WITHIN

    assert called <= 3


@pytest.mark.parametrize(("share", "n"), [(0.02, 20), (0.1, 100), (0.5, 30)])
def test_of_a_thousand_ordinary_shares_hardly_three_are_called_news(share, n):
    chance = np.random.default_rng(SEED)
    called = 0
    for _ in range(1_000):
        sizes = chance.poisson(n, 57)
        hits = chance.binomial(sizes, share)
        days = [
            Answers(int(size), float(hit), float(hit))
            for size, hit in zip(sizes, hits, strict=True)
        ]
        band = mean_band(days[:-1], days[-1])
        called += band is not None and band.side != Side.WITHIN

    assert called <= 3
