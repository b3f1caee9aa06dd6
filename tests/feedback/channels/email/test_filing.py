"""What becomes of a mail: new record, message of a record, or nothing but a note."""

from unittest.mock import patch

import pytest

from accounts.enums import Delivery, OutgoingKind
from accounts.models import ContactPoint, Customer, OutgoingMessage
from config.kernel.mail_ids import new_message_id, reply_address
from feedback.channels.email.receive import receive_raw_mail
from feedback.enums import Channel, InboundState, State, TimelineKind
from feedback.models import Feedback, InboundMail, MailReference, Status
from feedback.services.inbound_mail import count_attempt, process_again
from feedback.services.replies import send_reply
from feedback.services.workflow import change_status, resolve_feedback
from tests.factories import CustomerFactory, FeedbackFactory, MailboxFactory, UserFactory
from tests.support.jobs import run_queued_jobs
from tests.support.mail import bounce, mail

pytestmark = pytest.mark.django_db

BOX = "help@huiyin.test"


@pytest.fixture(autouse=True)
def mailbox(db):
    return MailboxFactory(address=BOX)


@pytest.fixture(autouse=True)
def no_sending():
    """Sending has its own tests; here the promise to send is what counts."""
    with patch("accounts.services.outbox.SEND", "tests.feedback.channels.email.test_filing.noop"):
        yield


def noop(**_):
    pass


def arrive(raw: bytes, address=BOX) -> InboundMail:
    inbound = receive_raw_mail(address, raw)
    run_queued_jobs()
    inbound.refresh_from_db()
    return inbound


def acknowledgements():
    return OutgoingMessage.objects.filter(kind=OutgoingKind.ACKNOWLEDGEMENT)


def test_a_mail_becomes_a_record_and_is_acknowledged_in_its_thread():
    inbound = arrive(mail(message_id="<one@example.org>"))

    feedback = Feedback.objects.get()
    assert inbound.state == InboundState.FILED
    assert feedback.channel == Channel.EMAIL
    assert feedback.subject == "漏水"
    assert feedback.language == "zh-hans"
    assert feedback.customer.name == "韩梅梅"
    assert feedback.customer.email == "han@example.org"
    assert feedback.messages.get().text.strip() == "净水器漏水了。"
    acknowledgement = acknowledgements().get()
    assert acknowledgement.in_reply_to == "<one@example.org>"
    assert acknowledgement.from_address == BOX


def test_an_english_mail_gets_an_english_acknowledgement():
    arrive(mail("It leaks.", subject="Leak", sender="Ada <ada@example.org>"))

    assert acknowledgements().get().body_text.startswith("Hello Ada")


@pytest.mark.parametrize("way", ["plus address", "message id", "subject"])
def test_an_answer_finds_its_record(way):
    arrive(mail())
    feedback = Feedback.objects.get()
    answer = send_reply(feedback.pk, by=UserFactory(), text="哪个型号？")
    headers = {}
    to, subject = BOX, "关于漏水"
    if way == "plus address":
        to = reply_address(BOX, f"t{feedback.pk}")
    elif way == "message id":
        headers = {"In_Reply_To": answer.outgoing.message_id}
    else:
        subject = f"回复：漏水 [#{feedback.number}]"

    arrive(mail("X3。", to=to, subject=subject, **headers))

    assert Feedback.objects.count() == 1
    assert feedback.messages.filter(direction="in").count() == 2


def test_an_answer_to_our_survey_mail_joins_the_record_it_asked_about():
    arrive(mail())
    feedback = Feedback.objects.get()
    survey_mail = new_message_id("s7")
    MailReference.objects.create(feedback=feedback, message_id=survey_mail, is_ours=True)

    arrive(mail("其实还没好", subject="Re: 请评价", In_Reply_To=survey_mail))

    assert feedback.messages.filter(direction="in").count() == 2


def test_an_answer_to_an_own_mail_of_the_customer_joins_it():
    arrive(mail(message_id="<first@example.org>"))

    arrive(mail("补充一下", subject="另外", References="<first@example.org>"))

    assert Feedback.objects.get().messages.filter(direction="in").count() == 2


def test_a_guessed_number_in_the_subject_leads_a_stranger_nowhere():
    feedback = FeedbackFactory()

    arrive(mail(subject=f"Re: [#{feedback.number}]", sender="eve@example.net"))

    assert Feedback.objects.count() == 2
    assert feedback.messages.count() == 1


def test_a_forged_id_leads_nowhere():
    feedback = FeedbackFactory()

    arrive(mail(In_Reply_To=f"<t{feedback.pk}.{'0' * 16}.{'a' * 20}@huiyin.test>"))

    assert feedback.messages.count() == 1


