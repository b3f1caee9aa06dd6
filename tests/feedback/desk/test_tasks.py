"""Tasks: calling customers back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role, Scope
from feedback.enums import Priority, TaskKind
from feedback.errors import AlreadyDone
from feedback.models import Task
from feedback.selectors.story import story_of
from feedback.services.checklists import tick_item
from feedback.services.followup import finish_task
from feedback.services.tasks import plan_task
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
TASKS = reverse("feedback:tasks")


def task_for(agent, team, **more):
    feedback = FeedbackFactory(team=team)
    due = timezone.now() + timedelta(hours=5)
    fields = {"kind": TaskKind.CALL_BACK, "due_at": due, "assignee": agent} | more
    return plan_task(feedback.pk, by=agent, **fields)


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    agent_client, agent, team, rows, django_assert_num_queries
):
    for _ in range(rows):
        task_for(agent, team)  # each with the steps of a call-back
    agent_client.get(TASKS)

    with django_assert_num_queries(9):
        response = agent_client.get(TASKS)

    assert response.content.decode().count("data-row=") == rows


def test_mine_my_teams_and_done_are_three_lists(agent_client, agent, team):
    mine = task_for(agent, team)
    ours = task_for(agent, team, assignee=None)
    other = member(Role.AGENT, TeamFactory())
    theirs = task_for(other, other.teams.get())

    def numbers(whose):
        text = agent_client.get(TASKS, {"whose": whose}).content.decode()
        return {one for one in (mine, ours, theirs) if f"#{one.feedback.number}<" in text}

    assert numbers("mine") == {mine}
    assert numbers("team") == {mine, ours}
    agent_client.post(reverse("feedback:task_done", args=[mine.pk]), {"outcome": "Happy again"})
    assert numbers("done") == {mine}
    assert numbers("mine") == set()


def test_an_unknown_list_is_a_400(agent_client):
    response = agent_client.get(TASKS, {"whose": "moon"})

    assert response.status_code == 400
    assert "whose" in response.content.decode()


def test_a_stranger_gets_404(outsider_client, agent, team):
    task = task_for(agent, team)

    assert outsider_client.get(reverse("feedback:task", args=[task.pk])).status_code == 404
    for name in ("task_done", "task_postpone", "task_give"):
        url = reverse(f"feedback:{name}", args=[task.pk])
        assert outsider_client.post(url, {"outcome": "x"}).status_code == 404


def test_what_came_of_it_is_said_and_told(agent_client, agent, team):
    task = task_for(agent, team)
    url = reverse("feedback:task_done", args=[task.pk])

    refused = agent_client.post(url, {"outcome": ""})
    assert refused.status_code == 422
    agent_client.post(url, {"outcome": "Reached, all is well"})

    task.refresh_from_db()
    assert (task.outcome, task.done_by) == ("Reached, all is well", agent)
    assert task.feedback.timeline.last().note == "Reached, all is well"
    page = agent_client.get(reverse("feedback:task", args=[task.pk])).content.decode()
    assert "Reached, all is well" in page
    assert "Try again later" not in page


def test_a_call_nobody_answered_is_tried_again(agent_client, agent, team):
    task = task_for(agent, team)
    url = reverse("feedback:task_postpone", args=[task.pk])

    assert agent_client.post(url, {"due_at": "soon"}).status_code == 422
    agent_client.post(url, {"due_at": "2026-12-01T09:00", "note": "Voice mail"})

    task.refresh_from_db()
    assert timezone.localtime(task.due_at).hour == 9
    page = agent_client.get(task.feedback.get_absolute_url()).content.decode()
    assert "put the task off until" in page
    assert "Voice mail" in page


def test_a_task_is_given_to_somebody_else(agent_client, agent, team):
    task = task_for(agent, team)
    other = member(Role.AGENT, team)
    url = reverse("feedback:task_give", args=[task.pk])

    agent_client.post(url, {"assignee": other.pk})
    assert Task.objects.get(pk=task.pk).assignee == other
    agent_client.post(url, {"assignee": "9999"})
    assert Task.objects.get(pk=task.pk).assignee == other


def test_one_call_back_at_a_time_is_planned(agent_client, agent, team):
    feedback = FeedbackFactory(team=team)
    url = reverse("feedback:plan_task", args=[feedback.number])
    assert agent_client.get(url).status_code == 200
    data = {"due_at": "2026-12-01T09:00", "reason": "asked for it", "assignee": agent.pk}

    assert agent_client.post(url, data).status_code == 302
    again = agent_client.post(url, data)

    assert again.status_code == 422
    assert "has an open task of that kind" in again.content.decode()
    assert Task.objects.count() == 1


def test_an_analyst_reads_tasks_and_does_none(agent, team):
    task = task_for(agent, team)
    client = client_of(member(Role.ANALYST))

    page = client.get(reverse("feedback:task", args=[task.pk])).content.decode()
    assert "What came of it" not in page
    url = reverse("feedback:task_done", args=[task.pk])
    assert client.post(url, {"outcome": "x"}).status_code == 403


def test_today_overdue_kind_and_order_narrow_the_list(agent_client, agent, team, clock):
    clock.move_to(datetime(2026, 11, 18, 1, 0, tzinfo=UTC))  # 9:00 in Shanghai
    now = timezone.now()
    late = task_for(agent, team, due_at=now - timedelta(hours=1))
    today = task_for(agent, team, kind=TaskKind.REFUND, due_at=now + timedelta(hours=14))
    later = task_for(agent, team, due_at=now + timedelta(hours=16), priority=Priority.URGENT)

    def listed(**asked):
        text = agent_client.get(TASKS, asked).content.decode()
        return [int(pk) for pk in re.findall(r'data-row="(\d+)"', text)]

    assert listed(whose="today") == [today.pk]
    assert listed(whose="overdue") == [late.pk]
    assert listed(kind="refund") == [today.pk]
    assert listed(sort="priority") == [later.pk, late.pk, today.pk]
    for wrong in ({"kind": "moon"}, {"sort": "moon"}):
        assert agent_client.get(TASKS, wrong).status_code == 400


def test_a_task_begins_with_the_steps_of_its_kind_and_they_are_ticked(agent_client, agent, team):
    task = task_for(agent, team)
    first = task.items.first()
    url = reverse("feedback:task_step", args=[task.pk])
    htmx = {"HX-Request": "true"}

    part = agent_client.post(url, {"item": first.pk, "do": "tick"}, headers=htmx).content.decode()
    assert 'aria-checked="true"' in part
    assert f'id="step-{first.pk}"' in part  # so that the focus stays where it was
    first.refresh_from_db()
    assert first.done_by == agent
    agent_client.post(url, {"text": "Send him the photo"})
    assert task.items.last().text == "Send him the photo"
    line = story_of(task.feedback)[-1]
    assert (line.sentence, line.note) == ("added a step to the task", "Send him the photo")
    agent_client.post(url, {"item": first.pk, "do": "untick"})
    first.refresh_from_db()
    assert first.done_at is None

    finish_task(task.pk, by=agent, outcome="Well")
    with pytest.raises(AlreadyDone):
        tick_item(first.pk, by=agent, done=True)


def test_steps_of_another_task_are_not_ticked_here(agent_client, agent, team):
    task, other = task_for(agent, team), task_for(agent, team)
    url = reverse("feedback:task_step", args=[task.pk])

    assert agent_client.post(url, {"item": other.items.first().pk}).status_code == 404


def test_a_comment_on_a_task_is_a_note_of_its_record(agent_client, agent, team):
    task = task_for(agent, team)

    agent_client.post(reverse("feedback:task_comment", args=[task.pk]), {"text": "Try at six"})

    note = task.feedback.messages.get(direction="note")
    assert list(task.notes.all()) == [note]
    page = agent_client.get(reverse("feedback:task", args=[task.pk])).content.decode()
    assert "Try at six" in page


def test_a_lead_edits_checklists_and_an_agent_does_not(agent_client, team):
    lead = client_of(member(Role.LEAD, team))
    new, listed = reverse("feedback:new_checklist"), reverse("feedback:checklists")
    fields = {"name_zh": "退款", "name_en": "Refund", "kind": "refund", "steps_zh": "核对\n转账"}

    refused = lead.post(new, fields | {"steps_en": "Check"})
    assert refused.status_code == 422
    assert "same number of steps" in refused.content.decode()
    lead.post(new, fields | {"steps_en": "Check\nTransfer"})
    assert "Transfer" in lead.get(listed).content.decode()
    twice = lead.post(new, fields | {"steps_en": "Check\nTransfer"})
    assert "already" in twice.content.decode()
    assert agent_client.get(listed).status_code == 403


def test_tasks_and_steps_by_the_api(agent, team, django_assert_num_queries):
    program = ApiClient(agent, Scope.values)
    record = FeedbackFactory(team=team)
    fields = {"kind": "call_back", "due_at": "2026-12-01T09:00:00Z", "priority": "high"}
    made = program.post(f"feedback/{record.number}/tasks/", fields)
    assert made.status_code == 201, made.json()
    task = made.json()
    step = task["steps"][0]["id"]
    ticked = program.post(f"tasks/{task['id']}/tick/", {"step": step}).json()
    assert ticked["steps"][0]["done_at"]
    for _ in range(3):
        task_for(agent, team)
    with django_assert_num_queries(4):
        assert len(program.get("tasks/").json()["results"]) == 4
    done = program.post(f"tasks/{task['id']}/done/", {"outcome": "Reached"})
    assert done.json()["outcome"] == "Reached"
    again = program.post(f"feedback/{record.number}/tasks/", fields).json()
    assert program.post(f"feedback/{record.number}/tasks/", fields).status_code == 409, again
    assert program.get("checklists/").json()["results"][0]["steps_zh"]
