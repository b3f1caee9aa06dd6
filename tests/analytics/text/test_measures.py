import numpy as np
import pytest

from analytics.text.calibration import (
    USUAL,
    temperature_of,
    thresholds_of,
    weights_of_shares,
)
from analytics.text.measures import (
    calibration_error,
    coverage,
    curve,
    figures,
    figures_of_several,
    of_drawn,
    threshold_for,
)

SURE = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4], [0.45, 0.55]])
TRUTH = np.array([0, 0, 1, 1, 1])


def test_figures_of_five_texts_by_hand():
    found = figures(SURE, TRUTH, ["bad", "good"])

    assert found["accuracy"] == pytest.approx(4 / 5)
    assert found["per_label"]["bad"] == pytest.approx(
        {"n": 2, "recall": 1, "precision": 2 / 3, "f1": 0.8}
    )
    assert found["per_label"]["good"]["recall"] == pytest.approx(2 / 3)
    assert found["macro_f1"] == pytest.approx(0.8)
    assert found["confused"] == [{"true": "good", "said": "bad", "n": 1}]
    assert found["ece"] == pytest.approx((0.1 + 0.2 + 0.3 + 0.6 + 0.45) / 5)


def test_coverage_is_what_can_go_without_a_look():
    found = coverage(SURE, TRUTH, (0.9, 0.8))

    assert found["90"] == pytest.approx({"coverage": 3 / 5, "threshold": 0.7})
    assert found["80"] == pytest.approx({"coverage": 1, "threshold": 0.55})
    assert coverage(SURE[3:4], TRUTH[3:4])["95"] == {"coverage": 0.0, "threshold": None}


def test_a_temperature_makes_scores_mean_what_they_say():
    generator = np.random.default_rng(4)
    scores = generator.normal(size=(3_000, 3)) * 2
    powers = np.exp(scores)
    chances = powers / powers.sum(axis=1, keepdims=True)
    truth = (chances.cumsum(axis=1) < generator.random((3_000, 1))).sum(axis=1)

    temperature = temperature_of(scores * 10, truth)

    assert temperature == pytest.approx(10, rel=0.1)
    assert calibration_error(chances, truth) < 0.03


def test_thresholds_of_several_labels_give_the_best_decisions():
    generator = np.random.default_rng(2)
    truth = generator.random((400, 1)) < 0.3
    probabilities = np.where(truth, 0.3, 0.1) + generator.random((400, 1)) * 0.05

    limits = thresholds_of(probabilities, truth)

    assert 0.15 < limits[0] < 0.3
    found = figures_of_several(probabilities, truth, limits, ["late"])
    assert found["micro_f1"] == pytest.approx(1)
    assert found["accuracy"] == pytest.approx(1)


def test_any_accuracy_that_is_asked_for_has_its_threshold():
    steps = curve(SURE, TRUTH)

    assert [step["coverage"] for step in steps] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1])
    assert [step["accuracy"] for step in steps] == pytest.approx([1, 1, 1, 3 / 4, 4 / 5])
    assert threshold_for(steps, 0.8) == pytest.approx(0.55)
    assert threshold_for(steps[:4], 0.9) == pytest.approx(0.7 - 0.1 * (0.1 / 0.25))
    assert threshold_for([{**steps[0], "accuracy": 0.5}], 0.9) is None


def test_few_texts_say_their_temperature_roughly_and_are_drawn_to_what_is_usual():
    generator = np.random.default_rng(3)
    truth = generator.integers(4, size=4_000)
    scores = generator.normal(0, 1, (4_000, 4))
    scores[np.arange(4_000), truth] += 1.5
    right = temperature_of(scores, truth)

    few = temperature_of(scores[:20], truth[:20])

    assert right == pytest.approx(0.67, abs=0.05)
    assert USUAL < few < 0.9 * right


def test_labels_that_are_common_in_the_backlog_count_more_but_not_endlessly():
    truth = np.array([0] * 20 + [1] * 20)
    said = np.array([0] * 990 + [1] * 10)

    weights = weights_of_shares(truth, said, 2)

    assert weights.mean() == pytest.approx(1)
    assert weights[0] / weights[-1] == pytest.approx(1.966 * 3, rel=0.01)


def test_what_was_drawn_at_random_has_its_share_above_the_threshold_of_all():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.45, 0.55]])
    whole = {"coverage": {"95": {"threshold": 0.8}, "98": {"threshold": None}}}
    found = of_drawn(probabilities, np.array([0, 1, 1, 1]), whole)
    assert found == {
        "n": 4,
        "accuracy": 0.75,
        "alone": {"95": {"coverage": 0.5, "accuracy": 0.5}},
    }