def test_a_stranger_with_a_real_token_is_filed_as_third_party_and_told_nothing():
    feedback = FeedbackFactory()
    resolve_feedback(feedback.pk, by=UserFactory())

    arrive(mail("我是他的邻居", sender="n@example.net", to=reply_address(BOX, f"t{feedback.pk}")))

    feedback.refresh_from_db()
    assert feedback.messages.get(is_third_party=True).author_address == "n@example.net"
    assert feedback.state == State.RESOLVED
    assert acknowledgements().count() == 0


def test_only_what_is_new_is_shown_and_the_rest_is_kept():
    arrive(mail())
    feedback = Feedback.objects.get()

    arrive(
        mail(
            "好的，谢谢。\n\n在 2026年11月2日 10:00，Huiyin <help@huiyin.test> 写道：\n"
            "> 哪个型号？\n",
            to=reply_address(BOX, f"t{feedback.pk}"),
        )
    )

    message = feedback.messages.last()
    assert message.text.strip() == "好的，谢谢。"
    assert "哪个型号" in message.full_text


def test_out_of_office_is_filed_quietly():
    arrive(mail())
    feedback = Feedback.objects.get()
    resolve_feedback(feedback.pk, by=UserFactory())

    inbound = arrive(
        mail(
            "我在休假",
            subject="自动回复：漏水",
            to=reply_address(BOX, f"t{feedback.pk}"),
            Auto_Submitted="auto-replied",
        )
    )

    feedback.refresh_from_db()
    assert inbound.state == InboundState.AUTOMATIC
    assert feedback.state == State.RESOLVED
    assert feedback.messages.filter(is_automatic=True).count() == 1
    assert acknowledgements().count() == 1


def test_a_vacation_reply_out_of_nowhere_makes_no_record_and_no_answer():
    inbound = arrive(mail("I am away", Auto_Submitted="auto-replied"))

    assert inbound.state == InboundState.AUTOMATIC
    assert Feedback.objects.count() == 0
    assert OutgoingMessage.objects.count() == 0


def test_our_own_mail_coming_back_is_dropped():
    inbound = arrive(mail("…", sender=BOX))

    assert inbound.state == InboundState.IGNORED
    assert Feedback.objects.count() == 0


def test_a_bounce_marks_the_message_and_the_address_and_reopens_nothing():
    feedback = FeedbackFactory(customer=CustomerFactory(email="gone@example.org"))
    answer = send_reply(feedback.pk, by=UserFactory(), text="Hello")
    resolve_feedback(feedback.pk, by=UserFactory())

    inbound = arrive(bounce(answer.outgoing.message_id, recipient="gone@example.org"))

    answer.outgoing.refresh_from_db()
    feedback.refresh_from_db()
    assert inbound.state == InboundState.BOUNCE
    assert answer.outgoing.delivery == Delivery.BOUNCED
    assert ContactPoint.objects.get(value="gone@example.org").suppressed_at is not None
    assert feedback.state == State.RESOLVED
    assert feedback.timeline.filter(kind=TimelineKind.DELIVERY).count() == 1
    assert Feedback.objects.count() == 1


def test_a_forged_bounce_suppresses_nobody():
    CustomerFactory(email="victim@example.org")

    arrive(bounce("<unknown@example.net>", recipient="victim@example.org"))

    assert ContactPoint.objects.get(value="victim@example.org").suppressed_at is None


def sent_with_a_return_address(to="gone@example.org") -> tuple[OutgoingMessage, str]:
    feedback = FeedbackFactory(customer=CustomerFactory(email=to))
    outgoing = send_reply(feedback.pk, by=UserFactory(), text="Hello").outgoing
    return outgoing, reply_address(BOX, f"b{outgoing.pk}")


def test_an_unreadable_report_to_a_return_address_is_a_bounce_of_that_mail():
    outgoing, returns_to = sent_with_a_return_address()

    inbound = arrive(
        mail("Tut uns leid.", sender="system@mx.example.net", to=returns_to, subject="Hinweis")
    )

    outgoing.refresh_from_db()
    assert inbound.state == InboundState.BOUNCE
    assert outgoing.delivery == Delivery.BOUNCED
    point = ContactPoint.objects.get(value="gone@example.org")
    assert point.suppressed_at is None  # nothing says that it is for good
    assert point.soft_bounces == 1
    assert Feedback.objects.count() == 1


def test_a_report_without_the_lost_mail_is_matched_by_its_return_address_on_the_envelope():
    outgoing, returns_to = sent_with_a_return_address()

    arrive(bounce("<lost@relay.example.net>", recipient="x@relay.example.net"), returns_to)

    outgoing.refresh_from_db()
    assert outgoing.delivery == Delivery.BOUNCED
    assert ContactPoint.objects.get(value="gone@example.org").suppressed_at is not None


