"""Metrics are made of sums; worked examples are those of the project's guide surveys.md, 5."""

from random import Random

import pytest

from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.durations import percentile
from analytics.metrics.spread import WIDTH, cell_of, quantile, quantile_estimate


def ratings(**counts: int) -> Sums:
    return Sums({"n": sum(counts.values()), **counts})


@pytest.mark.parametrize(
    ("key", "sums", "value", "low", "high", "digits"),
    [
        ("csat", ratings(r4=20, r5=25, r1=15), 0.75, 0.62768, 0.84223, 5),
        ("service", ratings(r1=10), 0.0, 0.0, 0.27753, 5),
        ("nps", ratings(r10=162, r8=108, r3=54), 33.333, 24.945, 41.110, 3),
        ("nps", ratings(r9=500, r7=300, r0=200), 30.0, 25.077, 34.744, 3),
        ("negative", Sums({"negative": 45, "felt": 60}), 0.75, 0.62768, 0.84223, 5),
        ("promises_kept", Sums({"kept": 0, "n": 10}), 0.0, 0.0, 0.27753, 5),
    ],
)
def test_a_metric_is_what_its_worked_example_says(key, sums, value, low, high, digits):
    found = METRICS[key].measured(sums)

    assert (round(found.value, digits), round(found.low, digits), round(found.high, digits)) == (
        pytest.approx((value, low, high), abs=0.5 * 10**-digits)
    )


def test_effort_is_the_mean_of_the_published_example():
    answers = ratings(r1=80, r2=210, r3=140, r4=110, r5=160, r6=180, r7=120)

    assert METRICS["ces"].measured(answers).value == 4.08


def test_groups_are_put_together_by_their_sums_and_not_by_their_means():
    small, large = ratings(r5=10), ratings(r1=60, r5=30)

    assert METRICS["csat"].measured(small + large).value == 0.4
    assert METRICS["csat"].measured(small).is_small
    assert not METRICS["csat"].measured(large).is_small


def test_what_nobody_said_is_unknown_and_not_zero():
    for key, metric in METRICS.items():
        found = metric.measured(Sums())
        assert found.value == (0 if key in {"volume", "answered", "solved", "backlog"} else None)


def test_the_age_of_a_backlog_is_the_mean_of_what_came_less_what_went():
    came, went = Sums({"n": 3, "came": 3_000_000}, at=1_007_200), Sums({"n": 1, "came": 1_000_000})

    assert METRICS["backlog_age"].measured(came - went).value == 2.0
    assert METRICS["backlog"].measured(came - went).value == 2


def test_a_change_of_a_duration_counts_when_its_interval_leaves_out_zero():
    quick = Sums({}, {cell_of(3600 + n): 1 for n in range(0, 3600, 36)})
    slow = Sums({}, {cell_of(7200 + n): 1 for n in range(0, 7200, 72)})
    change = METRICS["first_answer_time"].change(quick, slow)

    assert 1.4 < change.difference < 1.6
    assert change.is_significant
    assert change.p_value < 0.01
    assert METRICS["first_answer_time"].change(Sums(), slow) is None


def test_a_quantile_of_cells_is_in_the_cell_of_the_exact_one():
    dice = Random(1)
    for n in (1, 2, 7, 100, 3000):
        exact = sorted(dice.lognormvariate(9, 2) for _ in range(n))
        cells = {}
        for seconds in exact:
            cells[cell_of(seconds)] = cells.get(cell_of(seconds), 0) + 1
        for share in (0.0, 0.1, 0.5, 0.9, 1.0):
            found = quantile(cells, share)
            # Between two values that are far apart the exact one lies on the line between them.
            below = exact[int(share * (n - 1))]
            above = exact[min(int(share * (n - 1)) + 1, n - 1)]
            assert below / WIDTH <= found <= above * WIDTH
            if n == 3000 and 0 < share < 1:
                assert abs(found / percentile(exact, share) - 1) < WIDTH - 1


def test_the_interval_of_a_median_holds_it_as_often_as_it_says():
    dice, held = Random(2), 0
    for _ in range(400):
        cells = {}
        for _ in range(60):
            cell = cell_of(dice.expovariate(1 / 10_000))
            cells[cell] = cells.get(cell, 0) + 1
        found = quantile_estimate(cells, 0.5)
        held += found.low <= 6931.5 <= found.high
    assert 370 <= held <= 396
