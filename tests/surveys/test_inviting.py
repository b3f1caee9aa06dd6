"""After feedback was resolved the customer is asked; or we know why not."""

import threading
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import (
    ConsentChannel,
    ConsentPurpose,
    ContactKind,
    OutgoingState,
    SuppressionReason,
)
from accounts.models import ContactPoint, OutgoingMessage
from accounts.outbox.mime import compose
from accounts.services.customers import record_consent, stop_contacting
from accounts.services.deliverability import mail_came_back
from feedback.enums import Channel, Direction, State, TimelineKind
from feedback.models import Status
from feedback.services.conversation import add_customer_message
from feedback.services.workflow import change_status, reopen_feedback, resolve_feedback
from surveys.distribution.email import write_invitation
from surveys.enums import InvitationState, NotAsked
from surveys.models import AddressOptOut, ContactEvent, Invitation
from surveys.selectors.contact import address_digest, has_stopped, reason_not_to_ask
from surveys.services.archiving import close_survey
from surveys.services.inviting import (
    Letter,
    cancel_call_back,
    note_delivery,
    plan_call_back,
    send_due_invitations,
)
from surveys.services.opting_out import allow_surveys, stop_surveys
from tests.factories import CustomerFactory, FeedbackFactory, MailboxFactory, UserFactory
from tests.factories.surveys import call_back_survey, follow_up, let_time_pass, planned, sent
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


def send_due():
    return send_due_invitations(write_invitation)


def test_resolving_plans_a_question_after_the_delay(team):
    agent = UserFactory(team=team)
    feedback = FeedbackFactory(team=team)

    resolve_feedback(feedback.pk, by=agent)
    run_queued_jobs()

    invitation = Invitation.objects.get()
    feedback.refresh_from_db()
    assert invitation.state == InvitationState.QUEUED
    assert invitation.send_at == feedback.resolved_at + follow_up().delay
    assert invitation.address == feedback.customer.email
    assert (invitation.agent, invitation.team) == (agent, team)
    assert send_due() == 0


def test_the_work_that_is_judged_is_that_of_whoever_resolved_it(team):
    agent = UserFactory(team=team)
    invitation = planned(FeedbackFactory(team=team), by=agent)

    feedback = invitation.feedback
    feedback.assignee, feedback.team = UserFactory(), None
    feedback.save()

    invitation.refresh_from_db()
    assert (invitation.agent, invitation.team) == (agent, team)


def test_planning_twice_asks_once():
    invitation = planned()

    plan_call_back(invitation.feedback_id)

    assert Invitation.objects.count() == 1


def test_a_mail_goes_out_when_it_is_due_and_only_once():
    invitation = planned()
    let_time_pass(invitation)

    assert send_due() == 1
    assert send_due() == 0

    invitation.refresh_from_db()
    mail = OutgoingMessage.objects.get(kind="survey")
    assert invitation.state == InvitationState.SENT
    assert invitation.outgoing == mail
    assert invitation.expires_at > timezone.now() + timedelta(days=29)
    assert mail.to_address == invitation.address
    assert f"s{invitation.pk}." in mail.message_id
    assert mail.reply_to.count("+t") == 1
    assert ContactEvent.objects.filter(customer=invitation.customer).count() == 1
    last = invitation.feedback.timeline.filter(kind=TimelineKind.SURVEY).last()
    assert last.data["state"] == "sent"


def test_the_mail_speaks_the_customers_language_and_offers_the_stars():
    for language, words in (("zh-hans", "总的来说"), ("en", "Overall, how satisfied")):
        invitation = sent(FeedbackFactory(customer=CustomerFactory(language=language)))
        mail = invitation.outgoing
        for body in (mail.body_text, mail.body_html):
            assert words in body
            for star in range(1, 6):
                assert f"/a/{invitation.token}/?overall={star}" in body
        assert mail.language == language
        assert f'lang="{language}"' in mail.body_html


def test_the_mail_can_be_signed_off_with_one_press():
    invitation = sent()
    headers = invitation.outgoing.headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == (
        f"<http://testserver/a/{invitation.token}/unsubscribe/>"
    )
    assert f"/a/{invitation.token}/unsubscribe/" in invitation.outgoing.body_text
    on_the_wire = message_from_bytes(compose(invitation.outgoing))
    assert on_the_wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert invitation.token in on_the_wire["List-Unsubscribe"]


def test_the_mail_does_not_repeat_what_a_stranger_typed():
    invitation = sent(FeedbackFactory(subject="BUY NOW", text="cheap pills"))
    mail = invitation.outgoing
    assert "BUY NOW" not in mail.subject + mail.body_text + mail.body_html


def resolved():
    feedback = FeedbackFactory()
    return resolve_feedback(feedback.pk, by=UserFactory())


