"""A second matter becomes a record of its own; records are linked; duplicates are suggested."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.enums import Channel, LinkSide, State
from feedback.errors import LinkRefused, NothingToSplit
from feedback.models import Feedback, FeedbackLink, MailReference
from feedback.rules.similarity import likeness
from feedback.selectors.conversation import conversation_of
from feedback.selectors.duplicates import duplicates_of
from feedback.selectors.links import links_of
from feedback.services.conversation import add_customer_message
from feedback.services.links import link_feedback, unlink_feedback
from feedback.services.replies import send_reply
from feedback.services.splitting import split_feedback, undo_split
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    long_ago = timezone.now() - timedelta(hours=3)
    return FeedbackFactory(team=team, text="It leaks.", received_at=long_ago)


def texts(feedback):
    return [one.message.text for one in conversation_of(feedback)]


def test_everything_from_the_message_on_becomes_a_record(record, agent):
    send_reply(record.pk, by=agent, text="We come.")
    start = add_customer_message(record.pk, channel=Channel.EMAIL, text="And the bill is wrong.")
    send_reply(record.pk, by=agent, text="We look at it.")
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Thanks")

    new = split_feedback(start.pk, by=agent, subject="The bill")

    assert texts(record) == ["It leaks.", "We come."]
    assert texts(new) == ["And the bill is wrong.", "We look at it.", "Thanks"]
    old = Feedback.objects.get(pk=record.pk)
    new = Feedback.objects.get(pk=new.pk)
    assert (new.customer, new.team, new.subject) == (record.customer, record.team, "The bill")
    assert new.waiting_since == new.messages.last().created_at
    assert old.waiting_since is None
    assert new.reply_due_at is not None
    assert old.clocks.live().filter(metric="next_response").count() == 0
    assert [one.side for one in links_of(old, agent)] == [LinkSide.RELATED]


def test_answers_to_mails_that_went_along_are_filed_to_the_new_record(record, agent):
    start = add_customer_message(record.pk, channel=Channel.EMAIL, text="And the bill is wrong.")
    sent = send_reply(record.pk, by=agent, text="We look at it.")

    new = split_feedback(start.pk, by=agent)

    assert MailReference.objects.get(message_id=sent.outgoing.message_id).feedback == new


def test_the_first_message_cannot_be_split_off(record, agent):
    with pytest.raises(NothingToSplit):
        split_feedback(record.messages.get().pk, by=agent)

    assert Feedback.objects.count() == 1


def test_a_split_is_taken_back(record, agent, agent_client):
    start = add_customer_message(record.pk, channel=Channel.EMAIL, text="And the bill is wrong.")
    url = reverse("feedback:split", args=[record.number, start.pk])
    agent_client.post(url, {"subject": "The bill"})
    new = Feedback.objects.get(subject="The bill")

    agent_client.post(reverse("feedback:undo_split", args=[new.number]))

    assert texts(record) == ["It leaks.", "And the bill is wrong."]
    assert Feedback.objects.get(pk=new.pk).state == State.MERGED
    with pytest.raises(NothingToSplit):
        undo_split(record.pk, by=agent)


def test_both_ends_of_a_link_say_what_the_other_is(team, agent, agent_client):
    parent, part = FeedbackFactory(team=team), FeedbackFactory(team=team)
    agent_client.post(
        reverse("feedback:link", args=[part.number]),
        {"other": f"#{parent.number}", "side": "parent"},
    )

    assert [(one.other, one.side) for one in links_of(part, agent)] == [(parent, LinkSide.PARENT)]
    assert [(one.other, one.side) for one in links_of(parent, agent)] == [(part, LinkSide.CHILD)]
    card = agent_client.get(reverse("feedback:together", args=[parent.number])).content.decode()
    assert "is part of this" in card


def test_a_link_is_taken_away_and_can_be_made_again(team, agent):
    one, other = FeedbackFactory(team=team), FeedbackFactory(team=team)
    made = link_feedback(one.pk, other_id=other.pk, side=LinkSide.DUPLICATE, by=agent)

    unlink_feedback(made.pk, by=agent)
    unlink_feedback(made.pk, by=agent)  # pressed twice

    assert not FeedbackLink.objects.exists()
    link_feedback(other.pk, other_id=one.pk, side=LinkSide.RELATED, by=agent)


def test_links_that_make_no_sense_are_refused_with_their_reason(team, agent):
    a, b, c = (FeedbackFactory(team=team) for _ in range(3))
    link_feedback(a.pk, other_id=b.pk, side=LinkSide.CHILD, by=agent)
    link_feedback(b.pk, other_id=c.pk, side=LinkSide.CHILD, by=agent)

    def refusal(one, other, side):
        with pytest.raises(LinkRefused) as refused:
            link_feedback(one.pk, other_id=other.pk, side=side, by=agent)
        return refused.value.code

    assert refusal(a, a, LinkSide.RELATED) == "link_to_itself"
    assert refusal(b, a, LinkSide.RELATED) == "already_linked"
    assert refusal(c, a, LinkSide.CHILD) == "link_circle"


def test_a_linked_record_one_may_not_see_is_not_named(team, agent, agent_client):
    here, hidden = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())
    link_feedback(here.pk, other_id=hidden.pk, side=LinkSide.RELATED, by=agent)

    card = agent_client.get(reverse("feedback:together", args=[here.number])).content.decode()

    assert hidden.subject not in card


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("换了滤芯以后一直漏水。", "换了滤芯以后，一直漏水！！", True),
        ("The filter LEAKS since Monday.", "the filter leaks since monday", True),
        ("The filter leaks since Monday, please come", "Where is my refund for order 12?", False),
        ("换了滤芯以后一直漏水", "请问退款什么时候到账", False),
        ("", "", False),
        ("！？", "！？", False),
    ],
)
def test_texts_are_compared_by_their_letters(one, other, alike):
    assert (likeness(one, other) >= 0.6) is alike


@given(st.text(max_size=50), st.text(max_size=50))
def test_likeness_has_no_direction_and_stays_within_one(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


def test_the_same_words_of_the_same_customer_are_suggested(team, agent, agent_client):
    customer = CustomerFactory()
    text = "换了滤芯以后一直漏水，打了三次电话都没有人来。"
    first = FeedbackFactory(team=team, customer=customer, text=text)
    again = FeedbackFactory(team=team, customer=customer, text=text + "！")
    FeedbackFactory(team=team, customer=customer, text="请问退款什么时候到账？")
    FeedbackFactory(team=team, text=text)  # somebody else
    long_ago = timezone.now() - timedelta(days=30)
    FeedbackFactory(team=team, customer=customer, text=text, received_at=long_ago)
    FeedbackFactory(team=TeamFactory(), customer=customer, text=text)

    assert [one.feedback for one in duplicates_of(again, agent)] == [first]
    card = agent_client.get(reverse("feedback:together", args=[again.number])).content.decode()
    assert f"{reverse('feedback:merge', args=[again.number])}?into={first.number}" in card


def test_what_somebody_says_is_no_duplicate_is_not_suggested_again(team, agent_client, agent):
    customer = CustomerFactory()
    first, again = (
        FeedbackFactory(team=team, customer=customer, text="It leaks and leaks.") for _ in "12"
    )
    url = reverse("feedback:not_a_duplicate", args=[again.number, first.number])

    agent_client.post(url)
    agent_client.post(url)
    assert duplicates_of(again, agent) == duplicates_of(first, agent) == []

    agent_client.post(f"{url}?again=1")
    assert [one.feedback for one in duplicates_of(first, agent)] == [again]
    link_feedback(first.pk, other_id=again.pk, side=LinkSide.RELATED, by=agent)
    assert duplicates_of(again, agent) == []  # what is linked was decided too


@pytest.mark.parametrize("rows", [1, 4])
def test_the_card_costs_the_same_for_any_number_of_records(
    team, agent, agent_client, rows, django_assert_num_queries
):
    customer = CustomerFactory()
    here = FeedbackFactory(team=team, customer=customer, text="It leaks and leaks.")
    for n in range(rows):
        FeedbackFactory(team=team, customer=customer, text=f"It leaks and leaks. {n}")
        other = FeedbackFactory(team=team)
        link_feedback(here.pk, other_id=other.pk, side=LinkSide.RELATED, by=agent)
    url = reverse("feedback:together", args=[here.number])
    agent_client.get(url, headers={"HX-Request": "true"})

    with django_assert_num_queries(10):
        agent_client.get(url, headers={"HX-Request": "true"})
