"""The heart of the product: a customer writes, is told, gets an answer, judges it."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.enums import OutgoingState
from accounts.models import OutgoingMessage
from accounts.services.customers import find_or_create_customer
from feedback.enums import Channel, Direction, State, TimelineKind
from feedback.errors import Stale, StepNotAllowed, VariablesUnfilled
from feedback.models import Feedback, Status
from feedback.services.conversation import add_customer_message
from feedback.services.followup import record_satisfaction
from feedback.services.intake import receive_feedback
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.workflow import change_status, resolve_feedback
from tests.factories import CustomerFactory, FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db


def story(feedback) -> list[str]:
    return list(feedback.timeline.values_list("kind", flat=True))


def test_what_arrives_is_numbered_told_and_acknowledged():
    customer = find_or_create_customer(kind="email", value="Han@Example.org", name="韩梅梅")

    feedback = receive_feedback(
        channel=Channel.WEB_FORM,
        customer=customer,
        subject="",
        text="净水器漏水，厨房都湿了。",
        language="zh-hans",
    )

    assert feedback.number > 1000
    assert feedback.subject == "净水器漏水，厨房都湿了。"
    assert feedback.reply_due_at > feedback.received_at
    assert story(feedback) == [TimelineKind.RECEIVED, TimelineKind.ACKNOWLEDGED]
    mail = OutgoingMessage.objects.get()
    assert mail.to_address == "han@example.org"
    assert str(feedback.number) in mail.body_text
    assert feedback.status_token in mail.body_text


# T87
@pytest.mark.django_db(transaction=True)
def test_records_that_come_in_at_the_same_moment_have_numbers_of_their_own():
    """None waits for another, and a number that was given is never given again."""
    both_are_written = threading.Barrier(2, timeout=10)

    def take_in(_n):
        try:
            with transaction.atomic():
                number = FeedbackFactory().number
                both_are_written.wait()  # max + 1 would be the same here, or wait for ever
                return number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(take_in, range(2)))
    with contextlib.suppress(LookupError), transaction.atomic():
        lost = FeedbackFactory().number
        raise LookupError

    assert first < second < lost < FeedbackFactory().number


def test_the_same_submission_makes_one_record_and_one_acknowledgement():
    customer = CustomerFactory()
    for _ in range(2):
        receive_feedback(
            channel=Channel.WEB_FORM,
            customer=customer,
            subject="Leak",
            text="It leaks.",
            language="en",
            submission_key="form-1",
        )

    assert Feedback.objects.count() == 1
    assert OutgoingMessage.objects.count() == 1


def test_an_acknowledgement_does_not_repeat_what_a_stranger_typed():
    receive_feedback(
        channel=Channel.WEB_FORM,
        customer=CustomerFactory(),
        subject="BUY NOW",
        text="cheap pills",
        language="en",
    )

    mail = OutgoingMessage.objects.get()
    assert "BUY NOW" not in mail.subject + mail.body_text


def test_an_answer_stops_the_wait_and_takes_the_record():
    agent, feedback = UserFactory(), FeedbackFactory()

    message = send_reply(feedback.pk, by=agent, text="我们马上安排师傅上门。")

    feedback.refresh_from_db()
    assert feedback.first_response_at == message.created_at
    assert feedback.waiting_since is None
    # What is due next are news of how it goes.
    assert feedback.reply_due_at == feedback.clocks.get(metric="progress_update").due_at
    assert feedback.assignee == agent
    assert feedback.state == State.OPEN
    assert message.outgoing.reply_to.count("+") == 1


def test_an_answer_with_an_unfilled_variable_is_not_sent():
    feedback = FeedbackFactory()

    with pytest.raises(VariablesUnfilled) as refusal:
        send_reply(feedback.pk, by=UserFactory(), text="Dear {{ customer.nmae }}, hello")

    assert refusal.value.names == ["customer.nmae"]
    assert OutgoingMessage.objects.count() == 0


def test_what_is_unfilled_is_said_in_words():
    feedback = FeedbackFactory()

    with pytest.raises(VariablesUnfilled, match="before sending: Order number, Product"):
        send_reply(
            feedback.pk, by=UserFactory(), text="Your {{ product.name }}, {{ order_number }}"
        )


def test_a_recalled_answer_makes_the_customer_wait_from_before():
    agent, feedback = UserFactory(), FeedbackFactory()
    message = send_reply(feedback.pk, by=agent, text="Too early")

    recall_reply(message.pk, by=agent)

    feedback.refresh_from_db()
    assert feedback.first_response_at is None
    assert feedback.waiting_since == feedback.received_at
    assert OutgoingMessage.objects.get().state == OutgoingState.CANCELLED


def test_a_second_message_does_not_restart_the_clock():
    feedback = FeedbackFactory()
    due = feedback.reply_due_at

    add_customer_message(feedback.pk, channel=Channel.EMAIL, text="还在漏！")

    feedback.refresh_from_db()
    assert feedback.reply_due_at == due


def test_a_customer_who_writes_again_reopens_what_was_resolved():
    agent, feedback = UserFactory(), FeedbackFactory()
    resolve_feedback(feedback.pk, by=agent, outcome="fixed")

    add_customer_message(feedback.pk, channel=Channel.EMAIL, text="又漏了")

    feedback.refresh_from_db()
    assert feedback.state == State.OPEN
    assert feedback.reopened_count == 1
    assert feedback.resolved_at is None


def test_an_automatic_reply_is_filed_and_changes_nothing():
    agent, feedback = UserFactory(), FeedbackFactory()
    resolve_feedback(feedback.pk, by=agent)

    add_customer_message(
        feedback.pk, channel=Channel.EMAIL, text="I am on holiday", is_automatic=True
    )

    feedback.refresh_from_db()
    assert feedback.state == State.RESOLVED
    assert feedback.messages.filter(is_automatic=True).count() == 1


def test_a_note_is_not_an_answer():
    feedback = FeedbackFactory()

    note = add_note(feedback.pk, by=UserFactory(), text="客户很着急")

    feedback.refresh_from_db()
    assert note.direction == Direction.NOTE
    assert feedback.first_response_at is None
    assert OutgoingMessage.objects.count() == 0


def test_a_refused_step_leaves_no_trace():
    feedback = FeedbackFactory()
    closed = Status.objects.default_for(State.CLOSED)
    change_status(feedback.pk, status=closed, by=UserFactory())
    before = story(feedback)

    with pytest.raises(StepNotAllowed):
        change_status(feedback.pk, status=Status.objects.default_for(State.OPEN), by=UserFactory())

    assert story(feedback) == before


def test_a_change_made_on_an_old_page_is_refused():
    feedback = FeedbackFactory()
    add_note(feedback.pk, by=UserFactory(), text="meanwhile")

    with pytest.raises(Stale):
        resolve_feedback(feedback.pk, by=UserFactory(), version=1)


def test_not_solved_reopens_and_asks_for_a_call():
    feedback = FeedbackFactory()
    resolve_feedback(feedback.pk, by=UserFactory())

    record_satisfaction(feedback.pk, overall=1, solved=False, comment="没有人来")
    record_satisfaction(feedback.pk, overall=1, solved=False, comment="没有人来")

    feedback.refresh_from_db()
    assert feedback.state == State.OPEN
    assert feedback.tasks.count() == 1
