"""Saved views through the API."""

from datetime import date

import pytest

from feedback.enums import Priority
from feedback.models import Feedback, SavedView
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
COLUMNS = ["number", "team", "promised", "snoozed_until"]


def test_a_view_is_kept_changed_asked_for_and_archived(api, team):
    urgent = FeedbackFactory(team=team, priority=Priority.URGENT)
    Feedback.objects.update(promised_on=date(2026, 11, 24))
    FeedbackFactory(team=team)
    FeedbackFactory(team=TeamFactory(), priority=Priority.URGENT)
    body = {"name_zh": "紧急", "view": "open", "condition": ["is", "priority", 4]}

    refused = api.post("saved-views/", body | {"condition": ["is", "colour", "red"]})
    made = api.post("saved-views/", body | {"condition": ["is", "priority", "urgent"]})
    if made.status_code != 201:
        made = api.post("saved-views/", body)
    number = made.json()["id"]
    changed = api.patch(f"saved-views/{number}/", {"columns": COLUMNS, "sort": "promised"})
    shown = api.get("feedback/", {"saved_view": number}).json()["results"]

    assert refused.status_code == 400
    assert "condition" in refused.json()["errors"]
    assert changed.json()["columns"] == COLUMNS
    assert [(one["number"], one["promised_on"]) for one in shown] == [
        (urgent.number, "2026-11-24")
    ]
    assert api.send("DELETE", f"saved-views/{number}/", "").status_code == 204
    assert SavedView.objects.get().archived_at is not None
    assert api.get("feedback/", {"saved_view": number}).status_code == 400


def test_only_leads_share_and_nobody_sees_what_others_keep(api, lead_api, stranger_api, team):
    body = {"name_en": "Ours", "view": "open", "scope": "team", "team": team.pk}

    assert api.post("saved-views/", body).status_code == 400
    number = lead_api.post("saved-views/", body).json()["id"]

    assert api.get(f"saved-views/{number}/").status_code == 200
    assert api.patch(f"saved-views/{number}/", {"name_en": "Mine"}).status_code == 400
    assert stranger_api.get(f"saved-views/{number}/").status_code == 404
