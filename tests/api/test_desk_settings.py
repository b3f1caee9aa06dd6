"""Service levels, calendars, distribution, checklists and the like, written by programs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, Scope
from feedback.models import AutomationPause, BusinessCalendar, RetentionRun
from tests.admin.rows import automation_rule
from tests.api.conftest import ApiClient
from tests.api.test_doors import problem
from tests.conftest import member
from tests.factories import (
    FeedbackFactory,
    MacroFactory,
    MailboxFactory,
    ReplyTemplateFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

WEEK = [*["09:00-12:00, 13:30-18:00"] * 5, "", ""]


def test_a_calendar_is_made_changed_and_asked(admin_api, lead_api):
    made = {"code": "lab", "name_zh": "实验室", "name_en": "Lab", "week": WEEK}
    problem(lead_api.post("calendars/", made), 403, "permission_denied")
    assert "week" in admin_api.post("calendars/", made | {"week": ["9 to 5"] * 7}).json()["errors"]
    assert admin_api.post("calendars/", made).json()["week"] == WEEK
    problem(admin_api.patch("calendars/lab/", {"week": [""] * 7}), 409, "calendar_not_usable")

    one = "calendars/lab/"
    assert admin_api.patch(one, {"time_zone": "Europe/Berlin"}).json()["week"] == WEEK
    assert "time_zone" in admin_api.patch(one, {"time_zone": "Mars"}).json()["errors"]
    day = f"{one}days/2026-12-24/"
    assert admin_api.put(day, {"kind": "custom", "spans": "09:00-12:00"}).json()["is_active"]
    problem(admin_api.put(f"{one}days/2026-13-01/", {"kind": "holiday"}), 404, "not_found")
    asked = {"at": "2026-12-24T10:00:00+01:00", "seconds": 3 * 3600}
    assert admin_api.post(f"{one}due/", asked).json()["due_at"] == "2026-12-25T17:00:00+08:00"
    assert admin_api.post(f"{day}switch/", {"on": False}).json()["is_active"] is False
    assert len(admin_api.get(f"{one}days/").json()["results"]) == 1
    assert admin_api.send("DELETE", day, "").status_code == 204
    assert admin_api.post(f"{one}import-holidays/", {"year": 2026}).json()["added"] > 10
    assert "year" in admin_api.post(f"{one}import-holidays/", {"year": 1999}).json()["errors"]
    assert admin_api.send("DELETE", one, "").status_code == 204
    assert not BusinessCalendar.objects.active().filter(code="lab").exists()


def test_a_service_level_is_made_changed_ordered_and_removed(admin_api, lead_api, team):
    targets = [{"priority": "urgent", "metric": "first_response", "seconds": 86400}]
    level = {"code": "vip", "name_zh": "重点", "name_en": "Key", "calendar": "office",
             "condition": ["is", "customer.tier", "key"], "targets": targets,
             "escalations": [{"on": "breach", "kind": "move_team", "team": team.pk}]}  # fmt: skip
    problem(lead_api.post("service-levels/", level), 403, "permission_denied")
    wrong = admin_api.post("service-levels/", level | {"targets": [targets[0] | {"seconds": 1}]})
    assert "targets" in wrong.json()["errors"]
    made = admin_api.post("service-levels/", level)
    assert made.status_code == 201, made.json()
    assert made.json()["escalations"][0]["team"] == team.pk

    one = "service-levels/vip/"
    kept = admin_api.patch(one, {"name_en": "Key customers"}).json()
    assert (kept["targets"][0]["seconds"], len(kept["escalations"])) == (86400, 1)
    solved = {"priority": "urgent", "metric": "resolution", "seconds": 3600}
    refused = admin_api.patch(one, {"targets": [*targets, solved]})
    problem(refused, 409, "policy_not_usable")
    codes = [row["code"] for row in admin_api.get("service-levels/").json()["results"]]
    assert admin_api.post(f"{one}move/", {"earlier": True}).status_code == 200
    moved = [row["code"] for row in admin_api.get("service-levels/").json()["results"]]
    assert moved.index("vip") == codes.index("vip") - 1
    assert admin_api.post(f"{one}switch/", {"on": False}).json()["is_active"] is False
    assert admin_api.send("DELETE", one, "").status_code == 204
    problem(admin_api.get(one), 404, "not_found")


def test_a_team_says_how_it_gives_out_records_and_who_knows_what(lead_api, api, team):
    one = f"team-distributions/{team.pk}/"
    problem(api.patch(one, {"mode": "manual"}), 403, "permission_denied")
    assert "mode" in lead_api.patch(one, {"mode": "lottery"}).json()["errors"]
    skills = [{"person": api.user.pk, "skills": ["水泵"]}]

    changed = lead_api.patch(one, {"mode": "round_robin", "max_open": 9, "skills": skills})

    assert changed.status_code == 200, changed.json()
    known = {row["person"]: row["skills"] for row in changed.json()["skills"]}
    assert known[api.user.pk] == ["水泵"]
    assert [row["team"] for row in lead_api.get("team-distributions/").json()["results"]] == [
        team.pk
    ]
    stranger = [{"person": member(Role.AGENT).pk, "skills": []}]
    assert "skills" in lead_api.patch(one, {"skills": stranger}).json()["errors"]


def test_a_checklist_is_made_changed_put_away_and_used_again(lead_api, api):
    steps = {"steps_zh": ["打电话", "记录"], "steps_en": ["Call", "Write"]}
    made = {"name_zh": "寄样", "name_en": "Sample", **steps}
    problem(api.post("checklists/", made), 403, "permission_denied")
    problem(
        lead_api.post("checklists/", made | {"steps_en": ["Call"]}), 409, "checklist_not_usable"
    )
    one = f"checklists/{lead_api.post('checklists/', made).json()['id']}/"
    assert lead_api.patch(one, {"name_en": "Send a sample"}).json()["steps_en"] == [
        "Call",
        "Write",
    ]
    assert lead_api.send("DELETE", one, "").status_code == 204
    assert lead_api.get("checklists/", {"archived": "true"}).json()["results"][0]["is_archived"]
    assert lead_api.post(f"{one}restore/", {}).json()["is_archived"] is False


def test_the_rule_for_negative_feedback_is_read_and_written(lead_api, api):
    problem(api.get("negative-rule/"), 403, "permission_denied")
    problem(lead_api.patch("negative-rule/", {"condition": ["and"]}), 409, "negative_refused")
    assert (
        "required_points"
        in lead_api.patch("negative-rule/", {"required_points": ["cake"]}).json()["errors"]
    )

    changed = lead_api.patch("negative-rule/", {"required_points": ["apology"]}).json()

    assert changed["required_points"] == ["apology"]
    assert lead_api.get("negative-rule/").json() == changed


def test_what_a_mailbox_quotes_is_said_and_its_password_is_not(admin_api, lead_api):
    box = MailboxFactory(password="secret")
    one = f"mailboxes/{box.pk}/"
    problem(lead_api.get(one), 403, "permission_denied")

    changed = admin_api.patch(one, {"quoting": "last"})

    assert changed.json()["quoting"] == "last"
    assert "secret" not in changed.content.decode()
    assert "quoting" in admin_api.patch(one, {"quoting": "half"}).json()["errors"]
    assert "password" in admin_api.patch(one, {"password": "x"}).json()["errors"]
    box.refresh_from_db()
    assert box.password == "secret"


def test_macros_and_templates_are_changed_and_ordered(lead_api, api, team):
    macro, template = MacroFactory(team=team), ReplyTemplateFactory(team=team)
    one = f"macros/{macro.pk}/"
    problem(api.patch(one, {"name_en": "Now"}), 403, "permission_denied")
    assert lead_api.patch(one, {"name_en": "Now"}).json()["changes"] == macro.changes
    wrong = lead_api.patch(one, {"changes": [{"do": "fly", "to": "moon"}]})
    problem(wrong, 409, "macro_not_understood")
    assert lead_api.post(f"{one}move/", {"earlier": True}).status_code == 200
    assert lead_api.post(f"reply-templates/{template.pk}/move/", {"earlier": False}).json()
    record = FeedbackFactory(team=team)
    foreign = FeedbackFactory(team=TeamFactory())
    many = lead_api.post(f"{one}run-on-many/", {"numbers": [record.number, foreign.number]}).json()
    assert (many["changed"], many["refused"]) == ([record.number], [])
    back = lead_api.post("feedback/undo/", {"key": many["undo"]})
    assert back.json()["changed"] == [record.number]
    problem(api.post("feedback/undo/", {"key": many["undo"]}), 409, "nothing_to_undo")
    tried = {"feedback": record.number, "body_en": "Hello #{{ number }}"}
    shown = lead_api.post("reply-templates/try/", tried)
    assert shown.status_code == 200, shown.json()
    problem(lead_api.post("reply-templates/try/", tried | {"feedback": 10**9}), 404, "not_found")


def test_rules_are_ordered_and_take_up_a_record_that_they_left_alone(admin_api, team):
    first, second = automation_rule(), automation_rule()
    record = FeedbackFactory(team=team)
    AutomationPause.objects.create(feedback=record)
    lead = ApiClient(member(Role.LEAD, team), Scope.values)

    moved = admin_api.post(f"automation-rules/{second.pk}/move/", {"earlier": True}).json()

    assert moved["order"] <= first.order
    [paused] = admin_api.get("automation-pauses/").json()["results"]
    assert paused["feedback"] == record.number
    one = f"automation-pauses/{record.number}/"
    problem(lead.send("DELETE", one, ""), 403, "permission_denied")
    assert admin_api.send("DELETE", one, "").status_code == 204
    assert admin_api.get("automation-pauses/").json()["results"] == []
    assert admin_api.get("automation-runs/", {"rule": first.pk, "failed": "true"}).json()


LISTS = [
    "statuses/", "routing-rules/", "retention-rules/", "retention-runs/", "service-levels/",
    "calendars/", "checklists/", "mailboxes/", "team-distributions/", "automation-pauses/",
]  # fmt: skip


def one_more_of_each(program, n):
    """A row for each of LISTS."""
    names = {"name_zh": f"{n}", "name_en": f"{n}"}
    state = {"code": f"s{n}", "state": "waiting_customer", "next_status": "open"}
    targets = [{"priority": "urgent", "metric": "first_response", "seconds": 86400}]
    fits = {"condition": ["is", "priority", "urgent"]}
    made = [
        program.post("statuses/", names | state),
        program.post("routing-rules/", names | fits | {"team": TeamFactory().pk, "tags": ["a"]}),
        program.post("retention-rules/", names | {"after_days": 9, "action": "anonymise"}),
        program.post("calendars/", names | {"code": f"c{n}", "week": WEEK}),
        program.post(
            "service-levels/", names | {"code": f"l{n}", "calendar": f"c{n}", "targets": targets}
        ),
        program.post("checklists/", names | {"steps_zh": ["a"], "steps_en": ["a"]}),
    ]
    assert [one.status_code for one in made] == [201] * 6, [one.json() for one in made]
    program.put(f"calendars/c{n}/days/2026-12-24/", {"kind": "holiday"})
    program.patch(f"team-distributions/{TeamFactory().pk}/", {"mode": "manual"})
    RetentionRun.objects.create(rule_name="x", action="anonymise")
    AutomationPause.objects.create(feedback=FeedbackFactory())
    MailboxFactory()


def test_lists_of_settings_cost_the_same_for_any_number_of_rows(admin_api):
    def costs():
        found = {}
        for where in LISTS:
            admin_api.get(where)
            with CaptureQueriesContext(connection) as asked:
                assert admin_api.get(where).status_code == 200
            found[where] = len(asked)
        return found

    one_more_of_each(admin_api, 1)
    few = costs()
    for n in range(2, 5):
        one_more_of_each(admin_api, n)

    assert costs() == few
    assert max(few.values()) <= 6
