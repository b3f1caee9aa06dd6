"""Other systems are told of what happens: signed, at least once, and without holding us up."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.enums import OutgoingKind, WebhookState
from accounts.errors import WebhookNotUsable
from accounts.models import OutgoingMessage, WebhookDelivery, WebhookEndpoint, WebhookEvent
from accounts.rules.masking import GONE
from accounts.rules.webhook_retries import MOST_ATTEMPTS, WAITS, rest_after, wait_after
from accounts.rules.webhook_signature import signature
from accounts.services.customers import change_customer
from accounts.services.webhook_events import make_due_deliveries
from accounts.services.webhook_sending import Called, claim, send_what_is_due, settle
from accounts.services.webhooks import (
    change_webhook,
    create_webhook,
    forget_old_deliveries,
    pause_webhook,
    ping_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    send_again,
    send_failed_again,
)
from feedback.enums import Priority, State
from feedback.models import Status
from feedback.services.assignment import assign_feedback
from feedback.services.details import set_priority
from feedback.services.replies import add_note
from feedback.services.webhooks import call_webhook
from feedback.services.workflow import change_status, resolve_feedback
from tests.accounts.webhooks.conftest import tell_now
from tests.factories import CustomerFactory, FeedbackFactory
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db


def verify(secret: str, asked) -> bool:
    """As a receiver does it (docs/webhooks.md)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode()
    mac = base64.b64encode(hmac.new(key, signed + asked.body, hashlib.sha256).digest()).decode()
    given = [one.split(",")[1] for one in asked.headers["webhook-signature"].split()]
    return any(hmac.compare_digest(mac, one) for one in given)


def told(machine) -> list[dict]:
    return [json.loads(one.body) for one in machine.asked]


def types(machine) -> list[str]:
    return [one["type"] for one in told(machine)]


def test_a_signature_is_what_the_standard_says():
    """The example that the Standard Webhooks libraries test with."""
    given = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_change_is_told_once_with_a_signature_that_holds(machine, endpoint):
    """T80: signed with HMAC and the moment."""
    record = FeedbackFactory()
    tell_now()
    machine.asked.clear()

    resolve_feedback(record.pk, by=None)
    tell_now()
    tell_now()

    (asked,) = [one for one in machine.asked if b"status_changed" in one.body]
    said = json.loads(asked.body)
    assert verify(endpoint.shown, asked)
    assert asked.headers["content-type"].startswith("application/json")
    assert (said["type"], said["data"]["feedback"]["number"]) == (
        "feedback.status_changed",
        record.number,
    )
    assert said["data"]["change"] == {
        "what": "status", "before": "new", "after": "resolved",
    }  # fmt: skip


def test_each_kind_of_change_has_its_type(machine, endpoint, agent, team):
    record = FeedbackFactory(team=team)
    set_priority(record.pk, by=agent, priority=Priority.HIGH)
    add_note(record.pk, by=agent, text="The courier says Friday.")
    assign_feedback(record.pk, by=agent, assignee=agent, team=team)
    change_customer(record.customer_id, name="韩梅梅")
    tell_now()

    found = [one for one in types(machine) if one != "customer.created"]
    assert sorted(set(found)) == [
        "customer.updated", "feedback.assigned", "feedback.created",
        "feedback.message_created", "feedback.updated",
    ]  # fmt: skip
    numbers = {one["sequence"]: one["type"] for one in told(machine)}
    in_order = [numbers[one] for one in sorted(numbers) if numbers[one].startswith("feedback")]
    assert in_order[:2] == ["feedback.created", "feedback.updated"]


def test_nothing_that_people_wrote_and_no_name_of_a_customer_leaves(machine, endpoint, agent):
    record = FeedbackFactory(
        customer=CustomerFactory(name="李雷", email="li.lei@example.org"),
        subject="滤芯漏水",
        text="请打 13812345678",
    )
    add_note(record.pk, by=agent, text="He is angry.")
    tell_now()

    everything = b"".join(one.body for one in machine.asked).decode()
    for private in ("李雷", "li.lei", "滤芯", "13812345678", "angry"):
        assert private not in everything


def test_the_record_is_told_as_the_api_gives_it(machine, endpoint, team, agent):
    from tests.api.conftest import ApiClient

    record = FeedbackFactory(team=team)
    assign_feedback(record.pk, by=agent, assignee=agent, team=team)
    tell_now()

    said = told(machine)[-1]["data"]["feedback"]
    given = ApiClient(agent, ["feedback:read"]).get(f"feedback/{record.number}/").json()
    given["customer"] = {"id": given["customer"]["id"]}
    assert {name: given[name] for name in said if name != "url"} == {
        name: value for name, value in said.items() if name != "url"
    }


