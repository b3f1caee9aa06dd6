"""Webhooks in the settings, by hand and by program."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role, WebhookState
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.services.webhooks import ping_webhook
from tests.accounts.webhooks.conftest import tell_now
from tests.api.conftest import ApiClient, staff
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db

WANTED = {
    "name": "Shop",
    "url": "https://shop.example.org/hook",
    "event_types": ["feedback.created"],
    "condition": "priority = urgent",
}


def make(client, **changed):
    return client.post(reverse("accounts:new_webhook"), {**WANTED, **changed})


def do(client, endpoint, what, **data):
    address = reverse("accounts:change_webhook", args=[endpoint.pk, what])
    return client.post(address, data, follow=True)


def test_the_secret_is_shown_once(admin_client):
    made = make(admin_client).content.decode()

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in made
    assert endpoint.secret not in admin_client.get(endpoint.get_absolute_url()).content.decode()
    listed = admin_client.get(reverse("accounts:webhooks")).content.decode()
    assert "Shop" in listed


def test_what_cannot_be_kept_comes_back_with_the_reason(admin_client):
    page = make(admin_client, url="https://10.0.0.1/hook")

    assert page.status_code == 422
    assert "internal network" in page.content.decode()
    assert 'value="Shop"' in page.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_test_is_sent_and_its_outcome_read_in_the_log(admin_client, endpoint, machine):
    do(admin_client, endpoint, "ping")
    tell_now()

    one = WebhookDelivery.objects.get()
    page = admin_client.get(endpoint.get_absolute_url(), {"state": "delivered"})
    address = reverse("accounts:webhook_delivery", args=[endpoint.pk, one.pk])
    assert address in page.content.decode()
    assert "msg_" in admin_client.get(address).content.decode()

    admin_client.post(address + "again/")
    tell_now()
    assert len(machine.asked) == 2
    assert admin_client.get(endpoint.get_absolute_url(), {"state": "x"}).status_code == 422


def test_it_is_paused_changed_given_a_new_secret_and_removed(admin_client, endpoint):
    do(admin_client, endpoint, "pause")
    assert not WebhookEndpoint.objects.get().is_active
    do(admin_client, endpoint, "resume")
    page = do(admin_client, endpoint, "rotate").content.decode()
    assert WebhookEndpoint.objects.get().secret in page
    edit = reverse("accounts:edit_webhook", args=[endpoint.pk])
    assert admin_client.post(edit, {**WANTED, "name": "Till"}).status_code == 302
    ping_webhook(endpoint.pk, by=None)
    WebhookDelivery.objects.update(state=WebhookState.FAILED)
    assert "1 is sent again" in do(admin_client, endpoint, "resend", days=7).content.decode()
    do(admin_client, endpoint, "remove")
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.ANALYST])
def test_nobody_but_admins_sees_webhooks(endpoint, role):
    client = client_of(member(role))

    for name in ("webhooks", "new_webhook"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 403
    assert client.get(endpoint.get_absolute_url()).status_code == 403
    assert do(client, endpoint, "ping").status_code == 403


@pytest.mark.parametrize("page", ["list", "one"])
def test_its_lists_cost_the_same_for_any_number_of_rows(admin_client, endpoint, page):
    address = reverse("accounts:webhooks") if page == "list" else endpoint.get_absolute_url()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(address).status_code == 200
        return len(captured)

    ping_webhook(endpoint.pk, by=None)
    queries()
    with_one = queries()
    for n in range(4):
        ping_webhook(endpoint.pk, by=None)
        copy = WebhookEndpoint.objects.get(pk=endpoint.pk)
        copy.pk, copy.name = None, f"Copy {n}"
        copy.save()

    assert queries() == with_one


def test_a_program_with_the_scope_sets_a_webhook_up(db):
    api = ApiClient(staff(Role.ADMIN), ["settings:read", "settings:write"])
    names = [one["name"] for one in api.get("webhooks/event-types/").json()]
    wanted = {"name": "Till", "url": WANTED["url"], "event_types": names[:2]}

    made = api.post("webhooks/", wanted).json()
    address = f"webhooks/{made['id']}/"
    assert made["secret"].startswith("whsec_")
    assert "secret" not in api.get(address).json()
    assert api.patch(address, {"condition": ["is", "priority", "urgent"]}).status_code == 200
    assert api.patch(address, {"condition": ["is", "nothing", 1]}).status_code == 400
    assert api.patch(address, {"url": "http://localhost/"}).status_code == 400
    assert api.patch(address, {"event_types": ["x"]}).status_code == 400
    ping = api.post(address + "ping/", {}).json()
    assert api.get("webhook-deliveries/", {"state": "queued"}).json()["results"] == [ping]
    assert api.post(f"webhook-deliveries/{ping['id']}/resend/", {}).status_code == 409
    assert api.post(address + "rotate-secret/", {}).json()["secret"] != made["secret"]
    assert api.post(address + "resend-failed/", {"since": "2026-01-01T00:00:00Z"}).json() == {
        "count": 0
    }
    assert api.send("DELETE", address, b"").status_code == 204


def test_a_token_without_the_scope_and_a_person_without_the_permission_are_refused(db):
    for api in (
        ApiClient(staff(Role.ADMIN), ["feedback:read", "feedback:write"]),
        ApiClient(staff(Role.LEAD), ["settings:read", "settings:write"]),
    ):
        assert api.get("webhooks/").status_code == 403
        assert api.post("webhooks/", {}).status_code == 403
        assert api.get("webhook-deliveries/").status_code == 403
