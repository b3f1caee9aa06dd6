"""Two records that are one matter: merged by a pointer, and separated again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.threading import find_thread
from feedback.enums import Channel, State
from feedback.errors import CustomersDiffer, NotMergeable, NotMerged, WrittenElsewhere
from feedback.models import Feedback, Message, Notification, Status
from feedback.selectors.conversation import conversation_of
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.drafts import save_draft
from feedback.services.following import follow
from feedback.services.followup import record_satisfaction
from feedback.services.merging import merge_feedback, unmerge_feedback
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import change_status, resolve_feedback
from surveys.enums import NotAsked
from surveys.selectors.contact import reason_not_to_ask_about
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(db):
    return CustomerFactory()


@pytest.fixture
def target(team, customer):
    earlier = timezone.now() - timedelta(hours=2)
    return FeedbackFactory(team=team, customer=customer, text="It leaks.", received_at=earlier)


@pytest.fixture
def source(team, customer):
    return FeedbackFactory(team=team, customer=customer, text="It still leaks.")


def texts(feedback):
    return [one.message.text for one in conversation_of(feedback)]


def test_the_target_shows_both_conversations_by_time_and_nothing_is_moved(source, target, agent):
    add_customer_message(target.pk, channel=Channel.EMAIL, text="Hello?")
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    assert texts(target) == ["It leaks.", "It still leaks.", "Hello?"]
    assert source.messages.count() == 1
    source.refresh_from_db()
    assert (source.state, source.merged_into) == (State.MERGED, target)


def test_both_stories_tell_of_it(source, target, agent, agent_client):
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    for one, words in [
        (source, f"merged this into #{target.number}"),
        (target, f"merged #{source.number} into this"),
    ]:
        assert words in agent_client.get(one.get_absolute_url()).content.decode()


def test_the_clocks_of_the_source_end_and_the_target_keeps_its_own(source, target, agent):
    due = target.reply_due_at
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    source.refresh_from_db()
    target.refresh_from_db()
    assert (source.reply_due_at, source.waiting_since) == (None, None)
    assert target.reply_due_at == due
    assert not source.clocks.live().exists()
    assert not source.clocks.exclude(breached_at=None).exists()


# T74
def test_a_merge_is_taken_back_as_if_it_had_never_been(source, target, agent):
    before = Feedback.objects.get(pk=source.pk)
    merge_feedback(source.pk, into_id=target.pk, by=agent)
    add_customer_message(target.pk, channel=Channel.EMAIL, text="Later")

    unmerge_feedback(source.pk, by=agent)

    after = Feedback.objects.get(pk=source.pk)
    for name in ("status", "state", "merged_into", "waiting_since", "reply_due_at", "resolved_at"):
        assert getattr(after, name) == getattr(before, name), name
    assert texts(after) == ["It still leaks."]
    assert texts(target) == ["It leaks.", "Later"]


def test_a_resolved_record_comes_back_resolved(source, target, agent):
    resolve_feedback(source.pk, by=agent)
    was = Feedback.objects.get(pk=source.pk).resolved_at
    merge_feedback(source.pk, into_id=target.pk, by=agent)
    waiting = len(queued())

    unmerge_feedback(source.pk, by=agent)

    source.refresh_from_db()
    assert (source.state, source.resolved_at) == (State.RESOLVED, was)
    assert len(queued()) == waiting  # nobody is asked a second time


# T69
def test_what_cannot_be_merged_is_refused_with_its_reason(source, target, agent, team, customer):
    third = FeedbackFactory(team=team, customer=customer)
    spam = FeedbackFactory(team=team, customer=customer)
    change_status(spam.pk, status=Status.objects.default_for(State.SPAM), by=agent)

    def refusal(one, other):
        with pytest.raises(NotMergeable) as refused:
            merge_feedback(one.pk, into_id=other.pk, by=agent)
        return refused.value.code

    assert refusal(source, source) == "merge_into_itself"
    assert refusal(source, spam) == "merge_with_spam"
    merge_feedback(source.pk, into_id=target.pk, by=agent)
    assert refusal(source, target) == "already_merged"
    assert refusal(source, third) == "already_merged"
    assert refusal(target, source) == "target_is_merged"  # a circle
    assert refusal(third, source) == "target_is_merged"  # a chain
    assert refusal(target, third) == "holds_merged"  # a chain from the other end
    with pytest.raises(NotMerged):
        unmerge_feedback(third.pk, by=agent)


# T73
def test_nobody_is_notified_of_messages_that_only_change_their_place(source, target, agent, team):
    for one in (source, target):
        follow(one.pk, by=member(Role.AGENT, team))

    merge_feedback(source.pk, into_id=target.pk, by=agent)

    assert Notification.objects.count() == 0


def test_followers_of_both_hear_of_what_comes_after_once(source, target, agent, team):
    both = member(Role.AGENT, team)
    only = member(Role.AGENT, team)
    follow(source.pk, by=both)
    follow(target.pk, by=both)
    follow(source.pk, by=only)
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    add_customer_message(target.pk, channel=Channel.EMAIL, text="Hello?")

    assert sorted(Notification.objects.values_list("user", flat=True)) == sorted(
        [both.pk, only.pk]
    )


# T69
def test_records_of_two_customers_need_a_yes_that_names_both(team, target, agent, agent_client):
    other = FeedbackFactory(team=team)
    url = reverse("feedback:merge", args=[other.number])
    with pytest.raises(CustomersDiffer):
        merge_feedback(other.pk, into_id=target.pk, by=agent)

    refused = agent_client.post(url, {"into": target.number})
    page = refused.content.decode()
    assert refused.status_code == 409
    assert other.customer.name in page
    assert target.customer.name in page
    assert Feedback.objects.get(pk=other.pk).merged_into is None
    agent_client.post(url, {"into": target.number, "different": "1"})

    assert Feedback.objects.get(pk=other.pk).merged_into == target


def test_neither_of_two_customers_reads_what_the_other_wrote(team, target, agent, client):
    other = FeedbackFactory(team=team, text="A secret of somebody else")
    merge_feedback(other.pk, into_id=target.pk, by=agent, customers_may_differ=True)
    send_reply(target.pk, by=agent, text="For the first only")
    pages = [
        client.get(reverse("feedback:status_page", args=[one.status_token]), follow=True)
        for one in (target, other)
    ]
    first, second = (page.content.decode() for page in pages)

    assert "A secret" not in first
    assert "It leaks." in first
    assert "A secret" in second
    assert "It leaks." not in second
    assert "For the first only" not in second


def test_the_link_of_the_source_leads_to_the_target_and_says_so(source, target, agent, client):
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    page = client.get(reverse("feedback:status_page", args=[source.status_token]), follow=True)

    assert page.redirect_chain
    text = page.content.decode()
    assert f"#{source.number} together with this one, #{target.number}" in text
    assert "It still leaks." in text


# T72
def test_an_attachment_of_the_source_is_read_by_whoever_sees_the_target(team, customer, agent):
    elsewhere = FeedbackFactory(team=TeamFactory(), customer=customer)
    picture = IncomingFile(name="leak.txt", content=b"drip")
    add_customer_message(elsewhere.pk, channel=Channel.EMAIL, text="See", files=[picture])
    target = FeedbackFactory(team=team, customer=customer)
    merge_feedback(elsewhere.pk, into_id=target.pk, by=UserFactory())
    message = Message.objects.get(text="See")
    client = client_of(agent)
    page = client.get(target.get_absolute_url()).content.decode()
    url = reverse("feedback:attachment", args=[message.attachments.get().key])

    assert url in page
    assert client.get(url).status_code == 200
    whole = reverse("feedback:message", args=[target.number, message.pk])
    assert client.get(whole).status_code == 200


def mail_to(feedback, sender):
    sent = feedback.messages.filter(outgoing__isnull=False).last().outgoing
    raw = (
        f"From: <{sender}>\r\nSubject: Re: leak\r\nMessage-ID: <x@example.org>\r\n"
        f"In-Reply-To: {sent.message_id}\r\n\r\nHello"
    )
    return parse_mail(raw.encode())


def test_mail_to_the_source_goes_to_the_target(source, target, agent):
    send_reply(source.pk, by=agent, text="We come.")
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    thread = find_thread(mail_to(source, source.customer.email))

    assert (thread.feedback, thread.is_customer) == (target, True)


def test_the_other_customer_still_reaches_us_and_it_is_our_turn(team, target, agent):
    other = FeedbackFactory(team=team)
    send_reply(other.pk, by=agent, text="We come.")
    send_reply(target.pk, by=agent, text="We come.")
    merge_feedback(other.pk, into_id=target.pk, by=agent, customers_may_differ=True)
    thread = find_thread(mail_to(other, other.customer.email))

    message = add_customer_message(
        thread.feedback.pk, channel=Channel.EMAIL, text="And me?", is_third_party=False
    )

    target.refresh_from_db()
    assert thread.is_customer
    assert message.feedback == other
    assert texts(target)[-1] == "And me?"
    assert target.waiting_since is not None


def test_nothing_is_written_into_a_record_that_was_merged(source, target, agent, agent_client):
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    with pytest.raises(WrittenElsewhere):
        send_reply(source.pk, by=agent, text="We come.")
    with pytest.raises(WrittenElsewhere):
        add_note(source.pk, by=agent, text="Careful")
    page = agent_client.get(source.get_absolute_url()).content.decode()
    assert 'id="composer"' not in page
    assert f"This record is part of #{target.number}" in page


def test_the_survey_is_asked_once(source, target, agent):
    merge_feedback(source.pk, into_id=target.pk, by=agent)
    source.refresh_from_db()

    assert reason_not_to_ask_about(source) == NotAsked.MERGED
    assert reason_not_to_ask_about(target) is None


def test_a_judgement_of_the_source_counts_for_the_target(source, target, agent):
    resolve_feedback(target.pk, by=agent)
    merge_feedback(source.pk, into_id=target.pk, by=agent)

    record_satisfaction(source.pk, overall=1, solved=False)

    target.refresh_from_db()
    assert (target.satisfaction, target.state) == (1, State.OPEN)


# T71
def test_what_was_begun_on_the_source_is_offered_on_the_target(
    source, target, agent, agent_client
):
    save_draft(source.pk, by=agent, kind="reply", text="Dear customer, we")

    merge_feedback(source.pk, into_id=target.pk, by=agent)

    assert "Dear customer, we" in agent_client.get(target.get_absolute_url()).content.decode()


def test_the_page_shows_both_merges_and_offers_the_way_back(source, target, agent_client):
    url = reverse("feedback:merge", args=[source.number])
    preview = agent_client.get(url, {"into": f"#{target.number}"}).content.decode()
    assert source.subject in preview
    assert target.subject in preview

    done = agent_client.post(url, {"into": target.number}, follow=True).content.decode()

    assert reverse("feedback:unmerge", args=[source.number]) in done
    agent_client.post(reverse("feedback:unmerge", args=[source.number]))
    source.refresh_from_db()
    assert source.merged_into is None


@pytest.mark.parametrize("into", ["", "x", "²", "9" * 30, "99999999"])
def test_a_number_that_is_no_record_is_told(agent_client, source, into):
    url = reverse("feedback:merge", args=[source.number])

    assert agent_client.post(url, {"into": into}).status_code == 422


def test_what_one_may_not_see_one_cannot_merge(agent_client, outsider_client, source):
    hidden = FeedbackFactory(team=TeamFactory())
    url = reverse("feedback:merge", args=[source.number])

    assert agent_client.post(url, {"into": hidden.number}).status_code == 422
    assert outsider_client.get(url).status_code == 404
    assert outsider_client.post(url, {"into": hidden.number}).status_code == 404


# T69
@pytest.mark.django_db(transaction=True)
def test_two_people_merge_the_same_pair_both_ways_and_one_is_told(team, customer, agent):
    one = FeedbackFactory(team=team, customer=customer)
    other = FeedbackFactory(team=team, customer=customer)

    def merge(pair):
        try:
            merge_feedback(pair[0].pk, into_id=pair[1].pk, by=agent)
        except NotMergeable as refused:
            return refused.code
        finally:
            connection.close()
        return "merged"

    pairs = [(one, other), (other, one), (one, other), (other, one)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(merge, pairs))

    assert outcomes.count("merged") == 1
    assert set(outcomes) <= {"merged", "already_merged", "target_is_merged"}
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.merged_into is None) != (other.merged_into is None)


# T69
@pytest.mark.django_db(transaction=True)
def test_messages_that_come_while_one_merges_are_all_in_the_conversation(team, customer, agent):
    source = FeedbackFactory(team=team, customer=customer)
    target = FeedbackFactory(team=team, customer=customer)

    def act(n):
        try:
            if n == 2:
                merge_feedback(source.pk, into_id=target.pk, by=agent)
            else:
                add_customer_message(source.pk, channel=Channel.EMAIL, text=f"message {n}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(6)))

    said = {text for text in texts(Feedback.objects.get(pk=target.pk)) if "message" in text}
    assert said == {f"message {n}" for n in range(6) if n != 2}
