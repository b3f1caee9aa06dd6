import pytest

from accounts.models import OutgoingMessage
from accounts.rules.handover import TOLD_AFTER, Handover, Outcome
from accounts.services.mail_queue import cancel_mails, hold_queue
from accounts.services.sending import claim, settle
from feedback.enums import NoticeKind, TimelineKind
from feedback.models import Message, Notification
from feedback.selectors.notices import sentence_of
from feedback.services.replies import send_reply
from feedback.tasks import note_settled_mail
from tests.factories import CustomerFactory, FeedbackFactory, UserFactory
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db


def deliveries(feedback):
    return list(
        feedback.timeline.filter(kind=TimelineKind.DELIVERY).values_list("data", flat=True)
    )


def settle_without_network(outcome: Outcome) -> OutgoingMessage:
    outgoing = OutgoingMessage.objects.get()
    arrival = {"analytics.tasks.read_new_feedback", "feedback.tasks.route_new_feedback"}
    jobs = {path for path, _ in queued()} - arrival
    assert jobs <= {"accounts.tasks.send_outgoing"}
    return settle(claim(outgoing.pk), Handover(outcome, "550 no"))


def reply_to(feedback, settings):
    settings.RECALL_SECONDS = 0
    send_reply(feedback.pk, by=UserFactory(), text="We will come.")


def test_an_answer_that_could_not_be_sent_is_told_once(settings):
    feedback = FeedbackFactory()
    reply_to(feedback, settings)

    outgoing = settle_without_network(Outcome.REFUSED)
    run_queued_jobs()
    note_settled_mail(outgoing_id=outgoing.pk)

    assert deliveries(feedback) == [{"outgoing": outgoing.pk, "state": "failed"}]


# T89
def test_an_answer_that_is_tried_again_says_so_where_it_stands(settings, agent_client, team):
    feedback = FeedbackFactory(team=team)
    reply_to(feedback, settings)

    settle_without_network(Outcome.REFUSED_FOR_NOW)

    page = agent_client.get(feedback.get_absolute_url()).content.decode()
    assert "will be tried again" in page
    assert "550 no" in page
    assert deliveries(feedback) == []


def test_an_answer_that_went_out_needs_no_line(settings):
    feedback = FeedbackFactory()
    reply_to(feedback, settings)
    version = type(feedback).objects.get().version

    settle_without_network(Outcome.ACCEPTED)
    run_queued_jobs()

    feedback.refresh_from_db()
    assert deliveries(feedback) == []
    assert feedback.version == version


def test_an_acknowledgement_that_may_not_be_sent_is_told():
    feedback = FeedbackFactory(
        customer=CustomerFactory(email="noreply@example.org"), acknowledge=True
    )

    run_queued_jobs()

    assert [line["state"] for line in deliveries(feedback)] == ["suppressed"]


def test_whoever_answered_is_told_that_it_could_not_be_sent(settings):
    feedback = FeedbackFactory()
    reply_to(feedback, settings)

    settle_without_network(Outcome.REFUSED)
    run_queued_jobs()

    notice = Notification.objects.get(kind=NoticeKind.BOUNCED)
    assert notice.user == Message.objects.get(feedback=feedback, outgoing__isnull=False).author
    assert sentence_of(notice) == "A mail to the customer could not be sent"


def test_an_answer_cancelled_with_the_queue_is_told_and_one_that_left_is_passed_over(settings):
    went, stays = FeedbackFactory(), FeedbackFactory()
    reply_to(went, settings)
    settle_without_network(Outcome.ACCEPTED)
    reply_to(stays, settings)
    ids = list(OutgoingMessage.objects.order_by("pk").values_list("pk", flat=True))
    hold_queue(by=None)

    assert cancel_mails(ids) == 1
    run_queued_jobs()

    assert deliveries(went) == []
    assert deliveries(stays) == [{"outgoing": ids[1], "state": "cancelled"}]
    notice = Notification.objects.get(kind=NoticeKind.BOUNCED)
    assert notice.user == Message.objects.get(feedback=stays, outgoing__isnull=False).author


# F03
def test_a_record_says_when_its_mail_takes_long(settings):
    feedback = FeedbackFactory()
    reply_to(feedback, settings)
    outgoing = OutgoingMessage.objects.get()
    OutgoingMessage.objects.update(attempts=TOLD_AFTER - 1)

    settle_without_network(Outcome.REFUSED_FOR_NOW)
    note_settled_mail(outgoing_id=outgoing.pk)
    note_settled_mail(outgoing_id=outgoing.pk)

    assert deliveries(feedback) == [{"outgoing": outgoing.pk, "delivery": "delayed"}]
