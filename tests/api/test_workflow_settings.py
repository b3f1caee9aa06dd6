"""Statuses, reopening, retention and routing, written by programs."""

import pytest

from accounts.enums import Role, Scope
from feedback.models import RetentionRule, RetentionRun, RoutingRule
from tests.api.conftest import ApiClient
from tests.api.test_doors import problem
from tests.conftest import member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db

WAITS = {
    "code": "at-lab",
    "name_zh": "送检中",
    "name_en": "At the lab",
    "state": "waiting_customer",
}


@pytest.fixture
def team_lead_api(team):
    """Of somebody who leads the team."""
    lead = member(Role.LEAD, team)
    lead.memberships.update(is_lead=True)
    return ApiClient(lead, Scope.values)


def test_a_status_is_made_changed_moved_put_away_and_brought_back(lead_api, api, team):
    problem(api.post("statuses/", WAITS), 403, "permission_denied")
    assert "state" in lead_api.post("statuses/", WAITS | {"state": "x"}).json()["errors"]
    made = lead_api.post("statuses/", WAITS)
    assert made.status_code == 201, made.json()
    assert "code" in lead_api.post("statuses/", WAITS).json()["errors"]

    one = "statuses/at-lab/"
    assert lead_api.patch(one, {"pauses_clock": True}).json()["pauses_clock"] is True
    problem(lead_api.patch("statuses/new/", {"state": "spam"}), 409, "last_of_its_kind")
    before = lead_api.get(one).json()["order"]
    assert lead_api.post(f"{one}move/", {"earlier": True}).json()["order"] < before
    record = FeedbackFactory(team=team)
    assert lead_api.patch(f"feedback/{record.number}/", {"status": "at-lab"}).status_code == 200
    assert lead_api.send("DELETE", one, "").status_code == 204
    archived = lead_api.get("statuses/", {"archived": "true"}).json()["results"]
    assert [row["code"] for row in archived] == ["at-lab"]
    assert lead_api.post(f"{one}restore/", {}).json()["is_archived"] is False


def test_writing_settings_takes_its_own_scope(team):
    program = ApiClient(member(Role.LEAD, team), ["feedback:read", "feedback:write"])

    refused = problem(program.post("statuses/", WAITS), 403, "permission_denied")

    assert "settings:write" in refused["detail"]


def test_a_lead_writes_the_rule_about_reopening_of_the_team_they_lead(team_lead_api, team):
    where = f"reopen-policies/{team.pk}/"
    assert team_lead_api.get(where).status_code == 404
    wrong = team_lead_api.put(where, {"on_answer": "within"})
    assert "days" in wrong.json()["errors"]

    written = team_lead_api.put(where, {"on_answer": "within", "days": 7, "close_after_days": 30})

    assert (written.json()["days"], written.json()["team"]["id"]) == (7, team.pk)
    for other in (f"{TeamFactory().pk}", "others"):
        refused = team_lead_api.put(f"reopen-policies/{other}/", {"on_answer": "reopen"})
        problem(refused, 403, "permission_denied")
    assert team_lead_api.send("DELETE", where, "").status_code == 204
    assert team_lead_api.get(where).status_code == 404


def test_a_retention_rule_is_made_looked_at_and_switched_on(admin_api, lead_api):
    rule = {"name_zh": "三年", "name_en": "Three years", "after_days": 1095, "basis": "closed",
            "action": "anonymise", "condition": ["is", "priority", "low"]}  # fmt: skip
    problem(lead_api.post("retention-rules/", rule), 403, "permission_denied")
    wrong = admin_api.post("retention-rules/", rule | {"condition": ["is", "colour", "red"]})
    assert "condition" in wrong.json()["errors"]
    made = admin_api.post("retention-rules/", rule)
    assert made.json()["is_active"] is False, made.json()

    one = f"retention-rules/{made.json()['id']}/"
    assert admin_api.get(f"{one}dry-run/").json()["count"] == 0
    assert admin_api.post(f"{one}switch/", {"on": True}).json()["is_active"] is True
    assert admin_api.patch(one, {"name_en": "3 years"}).json()["is_active"] is True
    assert admin_api.patch(one, {"after_days": 9}).json()["is_active"] is False
    stored = RetentionRule.objects.get()
    RetentionRun.objects.create(rule=stored, rule_name="x", action="anonymise", numbers=[7])
    [run] = admin_api.get("retention-runs/", {"rule": stored.pk}).json()["results"]
    assert run["numbers"] == [7]
    assert admin_api.send("DELETE", one, "").status_code == 204
    assert admin_api.get("retention-runs/").json()["results"][0]["rule"] is None


def test_a_routing_rule_is_tried_made_moved_and_removed(admin_api, lead_api, team):
    rule = {"name_zh": "紧急", "name_en": "Urgent", "condition": ["is", "priority", "urgent"],
            "team": team.pk, "priority": "high", "tags": ["vip"]}  # fmt: skip
    FeedbackFactory(priority=4)
    theirs = rule | {"team": TeamFactory().pk}
    problem(lead_api.post("routing-rules/", theirs), 409, "rule_not_yours")
    assert (
        "condition" in admin_api.post("routing-rules/", rule | {"condition": []}).json()["errors"]
    )
    nothing = {**rule, "team": None, "priority": None, "tags": []}
    problem(admin_api.post("routing-rules/", nothing), 409, "rule_not_usable")

    tried = admin_api.post("routing-rules/preview/", rule).json()
    assert tried["records"][0]["rules"][0] == 0
    made = admin_api.post("routing-rules/", rule)
    assert made.status_code == 201, made.json()
    assert (made.json()["tags"], made.json()["priority"]) == (["vip"], "high")
    one = f"routing-rules/{made.json()['id']}/"
    assert admin_api.patch(one, {"tags": []}).json()["tags"] == []
    assert admin_api.post(f"{one}move/", {"earlier": True}).status_code == 200
    assert admin_api.post(f"{one}switch/", {"on": False}).json()["is_active"] is False
    assert admin_api.send("DELETE", one, "").status_code == 204
    last = RoutingRule.objects.get(is_catch_all=True)
    assert "stop" in admin_api.patch(f"routing-rules/{last.pk}/", {"stop": False}).json()["errors"]
    problem(admin_api.send("DELETE", f"routing-rules/{last.pk}/", ""), 409, "rule_not_usable")
