"""What programs do with alerts and their rules, as people do on the pages."""

import pytest

from accounts.enums import Role
from analytics.models import AlertRule
from analytics.services.alert_watch import watch_days
from tests.analytics.alerts.conftest import raised
from tests.api.conftest import ApiClient
from tests.conftest import member

pytestmark = pytest.mark.django_db
SCOPES = ["feedback:read", "feedback:write"]
RULE = {
    "kind": "negative", "name": "Mail", "dimension": "branch", "filters": {"channel": ["email"]},
}  # fmt: skip


@pytest.fixture
def api(analyst):
    return ApiClient(analyst, SCOPES)


def test_from_a_rule_to_its_alert_and_what_is_done_about_it(api, rule, spike, analyst):
    rule.delete()
    made = api.post("alert-rules/", {**RULE, "dimension": ""})
    assert made.status_code == 201
    watch_days()

    (one,) = api.get("alerts/").json()
    own = f"alerts/{one['id']}/"
    assert (one["rule"], one["value"]) == (made.json()["id"], len(spike))
    assert sorted(api.get(own).json()["evidence"]) == sorted(each.number for each in spike)

    assert api.post(f"{own}acknowledge/", {}).json()["acknowledged_by"] == analyst.pk
    assert api.post(f"{own}dismiss/", {"why": "known"}).status_code == 409  # which cause?
    dismissed = api.post(f"{own}dismiss/", {"why": "known", "note": "App 3.3"}).json()
    assert (dismissed["dismissal"], dismissed["note"]) == ("known", "App 3.3")
    assert api.get("alerts/").json() == []
    assert api.post(f"{own}reopen/", {}).json()["dismissed_at"] is None


def test_the_dimension_of_a_rule_can_change_and_its_kind_stays(api):
    made = api.post("alert-rules/", RULE).json()
    own = f"alert-rules/{made['id']}/"
    assert made["dimension"] == "branch"

    refused = api.patch(own, {"kind": "metric", "metric": "volume"})
    changed = api.patch(own, {"kind": "negative", "dimension": "channel"})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["kind"])
    assert (changed.status_code, changed.json()["dimension"]) == (200, "channel")
    assert AlertRule.objects.get(pk=made["id"]).each == "channel"


def test_without_the_permission_or_the_scope_nothing_is_done(analyst, team):
    alert = raised(team)
    rule = alert.rule
    reader = ApiClient(analyst, ["feedback:read"])
    agent, lead = (ApiClient(member(role, team), SCOPES) for role in (Role.AGENT, Role.LEAD))
    own, kept = f"alerts/{alert.pk}/", f"alert-rules/{rule.pk}/"

    assert reader.get(own).status_code == 200
    for program in (reader, agent):
        assert program.post(f"{own}dismiss/", {"why": "false"}).status_code == 403
        assert program.post("alert-rules/", RULE).status_code == 403
        assert program.patch(kept, {"name": "x"}).status_code == 403
    assert agent.get("alert-rules/").status_code == 403
    # Of the whole company: not a lead's business.
    assert lead.get(own).status_code == lead.get(kept).status_code == 404
    assert lead.post("alert-rules/", RULE).status_code == 409

    alert.refresh_from_db()
    assert alert.dismissed_at is None
