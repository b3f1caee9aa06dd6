"""Two programs that answer each other must fall silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import NotSent, OutgoingKind, OutgoingState, SuppressionReason
from accounts.models import ContactPoint, OutgoingMessage
from accounts.rules.automatic_mail import reads_nobody
from accounts.services.outbox import queue_mail
from tests.factories import CustomerFactory, FeedbackFactory, MailboxFactory
from tests.support.jobs import queued


def promise(to="li@example.org", kind=OutgoingKind.NOTIFICATION, tag="t1", **more):
    return queue_mail(
        kind=kind, tag=tag, to_address=to, subject="Hello", body_text="Hello", **more
    )


@pytest.mark.parametrize(
    "address",
    [
        "noreply@example.org",
        "no-reply@example.org",
        "No_Reply+shop@example.org",
        "no-reply-news@example.org",
        "donotreply@example.org",
        "do-not-reply@example.org",
        "MAILER-DAEMON@example.org",
        "postmaster@example.org",
        "bounces+12@example.org",
    ],
)
def test_machines_have_known_names(address):
    assert reads_nobody(address)


@pytest.mark.parametrize(
    "address", ["noreen@example.org", "abused.cat@example.org", "roots@example.org"]
)
def test_people_are_not_taken_for_machines(address):
    assert not reads_nobody(address)


@pytest.mark.django_db
def test_nothing_automatic_goes_to_a_machine_but_an_answer_does():
    acknowledgement = promise("noreply@example.org", OutgoingKind.ACKNOWLEDGEMENT)
    answer = promise("noreply@example.org", OutgoingKind.REPLY)

    assert acknowledgement.state == OutgoingState.SUPPRESSED
    assert acknowledgement.answer == NotSent.NOBODY_READS
    assert answer.state == OutgoingState.QUEUED


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OutgoingKind)
def test_nothing_goes_to_our_own_mailboxes(kind):
    MailboxFactory(address="help@huiyin.test")

    message = promise("Help+t9.abc@huiyin.test", kind)

    assert (message.state, message.answer) == (OutgoingState.SUPPRESSED, NotSent.OWN_ADDRESS)


@pytest.mark.django_db
def test_the_eleventh_acknowledgement_in_three_hours_is_held_back():
    states = [promise(kind=OutgoingKind.ACKNOWLEDGEMENT, tag=f"t{n}").state for n in range(1, 13)]

    assert states == [OutgoingState.QUEUED] * 10 + [OutgoingState.SUPPRESSED] * 2
    assert promise("wang@example.org", OutgoingKind.ACKNOWLEDGEMENT).state == OutgoingState.QUEUED


@pytest.mark.django_db
def test_the_ceiling_lifts_when_time_has_passed():
    for n in range(1, 11):
        promise(kind=OutgoingKind.ACKNOWLEDGEMENT, tag=f"t{n}")
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(hours=3, minutes=1))

    assert promise(kind=OutgoingKind.ACKNOWLEDGEMENT, tag="t99").state == OutgoingState.QUEUED


@pytest.mark.django_db
def test_one_matter_may_not_mail_as_often_as_all_of_them():
    about_one = [promise(tag="t1").state for _ in range(11)]
    about_others = promise(tag="t2").state

    assert about_one[-2:] == [OutgoingState.QUEUED, OutgoingState.SUPPRESSED]
    assert about_others == OutgoingState.QUEUED


@pytest.mark.django_db
def test_people_may_answer_as_often_as_they_like():
    states = {promise(kind=OutgoingKind.REPLY).state for _ in range(40)}

    assert states == {OutgoingState.QUEUED}


@pytest.mark.django_db
def test_the_ceiling_is_counted_in_one_query(django_assert_num_queries):
    promise(kind=OutgoingKind.ACKNOWLEDGEMENT)
    # whether mailboxes changed, contact, what was sent, insert, job
    with django_assert_num_queries(5):
        promise(kind=OutgoingKind.ACKNOWLEDGEMENT)


@pytest.mark.django_db
def test_a_survey_is_not_sent_to_somebody_who_asked_to_be_left_alone():
    customer = CustomerFactory()
    customer.do_not_contact_at = timezone.now()

    survey = promise(customer.email, OutgoingKind.SURVEY, customer=customer)
    acknowledgement = promise(customer.email, OutgoingKind.ACKNOWLEDGEMENT, customer=customer)

    assert survey.answer == NotSent.DO_NOT_CONTACT
    assert acknowledgement.state == OutgoingState.QUEUED


@pytest.mark.django_db
def test_an_address_that_came_back_gets_nothing_automatic():
    ContactPoint.objects.filter(customer=CustomerFactory(email="li@example.org")).update(
        suppressed_at=timezone.now(), suppressed_reason=SuppressionReason.BOUNCE
    )

    assert promise().answer == NotSent.BOUNCE
    assert promise(kind=OutgoingKind.REPLY).state == OutgoingState.QUEUED


def test_every_reason_to_suppress_an_address_has_its_sentence():
    assert set(SuppressionReason.values) <= set(NotSent.values)


@pytest.mark.django_db
def test_what_is_held_back_is_announced_and_explained(settings):
    settings.EVENT_SUBSCRIBERS = {"accounts.OutgoingSettled": ["tests.listener"]}

    message = promise("noreply@example.org")

    assert queued() == [("tests.listener", {"outgoing_id": message.pk})]
    assert message.explanation == "Nobody reads mail sent to this address."


@pytest.mark.django_db
def test_the_same_promise_made_twice_is_one_mail():
    first = promise(dedupe_key="ack:1")
    again = promise("noreply@example.org", dedupe_key="ack:1")

    assert again == first
    assert len(queued()) == 1


@pytest.mark.django_db
def test_a_flood_in_somebody_elses_name_is_acknowledged_ten_times():
    """A09 of the attacks; many victims: test_mail_stops.py."""
    victim = CustomerFactory()
    for _ in range(15):
        FeedbackFactory(customer=victim, acknowledge=True)

    sent = OutgoingMessage.objects.really_to(victim.email).count()
    assert sent == 10
