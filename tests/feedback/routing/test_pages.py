"""The settings pages of routing, the switch in the account menu, the button, and the API."""

import pytest
from django.urls import reverse

from accounts.enums import Availability, Role
from accounts.models import Membership
from config.kernel.conditions.condition import always
from feedback.enums import Distribution
from feedback.models import Feedback, RoutingRule, Skill, Tag, TeamDistribution
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory
from tests.feedback.routing.rules import catch_all, members, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead_client(team):
    return client_of(member(Role.LEAD, team))


def page(client, name, *args):
    return client.get(reverse(f"feedback:{name}", args=args))


def send(client, name, *args, **data):
    return client.post(reverse(f"feedback:{name}", args=args), data)


def rule_data(**more):
    """A form as a browser without JavaScript sends it, the condition as text."""
    return {
        "name_zh": "退款", "name_en": "Refunds", "condition-mode": "text",
        "condition-text": "text contains 退款", "set_priority": "3", "tags": "refund，urgent",
        "stop": "on", "is_active": "on",
    } | more  # fmt: skip


# --- who ---------------------------------------------------------------------------------------
def test_leads_change_rules_admins_remove_them_and_agents_do_neither(
    agent_client, lead_client, admin_client, team
):
    one = rule("channel = email", set_team=team)

    assert page(agent_client, "routing").status_code == 403
    assert page(lead_client, "routing").status_code == 200
    assert page(lead_client, "edit_rule", one.pk).status_code == 200
    assert send(lead_client, "change_rule", one.pk, "off").status_code == 302
    assert send(lead_client, "change_rule", one.pk, "remove").status_code == 404
    assert send(admin_client, "change_rule", one.pk, "remove").status_code == 302
    assert reverse("feedback:routing") not in page(agent_client, "queue").content.decode()
    assert reverse("feedback:routing") in page(lead_client, "queue").content.decode()


def test_a_lead_changes_rules_of_their_own_teams_and_no_others(lead_client, team):
    theirs = rule("channel = email", set_team=TeamFactory(), name="Theirs")
    ours = rule("channel = phone", set_team=team, name="Ours")

    for what in ("off", "up", "down"):
        send(lead_client, "change_rule", theirs.pk, what)
    send(lead_client, "change_rule", ours.pk, "up")
    taken = send(lead_client, "edit_rule", theirs.pk, **rule_data(set_team=team.pk))
    given = send(lead_client, "new_rule", **rule_data(set_team=theirs.set_team_id))
    program = ApiClient(member(Role.LEAD, team), ["feedback:read", "settings:write"])
    tried = [
        program.post(f"routing-rules/{theirs.pk}/switch/", {"on": False}),
        program.patch(f"routing-rules/{catch_all().pk}/", {"team": team.pk}),
        program.patch(f"routing-rules/{ours.pk}/", {"to_manager": True}),
    ]

    assert [one.json()["code"] for one in tried] == ["rule_not_yours"] * 3
    assert (taken.status_code, given.status_code) == (422, 422)
    assert "退款" in given.content.decode()
    assert "You are not in the team" in given.content.decode()
    text = page(lead_client, "routing").content.decode()
    assert reverse("feedback:edit_rule", args=[ours.pk]) in text
    assert reverse("feedback:edit_rule", args=[theirs.pk]) not in text
    assert page(lead_client, "edit_rule", theirs.pk).status_code == 302
    stored = [(one.name_en, one.is_active) for one in RoutingRule.objects.in_order()]
    assert stored[-3:-1] == [("Theirs", True), ("Ours", True)]


def test_a_lead_changes_how_their_own_team_works_and_no_other(lead_client, team):
    assert page(lead_client, "team_distribution", team.pk).status_code == 200
    assert page(lead_client, "team_distribution", TeamFactory().pk).status_code == 404


# --- rules -------------------------------------------------------------------------------------
def test_a_rule_is_made_in_the_browser(admin_client, team):
    answer = send(admin_client, "new_rule", **rule_data(set_team=team.pk))

    assert answer.status_code == 302
    one = RoutingRule.objects.get(name_en="Refunds")
    assert one.set_team == team
    assert one.condition == ["contains", "text", ["退款"]]
    assert sorted(tag.name for tag in one.add_tags.all()) == ["refund", "urgent"]
    text = page(admin_client, "routing").content.decode()
    assert "Refunds" in text
    assert "退款" in text


