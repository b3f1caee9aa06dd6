"""How right the machine is: from random samples, and how far reviewers agree."""

import pytest

from accounts.enums import Role
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors.reading_quality import figures
from analytics.services.reviewing import look_again, review
from feedback.enums import Doubt
from tests.conftest import member

pytestmark = pytest.mark.django_db
PAGE = "/review/quality/"


def test_with_nothing_the_page_says_what_is_missing(agent_client):
    page = agent_client.get(PAGE).content.decode()
    assert "No model has learned your categories yet." in page
    assert "as soon as records drawn at random have been reviewed" in page


def test_only_random_samples_say_how_right_it_is(
    agent_client, agent, team, read, refund, delivery
):
    for chosen in (refund, refund, refund, delivery):
        review(read(doubt=Doubt.SAMPLE, certainty=0.97).pk, by=agent, category=chosen)
    review(read().pk, by=agent, category=delivery)
    of_category = figures()[0]
    assert (of_category.sure.value, of_category.sure.n) == (0.75, 4)
    assert of_category.altogether is None
    assert of_category.pairs[0].n == 2
    labels = {one.name: one for one in of_category.labels}
    refunds = next(one for name, one in labels.items() if name.endswith(refund.name_en))
    assert (refunds.precision.value, refunds.recall.value) == (0.75, 1)
    page = agent_client.get(PAGE).content.decode()
    assert "75 %" in page
    assert "30–95 %" in page
    assert "Fewer than 30 samples" in page


def test_reviewers_who_do_not_agree_are_named_by_their_records(
    agent_client, agent, team, read, refund, delivery
):
    second = member(Role.AGENT, team)
    for chosen in (refund, refund, refund, delivery):
        one = read()
        review(one.pk, by=agent, category=refund)
        look_again(one.pk, by=second, category=chosen)
    page = agent_client.get(PAGE).content.decode()
    assert "Where reviewers do not agree" in page
    assert f"#{one.feedback.number} " in page
    assert figures()[0].agreement.share.value == 0.75


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_however_much_was_said(
    rows, agent_client, agent, read, refund, django_assert_max_num_queries
):
    for _each in range(rows):
        review(read(doubt=Doubt.SAMPLE).pk, by=agent, category=refund)
    assert Review.objects.filter(task=TextTask.CATEGORY).count() == rows
    agent_client.get(PAGE)
    with django_assert_max_num_queries(10):
        agent_client.get(PAGE)
