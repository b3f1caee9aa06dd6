"""Which columns stand above which others."""

import pytest

from analytics.metrics.column_letters import (
    Column,
    Mean,
    letter_of,
    mean_letters,
    share_letters,
    share_statistic,
)

# Admissions to Berkeley's six departments in 1973 (Bickel, Hammel, O'Connell): of men and women.
ADMITTED = [(601, 933), (370, 585), (322, 918), (269, 792), (147, 584), (46, 714)]
DEPARTMENTS = [Column(hits, base, base) for hits, base in ADMITTED]


def test_a_column_bears_the_letters_of_those_below_it():
    assert share_letters(DEPARTMENTS) == ["C D E F", "C D E F", "E F", "E F", "F", ""]


def test_the_statistic_pools_the_share_of_both_columns():
    one, two = DEPARTMENTS[:2]
    pooled = (601 + 370) / (933 + 585)
    by_hand = (601 / 933 - 370 / 585) / (pooled * (1 - pooled) * (1 / 933 + 1 / 585)) ** 0.5

    assert share_statistic(one, two) == pytest.approx(by_hand)


def test_bonferroni_asks_for_more():
    close = [Column(60, 100, 100), Column(46, 100, 100), Column(50, 100, 100)]

    assert share_letters(close) == ["B", "", ""]
    assert share_letters(close, bonferroni=True) == ["", "", ""]


def test_weights_that_differ_leave_less_to_go_by():
    evenly, unevenly = (
        [Column(60, 100, 100), Column(40, 100, 100)],
        [
            Column(60, 100, 40),
            Column(40, 100, 40),
        ],
    )

    assert share_letters(evenly) == ["B", ""]
    assert share_letters(unevenly) == ["", ""]


@pytest.mark.parametrize("other", [Column(0, 200, 200), Column(1, 29, 29)])
def test_an_empty_cell_and_a_small_base_take_no_part(other):
    assert share_letters([Column(150, 200, 200), other]) == ["", ""]


def test_means_are_told_apart_by_their_spread():
    high, low, vague = Mean(4.2, 0.8, 120), Mean(3.8, 0.9, 110), Mean(3.8, 9.0, 31)

    assert mean_letters([high, low, vague]) == ["B", "", ""]


def test_means_without_any_spread_differ_when_they_differ():
    assert mean_letters([Mean(5, 0, 40), Mean(4, 0, 40), Mean(5, 0, 40)]) == ["B", "", "B"]


@pytest.mark.parametrize(("column", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (53, "BB")])
def test_letters_go_on_after_z(column, letter):
    assert letter_of(column) == letter
