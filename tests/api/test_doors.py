"""Who gets in, and how a refusal reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.api.throttles import TokenThrottle
from accounts.enums import Role
from accounts.models import ApiToken
from accounts.services.api_tokens import revoke_token
from tests.api.conftest import ApiClient, staff
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
LISTS = [
    "feedback/",
    "categories/",
    "products/",
    "statuses/",
    "teams/",
    "customers/",
    "surveys/",
    "responses/",
]


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == response["X-Request-ID"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("path", LISTS)
def test_without_a_token_there_is_nothing(client, path):
    response = client.get(f"/api/v1/{path}")

    problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer hy_unknown", "Bearer \x00é"])
def test_a_token_that_is_none_is_refused(client, header):
    response = client.get("/api/v1/feedback/", headers={"Authorization": header})

    problem(response, 401, "authentication_failed")


def test_a_revoked_token_stops_working_at_once(api):
    assert api.get("feedback/").status_code == 200

    revoke_token(api.token.pk)

    problem(api.get("feedback/"), 401, "authentication_failed")


def test_an_expired_token_is_refused(api):
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    problem(api.get("feedback/"), 401, "authentication_failed")


def test_a_token_of_somebody_who_left_is_refused(api):
    api.user.is_active = False
    api.user.save()

    problem(api.get("feedback/"), 401, "authentication_failed")


def test_its_use_is_noted(api):
    api.get("feedback/")

    api.token.refresh_from_db()
    assert api.token.last_used_at is not None


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("feedback/", "feedback:read"),
        ("teams/", "feedback:read"),
        ("customers/", "customers:read"),
        ("responses/", "surveys:read"),
    ],
)
def test_each_list_needs_its_scope(api_with, path, scope):
    others = {"feedback:read", "customers:read", "surveys:read", "feedback:write"} - {scope}

    body = problem(api_with(*others).get(path), 403, "permission_denied")

    assert scope in body["detail"]
    assert api_with(scope).get(path).status_code == 200


def test_reading_does_not_allow_writing(api_with):
    record = FeedbackFactory()
    reader = api_with("feedback:read")

    problem(
        reader.post(f"feedback/{record.number}/note/", {"text": "x"}), 403, "permission_denied"
    )


def test_a_token_may_not_do_more_than_its_person(team):
    analyst = ApiClient(staff(Role.ANALYST), ["feedback:read", "feedback:write"])
    record = FeedbackFactory(team=team)

    assert analyst.get("feedback/").status_code == 200
    answer = analyst.post(f"feedback/{record.number}/reply/", {"text": "x"})
    problem(answer, 403, "permission_denied")


def test_somebody_without_a_role_sees_nothing():
    nobody = ApiClient(UserFactory(), ["feedback:read"])

    problem(nobody.get("feedback/"), 403, "permission_denied")


def test_a_signed_in_person_may_look_with_the_browser(agent_client):
    assert agent_client.get("/api/v1/feedback/").status_code == 200


def test_a_browser_cannot_be_made_to_write(agent, team):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    record = FeedbackFactory(team=team)

    answer = client.post(
        f"/api/v1/feedback/{record.number}/note/",
        {"text": "x"},
        content_type="application/json",
    )

    problem(answer, 403, "permission_denied")


def test_an_unknown_address_is_a_problem_document(api):
    problem(api.get("nothing/here/"), 404, "not_found")
    problem(api.get("feedback/999999999999999999999999/"), 404, "not_found")


def test_a_method_that_does_not_exist_says_which_do(api):
    response = api.send("DELETE", "feedback/", "")

    problem(response, 405, "method_not_allowed")
    assert "GET" in response["Allow"]
    problem(api.post("staff/", {}), 405, "method_not_allowed")


def test_only_json_is_spoken(api):
    headers = {"Authorization": f"Bearer {api.secret}"}
    client = Client()

    form = client.post("/api/v1/feedback/", {"text": "x"}, headers=headers)
    problem(form, 415, "unsupported_media_type")
    xml = client.get("/api/v1/feedback/", headers={**headers, "Accept": "application/xml"})
    problem(xml, 406, "not_acceptable")


def test_json_that_is_none_is_told(api):
    problem(api.post("feedback/", "{"), 400, "parse_error")
    problem(api.post("feedback/", '["a list"]'), 400, "invalid")


def test_too_many_requests_say_when_to_come_back(api, monkeypatch):
    monkeypatch.setattr(TokenThrottle, "THROTTLE_RATES", {"token": "2/min"})

    responses = [api.get("teams/") for _ in range(3)]

    assert [one.status_code for one in responses] == [200, 200, 429]
    problem(responses[-1], 429, "throttled")
    assert 0 < int(responses[-1]["Retry-After"]) <= 60


def test_one_token_does_not_slow_another(api, stranger_api, monkeypatch):
    monkeypatch.setattr(TokenThrottle, "THROTTLE_RATES", {"token": "1/min"})
    api.get("teams/")

    assert api.get("teams/").status_code == 429
    assert stranger_api.get("teams/").status_code == 200


def test_a_crash_is_a_problem_document_too(api, monkeypatch, settings):
    def crash(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("accounts.api.teams.TeamViewSet.get_queryset", crash)

    body = problem(api.get("teams/"), 500, "error")

    assert "ZeroDivision" not in str(body)


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_filter_is_named(lead_api, path):
    body = problem(lead_api.get(path, {"assignee__password__startswith": "a"}), 400, "invalid")

    assert list(body["errors"]) == ["assignee__password__startswith"]


def test_an_unknown_order_is_named(api):
    body = problem(api.get("feedback/", {"ordering": "customer__note"}), 400, "invalid")

    assert "customer__note" in body["errors"]["ordering"][0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "gone"),
        ("state", ""),
        ("customer", ""),
        ("ordering", ""),
        ("team", "x"),
        ("customer", "9" * 40),
        ("customer", "NaN"),
        ("received_after", "yesterday"),
        ("received_after", "0001-01-01T00:00:00+14:00"),
        ("category", "\x00"),
        ("tag", "x\x00"),
        ("open", "perhaps"),
        ("cursor", "bm9uc2Vuc2U"),
        ("cursor", "cD1hYmM="),  # p=abc, where a number should be
        ("cursor", "\x00"),
        ("page_size", "0"),
        ("page_size", "201"),
        ("page_size", "ten"),
        ("page_size", "9" * 5000),
        ("page_size", "٣"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(api, name, value):
    body = problem(api.get("feedback/", {name: value}), 400, "invalid")

    assert list(body["errors"]) == [name]


def test_a_moment_with_an_odd_offset_is_understood(api):
    assert api.get("feedback/", {"received_after": "2020-01-15T23:07:26-21:26"}).status_code == 200


def test_the_openapi_document_and_its_reader_are_served(client):
    schema = client.get(reverse("api:schema"), headers={"Accept": "application/json"})
    assert schema.status_code == 200
    assert "/api/v1/feedback/" in schema.json()["paths"]

    page = client.get(reverse("api:docs"))
    assert page.status_code == 200
    policy = {rule.strip() for rule in page["Content-Security-Policy"].split(";")}
    assert {"style-src 'self' 'unsafe-inline'", "script-src 'self'"} <= policy
    assert "cdn" not in page.content.decode()


def test_refusals_are_in_the_language_of_the_client(client):
    response = client.get("/api/v1/feedback/", headers={"Accept-Language": "zh-hans"})

    assert response.json()["code"] == "not_authenticated"
    assert response["Content-Language"] == "zh-hans"