def test_a_refused_rule_keeps_what_was_typed_and_says_why(admin_client):
    answer = send(
        admin_client, "new_rule", **rule_data(set_priority="", tags="", name_zh="一条规则")
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say what this rule does." in text
    assert "一条规则" in text
    assert not RoutingRule.objects.filter(name_en="Refunds").exists()


def test_a_condition_that_does_not_exist_is_refused(admin_client):
    answer = send(admin_client, "new_rule", **rule_data(**{"condition-text": "moon = full"}))

    assert answer.status_code == 422
    assert "moon" in answer.content.decode()


def test_the_last_rule_is_edited_without_a_condition(admin_client, team):
    last = catch_all()

    answer = send(
        admin_client,
        "edit_rule",
        last.pk,
        name_zh="其余",
        name_en="Rest",
        set_team=team.pk,
        tags="",
    )

    last.refresh_from_db()
    assert answer.status_code == 302
    assert (last.set_team, last.condition, last.is_active) == (team, always(), True)


def test_a_preview_shows_what_would_go_where_and_stores_nothing(admin_client, team):
    fitting = FeedbackFactory(text="我要退款")
    FeedbackFactory(text="漏水")

    answer = send(admin_client, "new_rule", **rule_data(set_team=team.pk, preview="1"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1 of them would go to another team" in text
    assert f"#{fitting.number}" in text
    assert not RoutingRule.objects.filter(name_en="Refunds").exists()
    fitting.refresh_from_db()
    assert fitting.team is None


def test_a_preview_of_a_changed_rule_takes_the_changed_one(admin_client, team):
    one = rule("text contains 漏水", set_team=team)
    FeedbackFactory(text="我要退款")

    stays = page(admin_client, "routing_preview").content.decode()
    moves = send(admin_client, "edit_rule", one.pk, **rule_data(set_team=team.pk, preview="1"))

    assert "0 of them would go to another team" in stays
    assert "1 of them would go to another team" in moves.content.decode()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_preview_costs_the_same_for_any_number_of_records(
    admin_client, team, rows, django_assert_num_queries
):
    rule("text contains 漏水", set_team=team)
    for _ in range(rows):
        FeedbackFactory()
    page(admin_client, "routing_preview")

    with django_assert_num_queries(9):
        page(admin_client, "routing_preview")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rules_and_teams(
    admin_client, rows, django_assert_num_queries
):
    for _ in range(rows):
        members(TeamFactory(), 2)
        rule("channel = email", set_team=TeamFactory(), tags=["x"])
    page(admin_client, "routing")

    with django_assert_num_queries(9):
        page(admin_client, "routing")


def test_a_rule_that_broke_is_marked_in_the_list(admin_client):
    one = rule("channel = email", set_priority=4)
    RoutingRule.objects.filter(pk=one.pk).update(condition=["is", "gone", "x"])

    text = page(admin_client, "routing").content.decode()

    assert "passed over" in text
    assert page(admin_client, "edit_rule", one.pk).status_code == 200


def test_rules_are_moved_switched_and_removed(admin_client):
    first = rule("channel = email", set_priority=4, name="First")
    second = rule("channel = phone", set_priority=4, name="Second")

    send(admin_client, "change_rule", second.pk, "up")
    names = list(RoutingRule.objects.in_order().values_list("name_en", flat=True))
    assert names.index("Second") < names.index("First")
    send(admin_client, "change_rule", first.pk, "off")
    first.refresh_from_db()
    assert not first.is_active
    send(admin_client, "change_rule", first.pk, "remove")
    assert not RoutingRule.objects.filter(pk=first.pk).exists()
    assert send(admin_client, "change_rule", catch_all().pk, "remove").status_code == 302
    assert catch_all()
    assert send(admin_client, "change_rule", second.pk, "sideways").status_code == 404


# --- teams -------------------------------------------------------------------------------------
def test_a_lead_says_how_the_team_works_and_who_knows_what(lead_client, team):
    (agent,) = members(team, 1)
    people = Membership.objects.filter(team=team).values_list("user", flat=True)
    skills = {f"skills_{pk}": "" for pk in people} | {f"skills_{agent.pk}": "X3，滤芯"}

    answer = send(
        lead_client, "team_distribution", team.pk, mode="least_open", max_open="8",
        backlog_hours="24", unassign_after_minutes="120", **skills,
    )  # fmt: skip

    assert answer.status_code == 302
    plan = TeamDistribution.objects.get(team=team)
    assert (plan.mode, plan.max_open, plan.unassign_after_minutes) == (
        Distribution.LEAST_OPEN, 8, 120,
    )  # fmt: skip
    assert set(Skill.objects.values_list("user", "tag__name")) == {
        (agent.pk, "X3"),
        (agent.pk, "滤芯"),
    }
    assert Tag.objects.filter(name="滤芯").exists()
    assert "滤芯" in page(lead_client, "team_distribution", team.pk).content.decode()


# --- availability ------------------------------------------------------------------------------
def test_the_account_menu_switches_between_away_and_available(agent, agent_client):
    queue = reverse("feedback:queue")
    assert "Away for a while" in agent_client.get(queue).content.decode()

    answer = agent_client.post(reverse("accounts:switch_availability"), {"next": queue})

    agent.refresh_from_db()
    assert answer.url == queue
    assert agent.availability == Availability.AWAY
    assert "Available again" in agent_client.get(queue).content.decode()
    agent_client.post(reverse("accounts:switch_availability"))
    agent.refresh_from_db()
    assert agent.availability == Availability.AVAILABLE


def test_an_absence_is_entered_with_its_end_and_a_substitute(agent, agent_client, team):
    (other,) = members(team, 1)
    address = reverse("accounts:availability")
    data = {
        "availability": "out", "available_again_at": "2999-01-04T09:00", "substitute": other.pk,
    }  # fmt: skip

    assert agent_client.post(address, data).status_code == 302
    agent.refresh_from_db()
    assert (agent.availability, agent.substitute) == ("out", other)
    assert "2999-01-04T09:00" in agent_client.get(address).content.decode()
    past = agent_client.post(address, data | {"available_again_at": "2020-01-04T09:00"})
    assert past.status_code == 422
    assert "passed already" in past.content.decode()


# --- taking the next one -----------------------------------------------------------------------
def test_the_button_takes_the_next_record_and_opens_it(agent, agent_client, team):
    feedback = FeedbackFactory(team=team)
    assert reverse("feedback:claim") in page(agent_client, "queue").content.decode()

    taken = send(agent_client, "claim")
    nothing = agent_client.post(reverse("feedback:claim"), follow=True)

    assert taken.url == feedback.get_absolute_url()
    assert Feedback.objects.get().assignee == agent
    assert "Nothing waits for anybody" in nothing.content.decode()


def test_a_program_takes_the_next_record(team):
    program = ApiClient(member(Role.AGENT, team), ["feedback:read", "feedback:write"])
    reader = ApiClient(member(Role.AGENT, team), ["feedback:read"])
    feedback = FeedbackFactory(team=team)

    assert reader.post("feedback/claim/", {}).status_code == 403
    taken = program.post("feedback/claim/", {})
    assert (taken.status_code, taken.json()["number"]) == (200, feedback.number)
    assert program.post("feedback/claim/", {}).status_code == 204


def test_a_program_of_a_lead_reads_the_rules_in_their_order(team):
    one = rule("channel = email", set_team=team, set_priority=4, tags=["x"])
    lead = ApiClient(member(Role.LEAD, team), ["feedback:read"])
    agent = ApiClient(member(Role.AGENT, team), ["feedback:read"])

    listed = lead.get("routing-rules/").json()["results"]

    assert listed[-1]["is_catch_all"] is True
    shown = next(row for row in listed if row["id"] == one.pk)
    assert (shown["team"], shown["priority"], shown["tags"]) == (team.pk, "urgent", ["x"])
    assert shown["condition"] == ["is", "channel", "email"]
    assert agent.get("routing-rules/").status_code == 403
