"""Where people and programs see what is promised."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.enums import Metric, Priority
from feedback.selectors.story import story_of
from feedback.services.details import set_priority
from feedback.services.replies import send_reply
from feedback.services.sla_watch import watch_clocks
from feedback.services.workflow import change_status
from tests.factories import FeedbackFactory
from tests.feedback.sla.promises import WEDNESDAY, policy, promise, status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday(clock):
    clock.move_to(WEDNESDAY)


@pytest.fixture
def feedback(team):
    policy(promise(hours=4), promise(Metric.RESOLUTION, 15))
    return FeedbackFactory(team=team)


def queue(client):
    return client.get(reverse("feedback:queue")).content.decode()


def clocks(client, feedback):
    url = f"/api/v1/feedback/{feedback.number}/clocks/"
    return client.get(url)


def test_the_queue_says_what_is_due_first_and_how_urgent_it_is(agent_client, feedback, clock):
    assert "First answer" in queue(agent_client)
    clock.shift(timedelta(hours=3))
    assert "due tone-amber" in queue(agent_client)
    clock.shift(timedelta(hours=3))
    assert "due tone-red" in queue(agent_client)


def test_in_the_queue_a_paused_record_says_so(agent_client, feedback, agent):
    change_status(feedback.pk, status=status("waiting-third"), by=agent)
    assert "paused" in queue(agent_client)


def test_the_queue_is_sorted_by_what_is_due_first_whatever_it_is(agent_client, agent, team, clock):
    policy(promise(hours=30, business=False), promise(Metric.RESOLUTION, 40, business=False))
    answered = FeedbackFactory(team=team, subject="older")
    send_reply(answered.pk, by=agent, text="好")
    clock.shift(timedelta(hours=20))
    FeedbackFactory(team=team, subject="newer")

    shown = queue(agent_client)
    assert shown.index("older") < shown.index("newer")  # solution in 20 h, answer in 30 h


def test_a_missed_solution_is_overdue_like_a_missed_answer(agent_client, agent, feedback, clock):
    send_reply(feedback.pk, by=agent, text="好", then=status("open"))
    clock.shift(timedelta(days=9))
    shown = agent_client.get(reverse("feedback:queue"), {"view": "overdue"}).content.decode()
    assert feedback.subject in shown


def test_the_record_shows_its_clocks(agent_client, feedback, agent, clock):
    clock.shift(timedelta(hours=1))
    send_reply(feedback.pk, by=agent, text="好")
    shown = agent_client.get(feedback.get_absolute_url()).content.decode()
    assert "Promised times" in shown
    assert "kept" in shown
    assert "Solution" in shown


def test_the_timeline_words_what_happened_to_a_promise(feedback, agent, clock):
    policy(
        promise(hours=2, business=False, priority=Priority.URGENT),
        promise(hours=4, business=False, priority=Priority.NORMAL),
    )
    other = FeedbackFactory()
    set_priority(other.pk, by=agent, priority=Priority.URGENT)
    clock.shift(timedelta(hours=3))
    watch_clocks()
    other.refresh_from_db()

    sentences = [line.sentence for line in story_of(other)]
    assert any("First answer due:" in one and "→" in one for one in sentences)
    assert any(one.startswith("Missed: First answer") for one in sentences)


# T55
def test_programs_read_the_clocks_of_a_record(agent_client, feedback):
    rows = clocks(agent_client, feedback).json()["results"]
    assert [(one["metric"], one["state"]) for one in rows] == [
        ("first_response", "running"),
        ("resolution", "running"),
    ]
    assert rows[0]["due_at"].endswith(("Z", "+08:00"))


def test_whoever_may_not_see_the_record_sees_no_clocks(outsider_client, feedback):
    assert clocks(outsider_client, feedback).status_code == 404


def test_programs_read_service_levels_and_calendars(admin_client, agent_client, feedback):
    levels = admin_client.get("/api/v1/service-levels/").json()["results"]
    assert {"first_response", "resolution"} == {one["metric"] for one in levels[-1]["targets"]}
    hours = admin_client.get("/api/v1/calendars/office/").json()
    assert hours["week"][0] == "09:00-12:00, 13:30-18:00"
    assert hours["week"][6] == ""
    assert agent_client.get("/api/v1/service-levels/").status_code == 403


@pytest.mark.parametrize("name", ["service-levels", "calendars"])
@pytest.mark.parametrize("rows", [1, 5])
def test_their_lists_cost_the_same_for_any_number(
    admin_client, rows, name, django_assert_num_queries
):
    for _ in range(rows):
        policy(promise())
    url = f"/api/v1/{name}/"
    admin_client.get(url)
    with django_assert_num_queries(QUERIES[name]):
        admin_client.get(url)


QUERIES = {"service-levels": 6, "calendars": 6}


# T55
def test_a_moment_never_leaves_without_its_time_zone(agent_client, feedback):
    shown = agent_client.get(feedback.get_absolute_url()).content.decode()
    assert f'datetime="{timezone.localtime(feedback.reply_due_at).isoformat()}"' in shown
