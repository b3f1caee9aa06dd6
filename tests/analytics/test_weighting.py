"""Weights and reliability against published examples."""

import pytest

from analytics.metrics.reliability import cronbach_alpha
from analytics.metrics.weighting import CannotWeight, design_effect, effective_n, rake

PEOPLE = [
    {"sex": sex, "age": age}
    for sex, age, times in [
        ("f", "young", 30),
        ("f", "old", 10),
        ("m", "young", 40),
        ("m", "old", 20),
    ]
    for _one in range(times)
]


def test_the_effective_number_of_answers_is_that_of_kish():
    assert effective_n([1, 1, 2, 4]) == pytest.approx(2.9091, abs=5e-5)
    assert design_effect([1, 1, 2, 4]) == pytest.approx(4 / 2.9091, abs=5e-5)
    assert effective_n([]) == 0


def test_a_raked_sample_has_the_margins_and_as_many_people_as_before():
    margins = {"sex": {"f": 51, "m": 49}, "age": {"young": 0.6, "old": 0.4}}

    weighting = rake(PEOPLE, margins)

    assert weighting.has_settled
    assert sum(weighting.weights) == pytest.approx(100)
    for name, groups in {"sex": {"f": 0.51, "m": 0.49}, "age": margins["age"]}.items():
        for group, share in groups.items():
            met = sum(
                weight
                for person, weight in zip(PEOPLE, weighting.weights, strict=True)
                if person[name] == group
            )
            assert met / 100 == pytest.approx(share, abs=1e-6)


def test_weights_can_be_bounded():
    margins = {"sex": {"f": 0.95, "m": 0.05}}

    weights = rake(PEOPLE, margins, trim=2).weights

    assert max(weights) / min(weights) == pytest.approx(4)


@pytest.mark.parametrize(
    "groups", [{"f": 1, "m": 1, "x": 1}, {"f": 1}, {"f": 1, "m": 0}, {"f": -1, "m": 2}]
)
def test_margins_that_do_not_fit_the_sample_are_refused(groups):
    with pytest.raises(CannotWeight):
        rake(PEOPLE, {"sex": groups})


# Seven items by thirty departments: R's "attitude" (Chatterjee & Price 1977), whose rows are
# not kept here; the same check on a small table computed by hand.
ANSWERS = [[4, 5, 1], [2, 1, 5], [5, 4, 2], [3, 3, 3], [1, 2, 4]]


def test_an_item_worded_the_other_way_round_is_found_and_mended_by_turning_it():
    plain = cronbach_alpha(ANSWERS)
    turned = cronbach_alpha(ANSWERS, reversed_items=[2], scale=(1, 5))

    # Item variances 2.5 each. Sums 10, 8, 11, 9, 7 have 2.5; turned 14, 4, 13, 9, 5 have 20.5.
    assert plain.alpha == pytest.approx(3 / 2 * (1 - 7.5 / 2.5))
    assert plain.looks_reversed
    assert turned.alpha == pytest.approx(3 / 2 * (1 - 7.5 / 20.5))
    assert not turned.looks_reversed
    assert len(turned.without) == 3


def test_who_left_an_item_out_is_left_out():
    assert cronbach_alpha([*ANSWERS, [5, None, 5]]).n == 5


@pytest.mark.parametrize("rows", [[], [[1, 2]], [[1], [2]], [[3, 3], [3, 3]], [[None, 1]] * 3])
def test_without_people_items_or_spread_there_is_no_alpha(rows):
    assert cronbach_alpha(rows) is None


def test_turning_an_item_round_needs_a_scale():
    with pytest.raises(ValueError, match="scale"):
        cronbach_alpha(ANSWERS, reversed_items=[0])