def only(feedback_id):
    (invitation,) = plan_call_back(feedback_id)
    return invitation


def test_spam_is_not_asked():
    feedback = resolved()
    spam = Status.objects.default_for(State.SPAM)
    type(feedback).objects.filter(pk=feedback.pk).update(status=spam, state=State.SPAM)

    invitation = only(feedback.pk)

    assert (invitation.state, invitation.reason) == (InvitationState.SKIPPED, NotAsked.SPAM)
    entry = feedback.timeline.filter(kind=TimelineKind.SURVEY).last()
    assert entry.data["reason"] == "spam"


def test_what_was_merged_is_not_asked():
    feedback, other = resolved(), FeedbackFactory()
    merged = Status.objects.default_for(State.MERGED)
    type(feedback).objects.filter(pk=feedback.pk).update(
        status=merged, state=State.MERGED, merged_into=other
    )
    assert only(feedback.pk).reason == NotAsked.MERGED


def test_somebody_without_an_address_is_not_asked():
    feedback = resolved()
    feedback.customer.contact_points.all().delete()
    assert only(feedback.pk).reason == NotAsked.NO_ADDRESS


def test_what_only_programs_wrote_is_not_asked():
    feedback = resolved()
    feedback.messages.filter(direction=Direction.IN).update(is_automatic=True)
    assert only(feedback.pk).reason == NotAsked.AUTOMATIC


def test_our_own_people_and_mailboxes_are_not_asked():
    colleague = UserFactory(email="wang@huiyin.test")
    MailboxFactory(address="help@huiyin.test")
    for address in (colleague.email, "help@huiyin.test"):
        feedback = FeedbackFactory(customer=CustomerFactory(email=address))
        assert planned(feedback).reason == NotAsked.STAFF


def test_an_address_that_came_back_is_not_asked():
    feedback = resolved()
    ContactPoint.objects.filter(customer=feedback.customer).update(
        suppressed_at=timezone.now(), suppressed_reason=SuppressionReason.BOUNCE
    )
    assert only(feedback.pk).reason == NotAsked.SUPPRESSED


def test_who_wants_to_be_left_alone_is_not_asked():
    feedback = resolved()
    stop_contacting(feedback.customer_id)

    invitation = only(feedback.pk)

    assert invitation.state == InvitationState.OPTED_OUT
    assert invitation.reason == NotAsked.OPTED_OUT


def test_the_last_word_on_surveys_counts():
    customer = CustomerFactory()
    for given, reason in ((False, NotAsked.OPTED_OUT), (True, "")):
        record_consent(
            customer.pk, purpose=ConsentPurpose.SURVEY, given=given, channel=ConsentChannel.PHONE
        )
        assert planned(FeedbackFactory(customer=customer)).reason == reason


def test_who_was_asked_recently_is_not_asked_again():
    first = sent()

    second = planned(FeedbackFactory(customer=first.customer))

    assert second.state == InvitationState.THROTTLED
    assert second.reason == NotAsked.ASKED_RECENTLY


def test_the_quiet_period_ends():
    first = sent()
    long_ago = timezone.now() - timedelta(days=15)
    ContactEvent.objects.filter(customer=first.customer).update(at=long_ago)

    assert planned(FeedbackFactory(customer=first.customer)).state == InvitationState.QUEUED


def test_the_same_address_is_the_same_person_to_the_quiet_period():
    first = sent()
    ContactEvent.objects.update(customer=None)

    assert planned(FeedbackFactory(customer=first.customer)).reason == NotAsked.ASKED_RECENTLY


def test_two_matters_of_one_person_that_fall_due_together_ask_once():
    customer = CustomerFactory()
    both = [planned(FeedbackFactory(customer=customer)) for _ in range(2)]
    for invitation in both:
        let_time_pass(invitation)

    assert send_due() == 1

    states = {Invitation.objects.get(pk=one.pk).state for one in both}
    assert states == {InvitationState.SENT, InvitationState.THROTTLED}


def test_reopening_before_it_is_sent_takes_the_question_back():
    invitation = planned()

    reopen_feedback(invitation.feedback_id, by=UserFactory())
    run_queued_jobs()

    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == (InvitationState.SKIPPED, NotAsked.REOPENED)
    let_time_pass(invitation)
    assert send_due() == 0


def test_a_customer_who_writes_again_is_not_asked_whether_it_is_settled():
    invitation = planned()

    add_customer_message(invitation.feedback_id, channel=Channel.EMAIL, text="又漏了")
    run_queued_jobs()

    invitation.refresh_from_db()
    assert invitation.reason == NotAsked.REOPENED


def test_even_a_lost_reopening_is_noticed_at_the_moment_of_sending():
    invitation = planned()
    reopen_feedback(invitation.feedback_id, by=UserFactory())
    let_time_pass(invitation)

    assert send_due() == 0

    invitation.refresh_from_db()
    assert invitation.reason == NotAsked.REOPENED


