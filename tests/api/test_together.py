"""Working with others by the API: presence, mentions, notices, tasks, traces, absence."""

import pytest

from accounts.enums import Role
from tests.api.conftest import staff
from tests.api.test_doors import problem
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


def test_somebody_is_mentioned_told_and_seen(api, lead_api, stranger_api, team):
    record = FeedbackFactory(team=team)
    where = f"feedback/{record.number}/"
    people = api.get(f"{where}mentionable/").json()
    lead = next(one for one in people if one["id"] == lead_api.user.pk)
    note = api.post(f"{where}note/", {"text": f"@{lead['handle']} please look"})
    assert note.status_code == 201, note.json()

    [notice] = lead_api.get("notifications/", {"unread": "true"}).json()["results"]
    assert (notice["kind"], notice["feedback"]) == ("mentioned", record.number)
    assert notice["sentence"]
    assert api.send("PUT", f"{where}presence/", {"is_writing": True}).json() == []
    seen = lead_api.send("PUT", f"{where}presence/", {}).json()
    assert seen == [{"name": api.user.name, "is_writing": True}]
    assert lead_api.get("notifications/", {"unread": "true"}).json()["results"] == []
    assert api.send("DELETE", f"{where}presence/", "").status_code == 204
    assert lead_api.get(f"{where}presence/").json() == []
    problem(stranger_api.send("PUT", f"{where}presence/", {}), 404, "not_found")
    problem(stranger_api.post("notifications/read/", {"feedback": record.number}), 404,
            "not_found")  # fmt: skip


def test_everybody_says_how_they_are_told_and_whether_they_are_there(api, team):
    ways = api.send("PATCH", "notifications/ways/", [
        {"kind": "noted", "in_list": False, "mail": "digest"}
    ]).json()  # fmt: skip
    noted = next(one for one in ways if one["kind"] == "noted")
    assert (noted["in_list"], noted["mail"]) == (False, "digest")

    colleague = staff(Role.AGENT, team)
    out = {"availability": "out", "substitute": colleague.pk}
    assert api.put("availability/", out).json()["substitute"] == colleague.pk
    mine = {"availability": "out", "substitute": api.user.pk}
    problem(api.put("availability/", mine), 409, "availability_refused")
    assert "availability" in api.put("availability/", {"availability": "ill"}).json()["errors"]
    assert api.get("availability/").json()["availability"] == "out"


def test_a_task_has_notes_and_loses_a_step(api, stranger_api, team):
    record = FeedbackFactory(team=team)
    planned = {"kind": "call_back", "due_at": "2030-01-01T09:00:00Z", "assignee": api.user.pk}
    task = api.post(f"feedback/{record.number}/tasks/", planned).json()
    one = f"tasks/{task['id']}/"
    step = task["steps"][0]["id"] if task["steps"] else api.post(
        f"{one}steps/", {"text": "x"}
    ).json()["steps"][0]["id"]  # fmt: skip

    left = api.send("DELETE", f"{one}steps/{step}/", "").json()["steps"]

    assert step not in [row["id"] for row in left]
    assert api.post(f"{one}notes/", {"text": "Nobody there"}).status_code == 201
    assert "text" in api.post(f"{one}notes/", {"text": ""}).json()["errors"]
    assert [row["text"] for row in api.get(f"{one}notes/").json()["results"]] == ["Nobody there"]
    assert [row["id"] for row in api.get("tasks/", {"whose": "mine"}).json()["results"]] == [
        task["id"]
    ]
    assert api.get("tasks/", {"whose": "done"}).json()["results"] == []
    problem(stranger_api.post(f"{one}notes/", {"text": "x"}), 404, "not_found")


def test_a_defect_is_followed_and_a_split_taken_back(api, stranger_api, team):
    record = FeedbackFactory(team=team)
    where = f"feedback/{record.number}/"
    assert api.post(f"{where}trace/", {}).status_code == 201
    trace = api.post(f"{where}trace/", {}).json()
    assert trace["feedback"] == record.number
    listed = api.get("quality-traces/", {"state": "open", "feedback": record.number}).json()
    assert [one["id"] for one in listed["results"]] == [trace["id"]]
    problem(stranger_api.post(f"{where}trace/", {}), 404, "not_found")
    hints = api.post(f"{where}check/", {"text": "这是你自己的问题！！！"})
    assert hints.status_code == 200

    note = api.post(f"{where}note/", {"text": "Another matter"}).json()
    made = api.post(f"{where}split/", {"message": note["id"]}).json()
    assert api.post(f"feedback/{made['number']}/unsplit/", {}).json()["number"] == record.number
