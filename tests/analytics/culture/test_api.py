"""Thanks, suggestions and the week for programs."""

from datetime import UTC, datetime

import pytest

from analytics.models import Thanks
from analytics.services.thanks import thank_colleague
from feedback.models import Suggestion
from tests.api.conftest import ApiClient
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db
SCOPES = ["feedback:read", "feedback:write"]


def test_a_program_thanks_for_what_its_owner_may_see(agent, outsider, team):
    api, record = ApiClient(agent, SCOPES), FeedbackFactory(team=team)
    said = {"to": UserFactory().pk, "text": "Well done", "feedback": record.number}
    made = api.post("thanks/", said)
    assert made.status_code == 201, made.json()
    assert made.json()["feedback"] == record.number
    assert Thanks.objects.get().by == agent
    assert len(api.get("thanks/").json()["results"]) == 1
    stranger = ApiClient(outsider, SCOPES)
    assert stranger.get("thanks/").json()["results"] == []
    assert stranger.post("thanks/", said).status_code == 400


def test_everybody_who_works_here_suggests_by_a_program(db):
    author = UserFactory()
    api = ApiClient(author, SCOPES)
    made = api.post("suggestions/", {"subject": "Paper", "text": "Less of it", "language": "en"})
    assert made.status_code == 201, made.json()
    assert Suggestion.objects.get().author == author
    listed = api.get("suggestions/").json()["results"]
    assert [one["number"] for one in listed] == [made.json()["number"]]
    assert ApiClient(author, ["feedback:read"]).post("suggestions/", {}).status_code == 403


def test_a_week_is_read(lead, agent, team, time_machine):
    api = ApiClient(lead, SCOPES)
    assert api.get("week/").json()["is_empty"]
    assert api.get("week/?week=tomorrow").status_code == 400
    assert api.get(f"week/?team={team.pk}").status_code == 400
    time_machine.move_to(datetime(2026, 3, 5, 2, tzinfo=UTC), tick=False)
    thank_colleague(lead, by=agent, text="Well done", feedback=FeedbackFactory(team=team))
    time_machine.move_to(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False)
    week = ApiClient(lead, SCOPES).get("week/").json()
    assert (week["first"], week["last"], week["is_empty"]) == ("2026-03-02", "2026-03-08", False)
    thanks = [one for one in week["figures"] if one["url"] and one["count"]]
    assert [(one["value"], one["count"], one["before"]) for one in thanks] == [("1", 1, "0")]
