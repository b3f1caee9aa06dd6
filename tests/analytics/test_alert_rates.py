"""How often alerts are false, and whether they notice what is real: small seeded simulations. The
command `alert_rates` runs the same with more days, and docs/alerts.md has its figures."""

import numpy as np
import pytest

from analytics.charts.data import Unit
from analytics.metrics.alert_rates import Company, false_alarms, noticed
from analytics.metrics.baseline import Answers, Band, Side
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.contributions import parts_of_count, parts_of_mean, stands_out
from analytics.metrics.daily import WATCHABLE, DaySums, band_of
from analytics.metrics.spells import out_of_the_ordinary, spells

SEED = 20261123
QUARTER = 4 / 365.25


@pytest.mark.parametrize(
    "company",
    [
        Company("one", mean=8.0),
        Company("bursts", mean=30.0, dispersion=10.0, holidays=True),
        Company("many", mean=4.0, series=20),
    ],
    ids=lambda one: one.name,
)
def test_false_alarms_keep_to_what_the_sensitivity_says(company):
    found = false_alarms(company, chance=QUARTER, days=360, seed=SEED)

    assert found.per_quarter <= 2.0


def test_a_threefold_day_is_noticed_and_told_once():
    company = Company("spike", mean=10.0)

    assert noticed(company, chance=QUARTER, factor=3.0, times=40, seed=SEED) >= 0.9
    assert spells([(False, False), (True, True), (False, True), (True, True)]) == [1]


def test_a_spell_is_over_after_two_quiet_days_and_then_the_next_one_begins():
    loud, quiet = (True, True), (False, False)

    assert spells([loud, quiet, loud, quiet, quiet, loud]) == [0, 5]


def band(p, side=Side.ABOVE):
    deviation = 3.0 if side == Side.ABOVE else -3.0
    return Band(10, 5, 15, deviation, side, p)


def test_of_many_series_one_has_to_be_rarer_to_count():
    alone = {"a": band(0.015)}
    among = {"a": band(0.015), **{at: band(0.9, Side.WITHIN) for at in range(20)}}

    assert out_of_the_ordinary(alone, (Side.ABOVE,), QUARTER) == {"a"}
    assert out_of_the_ordinary(among, (Side.ABOVE,), QUARTER) == set()
    assert out_of_the_ordinary(alone, (Side.BELOW,), QUARTER) == set()


def test_the_parts_of_a_difference_add_up():
    counts = parts_of_count({"app": 30, "web": 12}, {"app": 100, "web": 100}, expected=20)
    now = {"app": Answers(30, 60, 0), "web": Answers(10, 40, 0)}
    before = {
        "app": Answers(100, 400, 0),
        "web": Answers(100, 400, 0),
        "shop": Answers(50, 100, 0),
    }
    means = parts_of_mean(now, before)

    assert [stands_out(one, 42, 20) for one in counts] == [True, False]
    assert counts[0].key == "app"
    assert counts[0].part == pytest.approx(20 / 22)
    assert sum(one.part for one in counts) == pytest.approx(1)
    assert sum(one.part for one in means) == pytest.approx(1)
    assert {one.key: one.usual for one in means}["shop"] == pytest.approx(2)


def sums_of(metric, chance):
    """A usual day of a metric, made of its sums."""
    counts = {name: int(chance.poisson(30)) for name in metric.needs}
    if metric.unit is Unit.SHARE and "n" in counts:
        counts["n"] = counts[metric.needs[0]] + int(chance.poisson(10))
    if "felt" in counts:
        counts |= {"felt": 40, "negative": int(chance.poisson(8)), "feeling": 0}
        counts["feeling_squared"] = 40 * 900
    cells = {int(cell): 1 for cell in chance.integers(400, 500, 40)} if metric.uses_cells else {}
    return Sums(counts, cells)


@pytest.mark.parametrize("key", WATCHABLE)
def test_every_metric_that_can_be_watched_has_a_band(key):
    chance, metric = np.random.default_rng(SEED), METRICS[key]
    days = [DaySums(sums_of(metric, chance), at % 7) for at in range(57)]

    found = band_of(metric, days[:-1], days[-1])

    assert found is not None
    assert found.low <= found.expected <= found.high
