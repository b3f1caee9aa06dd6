"""Printed examples, and what must hold for every table."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.association import associate
from analytics.metrics.chi_square import tail

PARTY = [[762, 327, 468], [484, 239, 477]]  # Agresti 2007, page 39
# Of R's MASS::survey: smoking (heavy, never, occasionally, regularly) by exercise.
SMOKE = [[7, 1, 3], [87, 18, 84], [12, 3, 4], [9, 1, 7]]


def test_the_test_of_independence_gives_the_printed_figures():
    found = associate(PARTY)

    assert found.statistic == pytest.approx(30.070, abs=5e-4)
    assert found.df == 2
    assert found.p_value == pytest.approx(2.954e-7, rel=5e-4)
    assert found.v == pytest.approx(0.1044, abs=5e-5)
    assert found.residuals[0] == pytest.approx((4.502, 0.699, -5.316), abs=6e-4)
    assert found.residuals[1] == pytest.approx((-4.502, -0.699, 5.316), abs=6e-4)
    assert not found.is_thin


def test_thin_counts_are_warned_of():
    found = associate(SMOKE)

    assert (found.statistic, found.p_value, found.v) == pytest.approx(
        (5.4885, 0.4828, 0.108), abs=3e-4
    )
    assert found.df == 6
    assert found.is_thin


def test_an_empty_row_or_column_changes_nothing():
    with_gaps = [[762, 0, 327, 468], [0, 0, 0, 0], [484, 0, 239, 477]]

    found, plain = associate(with_gaps), associate(PARTY)

    assert (found.statistic, found.df) == (plain.statistic, plain.df)
    assert found.residuals[1] == (None,) * 4
    assert found.residuals[0][1] is None


@pytest.mark.parametrize("table", [[], [[]], [[3, 4]], [[3], [4]], [[0, 5], [0, 2]]])
def test_one_row_or_column_goes_with_nothing(table):
    assert associate(table) is None


@pytest.mark.parametrize("table", [[[1, -1], [2, 2]], [[1, 2], [3]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match=r"count|long"):
        associate(table)


@given(st.lists(st.lists(st.integers(1, 500), min_size=3, max_size=3), min_size=2, max_size=5))
def test_turning_the_table_changes_nothing_and_v_stays_between_0_and_1(table):
    found, turned = associate(table), associate(list(zip(*table, strict=True)))

    assert found.statistic == pytest.approx(turned.statistic, rel=1e-9, abs=1e-9)
    assert 0 <= found.v <= 1
    assert 0 <= found.p_value <= 1


@pytest.mark.parametrize(
    ("statistic", "df", "printed"),
    # The upper points that every table of the distribution prints.
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (18.307, 10, 0.05), (124.342, 100, 0.05)],
)
def test_the_tail_of_chi_square_is_that_of_the_tables(statistic, df, printed):
    assert tail(statistic, df) == pytest.approx(printed, abs=2e-5)


@given(st.floats(0.001, 500))
def test_with_two_degrees_of_freedom_the_tail_is_an_exponential(statistic):
    assert tail(statistic, 2) == pytest.approx(math.exp(-statistic / 2), rel=1e-9)
