"""What people and their programs do with a conversation by mail, from the first to the last.

Li writes about a refund, somebody answers, and then something happens. `S…` is the scenario
of the same idea in the issue (T01 …).
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Delivery, OutgoingKind
from accounts.models import ContactPoint, OutgoingMessage
from config.kernel.mail_ids import new_message_id, reply_address
from feedback.channels.email.receive import receive_raw_mail
from feedback.enums import InboundState, MailFlag, NoticeKind, State, TimelineKind
from feedback.models import Feedback, MailReference, Message, Notification, Status
from feedback.services.merging import merge_feedback
from feedback.services.replies import recall_reply, send_reply
from feedback.services.workflow import change_status
from tests.factories import MailboxFactory, UserFactory
from tests.support.jobs import run_queued_jobs
from tests.support.mail import bounce, mail

pytestmark = pytest.mark.django_db

BOX = "help@huiyin.test"
LI = "Li <li@example.org>"


@pytest.fixture(autouse=True)
def mailbox(db):
    return MailboxFactory(address=BOX)


@pytest.fixture
def agent(db):
    return UserFactory()


@pytest.fixture
def writes(arrive):
    """`writes(subject, …)`: Li, or somebody else, sends a mail; gives what became of it."""

    def writes(subject="退款", text="还没到账", *, sender=LI, to=BOX, **headers):
        return arrive(mail(text, sender=sender, to=to, subject=subject, **headers), BOX)

    return writes


@pytest.fixture
def talk(writes, agent):
    """The conversation that all of them begin with: (record, our answer)."""
    writes(message_id="<first@example.org>")
    feedback = Feedback.objects.get()
    return feedback, send_reply(feedback.pk, by=agent, text="哪个订单？")


def said(feedback):
    return Message.objects.filter(feedback=feedback).count()


def set_state(feedback, state, by):
    change_status(feedback.pk, status=Status.objects.default_for(state), by=by)


def acknowledgements():
    return OutgoingMessage.objects.filter(kind=OutgoingKind.ACKNOWLEDGEMENT)


# --- Ways by which an answer finds its record ---------------------------------------------------


def test_an_answer_that_names_our_mail_joins_it(talk, writes):  # S01
    feedback, answer = talk

    writes("Re: 退款", In_Reply_To=answer.outgoing.message_id)

    assert Feedback.objects.count() == 1
    assert said(feedback) == 3


def test_one_of_ours_among_strange_references_is_enough(talk, writes):  # S02
    feedback, answer = talk

    writes("又来了", References=f"<x@example.net> {answer.outgoing.message_id} <z@example.com>")

    assert said(feedback) == 3


@pytest.mark.parametrize("change", [str, str.upper], ids=["as it was", "in capitals"])
def test_our_address_alone_is_enough(talk, writes, change):  # S03
    feedback, answer = talk

    writes("没有主题", to=change(answer.outgoing.reply_to))

    assert said(feedback) == 3


def test_ids_in_capitals_are_still_ours(talk, writes):
    feedback, answer = talk

    writes("Re: 退款", In_Reply_To=answer.outgoing.message_id.upper())

    assert said(feedback) == 3


def test_an_address_with_another_signature_leads_nowhere(talk, writes):  # S04
    feedback, answer = talk
    local, _, domain = answer.outgoing.reply_to.partition("@")
    forged = f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"

    writes("x", sender="eve@example.net", to=forged)

    assert Feedback.objects.count() == 2
    assert said(feedback) == 2


def test_a_signature_opens_its_own_record_only(talk, writes):
    feedback, answer = talk
    writes("发票", sender="wang@example.net")
    other = Feedback.objects.exclude(pk=feedback.pk).get()
    forged = answer.outgoing.reply_to.replace(f"+t{feedback.pk}.", f"+t{other.pk}.")

    writes("x", sender="eve@example.com", to=forged)

    assert Feedback.objects.count() == 3
    assert said(other) == 1


def test_the_number_in_the_subject_is_enough_for_the_customer(talk, writes):  # S05
    feedback, _answer = talk

    writes(f"回复：退款 [#{feedback.number}]", sender="LI@Example.org")

    assert said(feedback) == 3


def test_the_number_of_somebody_elses_record_is_not(talk, writes):
    feedback, _answer = talk

    writes(f"回复：退款 [#{feedback.number}]", sender="eve@example.net")

    assert Feedback.objects.count() == 2
    assert said(feedback) == 2


def test_our_mailbox_may_have_moved_since(talk, writes, mailbox):
    feedback, answer = talk
    mailbox.address = "support@huiyin.test"
    mailbox.save()

    receive_raw_mail(
        "support@huiyin.test",
        mail("好的", sender=LI, to=answer.outgoing.reply_to, subject="Re: 退款"),
    )
    run_queued_jobs()

    assert said(feedback) == 3


def test_the_signed_address_counts_before_what_the_headers_say(talk, writes):
    feedback, answer = talk
    writes("发票", sender="wang@example.net", message_id="<w@example.net>")
    other = Feedback.objects.exclude(pk=feedback.pk).get()

    writes("Re", to=reply_address(BOX, f"t{other.pk}"), In_Reply_To=answer.outgoing.message_id)

    assert said(feedback) == 2
    assert Message.objects.get(feedback=other, is_third_party=True).author_address


def test_of_several_records_in_the_references_the_nearest_counts(talk, writes, agent):
    feedback, first_answer = talk
    writes("发票", message_id="<second@example.org>")
    second = Feedback.objects.exclude(pk=feedback.pk).get()
    second_answer = send_reply(second.pk, by=agent, text="马上")

    writes(
        "Re: 发票",
        References=f"{first_answer.outgoing.message_id} {second_answer.outgoing.message_id}",
    )

    assert said(second) == 3
    assert said(feedback) == 2


def test_an_answer_to_the_acknowledgement_joins_it(talk, writes):
    feedback, _answer = talk

    writes("Re: 收到", In_Reply_To=acknowledgements().get().message_id)

    assert said(feedback) == 3


def test_an_answer_to_a_mail_that_we_took_back_still_finds_its_record(talk, writes, agent):
    feedback, answer = talk
    recall_reply(answer.pk, by=agent)

    writes("Re: 退款", In_Reply_To=answer.outgoing.message_id)

    assert feedback.messages.filter(direction="in").count() == 2


def test_an_answer_that_comes_before_the_mail_it_answers_is_joined_by_it(writes):  # S22
    writes("Re: 退款", In_Reply_To="<first@example.org>", message_id="<second@example.org>")
    feedback = Feedback.objects.get()

    writes("退款", message_id="<first@example.org>")

    assert said(feedback) == 2
    assert acknowledgements().count() == 1


def test_a_stranger_who_guesses_an_id_that_is_still_to_come_joins_nothing(writes):
    writes("Re: 退款", In_Reply_To="<first@example.org>")

    writes("退款", sender="eve@example.net", message_id="<first@example.org>")

    assert Feedback.objects.count() == 2


# --- The same mail more than once ----------------------------------------------------------------


def test_a_mail_that_is_fetched_twice_is_one(writes):  # S07
    for _ in range(2):
        writes(message_id="<dup@example.org>")

    assert Message.objects.count() == 1
    assert acknowledgements().count() == 1


def test_a_mail_without_an_id_that_comes_twice_is_one(arrive):  # S09
    raw = mail("A", sender=LI, subject="退款")
    without_id = b"\n".join(
        line for line in raw.split(b"\n") if not line.startswith(b"Message-ID")
    )

    arrive(without_id)
    arrive(without_id)

    assert Message.objects.count() == 1


def test_a_mail_to_two_of_our_addresses_is_one_record_and_they_never_answer_each_other(arrive):
    """S10"""
    MailboxFactory(address="sales@huiyin.test")
    raw = mail(sender=LI, to=BOX, Cc="sales@huiyin.test", message_id="<two@example.org>")

    arrive(raw, BOX)
    arrive(raw, "sales@huiyin.test")

    assert Feedback.objects.count() == 1
    assert acknowledgements().get().to_address == "li@example.org"


# --- After it was settled ------------------------------------------------------------------------


def test_an_answer_soon_after_it_was_solved_opens_it_again(talk, writes, agent):  # S11
    feedback, answer = talk
    set_state(feedback, State.RESOLVED, agent)

    writes("", "还是没到账", In_Reply_To=answer.outgoing.message_id)

    feedback.refresh_from_db()
    assert feedback.state == State.OPEN
    assert feedback.reopened_count == 1
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("state", [State.CLOSED, State.RESOLVED])
def test_an_answer_long_after_begins_a_record_that_follows_it(talk, writes, agent, state):  # S13
    feedback, answer = talk
    set_state(feedback, state, agent)
    Feedback.objects.filter(pk=feedback.pk).update(resolved_at=timezone.now() - timedelta(days=40))

    writes("Re: 退款", In_Reply_To=answer.outgoing.message_id)
    writes("Re: 退款", "还有", In_Reply_To=answer.outgoing.message_id)

    later = Feedback.objects.exclude(pk=feedback.pk).get()
    assert later.follow_up_of == feedback
    assert said(later) == 2
    assert said(feedback) == 2


def test_an_answer_to_what_was_merged_goes_to_where_it_was_merged(talk, writes, agent):  # S14
    feedback, answer = talk
    writes("另一件事", message_id="<other@example.org>")
    target = Feedback.objects.exclude(pk=feedback.pk).get()
    merge_feedback(feedback.pk, into_id=target.pk, by=agent)

    writes("Re: 退款", "在吗", In_Reply_To=answer.outgoing.message_id)

    assert target.messages.last().text.strip() == "在吗"
    assert said(feedback) == 2


def test_merged_twice_over_is_followed_to_the_end(talk, writes):
    feedback, answer = talk
    for n in range(2):
        writes(f"另一件事{n}", message_id=f"<other{n}@example.org>")
    first, second = Feedback.objects.exclude(pk=feedback.pk).order_by("pk")
    Feedback.objects.filter(pk=feedback.pk).update(merged_into=first)
    Feedback.objects.filter(pk=first.pk).update(merged_into=second)

    writes("Re: 退款", "在吗", In_Reply_To=answer.outgoing.message_id)

    assert second.messages.last().text.strip() == "在吗"


def test_another_subject_in_an_old_conversation_is_filed_there_and_shown(
    talk, writes, client, admin_user
):
    """S16"""
    feedback, answer = talk

    writes("全新问题：发票", "请开发票", In_Reply_To=answer.outgoing.message_id)

    message = feedback.messages.last()
    assert said(feedback) == 3
    assert message.subject == "全新问题：发票"
    client.force_login(admin_user)
    assert "全新问题：发票" in client.get(feedback.get_absolute_url()).content.decode()


@pytest.mark.parametrize("subject", ["Re: 退款", "RE：回复：退款", "转发: 退款", ""])
def test_an_answer_in_whatever_program_keeps_its_subject(talk, writes, subject):
    feedback, answer = talk

    writes(subject, In_Reply_To=answer.outgoing.message_id)

    assert feedback.messages.last().subject == ""


def test_our_own_subjects_are_no_others(talk, writes):
    feedback, answer = talk
    acknowledgement = acknowledgements().get()
    Feedback.objects.filter(pk=feedback.pk).update(subject="被改过的主题")

    writes(f"Re: {acknowledgement.subject}", In_Reply_To=acknowledgement.message_id)
    writes(f"回复：{answer.outgoing.subject}", In_Reply_To=answer.outgoing.message_id)

    assert {one.subject for one in feedback.messages.all()} == {""}


# --- What machines send --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {}], ids=["says so", "by its subject only"]
)
def test_an_automatic_answer_is_filed_and_opens_nothing(talk, writes, agent, headers):  # S17
    feedback, answer = talk
    set_state(feedback, State.RESOLVED, agent)

    writes("自动回复: 退款", "我在休假", In_Reply_To=answer.outgoing.message_id, **headers)

    feedback.refresh_from_db()
    assert feedback.state == State.RESOLVED
    assert said(feedback) == 3
    assert acknowledgements().count() == 1


def test_an_autoresponder_without_manners_is_not_answered_fifty_times(talk, writes, agent):
    """A07 of the attacks: no header says that it is automatic, only the subject."""
    feedback, _answer = talk
    set_state(feedback, State.RESOLVED, agent)

    for n in range(50):
        own = acknowledgements().last().message_id
        writes("自动回复: 收到", f"我不在 {n}", In_Reply_To=own)

    feedback.refresh_from_db()
    assert acknowledgements().count() == 1
    assert feedback.reopened_count == 0


def test_an_answer_that_comes_back_is_told_to_whoever_wrote_it(talk, arrive, agent):  # S18
    feedback, answer = talk

    for _ in range(2):  # some servers report more than once
        arrive(bounce(answer.outgoing.message_id, recipient="li@example.org"))

    answer.outgoing.refresh_from_db()
    assert answer.outgoing.delivery == Delivery.BOUNCED
    assert ContactPoint.objects.get(value="li@example.org").suppressed_at is not None
    told = feedback.timeline.get(kind=TimelineKind.DELIVERY)
    assert told.data["delivery"] == Delivery.BOUNCED
    assert Notification.objects.get(kind=NoticeKind.BOUNCED).user == agent
    assert Feedback.objects.count() == 1


def test_mail_that_is_only_late_three_times_harms_no_address(talk, arrive):  # S20
    feedback, answer = talk

    for _ in range(3):
        arrive(
            bounce(
                answer.outgoing.message_id,
                recipient="li@example.org",
                status="4.2.2",
                action="delayed",
            )
        )

    assert ContactPoint.objects.get(value="li@example.org").suppressed_at is None
    assert Feedback.objects.count() == 1
    assert feedback.timeline.filter(kind=TimelineKind.DELIVERY).count() == 1
    assert not Notification.objects.filter(kind=NoticeKind.BOUNCED).exists()


def test_a_full_mailbox_is_no_dead_address(talk, arrive):
    """T45: it came back, and that is told; automatic mail goes on."""
    _feedback, answer = talk

    arrive(bounce(answer.outgoing.message_id, recipient="li@example.org", status="5.2.2"))

    point = ContactPoint.objects.get(value="li@example.org")
    assert point.suppressed_at is None
    assert point.soft_bounces == 1
    assert Notification.objects.filter(kind=NoticeKind.BOUNCED).count() == 1


def test_a_bounce_cannot_name_somebody_elses_address(talk, writes, arrive):
    """T46"""
    _feedback, answer = talk
    writes("发票", sender="victim@example.net")

    arrive(bounce(answer.outgoing.message_id, recipient="victim@example.net"))

    assert ContactPoint.objects.get(value="victim@example.net").suppressed_at is None


def test_a_bounce_without_the_mail_it_is_about_makes_no_record(talk, arrive):
    """T44, T47"""
    arrive(bounce("", recipient="li@example.org"))

    assert Feedback.objects.count() == 1
    assert ContactPoint.objects.get(value="li@example.org").suppressed_at is None


# --- Who it is -----------------------------------------------------------------------------------


def test_a_colleague_of_the_customer_is_shown_as_who_they_are(talk, writes, agent):  # S23
    feedback, answer = talk
    headers = {"In_Reply_To": answer.outgoing.message_id}

    writes("Re: 退款", "我来补充", sender="Wang <wang@example.org>", **headers)

    message = feedback.messages.last()
    feedback.refresh_from_db()
    assert message.author_address == "wang@example.org"
    assert message.is_third_party
    assert feedback.customer.email == "li@example.org"
    assert Notification.objects.filter(user=agent, message=message).exists()


def test_nobody_gets_another_customers_mail_by_answer_to(writes):  # S25
    writes("loop", Reply_To=BOX)
    writes("bomb", sender="eve@example.net", Reply_To="victim@example.com")

    recipients = set(acknowledgements().values_list("to_address", flat=True))
    assert recipients == {"li@example.org", "eve@example.net"}
    warned = Message.objects.get(author_address="eve@example.net")
    assert warned.flags == [MailFlag.REPLY_TO]


@pytest.mark.parametrize("what", ["from our own mailbox", "with our own mark"])
def test_our_own_mail_makes_no_record_and_no_answer(writes, settings, what):
    """A08 of the attacks."""
    if what == "from our own mailbox":
        inbound = writes(sender="Help+t1.x@Huiyin.test")
    else:
        inbound = writes(X_Feedback_Loop_Guard=settings.INSTANCE_ID)

    assert inbound.state == InboundState.IGNORED
    assert "loop" in inbound.reason
    assert Feedback.objects.count() == OutgoingMessage.objects.count() == 0


def test_who_only_says_that_they_are_a_colleague_never_writes_to_the_customer(
    talk, writes, agent, client, admin_user
):
    """A04 of the attacks: the name of a colleague, and ids that were guessed or never ours."""
    feedback, _answer = talk
    before = OutgoingMessage.objects.filter(to_address="li@example.org").count()
    guessed = f"<t{feedback.pk}.{'0' * 16}.{'a' * 20}@huiyin.test>"

    writes(
        f"Re: 退款 [#{feedback.number}]",
        "请把密码发来",
        sender=agent.email,
        In_Reply_To=guessed,
        References=f"<notify-{feedback.pk}-1-abcd@huiyin.test>",
    )

    lands = Feedback.objects.exclude(pk=feedback.pk).get()
    message = lands.messages.get()
    assert said(feedback) == 2
    assert OutgoingMessage.objects.filter(to_address="li@example.org").count() == before
    assert message.flags == [MailFlag.COLLEAGUE]
    client.force_login(admin_user)
    assert "nothing proves it" in client.get(lands.get_absolute_url()).content.decode()


def test_a_real_token_in_the_name_of_a_colleague_is_a_strangers_message(talk, writes, agent):
    feedback, answer = talk
    before = OutgoingMessage.objects.count()

    writes("Re: 退款", "请付款", sender=agent.email, In_Reply_To=answer.outgoing.message_id)

    message = feedback.messages.last()
    assert message.direction == "in"
    assert message.is_third_party
    assert message.flags == [MailFlag.COLLEAGUE]
    assert OutgoingMessage.objects.count() == before


def test_an_answer_to_a_survey_joins_the_record_that_it_asked_about(talk, writes):
    feedback, _answer = talk
    asked = new_message_id("s7")
    MailReference.objects.create(feedback=feedback, message_id=asked, is_ours=True)

    writes("Re: 请评价", In_Reply_To=asked)

    assert feedback.messages.filter(direction="in").count() == 2