def test_what_was_rolled_back_is_not_told(endpoint):
    record = FeedbackFactory()
    WebhookEvent.objects.all().delete()

    with transaction.atomic():
        resolve_feedback(record.pk, by=None)
        assert WebhookEvent.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookEvent.objects.exists()


def test_without_an_active_webhook_nothing_is_written(endpoint):
    pause_webhook(endpoint.pk)

    FeedbackFactory()

    assert not WebhookEvent.objects.exists()


def test_only_what_was_asked_for_and_fits_the_condition_is_told(machine, endpoint):
    change_webhook(
        endpoint.pk,
        event_types=["feedback.created"],
        condition=["is", "priority", "urgent"],
    )

    FeedbackFactory()
    urgent = FeedbackFactory(priority=Priority.URGENT)
    resolve_feedback(urgent.pk, by=None)
    tell_now()

    assert [one["data"]["feedback"]["number"] for one in told(machine)] == [urgent.number]


def test_a_condition_that_cannot_be_run_pauses_its_webhook_only_and_admins_are_told_once(
    machine, endpoint, admin
):
    create_webhook(
        by=None, name="Other", url=machine.url("/other"), event_types=["feedback.created"]
    )
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(condition=["is", "gone", "x"])

    for _twice in range(2):
        FeedbackFactory()
        tell_now()

    assert [one.path for one in machine.asked] == ["/other"] * 2
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.paused_because) == (False, "condition")
    mail = OutgoingMessage.objects.get(kind=OutgoingKind.NOTIFICATION, to_address=admin.email)
    assert "not there any more" in mail.body_text


def test_a_failure_is_repeated_later_as_the_same_message(machine, endpoint, later):
    """T80: retry with back-off; the id stays, the moment of the signature is new."""
    machine.status = 500
    ping_webhook(endpoint.pk, by=None)
    tell_now()
    tell_now()
    assert len(machine.asked) == 1

    machine.status = 204
    later(seconds=7)

    first, second = machine.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert verify(endpoint.shown, second)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, [one["status"] for one in delivery.log]) == (
        WebhookState.DELIVERED, [500, 204]
    )  # fmt: skip


def test_the_waits_grow_from_seconds_to_a_day_and_end():
    waits = [wait_after(n, chance=0) for n in range(1, MOST_ATTEMPTS + 1)]

    assert (waits[0], waits[-2], waits[-1]) == (timedelta(seconds=5), timedelta(days=1), None)
    assert waits[:-1] == sorted(waits[:-1]) == list(WAITS)
    assert wait_after(1, chance=1) == timedelta(seconds=6)
    assert wait_after(1, chance=0, wish=timedelta(minutes=3)) == timedelta(minutes=3)
    assert wait_after(1, chance=0, wish=timedelta(days=40)) == timedelta(days=1)


def test_a_receiver_that_fails_again_and_again_is_given_a_rest():
    assert [rest_after(n, reached=True) for n in (1, 4)] == [None, None]
    assert rest_after(5, reached=True) == timedelta(seconds=30)
    assert rest_after(1, reached=False) == timedelta(seconds=5)
    assert rest_after(10_000, reached=True) == rest_after(10_000, reached=False)


def test_one_that_cannot_be_reached_costs_one_attempt_and_not_all(endpoint, settings):
    settings.FETCH_INTERNAL_HOSTS = []  # since it was saved: judged anew at every attempt
    for _ in range(3):
        FeedbackFactory()
    tell_now()
    tell_now()

    tried = WebhookDelivery.objects.exclude(attempts=0)
    assert [one.problem for one in tried] == ["scheme"]
    endpoint.refresh_from_db()
    assert endpoint.rests_until > timezone.now()


def test_a_slow_or_lost_sender_hands_over_and_the_late_one_changes_nothing(endpoint, clock):
    ping_webhook(endpoint.pk, by=None)
    send_what_is_due()
    send_what_is_due()
    ((path, _payload),) = queued()  # one at a time serves an endpoint
    assert path == "accounts.tasks.send_webhooks_to"
    endpoint.refresh_from_db()
    lost = claim(endpoint.pk, until=endpoint.busy_until)
    assert claim(endpoint.pk, until=timezone.now()) is None

    clock.shift(timedelta(minutes=4))
    send_what_is_due()
    endpoint.refresh_from_db()
    taken = claim(endpoint.pk, until=endpoint.busy_until)
    settle(lost, Called(status=500))

    assert (taken.pk, taken.attempts) == (lost.pk, 2)
    assert WebhookDelivery.objects.get().state == WebhookState.SENDING


def test_after_days_of_failures_it_is_paused_and_admins_are_told(machine, endpoint, admin, later):
    machine.status = 503
    ping_webhook(endpoint.pk, by=admin)
    for days in (0, 2, 2, 1.5):
        later(days=days)

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.paused_because) == (False, "failing")
    mail = OutgoingMessage.objects.get(kind=OutgoingKind.NOTIFICATION)
    assert mail.to_address == admin.email
    assert f"/webhooks/{endpoint.pk}/" in mail.body_text


