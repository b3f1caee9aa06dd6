"""Against printed tables, and against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.sampling import krejcie_morgan, margin_of_error, plan_sample, sample_size


@pytest.mark.parametrize(
    ("n", "population", "margin"), [(1000, None, 0.03099), (400, 2000, 0.04384)]
)
def test_a_margin_of_error_is_the_published_one(n, population, margin):
    assert margin_of_error(n, population=population) == pytest.approx(margin, abs=5e-6)


@pytest.mark.parametrize(
    ("population", "printed"),
    [(100, 80), (200, 132), (500, 217), (1000, 278), (5000, 357), (10_000, 370), (75_000, 382)],
)
def test_the_table_of_krejcie_and_morgan_comes_out_as_printed(population, printed):
    assert krejcie_morgan(population) == printed


@given(st.integers(2, 200), st.integers(2, 10**7))
def test_a_planned_sample_keeps_its_margin_and_one_answer_fewer_does_not(per_mille, population):
    margin = per_mille / 1000
    needed = sample_size(margin, population=population)

    assert margin_of_error(needed, population=population) <= margin + 1e-9
    if needed > 1:
        assert margin_of_error(needed - 1, population=population) > margin - 1e-9


def test_a_plan_says_how_many_to_invite_at_the_rate_of_last_time():
    plan = plan_sample(0.04, response_rate=0.15, population=9600)

    assert (plan.answers, plan.invitations) == (565, 3767)


def test_a_plan_says_when_the_people_are_too_few():
    assert plan_sample(0.04, response_rate=0.05, population=2000).invitations is None


def test_everybody_who_answered_leaves_no_margin():
    assert margin_of_error(50, population=50) == 0
    assert margin_of_error(1, population=1) == 0


@pytest.mark.parametrize("case", [{"n": 0}, {"n": 11, "population": 10}])
def test_a_margin_needs_answers_of_people_who_are_there(case):
    with pytest.raises(ValueError, match="answers"):
        margin_of_error(**case)
