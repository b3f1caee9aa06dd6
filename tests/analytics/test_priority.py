import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.pareto import pareto
from analytics.metrics.priority import (
    Zone,
    comes_first,
    ice,
    level_of_reach,
    rice,
    risk_number,
    zone,
)


def test_rice_scores_are_those_of_intercoms_examples():
    assert rice(reach=500, impact=3, confidence=0.5, effort=1) == 750
    assert rice(reach=500, impact=2, confidence=0.5, effort=1) == 500
    assert rice(reach=500, impact=2, confidence=0.8, effort=1) == 800
    assert rice(reach=100, impact=3, confidence=0.8, effort=1) == 240


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"effort": 0}, "Effort"),
        ({"confidence": 1.2}, "Confidence"),
        ({"impact": 4}, "Impact"),
        ({"reach": -1}, "Reach"),
    ],
)
def test_what_is_off_the_scale_has_no_score(changed, words):
    values = {"reach": 500, "impact": 3, "confidence": 0.5, "effort": 1, **changed}

    with pytest.raises(ValueError, match=words):
        rice(**values)


def test_a_severe_fault_comes_first_however_rare_it_is():
    severe = {"severity": 9, "occurrence": 1, "detection": 2}
    often = {"severity": 3, "occurrence": 9, "detection": 8}

    assert risk_number(**severe) == 18 < risk_number(**often) == 216
    assert comes_first(9)
    assert not comes_first(3)
    assert ice(impact=8, confidence=5, ease=10) == 400
    with pytest.raises(ValueError, match="from 1 to 10"):
        ice(impact=0, confidence=5, ease=10)


def test_the_matrix_knows_four_zones():
    assert zone(1, 3) == Zone.LOW
    assert zone(2, 2) == Zone.MEDIUM
    assert zone(4, 2) == Zone.HIGH
    assert zone(5, 1) == Zone.HIGH
    assert zone(3, 5) == Zone.CRITICAL
    with pytest.raises(ValueError, match="from 1 to 5"):
        zone(6, 1)
    assert [level_of_reach(people, 1_000) for people in (0, 9, 10, 60, 240, 250)] == [
        1,
        1,
        2,
        3,
        4,
        5,
    ]
    assert level_of_reach(5, 0) == 1


def test_the_vital_few_make_up_four_fifths_and_the_rest_stands_last():
    causes = pareto({"other": 30, "late": 50, "broken": 10, "rude": 10, "none": 0}, last="other")

    assert [cause.name for cause in causes] == ["late", "broken", "rude", "other"]
    assert [cause.together for cause in causes] == pytest.approx([0.5, 0.6, 0.7, 1.0])
    assert [cause.is_vital for cause in causes] == [True, True, True, False]
    assert [cause.is_vital for cause in pareto({"a": 80, "b": 15, "c": 5})] == [True, False, False]
    assert pareto({}) == []
    with pytest.raises(ValueError, match="zero or more"):
        pareto({"a": -1})


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 1_000), max_size=12))
def test_shares_make_up_the_whole(amounts):
    causes = pareto(amounts)

    assert sum(cause.amount for cause in causes) == sum(amounts.values())
    if causes:
        assert causes[-1].together == pytest.approx(1)
        vital = sum(cause.share for cause in causes if cause.is_vital)
        assert vital >= 0.8 - 1e-9
