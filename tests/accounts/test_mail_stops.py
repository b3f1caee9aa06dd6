"""Too much automatic mail at once stops all of it until somebody has looked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import NotSent, OutgoingKind, OutgoingState, Role, Scope
from accounts.models import MailLimits, MailStop, OutgoingMessage
from accounts.rules.handover import Handover, Outcome
from accounts.services.mail_stops import (
    resume_automatic_mail,
    stop_automatic_mail,
    tell_of_floods,
)
from accounts.services.outbox import queue_mail
from accounts.services.sending import claim, claim_next, settle
from tests.api.conftest import ApiClient, staff
from tests.factories import CustomerFactory, FeedbackFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("accounts:mail_stops")


def promise(n, kind=OutgoingKind.ACKNOWLEDGEMENT):
    return queue_mail(
        kind=kind, tag=f"t{n}", to_address=f"c{n}@example.org", subject="Hello", body_text="Hello"
    )


def send(message):
    """Whether it left."""
    claimed = claim(message.pk)
    if claimed is None:
        return False
    settle(claimed, Handover(Outcome.ACCEPTED, "250 ok"))
    return True


@pytest.fixture
def three_at_most(db):
    return MailLimits.objects.create(overall=3, overall_minutes=10)


def to_admins():
    return OutgoingMessage.objects.filter(kind=OutgoingKind.ACCOUNT)


def test_the_one_too_many_waits_and_admins_are_told_once(three_at_most, admin):
    """A09 of the attacks: many victims, one mail each."""
    left = [send(promise(n)) for n in range(6)]

    assert left == [True, True, True, False, False, False]
    assert MailStop.objects.get().sent == 3
    assert OutgoingMessage.objects.held().count() == 3
    assert to_admins().get().to_address == admin.email
    assert PAGE in to_admins().get().body_text


def test_what_people_write_and_mail_to_staff_goes_on(three_at_most, admin):
    stop_automatic_mail(by=admin)

    assert send(promise(1, OutgoingKind.REPLY))
    assert send(promise(2, OutgoingKind.NOTIFICATION))
    assert not send(promise(3, OutgoingKind.SURVEY))
    assert claim_next() is None


def test_after_somebody_has_looked_it_goes_on_and_may_stop_again(three_at_most, admin):
    messages = [promise(n) for n in range(5)]
    for message in messages:
        send(message)

    resume_automatic_mail(by=admin)

    assert [send(one) for one in messages[3:]] == [True, True]
    assert [send(promise(n)) for n in (7, 8)] == [True, False]
    assert MailStop.objects.count() == 2


def test_campaigns_alone_stop_nothing(three_at_most):
    assert all(send(promise(n, OutgoingKind.SURVEY)) for n in range(6))


def test_an_acknowledgement_that_waited_for_days_is_not_sent_any_more(admin, clock):
    stop_automatic_mail(by=admin)
    feedback = FeedbackFactory(acknowledge=True)
    acknowledgement = OutgoingMessage.objects.get(kind=OutgoingKind.ACKNOWLEDGEMENT)
    answer = promise(9, OutgoingKind.REPLY)
    clock.shift(timedelta(days=2))
    resume_automatic_mail(by=admin)

    assert claim_next() == answer
    assert claim_next() is None
    acknowledgement.refresh_from_db()
    assert acknowledgement.state == OutgoingState.SUPPRESSED
    assert acknowledgement.answer == NotSent.TOO_OLD
    assert feedback.pk


def test_the_page_lists_what_waits_and_lets_it_go(admin, admin_client):
    admin_client.post(reverse("accounts:change_mail_stop", args=["stop"]))
    promise(4)

    page = admin_client.get(PAGE).content.decode()
    assert "c4@example.org" in page
    assert admin.name in page
    notice = admin_client.get(reverse("accounts:mail_stop_notice")).content.decode()
    assert "stopped" in notice
    assert reverse("accounts:outgoing") in notice
    both = admin_client.get(reverse("accounts:outgoing")).content.decode()
    assert "Let it go out again" in both
    assert "Hold all mail" in both

    admin_client.post(reverse("accounts:change_mail_stop", args=["resume"]))
    assert MailStop.objects.get().resumed_by == admin
    assert not admin_client.get(reverse("accounts:mail_stop_notice")).content.strip()
    assert (
        admin_client.post(reverse("accounts:change_mail_stop", args=["explode"])).status_code
        == 404
    )


def test_admins_hear_once_a_day_of_an_address_that_would_get_too_many(admin, admin_client):
    victim = CustomerFactory(email="victim@example.org")
    for _ in range(12):
        FeedbackFactory(customer=victim, acknowledge=True)

    tell_of_floods()
    tell_of_floods()

    assert to_admins().count() == 1
    page = admin_client.get(PAGE).content.decode()
    assert "victim@example.org" in page


def test_programs_stop_and_resume():
    api = ApiClient(staff(Role.ADMIN), Scope.values)

    assert api.post("automatic-mail/stop/", {}).json()["is_stopped"] is True
    assert api.post("automatic-mail/resume/", {}).json()["is_stopped"] is False
    assert api.post("automatic-mail/resume/", {}).json()["code"] == "not_stopped"
    assert api.get("automatic-mail/").json()["waiting"] == 0
