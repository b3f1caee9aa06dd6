"""Which rules may be kept and go live."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from config.kernel.conditions.errors import ConditionInvalid
from feedback.enums import Direction, Priority
from feedback.errors import AutomationRefused
from feedback.models import AutomationRule, AutomationRun, Message, Tag, TimelineEntry
from feedback.services.automation_rules import (
    move_automation,
    remove_automation,
    save_automation,
    switch_automation,
    try_automation,
)
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory
from tests.feedback.automation.rules import HIGH, URGENT, draft, live, note, settle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("event", "actions", "more"),
    [
        ("created", [], {}),
        ("created", [{"do": "fly"}], {}),
        ("created", [{"do": "set_priority", "priority": 9}], {}),
        ("created", [{"do": "add_note", "text": ""}], {}),
        ("noted", [note()], {}),
        ("time", [URGENT], {}),
        ("time", [note()], {"when": "created older than 1 day", "once_per_record": False}),
        ("time", [note()], {"when": "priority changed"}),
        ("tags", [note()], {"when": "priority changed to urgent and channel = email"}),
    ],
)
def test_t10_a_rule_that_does_nothing_or_never_ends_is_refused(event, actions, more):
    """No action, an unknown one, a value that is not there; a rule that sets itself off; a time
    rule that takes everything or whose condition stays true; one that wants a change which its
    event never brings."""
    with pytest.raises((AutomationRefused, ConditionInvalid)):
        draft(event, *actions, **more)


def test_two_rules_that_would_set_each_other_off_are_refused_by_name():
    live("priority", {"do": "set_priority", "priority": 1}, name="Down")

    with pytest.raises(AutomationRefused) as refusal:
        draft("priority", URGENT, name="Up")

    assert "Down" in str(refusal.value.message)
    assert "Up" in str(refusal.value.message)
    draft("priority", URGENT, when="priority = high", name="Only from high")


def test_a_rule_goes_live_only_as_it_was_tried(admin):
    rule = draft("created", URGENT)

    with pytest.raises(AutomationRefused):
        switch_automation(rule, on=True)
    try_automation(rule, by=admin)
    switch_automation(rule, on=True)
    rule.name_en = "Another name"
    assert save_automation(rule).is_active
    rule.actions = [HIGH]
    assert not save_automation(rule).is_active
    with pytest.raises(AutomationRefused):
        switch_automation(rule, on=True)


def test_a_trial_shows_the_difference_and_leaves_nothing_behind(admin):
    fits, other = FeedbackFactory(text="退款"), FeedbackFactory(text="漏水")
    rule = draft("created", URGENT, note("Refund"), when="text contains 退款")
    lines, messages = TimelineEntry.objects.count(), Message.objects.count()

    trial = try_automation(rule, by=admin)

    assert [row.feedback for row in trial.rows] == [fits]
    assert trial.looked_at == 2
    assert trial.rows[0].changes[0].startswith("Priority: Normal → Urgent")
    fits.refresh_from_db()
    assert fits.priority == Priority.NORMAL
    assert (TimelineEntry.objects.count(), Message.objects.count()) == (lines, messages)
    assert not AutomationRun.objects.exists()
    assert other.pk not in [row.feedback.pk for row in trial.rows]


def test_a_used_rule_is_archived_and_an_unused_one_is_deleted():
    used, unused = live("created", URGENT), draft("created", URGENT)
    FeedbackFactory()
    settle()

    assert [remove_automation(one) for one in (used, unused)] == [False, True]
    assert list(AutomationRule.objects.values_list("is_active", flat=True)) == [False]


def test_rules_are_moved():
    first, second = draft("created", URGENT), draft("created", HIGH)

    move_automation(second, earlier=True)

    assert list(AutomationRule.objects.in_order()) == [second, first]


# --- pages --------------------------------------------------------------------------------------
def page(client, name, *args):
    return client.get(reverse(f"feedback:{name}", args=args))


def send(client, name, *args, **data):
    return client.post(reverse(f"feedback:{name}", args=args), data)


def filled(**more):
    return {
        "name_zh": "退款优先",
        "name_en": "Refunds first",
        "event": "created",
        "condition-mode": "text",
        "condition-text": "text contains 退款",
        "row": ["0"],
        "action-0-do": "set_priority",
        "action-0-priority": "4",
        "once_per_record": "on",
    } | more


def test_a_rule_is_made_tried_and_switched_on_in_the_browser(admin_client):
    FeedbackFactory(text="我要退款")

    answer = send(admin_client, "new_automation", **filled())
    rule = AutomationRule.objects.get()
    tried = send(admin_client, "try_automation", rule.pk)
    send(admin_client, "change_automation", rule.pk, "on")

    assert answer.url == reverse("feedback:automation_rule", args=[rule.pk])
    assert "Normal → Urgent" in tried.content.decode()
    rule.refresh_from_db()
    assert rule.is_active
    assert rule.actions == [URGENT]
    assert "Refunds first" in page(admin_client, "automation").content.decode()


def test_a_row_is_added_and_removed_without_a_script_and_nothing_is_lost(admin_client):
    added = send(
        admin_client,
        "new_automation",
        **filled(name_en="", change="add", **{"add-action": "add_note"}),
    ).content.decode()
    removed = send(admin_client, "new_automation", **filled(change="remove:0")).content.decode()

    assert "退款优先" in added
    assert 'name="action-1-text"' in added
    assert "error-summary" not in added
    assert "action-0-priority" not in removed
    assert not AutomationRule.objects.exists()


def test_a_refused_rule_keeps_what_was_typed_and_says_why(admin_client):
    answer = send(admin_client, "new_automation", **filled(**{"action-0-priority": ""}))

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Priority: Say what." in text
    assert "退款优先" in text


def test_leads_look_admins_change_and_agents_see_nothing(agent_client, team, admin_client):
    rule = draft("created", URGENT)
    lead = client_of(member(Role.LEAD, team))

    assert [page(one, "automation").status_code for one in (agent_client, lead)] == [403, 200]
    assert send(lead, "change_automation", rule.pk, "remove").status_code == 403
    assert page(lead, "automation_rule", rule.pk).status_code == 200


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rules(
    admin_client, rows, django_assert_num_queries
):
    one = Tag.objects.create(name="vip")
    for number in range(rows):
        draft("created", {"do": "add_tag", "tag": one.pk}, name=f"Rule {number}")
    page(admin_client, "automation")

    with django_assert_num_queries(5):
        page(admin_client, "automation")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_log_costs_the_same_for_any_number_of_runs(
    admin_client, rows, django_assert_num_queries
):
    live("created", URGENT)
    for _each in range(rows):
        FeedbackFactory()
    settle()
    page(admin_client, "automation_log")

    with django_assert_num_queries(6):
        answer = page(admin_client, "automation_log")

    assert answer.content.decode().count("Set the priority: Urgent") == rows


def test_a_program_makes_tries_and_switches_a_rule_and_reads_what_it_did(admin):
    api = ApiClient(admin, ["feedback:read", "feedback:write"])
    given = {"name_zh": "规则", "name_en": "Rule", "event": "created", "actions": [URGENT]}

    rule = api.post("automation-rules/", given).json()
    early = api.post(f"automation-rules/{rule['id']}/switch/", {"on": True})
    api.post(f"automation-rules/{rule['id']}/try/", {})
    on = api.post(f"automation-rules/{rule['id']}/switch/", {"on": True}).json()
    feedback = FeedbackFactory()
    settle()
    runs = api.get("automation-runs/").json()["results"]

    assert early.status_code == 409
    assert on["is_active"] is True
    assert [(one["feedback"], one["actions"]) for one in runs] == [(feedback.number, [URGENT])]


def test_a_note_by_a_rule_is_for_staff_and_not_for_the_customer(admin_client, client):
    live("created", note("For us"), name="Careful")
    feedback = FeedbackFactory()
    settle()

    assert "For us" in admin_client.get(feedback.get_absolute_url()).content.decode()
    public = client.get(reverse("feedback:status_page", args=[feedback.status_token]))
    assert "For us" not in public.content.decode()
    assert feedback.messages.filter(direction=Direction.NOTE).count() == 1
