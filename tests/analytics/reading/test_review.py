"""The review: doubtful first, one key to accept or correct, taken back, looked at twice."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors import reading_card
from analytics.selectors.reading_card import reason_words
from analytics.selectors.review_queue import SECOND_LOOK_OF
from analytics.services.reviewing import review
from feedback.enums import Channel, Direction, Doubt, Mood
from feedback.models import Assessment, Feedback, Message
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
PAGE = "/review/"


def say(client, assessment, **said):
    url = reverse("analytics:review_record", args=[assessment.feedback.number])
    version = Feedback.objects.get(pk=assessment.pk).version
    return client.post(url, {"version": version, **said})


def shown(client, query=""):
    """The number of the record on the card; None without one."""
    page = client.get(f"{PAGE}?{query}").content.decode()
    found = re.search(r'action="/review/(\d+)/"', page)
    return int(found[1]) if found else None


def test_the_least_certain_comes_first_with_its_reasons(agent_client, read):
    read(certainty=0.6)
    doubtful = read("我要退款,一直没到", certainty=0.4)
    page = agent_client.get(PAGE).content.decode()
    assert f'action="/review/{doubtful.feedback.number}/"' in page
    assert '<mark class="why-category">退款</mark>' in page
    assert '<mark class="why-sentiment">没到</mark>' in page
    assert "It is not certain what this is about." in page
    assert "40 %" in page
    assert "2 left" in page


def test_accepting_settles_the_record_and_is_kept_for_learning(agent_client, agent, read, refund):
    one = read()
    response = say(agent_client, one, choice=refund.pk, mood=Mood.NEGATIVE, urgency=1)
    assert response.status_code == 302
    assert Feedback.objects.get(pk=one.pk).category == refund
    (kept,) = Review.objects.all()
    assert (kept.task, kept.agrees, kept.confidence) == (TextTask.CATEGORY, True, 0.45)
    assert (kept.model_version, kept.is_sample, kept.reviewer) == (7, False, agent)
    assert shown(agent_client) is None
    assert "1 reviewed by you today" in agent_client.get(PAGE).content.decode()


def test_another_category_and_sentiment_are_corrections(agent_client, read, refund, delivery):
    one = read(doubt=Doubt.SAMPLE, certainty=0.97)
    say(agent_client, one, choice=refund.pk, other=delivery.name_en, mood="positive", urgency=1)
    feedback = Feedback.objects.get(pk=one.pk)
    assert (feedback.category, feedback.sentiment_source) == (delivery, "person")
    said = {row.task: (row.predicted, row.chosen) for row in Review.objects.filter(is_sample=True)}
    assert said == {
        "category": (str(refund.pk), str(delivery.pk)),
        "sentiment": ("negative", "positive"),
        "urgency": ("1", "1"),
    }


def test_a_category_that_does_not_exist_keeps_what_was_typed(agent_client, read):
    one = read()
    response = say(agent_client, one, other="Retouren", mood="positive")
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no category called “Retouren”." in page
    assert 'value="Retouren"' in page
    assert 'value="positive" checked' in page
    assert not Review.objects.exists()


def test_a_doubtful_category_wants_a_category(agent_client, read):
    one = read(category_id=None, alternatives=[], category_confidence=None)
    assert say(agent_client, one, choice="", mood="negative").status_code == 422


def test_undo_brings_the_card_and_the_record_back(agent_client, read, refund):
    one = read()
    say(agent_client, one, choice=refund.pk, mood="positive")
    page = agent_client.get(PAGE).content.decode()
    undo_url = re.search(r"/review/undo/[^/]+/", page)[0]
    read()
    again = agent_client.get(PAGE).content.decode()
    assert f"Take back #{one.feedback.number}" in again  # also when the toast is gone
    response = agent_client.post(undo_url, {"next": "/review/?reason=category"})
    assert response.url == f"/review/?reason=category&record={one.feedback.number}"
    feedback = Feedback.objects.get(pk=one.pk)
    assert (feedback.category, feedback.sentiment, feedback.sentiment_source) == (
        None,
        -70,
        "reading",
    )
    assert not Review.objects.exists()
    assert shown(agent_client, f"record={one.feedback.number}") == one.feedback.number
    assert "Take back #" not in agent_client.get(PAGE).content.decode()


def test_nobody_reviews_what_somebody_reviewed_meanwhile(agent_client, agent, team, read, refund):
    one = read()
    review(one.pk, by=member(Role.AGENT, team), category=refund)
    say(agent_client, one, choice=refund.pk)
    assert Review.objects.count() == 1
    assert "Somebody has looked at it meanwhile." in agent_client.get(PAGE).content.decode()


def test_a_record_that_changed_is_shown_again(agent_client, read, refund):
    one = read()
    url = reverse("analytics:review_record", args=[one.feedback.number])
    response = agent_client.post(url, {"version": 99, "choice": refund.pk})
    assert response.status_code == 409
    assert "Somebody else changed this record" in response.content.decode()


def test_skipping_goes_on_and_filters_stay_in_the_address(agent_client, read):
    first, second = read(certainty=0.2), read(certainty=0.3, doubt=Doubt.IRONY)
    assert shown(agent_client, f"after={first.pk}") == second.feedback.number
    assert shown(agent_client, f"after={second.pk}") is None
    assert (
        "What you skipped is still there."
        in agent_client.get(f"{PAGE}?after={second.pk}").content.decode()
    )
    assert shown(agent_client, "reason=irony&language=zh") == second.feedback.number
    assert shown(agent_client, "language=en") is None
    assert agent_client.get(f"{PAGE}?reason=mood").status_code == 400


def test_others_records_are_not_shown(agent_client, read):
    one = read(team=TeamFactory())
    assert shown(agent_client) is None
    assert say(agent_client, one, mood="positive").status_code == 404


def test_a_tenth_is_looked_at_twice_without_the_first_answer(
    agent_client, team, read, refund, delivery
):
    colleague = member(Role.AGENT, team)
    for _each in range(SECOND_LOOK_OF):
        review(read().pk, by=colleague, category=refund)
    number = shown(agent_client)
    (chosen,) = [one for one in Assessment.objects.all() if one.pk % SECOND_LOOK_OF == 0]
    assert number == Feedback.objects.get(pk=chosen.pk).number
    assert shown(client_of(colleague)) is None
    say(agent_client, chosen, second=1, choice=delivery.pk)
    assert Feedback.objects.get(pk=chosen.pk).category == refund
    (second,) = Review.objects.filter(is_second=True)
    assert (second.chosen, second.is_sample) == (str(delivery.pk), False)
    assert shown(agent_client) is None


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_for_any_number(
    rows, agent_client, read, django_assert_max_num_queries
):
    for _each in range(rows):
        read()
    agent_client.get(PAGE)
    with django_assert_max_num_queries(10):
        agent_client.get(PAGE)


def test_who_may_not_review_does_not_get_in(client, team):
    from tests.factories import UserFactory

    client.force_login(UserFactory(team=team))
    assert client.get(PAGE).status_code == 403


def test_the_card_shows_the_customers_own_words_and_no_half_of_a_number(
    agent_client, read, monkeypatch
):
    monkeypatch.setattr(reading_card, "SHOWN_LETTERS", 10)
    one = read("我的电话13800138000，请回")
    sent = one.feedback.messages.get().created_at
    for at, more in enumerate(({"is_automatic": True}, {"is_third_party": True}), 1):
        Message.objects.create(
            feedback=one.feedback,
            direction=Direction.IN,
            channel=Channel.EMAIL,
            text="不在办公室",
            created_at=sent - timedelta(hours=at),
            **more,
        )
    page = agent_client.get(PAGE).content.decode()
    assert "我的电话138****8000" in page
    assert "不在办公室" not in page


def test_where_nothing_is_proposed_the_most_used_categories_are_a_key_away(
    agent_client, read, refund, delivery
):
    for category in (refund, refund, delivery):
        FeedbackFactory(category=category)
    nothing = {"category_id": None, "category_confidence": None, "alternatives": []}
    one = read("？", **nothing, doubt=Doubt.SENTIMENT)
    page = agent_client.get(PAGE).content.decode()
    assert "Nothing is proposed for this one." in page
    keys = re.findall(r'name="choice" value="(\d+)" data-shortcut="(\d)"', page)
    assert keys[:2] == [(str(refund.pk), "1"), (str(delivery.pk), "2")]
    assert len(keys) == 9

    say(agent_client, one, choice=refund.pk, mood=Mood.NEGATIVE, urgency=1)
    assert Feedback.objects.get(pk=one.pk).category == refund


def test_words_that_convince_nobody_are_no_reasons_where_there_are_others(read):
    told = [("The", 2.0), ("18", 1.5), ("refund", 1), ("可以", 0.9), ("？", 0.8), ("😡", 0.5)]
    assert reason_words(read(reasons={"category": told}))["category"] == ["refund", "😡"]
    assert reason_words(read(reasons={"category": told[:2]}))["category"] == ["The", "18"]
