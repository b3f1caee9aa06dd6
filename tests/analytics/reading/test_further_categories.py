"""A message may be about several things: the machine proposes, people say."""

import pytest
from django.urls import reverse

from accounts.enums import Scope
from analytics.enums import TextTask
from analytics.models import Review
from analytics.rules.further import further_of
from analytics.selectors.lessons import lessons_of
from analytics.services.learning import learn
from analytics.services.reading import read_feedback
from analytics.services.reviewing import remember_review, review, undo_review
from feedback.enums import TimelineKind
from feedback.errors import TooManyCategories
from feedback.models import Assessment, Category, Feedback
from feedback.services.assessing import Reading, take_reading
from feedback.services.categories import merge_category, remove_category
from feedback.services.details import set_category
from feedback.services.further_categories import add_further
from tests.api.conftest import ApiClient
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(read, delivery):
    """About refunds, and perhaps about delivery."""
    return read(also=[(delivery.pk, 0.7)])


def as_it_is(assessment):
    return Feedback.objects.get(pk=assessment.pk).also_categories


def test_what_stands_above_another_is_not_said_twice():
    parents = {1: None, 2: 1, 3: None, 4: 3}
    assert further_of(2, [(1, 0.9), (4, 0.8), (3, 0.7), (2, 0.6)], parents) == [(4, 0.8)]
    assert further_of(None, [(1, 0.9)], parents) == []


def test_what_is_accepted_in_the_review_stands_in_the_record_and_can_be_taken_back(
    both, agent_client, refund, delivery
):
    page = agent_client.get(reverse("analytics:review")).content.decode()
    assert "Also about" in page
    agent_client.post(
        reverse("analytics:review_record", args=[both.feedback.number]),
        {"choice": refund.pk, "also": [delivery.pk], "version": both.feedback.version},
    )

    assert as_it_is(both) == [delivery.pk]
    entry = both.feedback.timeline.get(kind=TimelineKind.ALSO)
    assert (entry.data["before"], entry.data["after"]) == ([], [delivery.pk])
    assert Review.objects.get(task=TextTask.FURTHER).agrees
    record = agent_client.get(both.feedback.get_absolute_url()).content.decode()
    assert "Not about" in record


def test_taking_a_review_back_takes_further_categories_back(both, agent, delivery):
    said = review(both.pk, by=agent, also=[delivery])
    undo_review(remember_review(said, by=agent), by=agent)

    assert as_it_is(both) == []
    assert Assessment.objects.get(pk=both.pk).also == [[delivery.pk, 0.7]]
    assert not Review.objects.exists()


def test_what_a_person_said_is_neither_written_over_nor_proposed_again(
    both, agent, agent_client, refund, delivery
):
    quality = Category.objects.get(code="product-quality")
    add_further(both.pk, by=agent, categories=[quality])
    agent_client.post(
        reverse("analytics:review_on_record", args=[both.feedback.number]),
        {"not_also": delivery.pk},
    )
    assert Review.objects.get(task=TextTask.FURTHER).chosen == ""

    again = Reading(category_id=refund.pk, also=[(delivery.pk, 0.9), (quality.pk, 0.8)])
    take_reading(both.pk, again)

    assert Assessment.objects.get(pk=both.pk).also == []
    assert as_it_is(both) == [quality.pk]


def test_programs_read_say_and_filter_further_categories(both, admin, delivery):
    api = ApiClient(admin, Scope.values)
    number = both.feedback.number
    read = api.get(f"feedback/{number}/assessment/").json()
    assert read["also"] == [{"category": "service-delivery", "confidence": 0.7}]
    api.post(f"feedback/{number}/review/", {"also": ["service-delivery"]})

    assert api.get(f"feedback/{number}/").json()["also_about"] == ["service-delivery"]
    found = api.get("feedback/?also_about=service-delivery").json()["results"]
    assert [one["number"] for one in found] == [number]
    assert api.get("feedback/?also_about=product-quality").json()["results"] == []


def test_the_queue_is_filtered_by_what_is_also_about(both, agent, agent_client, delivery):
    add_further(both.pk, by=agent, categories=[delivery])
    other = FeedbackFactory(team=both.feedback.team)
    page = agent_client.get(
        reverse("feedback:queue"), {"also": delivery.parent.code, "view": "all"}
    ).content.decode()
    assert both.feedback.get_absolute_url() in page
    assert other.get_absolute_url() not in page


def test_categories_that_are_merged_or_removed_are_not_lost_from_records(
    both, agent, refund, delivery
):
    quality = Category.objects.get(code="product-quality")
    add_further(both.pk, by=agent, categories=[delivery])
    assert not remove_category(delivery)  # archived: a record is about it
    merge_category(delivery, into=quality, by=agent)
    assert as_it_is(both) == [quality.pk]
    five = Category.objects.exclude(pk__in=[quality.pk, refund.pk, delivery.pk])[:5]
    with pytest.raises(TooManyCategories):
        add_further(both.pk, by=agent, categories=five)


def proposed(text):
    feedback = FeedbackFactory(text=text, subject="-", category=None)
    assert read_feedback(feedback.pk)
    return {pk for pk, _sure in Assessment.objects.get(pk=feedback.pk).also}


def test_words_propose_on_the_first_day_and_a_model_once_people_have_said_enough(delivery, refund):
    learn(TextTask.CATEGORY)
    assert proposed("我要退款，退货！另外快递也送得太慢") & {delivery.pk, refund.pk}
    assert learn(TextTask.FURTHER) is None

    person = UserFactory()
    for at in range(90):
        what = ("包裹还没有到", "机器漏水坏了", "包裹没有到，机器也漏水")[at % 3]
        feedback = FeedbackFactory(text=f"{what} {at}", subject="-", category=None)
        quality = Category.objects.get(code="product-quality")
        set_category(feedback.pk, by=person, category=quality if at % 3 == 1 else delivery)
        if at % 3 == 2:
            add_further(feedback.pk, by=person, categories=[quality])
    assert {len(one.labels) for one in lessons_of(TextTask.FURTHER)} == {1, 2}
    model = learn(TextTask.FURTHER)
    learn(TextTask.CATEGORY)
    assert model.metrics["micro_f1"] > 0.9
    assert len(proposed("机器漏水，包裹也没有到")) == 1
    assert proposed("包裹没有到") == set()
