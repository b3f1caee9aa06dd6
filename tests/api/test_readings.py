"""How texts were read, for programs: seen, reviewed, told on."""

import pytest

from analytics.models import Review
from feedback.enums import Doubt, Mood
from feedback.models import Category, Feedback
from feedback.selectors.webhook_events import type_of
from feedback.services.assessing import Reading, take_reading
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(db):
    return Category.objects.get(code="service-refund")


@pytest.fixture
def one(team, refund):
    feedback = FeedbackFactory(category=None, team=team)
    reading = Reading(
        category_id=refund.pk,
        category_confidence=0.4,
        alternatives=[(refund.pk, 0.4)],
        mood=Mood.NEGATIVE,
        sentiment=-70,
        doubt=Doubt.CATEGORY,
        certainty=0.4,
    )
    take_reading(feedback.pk, reading)
    return feedback


def test_a_program_sees_what_waits_and_reviews_it(api, one, refund):
    (row,) = api.get("to-review/?doubt=category").json()["results"]
    assert (row["feedback"], row["category"], row["mood"]) == (
        one.number,
        "service-refund",
        "negative",
    )
    said = {"category": "service-refund", "mood": "mixed", "urgency": 2}
    response = api.post(f"feedback/{one.number}/review/", said)
    assert response.status_code == 200, response.json()
    assert response.json()["reviewed_at"]
    assert Feedback.objects.get(pk=one.pk).category == refund
    assert Review.objects.count() == 3
    assert api.get("to-review/").json()["results"] == []
    told = [type_of(entry) for entry in one.timeline.all()]
    assert {"feedback.assessed", "feedback.reviewed"} <= set(told)


def test_nothing_said_and_an_old_version_are_refused(api, one):
    url = f"feedback/{one.number}/review/"
    assert api.post(url, {}).status_code == 400
    assert api.post(url, {"mood": "positive", "version": 99}).status_code == 409


def test_what_others_may_not_see_is_not_there(stranger_api, api, one, team):
    assert stranger_api.get(f"feedback/{one.number}/assessment/").status_code == 404
    assert stranger_api.get("to-review/").json()["results"] == []
    unread = FeedbackFactory(team=team)
    assert api.get(f"feedback/{unread.number}/assessment/").status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number(
    rows, api, team, refund, django_assert_max_num_queries
):
    for _each in range(rows):
        feedback = FeedbackFactory(team=team)
        take_reading(feedback.pk, Reading(doubt=Doubt.SENTIMENT, certainty=0.3))
    api.get("to-review/")
    with django_assert_max_num_queries(6):
        assert len(api.get("to-review/").json()["results"]) == rows