def test_a_receiver_that_is_gone_is_asked_no_more(machine, endpoint):
    machine.status = 410
    ping_webhook(endpoint.pk, by=None)
    tell_now()

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.paused_because) == (False, "gone")
    with pytest.raises(WebhookNotUsable):
        ping_webhook(endpoint.pk, by=None)
    assert resume_webhook(endpoint.pk).is_active


def test_a_new_secret_and_the_one_before_both_hold_for_a_day(machine, endpoint, later):
    _, new = rotate_secret(endpoint.pk)
    ping_webhook(endpoint.pk, by=None)
    tell_now()
    ping_webhook(endpoint.pk, by=None)
    later(days=1, minutes=1)

    early, late = machine.asked
    assert verify(new, early)
    assert verify(endpoint.shown, early)
    assert verify(new, late)
    assert not verify(endpoint.shown, late)


def test_secrets_lie_sealed_in_the_database(endpoint, django_db_blocker):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_webhookendpoint")
        (stored,) = cursor.fetchone()
    assert endpoint.shown not in stored
    assert WebhookEndpoint.objects.get().secret == endpoint.shown


def test_the_log_keeps_a_masked_piece_of_the_answer(machine, endpoint):
    """T80: bodies in the log are masked."""
    machine.body = f"for li@example.org, 138 1234 5678: {endpoint.shown} ".encode() + b"x " * 9000
    ping_webhook(endpoint.pk, by=None)
    tell_now()

    kept = WebhookDelivery.objects.get().response
    assert len(kept) <= 1000
    assert kept.startswith(f"for {GONE}, {GONE}: {GONE} x")


def test_what_was_given_up_is_sent_again_under_its_id(machine, endpoint):
    machine.status = 400
    one = ping_webhook(endpoint.pk, by=None)
    two = ping_webhook(endpoint.pk, by=None)
    WebhookDelivery.objects.update(attempts=MOST_ATTEMPTS - 1)
    tell_now()
    resume_webhook(endpoint.pk)
    tell_now()
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"failed"}

    machine.status, machine.asked[:] = 200, []
    assert send_failed_again(endpoint.pk, since=timezone.now() - timedelta(hours=1)) == 2
    tell_now()
    assert {a.headers["webhook-id"] for a in machine.asked} == {one.message_id, two.message_id}
    send_again(one.pk)
    with pytest.raises(WebhookNotUsable):
        send_again(one.pk)


def test_a_rule_calls_a_webhook_once(machine, endpoint):
    change_webhook(endpoint.pk, event_types=["customer.updated"])
    record = FeedbackFactory()

    for _ in range(2):
        call_webhook(endpoint, record, "automation.called", dedupe_key="run:1", rule=7)
    tell_now()

    (said,) = told(machine)
    assert (said["type"], said["data"]["change"]) == ("automation.called", {"rule": 7})


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://169.254.169.254/latest"},
        {"url": "https://10.0.0.1/"},
        {"url": "javascript:alert(1)"},
        {"event_types": []},
        {"event_types": ["feedback.everything"]},
        {"condition": ["is", "nothing", "x"]},
        {"name": "x" * 81},
    ],
)
def test_what_could_never_work_is_not_saved(endpoint, wrong):
    with pytest.raises(WebhookNotUsable):
        change_webhook(endpoint.pk, **wrong)
    assert WebhookEndpoint.objects.get().url == endpoint.url


def test_old_deliveries_are_forgotten_and_waiting_ones_are_not(machine, endpoint, later):
    ping_webhook(endpoint.pk, by=None)
    tell_now()
    machine.status = 500
    ping_webhook(endpoint.pk, by=None)
    later(days=31)

    assert forget_old_deliveries() == 1
    assert WebhookDelivery.objects.get().state == WebhookState.RETRY


def test_removing_a_webhook_while_it_is_called_harms_nobody(endpoint):
    ping_webhook(endpoint.pk, by=None)
    send_what_is_due()
    endpoint.refresh_from_db()
    delivery = claim(endpoint.pk, until=endpoint.busy_until)
    remove_webhook(endpoint.pk)

    settle(delivery, Called(status=200))

    assert not WebhookDelivery.objects.exists()


def test_an_event_whose_record_is_gone_is_dropped(endpoint):
    WebhookEvent.objects.create(source="timeline", object_id=0)
    WebhookEvent.objects.create(source="nobody", object_id=1)

    assert make_due_deliveries() == 2
    assert not WebhookDelivery.objects.exists()


def test_the_status_after_all(endpoint, machine):
    record = FeedbackFactory()
    change_status(record.pk, status=Status.objects.default_for(State.OPEN), by=None)
    tell_now()

    assert told(machine)[-1]["data"]["feedback"]["state"] == "open"
