"""The front door: a welcome for strangers, the dashboard for those who work here."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from feedback.enums import Priority
from feedback.services.assignment import assign_feedback
from feedback.services.followup import record_satisfaction
from feedback.services.replies import send_reply
from feedback.services.workflow import resolve_feedback
from tests.analytics.busy_year import BusyYear
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory

HOME = "/"
PARTS = ["analytics:dashboard_now", "analytics:dashboard_period"]


def tile(response, name):
    tiles = [*response.context["tiles_now"], *response.context["tiles"]]
    return next(one for one in tiles if one.name == name)


@pytest.mark.django_db
def test_a_stranger_is_welcomed_and_shown_two_doors(client):
    response = client.get(HOME)

    assert response.status_code == 200
    html = response.content.decode()
    assert reverse("feedback:form") in html
    assert reverse("account_login") in html


@pytest.mark.django_db
def test_the_tour_is_for_those_who_try_the_product_out(client, settings):
    UserFactory(is_demo=True)
    assert 'class="tour"' not in client.get(HOME).content.decode()

    settings.DEBUG = True
    assert 'class="tour"' in client.get(HOME).content.decode()

    User.objects.update(is_demo=False)
    assert 'class="tour"' not in client.get(HOME).content.decode()


def test_signing_in_leads_here():
    assert reverse(settings.LOGIN_REDIRECT_URL) == HOME


@pytest.mark.django_db
def test_somebody_without_a_role_is_told_so():
    response = client_of(UserFactory()).get(HOME)

    assert response.status_code == 200
    assert "analytics/no_role.html" in [template.name for template in response.templates]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PARTS)
def test_the_parts_are_not_for_strangers(client, name):
    assert client.get(reverse(name)).status_code == 302
    assert client_of(UserFactory()).get(reverse(name)).status_code == 403


def test_before_the_first_record_the_page_says_what_it_will_show(agent_client):
    response = agent_client.get(HOME)

    assert "As soon as the first feedback arrives" in response.content.decode()


def test_a_team_without_records_still_has_a_dashboard(admin_client):
    FeedbackFactory()
    response = admin_client.get(HOME, {"team": TeamFactory().pk, "period": 7})

    assert tile(response, "received").value == "0"
    assert tile(response, "answered").value == "–"
    assert "No data for this choice" in response.content.decode()


def test_an_agent_sees_their_team_and_what_nobody_has(agent_client, team):
    FeedbackFactory(team=team)
    FeedbackFactory(team=None)
    FeedbackFactory(team=TeamFactory())

    assert tile(agent_client.get(HOME), "open").count == 2
    assert tile(agent_client.get(HOME, {"team": team.pk}), "open").count == 1
    assert tile(agent_client.get(HOME, {"team": "none"}), "open").count == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "31"}, "period"),
        ({"period": "x"}, "period"),
        ({"team": "0"}, "team"),
        ({"team": "x"}, "team"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2001-01-01", "to": "2026-03-01"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_by_name(agent_client, query, field):
    FeedbackFactory()
    for path in [HOME, *map(reverse, PARTS)]:
        response = agent_client.get(path, query)
        assert response.status_code == 400
        assert f"“{field}”" in response.content.decode()


def test_an_agent_cannot_choose_the_team_of_others(agent_client):
    FeedbackFactory()

    assert agent_client.get(HOME, {"team": TeamFactory().pk}).status_code == 400


def test_days_begin_at_midnight_of_this_place(admin_client, time_machine, settings):
    """23:30 in Shanghai is 15:30 in UTC; half an hour later another day has begun there."""
    settings.TIME_ZONE = "Asia/Shanghai"
    time_machine.move_to("2026-11-21T15:30:00Z", tick=False)
    FeedbackFactory()
    assert (
        tile(admin_client.get(HOME, {"from": "2026-11-21", "to": "2026-11-21"}), "received").count
        == 1
    )

    time_machine.move_to("2026-11-21T16:10:00Z", tick=False)
    FeedbackFactory()
    response = admin_client.get(HOME, {"from": "2026-11-22", "to": "2026-11-22"})
    assert tile(response, "received").count == 1


def test_the_period_before_ends_where_this_one_has_got_to(admin_client, clock):
    """At noon the day before is looked at until noon: ten records then, five after it."""
    clock.move_to("2026-11-21T01:00:00Z", tick=False)
    for _ in range(10):
        FeedbackFactory()
    clock.move_to("2026-11-21T12:00:00Z", tick=False)
    for _ in range(5):
        FeedbackFactory()
    clock.move_to("2026-11-22T04:00:00Z", tick=False)
    for _ in range(10):
        FeedbackFactory()
    response = admin_client.get(HOME, {"from": "2026-11-22", "to": "2026-11-22"})

    assert tile(response, "received").trend.words == "as many as before"


def test_the_time_to_the_first_answer_is_a_median(admin_client, agent, team, clock):
    for minutes in (10, 20, 600):
        record = FeedbackFactory(team=team)
        clock.shift(timedelta(minutes=minutes))
        send_reply(record.pk, by=agent, text="好的。")
    answered = tile(admin_client.get(HOME), "answered")

    assert answered.value == "20 minutes"
    assert "3 answered" in answered.note


def rated(score, number, customer=None):
    for _ in range(number):
        record = FeedbackFactory(customer=customer or CustomerFactory())
        resolve_feedback(record.pk, by=None)
        record_satisfaction(record.pk, overall=score, solved=None)


def test_few_ratings_are_shown_with_their_interval_and_a_warning(admin_client):
    rated(5, 3)
    rated(2, 1)
    shown = tile(admin_client.get(HOME), "satisfaction")

    assert shown.value == "75%"
    assert shown.note == "30%–95% · 4 ratings · too few to be sure"


def test_a_change_of_satisfaction_is_only_called_one_when_it_is(admin_client, clock):
    now = timezone.now()
    clock.move_to(now - timedelta(days=40), tick=False)
    rated(5, 10)
    rated(1, 30)
    clock.move_to(now, tick=False)
    rated(5, 3)
    assert tile(admin_client.get(HOME), "satisfaction").trend.tone in {"gray", "green"}

    rated(5, 25)
    trend = tile(admin_client.get(HOME), "satisfaction").trend
    assert (trend.words, trend.tone) == ("up 75 points", "green")


def test_what_needs_attention_is_listed_for_those_who_can_act(admin_client, clock):
    key = CustomerFactory(tier="key")
    rated(1, 1, key)
    late = FeedbackFactory(priority=Priority.HIGH)
    soon = FeedbackFactory(priority=Priority.NORMAL)
    clock.shift(timedelta(hours=47, minutes=30))
    response = admin_client.get(HOME)
    concerns = {one.kind: one for one in response.context["concerns"]}

    assert {kind: one.all.count for kind, one in concerns.items()} == {
        "overdue": 1,
        "due_soon": 1,
        "unhappy": 1,
        "task": 1,
    }
    assert concerns["overdue"].rows[0].feedback == late
    assert concerns["due_soon"].rows[0].feedback == soon
    assert concerns["unhappy"].rows[0].feedback.customer == key


@pytest.mark.django_db
def test_an_analyst_looks_and_is_not_told_what_to_do():
    FeedbackFactory()
    response = client_of(member(Role.ANALYST)).get(HOME)

    assert response.context["concerns"] is None


def test_an_agent_is_not_told_about_the_records_of_others(agent_client, outsider):
    theirs = FeedbackFactory(team=outsider.teams.get())
    assign_feedback(theirs.pk, by=None, assignee=outsider, team=outsider.teams.get())
    FeedbackFactory()
    resolve_feedback(theirs.pk, by=outsider)
    record_satisfaction(theirs.pk, overall=1, solved=None)
    response = agent_client.get(HOME)

    assert "task" not in {one.kind for one in response.context["concerns"]}
    assert tile(response, "satisfaction").count == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_drawn_in_both_languages(admin_client, language):
    rated(4, 2)
    response = admin_client.get(HOME, {"lang": language})

    assert f'lang="{language}"' in response.content.decode().lower()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AGENT])
def test_the_number_of_queries_does_not_depend_on_the_number_of_records(
    clock, role, django_assert_num_queries
):
    year = BusyYear(clock, seed=3)
    user = year.agents[0] if role is Role.AGENT else member(role)
    client = client_of(user)
    year.happens(2)
    FeedbackFactory(team=year.teams[0])
    client.get(HOME)
    with django_assert_num_queries(21):
        client.get(HOME)
    year.happens(25)
    client.get(HOME)
    # Now there are subjects to show, and what of them is covered for an agent has rules.
    with django_assert_num_queries(22 if role is Role.AGENT else 21):
        client.get(HOME)