def test_each_solution_is_asked_about_however_late_the_jobs_run():
    feedback, agent = FeedbackFactory(), UserFactory()
    resolve_feedback(feedback.pk, by=agent)
    reopen_feedback(feedback.pk, by=agent)
    resolve_feedback(feedback.pk, by=agent)

    run_queued_jobs()

    invitation = Invitation.objects.get()
    assert (invitation.round, invitation.state) == (1, InvitationState.QUEUED)


def test_a_record_that_is_open_again_is_not_planned_for():
    feedback = resolved()
    reopen_feedback(feedback.pk, by=UserFactory())

    assert plan_call_back(feedback.pk) == []
    assert cancel_call_back(feedback.pk) == 0
    assert plan_call_back(0) == []


def test_a_closed_record_is_still_asked_about():
    feedback = resolved()
    change_status(feedback.pk, status=Status.objects.default_for(State.CLOSED), by=UserFactory())
    assert only(feedback.pk).state == InvitationState.QUEUED


def test_a_survey_that_was_closed_sends_nothing_more():
    invitation = planned()
    let_time_pass(invitation)
    close_survey(call_back_survey().pk)

    assert send_due() == 0

    invitation.refresh_from_db()
    assert invitation.reason == NotAsked.CLOSED
    assert plan_call_back(FeedbackFactory().pk) == []


def test_one_letter_that_cannot_be_written_keeps_no_other_back(caplog):
    bad, good = planned(), planned()
    let_time_pass(bad)
    let_time_pass(good)

    def write(invitation):
        if invitation.pk == bad.pk:
            raise RuntimeError("template")
        return Letter(subject="?", text="?", html="")

    assert send_due_invitations(write) == 1

    bad.refresh_from_db()
    assert bad.state == InvitationState.QUEUED
    assert str(bad.pk) in caplog.text


def test_a_mail_that_could_not_be_delivered_was_no_invitation():
    invitation = sent()
    OutgoingMessage.objects.filter(pk=invitation.outgoing_id).update(state=OutgoingState.FAILED)

    note_delivery(invitation.outgoing_id)

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.BOUNCED


def test_a_mail_that_came_back_was_no_invitation():
    invitation = sent()

    mail_came_back(message_id=invitation.outgoing.message_id, status="5.1.1", is_delay=False)
    run_queued_jobs()

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.BOUNCED


def test_signing_off_stops_what_is_planned_and_can_be_taken_back():
    invitation = sent()
    waiting = Invitation.objects.create(
        collector=invitation.collector,
        customer=invitation.customer,
        address=invitation.address,
        language="en",
    )

    stop_surveys(invitation.pk)
    stop_surveys(invitation.pk)

    waiting.refresh_from_db()
    invitation.refresh_from_db()
    assert waiting.state == invitation.state == InvitationState.OPTED_OUT
    assert invitation.customer.consents.filter(given=False).count() == 1

    allow_surveys(invitation.pk)
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENT
    assert invitation.customer.consents.first().given is True


def test_an_address_that_signed_off_is_not_asked_as_a_customer_until_its_owner_says_so():
    invitation = sent()
    customer, address = invitation.customer, invitation.address
    AddressOptOut.objects.create(address_digest=address_digest(address))
    collector, later = invitation.collector, timezone.now() + timedelta(days=365)
    assert reason_not_to_ask(customer, address, collector, later) == NotAsked.OPTED_OUT
    assert has_stopped(invitation)

    allow_surveys(invitation.pk)

    assert reason_not_to_ask(customer, address, collector, later) is None


def test_the_link_is_withdrawn_by_counting_its_epoch_up():
    invitation = sent()
    token = invitation.token
    assert Invitation.objects.of_token(token) == invitation

    Invitation.objects.filter(pk=invitation.pk).update(link_epoch=2)

    assert Invitation.objects.of_token(token) is None


@pytest.mark.parametrize("token", ["", "1", "x-1", "1-", "-1", "9" * 30 + "-a", "１-a", "1-\x00"])
def test_a_made_up_link_leads_nowhere(token):
    assert Invitation.objects.of_token(token) is None


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_invitation_once():
    for _ in range(6):
        let_time_pass(planned())
    begin = threading.Barrier(3)
    sent_by = []

    def work():
        begin.wait()
        sent_by.append(send_due())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(sent_by) == 6
    assert OutgoingMessage.objects.filter(kind="survey").count() == 6


def test_an_address_of_the_phone_is_no_address():
    feedback = resolved()
    feedback.customer.contact_points.update(kind=ContactKind.PHONE, value="13800000000")
    assert only(feedback.pk).reason == NotAsked.NO_ADDRESS