@pytest.mark.parametrize("who", ["her autoresponder", "she herself"])
def test_an_answer_to_a_return_address_joins_the_record_and_is_no_bounce(who):
    outgoing, returns_to = sent_with_a_return_address("han@example.org")
    automatic = {"Auto_Submitted": "auto-replied"} if who == "her autoresponder" else {}

    arrive(mail("Not here until Monday.", to=returns_to, **automatic))

    outgoing.refresh_from_db()
    assert outgoing.delivery == Delivery.UNKNOWN
    assert Feedback.objects.get().messages.filter(text="Not here until Monday.").exists()


def test_a_guessed_return_address_leads_nowhere():
    outgoing, returns_to = sent_with_a_return_address()
    forged = returns_to.replace(returns_to.partition(".")[2][:20], "0" * 20)

    arrive(mail("Undeliverable", sender="stranger@example.net", to=forged))

    outgoing.refresh_from_db()
    assert outgoing.delivery == Delivery.UNKNOWN


def test_a_report_that_a_mail_was_delivered_is_no_bounce():
    outgoing, _ = sent_with_a_return_address()
    report = bounce(
        outgoing.message_id, recipient="gone@example.org", status="2.0.0", action="delivered"
    )

    arrive(report)

    outgoing.refresh_from_db()
    assert outgoing.delivery == Delivery.UNKNOWN


def test_the_same_mail_in_two_of_our_mailboxes_is_one_record():
    MailboxFactory(address="sales@huiyin.test")
    raw = mail(message_id="<both@example.org>")

    arrive(raw)
    second = arrive(b"Delivered-To: sales@huiyin.test\r\n" + raw, "sales@huiyin.test")

    assert second.state == InboundState.DUPLICATE
    assert Feedback.objects.count() == 1
    assert acknowledgements().count() == 1


def test_another_mail_with_a_used_message_id_is_not_lost():
    arrive(mail("one", message_id="<same@example.org>"))
    arrive(mail("two", message_id="<same@example.org>"))

    assert InboundMail.objects.filter(state=InboundState.FILED).count() == 2


def test_a_mail_to_a_closed_record_begins_a_follow_up():
    arrive(mail())
    feedback = Feedback.objects.get()
    closed = Status.objects.default_for(State.CLOSED)
    change_status(feedback.pk, status=closed, by=UserFactory())

    arrive(mail("又坏了", to=reply_address(BOX, f"t{feedback.pk}"), subject="回复：漏水"))

    later = Feedback.objects.exclude(pk=feedback.pk).get()
    assert later.follow_up_of == feedback
    assert later.subject == "漏水"


def test_a_merged_record_passes_its_mail_on_even_in_a_circle():
    first, second = FeedbackFactory(), FeedbackFactory()
    Feedback.objects.filter(pk=first.pk).update(merged_into=second)
    Feedback.objects.filter(pk=second.pk).update(merged_into=first)

    arrive(mail(sender=first.customer.email, to=reply_address(BOX, f"t{first.pk}"), subject="x"))

    assert Feedback.objects.count() == 2


def test_a_mail_that_breaks_the_filing_is_set_aside_and_the_next_one_flows():
    with patch("feedback.channels.email.filing.parse_mail", side_effect=ValueError("odd")):
        broken = arrive(mail("first"))
    arrive(mail("second", sender="b@example.org"))

    assert broken.state == InboundState.QUARANTINED
    assert "odd" in broken.reason
    assert Feedback.objects.get().messages.get().text.strip() == "second"

    process_again(broken.pk)
    run_queued_jobs()
    broken.refresh_from_db()
    assert broken.state == InboundState.FILED


@pytest.mark.parametrize(
    ("kills", "state"), [(4, InboundState.FILED), (5, InboundState.QUARANTINED)]
)
def test_a_mail_is_given_up_only_when_reader_after_reader_died_of_it(kills, state):
    inbound = receive_raw_mail(BOX, mail("once more"))
    for _ in range(kills):
        count_attempt(inbound.pk)  # and then the reader is killed

    run_queued_jobs()

    inbound.refresh_from_db()
    assert inbound.state == state


def test_a_mail_without_a_sender_is_kept_for_a_person_to_look_at():
    inbound = arrive(b"Subject: hello\r\n\r\nwho am I?")

    assert inbound.state == InboundState.QUARANTINED
    assert Customer.objects.count() == 0


def test_any_bytes_are_stored():
    inbound = arrive(b"\x00\xff\xfe garbage \x00")

    assert bytes(inbound.raw).startswith(b"\x00\xff")
    assert inbound.state == InboundState.QUARANTINED
