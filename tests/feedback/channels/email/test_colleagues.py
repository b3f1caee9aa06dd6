"""What people who work here write by mail never goes further than they may themselves."""

import pytest
from django.utils import timezone

from accounts.enums import OutgoingKind, Role
from accounts.models import OutgoingMessage
from feedback.enums import Direction, InboundState, MailFlag
from feedback.models import Feedback, Notification
from feedback.services.assignment import assign_feedback
from feedback.services.notifying import mail_due_notifications
from tests.conftest import member
from tests.factories import FeedbackFactory, MailboxFactory
from tests.support.mail import mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(db):
    return MailboxFactory(address="help@huiyin.test")


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def notice(record, colleague, agent):
    """The mail by which the colleague learned of a record."""
    assign_feedback(record.pk, by=agent, assignee=colleague, team=record.team)
    Notification.objects.update(mail_after=timezone.now())
    mail_due_notifications()
    return OutgoingMessage.objects.get(kind=OutgoingKind.NOTIFICATION)


def answer(notice, text, **changed):
    given = {
        "sender": notice.to_address,
        "to": notice.reply_to,
        "subject": f"Re: {notice.subject}",
        "In_Reply_To": notice.message_id,
    }
    return mail(text, **given | changed)


def to_the_customer(record):
    return OutgoingMessage.objects.filter(to_address=record.customer.email)


def test_an_answer_to_a_notification_is_a_note(notice, record, colleague, arrive):
    arrive(answer(notice, "I called them.\n\nOn Monday, Huiyin wrote:\n> #answer it"))

    note = record.messages.last()
    assert (note.direction, note.author, note.text) == (
        Direction.NOTE,
        colleague,
        "I called them.",
    )
    assert not to_the_customer(record).exists()
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("begin", ["#answer\n", "#回复：", "#ANSWER "])
def test_only_what_says_so_goes_to_the_customer(notice, record, colleague, arrive, begin):
    arrive(answer(notice, f"{begin}明天上门。"))

    sent = record.messages.get(direction=Direction.OUT)
    assert (sent.author, sent.text) == (colleague, "明天上门。")
    assert to_the_customer(record).get().body_text.startswith("明天上门。")


@pytest.mark.parametrize("why", ["another sender", "left", "may not any more", "no token"])
def test_without_proof_it_is_a_strangers_message(notice, record, colleague, arrive, why):
    changed = {}
    if why == "another sender":
        changed["sender"] = member(Role.AGENT).email
    elif why == "left":
        colleague.is_active = False
        colleague.save()
    elif why == "may not any more":
        colleague.groups.clear()
    else:
        changed["In_Reply_To"] = "<guessed@huiyin.test>"

    arrive(answer(notice, "#answer Send money", **changed))

    message = record.messages.last()
    assert message.direction == Direction.IN
    assert message.is_third_party
    assert (MailFlag.COLLEAGUE in message.flags) is (why != "left")
    assert not to_the_customer(record).exists()
    assert Feedback.objects.count() == 1


def test_what_cannot_be_sent_is_told_to_whoever_wrote_it(notice, record, colleague, arrive):
    inbound = arrive(answer(notice, "#answer Dear {{ customer.shoe_size }}"))

    told = OutgoingMessage.objects.filter(to_address=colleague.email).latest("pk")
    assert inbound.state == InboundState.FILED
    assert "shoe_size" in told.body_text
    assert record.messages.count() == 1


def test_an_absence_of_a_colleague_is_no_matter_of_the_record(notice, record, arrive):
    inbound = arrive(answer(notice, "Away until Monday", Auto_Submitted="auto-replied"))

    assert inbound.state == InboundState.AUTOMATIC
    assert record.messages.count() == 1
