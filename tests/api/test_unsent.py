"""Drafts and answers that go later, for programs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.enums import Direction
from feedback.models import Draft
from feedback.services.scheduling import schedule_reply
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


def later():
    return timezone.now() + timedelta(hours=2)


def test_a_draft_is_kept_read_and_discarded(api, record):
    path = f"feedback/{record.number}/draft/"
    assert api.get(path).status_code == 404
    saved = api.send("PUT", path, {"kind": "reply", "text": "We come", "version": 0})
    assert (saved.status_code, saved.json()["version"]) == (200, 1)

    stale = api.send("PUT", path, {"kind": "reply", "text": "Old window", "version": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "draft_stale")
    assert stale.json()["text"] == "We come"
    assert api.get(path).json()["text"] == "We come"
    assert api.send("DELETE", path, {}).status_code == 204
    assert api.get(path).status_code == 404


def test_an_answer_is_scheduled_listed_and_taken_back(api, record):
    body = {"text": "Good morning", "send_at": later().isoformat()}
    made = api.post(f"feedback/{record.number}/schedule/", body)
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]

    assert [one["id"] for one in api.get("scheduled-replies/").json()["results"]] == [pk]
    assert api.send("DELETE", f"scheduled-replies/{pk}/", {}).status_code == 204
    assert api.get(f"feedback/{record.number}/draft/").json()["text"] == "Good morning"
    assert api.get("scheduled-replies/").json()["results"] == []


def test_a_scheduled_answer_is_sent_now_and_recalled(api, record):
    draft = schedule_reply(record.pk, by=api.user, text="Good morning", send_at=later())

    sent = api.post(f"scheduled-replies/{draft.pk}/send/", {})
    assert sent.status_code == 200
    back = api.post(f"feedback/{record.number}/recall/", {"message": sent.json()["id"]})
    assert back.json()["is_recalled"] is True
    assert record.messages.get(direction=Direction.OUT).is_recalled


def test_what_waits_on_other_teams_records_is_not_there(api):
    other = FeedbackFactory(team=TeamFactory())
    draft = schedule_reply(other.pk, by=api.user, text="x", send_at=later())

    assert api.get("scheduled-replies/").json()["results"] == []
    assert api.post(f"scheduled-replies/{draft.pk}/send/", {}).status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number(api, team, rows, django_assert_num_queries):
    for _ in range(rows):
        schedule_reply(FeedbackFactory(team=team).pk, by=api.user, text="x", send_at=later())
    api.get("scheduled-replies/")

    with django_assert_num_queries(4):
        assert len(api.get("scheduled-replies/").json()["results"]) == rows
    assert Draft.objects.count() == rows
