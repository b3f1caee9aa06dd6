"""Addresses to which no automatic mail goes, and how long that lasts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import (
    NotSent,
    OutgoingKind,
    OutgoingState,
    Role,
    Scope,
    SuppressionReason,
)
from accounts.models import ContactPoint, MailLimits, OutgoingMessage
from accounts.rules.automatic_mail import HOUR, PER_ADDRESS, ceilings
from accounts.rules.suppression import is_dead
from accounts.services.deliverability import mail_came_back, marked_as_spam
from accounts.services.outbox import queue_mail
from accounts.services.suppression import block_address, lift_what_is_over
from accounts.tasks import lift_old_blocks
from config.kernel.settings_models import events_of
from tests.api.conftest import ApiClient, staff
from tests.factories import CustomerFactory, TeamFactory

pytestmark = pytest.mark.django_db

BLOCKED, LIMITS = reverse("accounts:blocked"), reverse("accounts:mail_limits")


def promise(to="li@example.org", kind=OutgoingKind.ACKNOWLEDGEMENT, tag="t1"):
    return queue_mail(kind=kind, tag=tag, to_address=to, subject="Hello", body_text="Hello")


def point(address="li@example.org"):
    return ContactPoint.objects.get(value=address)


@pytest.fixture
def li(db):
    return CustomerFactory(name="李雷", email="li@example.org")


def comes_back(status):
    sent = promise(kind=OutgoingKind.REPLY)
    return mail_came_back(
        message_id=sent.message_id, status=status, is_delay=False, said="550 no such user"
    )


@pytest.mark.parametrize(
    ("status", "dead"),
    [("5.1.1", True), ("5.1.10", True), ("5.1.8", False), ("5.2.2", False), ("4.1.1", False)],
)
def test_only_an_address_that_does_not_exist_is_dead(status, dead):
    assert is_dead(status) is dead


def test_a_dead_address_rests_for_sixty_days_and_says_why(li, clock):
    comes_back("5.1.1")

    assert point().suppressed_until == timezone.now() + timedelta(days=60)
    assert point().suppressed_note == "5.1.1 550 no such user"
    assert promise().answer == NotSent.BOUNCE
    clock.shift(timedelta(days=60))
    assert promise().state == OutgoingState.QUEUED
    lift_old_blocks()
    assert point().suppressed_at is None


def test_the_third_bounce_on_another_day_blocks_for_two_weeks(li, clock):
    for _ in range(3):
        comes_back("5.2.2")
        comes_back("5.2.2")  # the same day counts once
        clock.shift(timedelta(days=2))

    assert point().suppressed_reason == SuppressionReason.BOUNCE
    assert point().suppressed_until == timezone.now() + timedelta(days=12)


def test_a_complaint_is_never_over_by_itself(li, clock):
    sent = promise(kind=OutgoingKind.SURVEY)
    comes_back("5.1.1")
    marked_as_spam(message_id=sent.message_id)

    clock.shift(timedelta(days=4000))

    assert lift_what_is_over() == 0
    assert promise().answer == NotSent.COMPLAINT


def test_blocking_by_hand_does_not_end_what_a_complaint_began(li, clock):
    marked_as_spam(message_id=promise(kind=OutgoingKind.SURVEY).message_id)

    block_address("li@example.org", note="Called", until=timezone.now() + timedelta(days=7))

    clock.shift(timedelta(days=4000))
    assert lift_what_is_over() == 0
    assert promise().answer == NotSent.COMPLAINT
    assert point().suppressed_note == "Hello – Called"


def test_an_admin_blocks_an_address_by_hand_and_lifts_it_with_a_reason(li, admin, admin_client):
    made = admin_client.post(BLOCKED, {"address": "LI@example.org", "note": "Asked by phone"})
    assert made.status_code == 302
    assert promise().answer == NotSent.MANUAL

    listed = admin_client.get(BLOCKED).content.decode()
    assert "li@example.org" in listed
    assert "Asked by phone" in listed

    lift = reverse("accounts:lift_block", args=[point().pk])
    assert admin_client.post(lift, {"note": " "}).status_code == 422
    admin_client.post(lift, {"note": "Wants mail again"})
    assert promise(tag="t2").state == OutgoingState.QUEUED
    history = events_of(ContactPoint).objects.filter(pgh_obj_id=point().pk)
    assert history.order_by("pk").last().suppressed_note == "Wants mail again"


def test_an_address_that_nobody_has_can_be_blocked(admin_client):
    admin_client.post(BLOCKED, {"address": "victim@example.net", "note": "Bombed", "days": "7"})

    assert promise("victim@example.net").answer == NotSent.MANUAL
    assert point("victim@example.net").suppressed_until is not None


def test_an_address_from_a_chinese_keyboard_is_the_same_address(admin_client):
    CustomerFactory(email="li@qq.com")

    answer = admin_client.post(BLOCKED, {"address": "li@\uff51\uff51.com", "note": "Asked"})

    assert answer.status_code == 302
    assert promise("li@qq.com").answer == NotSent.MANUAL


def test_what_is_typed_wrong_stays_in_the_form(admin_client):
    answer = admin_client.post(BLOCKED, {"address": "no address", "note": "Because"})

    assert answer.status_code == 422
    assert 'value="no address"' in answer.content.decode()


def test_the_list_is_searched_and_costs_the_same_for_one_and_five(admin_client):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert admin_client.get(BLOCKED).status_code == 200
        return len(seen)

    CustomerFactory(name="王芳", email="wang@example.org")
    block_address("wang@example.org", note="by hand")
    queries()
    one = queries()
    for n in range(4):
        block_address(f"other{n}@example.org", note="by hand")

    assert queries() == one
    found = admin_client.get(BLOCKED, {"q": "王", "reason": "manual"}).content.decode()
    assert "wang@example.org" in found
    assert "other1@example.org" not in found


def test_lifting_stays_where_one_was_and_a_refusal_keeps_the_reason(li, admin_client):
    block_address("li@example.org", note="by hand")
    lift = f"{reverse('accounts:lift_block', args=[point().pk])}?q=li&page=1"
    listed = admin_client.get(f"{BLOCKED}?q=li&page=1").content.decode()
    assert lift.replace("&", "&amp;") in listed

    refused = admin_client.post(lift, {"note": "Works again. " * 40}).content.decode()
    assert "Works again. Works again." in refused
    assert f'action="{BLOCKED}"' in refused

    assert admin_client.post(lift, {"note": "Works"}).url == f"{BLOCKED}?q=li&page=1"


def test_agents_do_not_see_the_list(agent_client):
    assert agent_client.get(BLOCKED).status_code in {403, 404}
    assert agent_client.get(LIMITS).status_code in {403, 404}


def test_other_limits_hold_from_the_next_mail_on(admin_client):
    form = admin_client.get(LIMITS).context["form"].initial
    answer = admin_client.post(LIMITS, form | {"acknowledgements": 2})
    assert answer.status_code == 302

    states = [promise(tag=f"t{n}").state for n in range(3)]

    assert states == [OutgoingState.QUEUED] * 2 + [OutgoingState.SUPPRESSED]
    assert OutgoingMessage.objects.latest("pk").answer == NotSent.TOO_MANY
    assert admin_client.post(LIMITS, form | {"acknowledgements": 0}).status_code == 422
    assert events_of(MailLimits).objects.exists()


def test_the_spans_keep_their_proportion():
    half = ceilings(PER_ADDRESS, PER_ADDRESS[HOUR] // 2, window=HOUR)

    assert {span: most * 2 for span, most in half.items()} == PER_ADDRESS
    assert min(ceilings(PER_ADDRESS, 1, window=HOUR).values()) == 1


def test_a_program_for_settings_only_does_not_learn_customers_addresses(li):
    block_address("li@example.org", note="by hand")
    settings_api = ApiClient(staff(Role.ADMIN), [Scope.SETTINGS_READ, Scope.SETTINGS_WRITE])
    reader = ApiClient(staff(Role.ADMIN), [Scope.CUSTOMERS_READ])
    wanted = {"address": "new@example.org", "note": "why"}

    assert settings_api.get("mail-limits/").status_code == 200
    assert settings_api.get("blocked-addresses/").status_code == 403
    assert settings_api.post("blocked-addresses/", wanted).status_code == 403
    assert reader.get("blocked-addresses/").status_code == 200
    assert reader.post("blocked-addresses/", wanted).status_code == 403
    assert not ContactPoint.objects.filter(value="new@example.org").exists()


def test_programs_read_and_write_the_same(li):
    admin_api = ApiClient(staff(Role.ADMIN), Scope.values)
    api = ApiClient(staff(Role.AGENT, TeamFactory()), Scope.values)
    assert api.get("blocked-addresses/").status_code == 403
    changed = admin_api.patch("mail-limits/", {"dead_days": 30}).json()
    assert changed["dead_days"] == 30
    assert admin_api.get("mail-limits/").json() == changed

    made = admin_api.post("blocked-addresses/", {"address": "li@example.org", "note": "why"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert [one["id"] for one in admin_api.get("blocked-addresses/").json()["results"]] == [pk]
    lifted = admin_api.post(f"blocked-addresses/{pk}/lift/", {"note": "works"})
    assert lifted.json()["since"] is None
    assert admin_api.get("blocked-addresses/").json()["results"] == []
