"""Custom fields for programs."""

import pytest
from django.contrib.auth.models import Group

from accounts.enums import Role, Scope
from tests.api.conftest import ApiClient
from tests.factories import CustomerFactory, CustomFieldFactory, FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_api():
    user = UserFactory()
    user.groups.add(Group.objects.get(name=Role.ADMIN.value))
    return ApiClient(user, Scope.values)


def test_a_program_makes_changes_and_archives_a_field(admin_api, api):
    body = {
        "subject": "feedback",
        "code": "weight",
        "kind": "decimal",
        "name_zh": "重量",
        "name_en": "Weight",
        "unit_en": "kg",
    }
    made = admin_api.post("custom-fields/", body)
    assert made.status_code == 201, made.content
    path = f"custom-fields/{made.json()['id']}/"

    assert admin_api.patch(path, {"minimum": "0"}).json()["minimum"] == "0"
    refused = admin_api.patch(path, {"code": "other"})
    assert (refused.status_code, refused.json()["field"]) == (409, "code")
    assert api.post("custom-fields/", body).status_code == 403
    assert len(api.get("custom-fields/", {"subject": "feedback"}).json()["results"]) == 1
    assert admin_api.send("DELETE", path, "").status_code == 204


def test_values_are_read_and_written_and_unknown_ones_named(api, team):
    CustomFieldFactory(code="count", kind="integer")
    record = FeedbackFactory(team=team)
    path = f"feedback/{record.number}/"

    written = api.patch(f"{path}fields/", {"values": {"count": 3}})

    assert written.status_code == 200, written.content
    assert api.get(path).json()["custom"] == {"count": 3}
    wrong = api.patch(f"{path}fields/", {"values": {"count": "x", "nothing": 1}})
    assert wrong.status_code == 400
    assert set(wrong.json()["errors"]["values"]) == {"count", "nothing"}
    stale = api.patch(f"{path}fields/", {"values": {"count": 4}, "version": 1})
    assert stale.json()["code"] == "stale"
    new = {"customer": {"kind": "email", "value": "li@example.org"}, "text": "Hello"}
    made = api.post("feedback/", new | {"custom": {"count": 9}})
    assert made.json()["custom"] == {"count": 9}
    assert api.post("feedback/", new | {"custom": {"nothing": 9}}).status_code == 400


def test_customers_have_theirs(api):
    CustomFieldFactory(subject="customer", code="since", kind="date")
    path = f"customers/{CustomerFactory().pk}/"

    assert api.patch(path, {"custom": {"since": "2020-01-01"}}).status_code == 200
    assert api.get(path).json()["custom"] == {"since": "2020-01-01"}
    assert api.patch(path, {"custom": {"since": "2020-13-01"}}).status_code == 400
    assert api.post("customers/", {"name": "Li", "custom": {"since": None}}).status_code == 201


def test_records_are_filtered_by_custom_fields_and_mistakes_are_named(api, agent, team):
    CustomFieldFactory(code="count", kind="integer")
    CustomFieldFactory(subject="customer", code="staff", kind="integer")
    one, _other = FeedbackFactory.create_batch(2, team=team)
    api.patch(f"feedback/{one.number}/fields/", {"values": {"count": 3}})

    found = api.get("feedback/", {"field.count.from": "3"}).json()["results"]

    assert [row["number"] for row in found] == [one.number]
    assert api.get("feedback/", {"customer.field.staff.to": "9"}).json()["results"] == []
    assert api.get("feedback/", {"field.count.from": "many"}).status_code == 400
    assert api.get("feedback/", {"field.colour": "red"}).status_code == 400


def test_a_program_makes_a_form_and_writes_through_it(admin_api, api, team):
    CustomFieldFactory(code="model", is_public=True)
    body = {
        "code": "repair",
        "name_en": "Book a repair",
        "priorities": ["high"],
        "categories": ["service-installation"],
        "team": team.pk,
        "shows_every_field": False,
        "custom_fields": [{"code": "model", "required": True}],
    }
    form = admin_api.post("forms/", body)
    assert form.status_code == 201, form.content
    path = f"forms/{form.json()['id']}/"
    assert admin_api.patch(path, {"thanks_en": "Soon."}).json()["priorities"] == ["high"]
    assert api.post("forms/", body).status_code == 403
    assert [one["code"] for one in api.get("forms/").json()["results"]] == ["feedback", "repair"]
    record = {"customer": {"kind": "email", "value": "li@example.org"}, "text": "Hm"}

    refused = api.post("feedback/", record | {"form": "repair"})
    sent = api.post("feedback/", record | {"form": "repair", "custom": {"model": "X3"}})

    assert refused.status_code in {400, 409}
    assert "model" in refused.content.decode()
    assert sent.status_code == 201, sent.content
    shown = sent.json()
    assert (shown["form"], shown["priority"]) == ("repair", "high")
    assert (shown["category"], shown["team"]["id"]) == ("service-installation", team.pk)
    assert admin_api.send("DELETE", path, "").status_code == 204
    assert admin_api.post(f"{path}make-usual/", {}).status_code == 409
    assert admin_api.post(f"{path}bring-back/", {}).json()["archived"] is False
