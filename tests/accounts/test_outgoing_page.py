"""Admins see every mail that was promised and decide about those that wait."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MailTrouble, OutgoingState, Role
from accounts.models import OutgoingMessage, OutgoingQueue
from accounts.rules.handover import Handover, Outcome
from accounts.rules.reply_codes import meaning_of
from accounts.services.mail_queue import hold_queue, note_trouble, present_queue
from accounts.services.sending import claim, settle
from tests.accounts.test_sending import promise, state_of
from tests.api.conftest import ApiClient, staff
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db


def page(client, **query) -> str:
    return client.get(reverse("accounts:outgoing"), query).content.decode()


def do(client, name, *args, **data) -> str:
    return client.post(reverse(name, args=args), data, follow=True).content.decode()


def fail(message, answer="550 5.1.1 No such user"):
    return settle(claim(message.pk), Handover(Outcome.REFUSED, answer))


def test_what_failed_is_found_with_the_reason_and_sent_again(admin_client):
    failed, waiting = promise("gone@example.org"), promise("li@example.org")
    fail(failed)

    html = page(admin_client, state="failed")
    assert "gone@example.org" in html
    assert "There is no such address." in html
    assert "li@example.org" not in html
    assert "li@example.org" in page(admin_client, q="LI@")

    do(admin_client, "accounts:change_outgoing", failed.pk, "again")
    assert state_of(failed) == OutgoingState.QUEUED

    do(admin_client, "accounts:change_outgoing", waiting.pk, "cancel")
    assert state_of(waiting) == OutgoingState.CANCELLED
    assert ("feedback.tasks.note_settled_mail", {"outgoing_id": waiting.pk}) in queued()


def test_what_is_on_its_way_is_not_cancelled_and_the_page_says_so(admin_client):
    message = promise()
    claim(message.pk)

    do(admin_client, "accounts:change_outgoing", message.pk, "cancel")

    assert state_of(message) == OutgoingState.SENDING


def test_trouble_is_said_in_plain_words_and_tried_at_once(admin_client):
    note_trouble(MailTrouble.LOGIN, "535 5.7.8 bad credentials")

    html = page(admin_client)
    assert "does not accept our name and password" in html
    assert "535 5.7.8 bad credentials" in html

    do(admin_client, "accounts:change_mail_queue", "try")
    assert present_queue().next_try_at is None


def test_all_mail_is_held_and_let_go(admin_client):
    message = promise()
    do(admin_client, "accounts:change_mail_queue", "hold")
    assert present_queue().held_by is not None
    assert "Somebody decided it." in page(admin_client)

    do(admin_client, "accounts:change_mail_queue", "release", waiting="cancel_earlier")

    assert present_queue().held_at is None
    assert state_of(message) == OutgoingState.CANCELLED


def test_only_admins_come_here(agent_client, admin_client, client):
    assert agent_client.get(reverse("accounts:outgoing")).status_code in {403, 404}
    assert reverse("accounts:outgoing") in page(admin_client)
    assert do(agent_client, "accounts:change_mail_queue", "hold") is not None
    assert not OutgoingQueue.objects.filter(held_at__isnull=False).exists()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    admin_client, rows, django_assert_num_queries
):
    present_queue()
    for n in range(rows):
        fail(promise(f"li{n}@example.org"))
    page(admin_client)

    with django_assert_num_queries(8):
        page(admin_client)


def test_trouble_that_lasts_is_told_on_every_page_and_a_hiccup_is_not(admin_client):
    def notice():
        return admin_client.get(reverse("accounts:mail_stop_notice")).content.decode().strip()

    note_trouble(MailTrouble.UNREACHABLE, "refused")
    assert notice() == ""
    OutgoingQueue.objects.update(failing_since=timezone.now() - timedelta(minutes=3))
    assert "The mail server cannot be reached." in notice()
    hold_queue(by=None)
    assert "All mail is held" in notice()


def test_programs_read_it_and_send_again():
    program = ApiClient(staff(Role.ADMIN), ["settings:read", "settings:write"])
    message = promise("gone@example.org")
    fail(message)

    listed = program.get("outgoing-mail/", {"state": "failed"}).json()["results"]
    assert [one["meaning"] for one in listed] == ["There is no such address."]
    assert program.post(f"outgoing-mail/{message.pk}/send-again/", {}).status_code == 200
    assert program.post(f"outgoing-mail/{message.pk}/cancel/", {}).json()["state"] == "cancelled"
    hold_queue(by=None)
    assert program.get("outgoing-mail/queue/").json()["held_because"] == "person"
    assert OutgoingMessage.objects.count() == 1


def test_programs_that_may_not_read_customers_see_masked_addresses():
    blind = ApiClient(staff(Role.ADMIN), ["settings:read"])
    seeing = ApiClient(staff(Role.ADMIN), ["settings:read", "customers:read"])
    fail(promise("gone@example.org"), "550 5.1.1 <gone@example.org>: No such user")

    (shown,) = blind.get("outgoing-mail/").json()["results"]
    assert shown["to_address"].endswith("@example.org")
    assert "gone" not in str(shown)
    assert blind.get("outgoing-mail/", {"to_address": "gone@example.org"}).status_code == 400
    (found,) = seeing.get("outgoing-mail/", {"to_address": "gone@example.org"}).json()["results"]
    assert found["to_address"] == "gone@example.org"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("550 5.1.1 User unknown", "There is no such address."),
        ("550 收件人不存在", "There is no such address."),
        ("452 4.2.2 Over quota", "The mailbox of the recipient is full."),
        ("552 5.3.4 message too large", "The mail is too big for the recipient's server."),
        ("451 4.7.1 Greylisted, come back", "does not want mail"),
        ("450 4.2.0 later", "asked us to come back later"),
        ("554 go away", "refused the mail"),
        ("Connection refused", ""),
    ],
)
def test_answers_of_servers_are_told_in_plain_words(answer, meaning):
    assert meaning in meaning_of(answer)
