"""Where measures may go, when owners are reminded, how severity is proposed, what scores are."""

from datetime import date, timedelta

import pytest

from analytics.enums import MeasureStatus, ScoreScheme
from analytics.rules.measures import Facts, Missing, Who, missing_for, reminds_today, steps_from
from analytics.rules.scoring import INPUTS, scored
from analytics.rules.severity import Shown, proposed_severity

S = MeasureStatus
LEAD, OWNER, WRITER, NOBODY = Who(True, True), Who(is_owner=True), Who(changes=True), Who()
ANY_STEP = (
    "proposed→approved,rejected approved→doing,proposed,rejected doing→done,approved,rejected"
    " done→verified,doing verified→done rejected→proposed"
)
READY = Facts(has_owner=True, has_due_day=True)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (LEAD, ANY_STEP),
        (OWNER, "approved→doing doing→done,approved done→doing"),
        (WRITER, "approved→doing doing→done,approved done→doing"),
        (NOBODY, ""),
    ],
)
def test_who_may_take_a_measure_where(who, expected):
    said = [f"{status}→{','.join(steps)}" for status in S if (steps := steps_from(status, who))]
    assert " ".join(said) == expected


@pytest.mark.parametrize(
    ("status", "to", "who", "facts", "missing"),
    [
        (S.PROPOSED, S.DONE, LEAD, READY, Missing.NO_SUCH_STEP),
        (S.PROPOSED, S.APPROVED, OWNER, READY, Missing.NOT_YOURS),
        (S.PROPOSED, S.APPROVED, LEAD, Facts(has_due_day=True), Missing.NO_OWNER),
        (S.PROPOSED, S.APPROVED, LEAD, Facts(has_owner=True), Missing.NO_DUE_DAY),
        (S.PROPOSED, S.APPROVED, LEAD, READY, None),
        (S.PROPOSED, S.REJECTED, LEAD, READY, Missing.NO_REASON),
        (S.PROPOSED, S.REJECTED, LEAD, Facts(reason=True), None),
        (S.DOING, S.DONE, OWNER, Facts(steps_left=1), Missing.STEPS_LEFT),
        (S.DOING, S.DONE, OWNER, Facts(), None),
        (S.DONE, S.VERIFIED, LEAD, READY, Missing.NO_EFFECT),
        (S.DONE, S.VERIFIED, LEAD, Facts(has_effect=True), None),
        (S.DONE, S.VERIFIED, LEAD, Facts(reason=True), None),
        (S.VERIFIED, S.DONE, LEAD, Facts(steps_left=1), Missing.NO_REASON),
    ],
)
def test_what_stands_in_the_way_of_a_step(status, to, who, facts, missing):
    assert missing_for(status, to, who, facts) == missing


def test_an_owner_is_reminded_before_the_day_after_it_and_then_every_week():
    due, reminded, days = date(2026, 3, 20), None, []
    for after in range(-10, 20):
        today = due + timedelta(days=after)
        if reminds_today(due, reminded, today):
            reminded = today
            days.append(after)

    assert days == [-3, 1, 8, 15]
    assert not reminds_today(None, None, due)


@pytest.mark.parametrize(
    ("shown", "severity"),
    [
        ([], None),
        ([Shown(9, 2)], 2),
        ([Shown(9, 2), Shown(3, 4, is_bad=True)], 5),  # a quarter of twelve
        ([Shown(10, 2), Shown(2, 4, is_bad=True)], 2),
        ([Shown(1, 4, is_bad=True)], 5),
        ([Shown(4, 1, is_bad=True), Shown(4, 1)], 2),
    ],
)
def test_a_problem_is_as_bad_as_the_worse_quarter_of_its_records(shown, severity):
    assert proposed_severity(shown) == severity


def test_each_scheme_is_scored_by_its_formula_and_severity_nine_comes_first():
    rice = {"reach": 400, "impact": 2, "confidence": 0.8, "effort": 4}
    assert scored(ScoreScheme.RICE, rice).value == 160
    assert scored(ScoreScheme.ICE, {"impact": 7, "confidence": 5, "ease": 4}).value == 140
    rare = scored(ScoreScheme.FMEA, {"severity": 9, "occurrence": 1, "detection": 2})
    assert (rare.value, rare.comes_first) == (18, True)
    often = scored(ScoreScheme.FMEA, {"severity": 8, "occurrence": 10, "detection": 10})
    assert (often.value, often.comes_first) == (800, False)


@pytest.mark.parametrize(
    ("scheme", "change"),
    [
        (ScoreScheme.RICE, {"effort": 0}),
        (ScoreScheme.RICE, {"confidence": 1.2}),
        (ScoreScheme.RICE, {"reach": 1e12}),
        (ScoreScheme.RICE, {"reach": float("nan")}),
        (ScoreScheme.ICE, {"ease": float("inf")}),
        (ScoreScheme.ICE, {"ease": 11}),
        (ScoreScheme.ICE, {"ease": 2.5}),
        (ScoreScheme.FMEA, {"more": 1}),
    ],
)
def test_what_lies_outside_a_scale_is_refused(scheme, change):
    with pytest.raises(ValueError, match=r"\."):
        scored(scheme, dict.fromkeys(INPUTS[scheme], 1) | change)
