"""Beside a record: how it was read, with a key to accept it."""

import pytest
from django.urls import reverse

from analytics.models import Review, TextReading
from feedback.enums import Channel, Doubt, Mood
from feedback.models import Assessment, Feedback
from feedback.services.assessing import Reading, take_reading
from feedback.services.conversation import add_customer_message
from feedback.services.splitting import split_feedback
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


def page_of(client, assessment):
    return client.get(f"/feedback/{assessment.feedback.number}/").content.decode()


def say(client, assessment, **said):
    url = reverse("analytics:review_on_record", args=[assessment.feedback.number])
    version = Feedback.objects.get(pk=assessment.pk).version
    return client.post(url, {"version": version, **said})


def test_the_card_says_how_it_was_read_and_why(agent_client, read):
    one = read(keywords=["退款"], tags=["催办"], urgency=2)
    page = page_of(agent_client, one)
    assert "As the machine read it" in page
    assert "<q>退款</q>" in page
    assert "The category is not certain" in page
    assert 'data-shortcut="y"' in page
    assert 'data-shortcut="2"' in page
    assert 'name="tag" value="催办"' in page


def test_accepting_from_the_record_keeps_the_list_it_came_from(agent_client, read, refund):
    one = read()
    url = reverse("analytics:review_on_record", args=[one.feedback.number])
    response = agent_client.post(
        url,
        {"choice": refund.pk},
        headers={"referer": "http://x/feedback/1/?list=view%3Dall&at=3"},
    )
    assert response.url == f"/feedback/{one.feedback.number}/?list=view%3Dall&at=3"
    assert Feedback.objects.get(pk=one.pk).category == refund
    assert Assessment.objects.get(pk=one.pk).reviewed_at is not None


def test_with_a_script_the_side_of_the_page_is_drawn_anew(agent_client, read, refund):
    one = read()
    url = reverse("analytics:review_on_record", args=[one.feedback.number])
    headers = {"HX-Request": "true"}
    response = agent_client.post(url, {"choice": refund.pk}, headers=headers, follow=True)
    side = response.content.decode()
    assert 'id="record-side"' in side
    assert "noted." in side


def test_a_tag_with_one_click_leaves_the_doubt_open(agent_client, read):
    one = read(tags=["催办"])
    say(agent_client, one, tag="催办")
    assert [tag.name for tag in Feedback.objects.get(pk=one.pk).tags.all()] == ["催办"]
    assert Assessment.objects.get(pk=one.pk).reviewed_at is None
    assert Review.objects.get().agrees
    assert 'name="tag"' not in page_of(agent_client, one)


def test_a_corrected_sentiment_leaves_a_doubtful_category_open(agent_client, read):
    one = read()
    say(agent_client, one, mood=Mood.POSITIVE)
    feedback = Feedback.objects.get(pk=one.pk)
    assert (feedback.sentiment, feedback.sentiment_source) == (60, "person")
    assert list(Assessment.objects.to_review()) == [one]


def test_near_duplicates_are_shown_to_those_who_may_see_them(agent_client, team, read):
    seen, unseen = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())
    one = read(same_as=[(seen.pk, 0.9), (unseen.pk, 0.95)])
    url = reverse("analytics:said_before", args=[one.feedback.number])
    assert f'hx-get="{url}"' in page_of(agent_client, one)
    for headers in ({}, {"HX-Request": "true"}):
        said = agent_client.get(url, headers=headers).content.decode()
        assert f"#{seen.number} {seen.subject}" in said
        assert f"#{unseen.number}" not in said


def test_nothing_tells_of_near_duplicates_that_one_may_not_see(agent_client, read):
    one = read(same_as=[(FeedbackFactory(team=TeamFactory()).pk, 0.95)])
    assert "Nearly the same" not in page_of(agent_client, one)


def test_the_page_of_a_record_that_was_read_stays_within_its_statements(
    agent_client, team, read, refund, django_assert_max_num_queries
):
    earlier = FeedbackFactory(team=team)
    one = read(doubt=Doubt.SAMPLE, same_as=[(earlier.pk, 0.9)])
    page_of(agent_client, one)
    with django_assert_max_num_queries(14):
        page_of(agent_client, one)


def test_columns_of_the_queue_show_how_records_were_read(agent_client, read, refund):
    read(urgency=3)
    page = agent_client.get("/queue/?view=all&columns=subject,mood,urgency,proposed_category")
    page = page.content.decode()
    assert "At once" in page
    assert refund.name_en in page


def test_a_record_that_nobody_has_read_has_no_card(agent_client, team):
    feedback = FeedbackFactory(team=team)
    page = agent_client.get(f"/feedback/{feedback.number}/").content.decode()
    assert "As the machine read it" not in page
    take_reading(feedback.pk, Reading(mood=Mood.NEUTRAL))
    page = agent_client.get(f"/feedback/{feedback.number}/").content.decode()
    assert "As the machine read it" in page


def test_each_sentence_has_its_colour(agent_client, read):
    one = read(text="外观很好。可是漏水!")
    message = one.feedback.messages.get()
    TextReading.objects.create(
        message=message,
        feedback=one.feedback,
        said_at=message.created_at,
        sentences=[[0, 5, 70], [5, 10, -80]],
    )
    url = reverse("analytics:read_sentences", args=[one.feedback.number])
    assert f'hx-get="{url}"' in page_of(agent_client, one)
    for headers in ({}, {"HX-Request": "true"}):
        said = agent_client.get(url, headers=headers).content.decode()
        assert '<li class="tone-green" title="70">' in said
        assert "可是漏水!</li>" in said


def test_sentences_are_covered_as_the_conversation_is(agent_client, read):
    one = read(text="我的身份证 11010519491231002X,快点!")
    message = one.feedback.messages.get()
    TextReading.objects.create(
        message=message,
        feedback=one.feedback,
        said_at=message.created_at,
        sentences=[[0, 9, 0], [9, 28, -80]],  # cut within the number
    )
    url = reverse("analytics:read_sentences", args=[one.feedback.number])
    said = agent_client.get(url).content.decode()
    assert "我的身份证 ****</li>" in said
    assert "</span>,快点!</li>" in said


def test_subjects_of_near_duplicates_are_covered(agent_client, team, read):
    earlier = FeedbackFactory(team=team, subject="Call 13812345678")
    one = read(same_as=[(earlier.pk, 0.9)])
    url = reverse("analytics:said_before", args=[one.feedback.number])
    assert "Call 138****5678" in agent_client.get(url).content.decode()


def test_sentences_go_along_with_what_is_split_off(agent, agent_client, read):
    one = read(text="漏水!")
    more = add_customer_message(one.pk, channel=Channel.EMAIL, text="账单也错了!")
    TextReading.objects.create(
        message=more, feedback=one.feedback, said_at=more.created_at, sentences=[[0, 6, -60]]
    )
    new = split_feedback(more.pk, by=agent)
    for number, is_there in ((one.feedback.number, False), (new.number, True)):
        url = reverse("analytics:read_sentences", args=[number])
        assert ("账单也错了!" in agent_client.get(url).content.decode()) == is_there
