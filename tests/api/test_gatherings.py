import pytest

from surveys.enums import SurveyStatus
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db


def test_programs_are_held_to_the_rules_of_the_page(lead_api, team):
    closed = make_survey()
    closed.status = SurveyStatus.CLOSED
    closed.save()
    event = {
        "title_en": "Class", "begins_at": "2027-03-01T09:00:00Z",
        "ends_at": "2027-03-01T10:00:00Z", "team": team.pk,
    }  # fmt: skip
    for field, value in (
        ("ends_at", "2027-03-01T09:00:00Z"),
        ("closes_at", "2027-03-01T10:00:01Z"),
        ("survey", str(closed.slug)),
        ("survey", "no-such"),
    ):
        refused = lead_api.post("gatherings/", event | {field: value})
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    made = lead_api.post("gatherings/", event).json()
    assert made["team"] == team.pk
    assert made["owner"] is not None


def test_programs_make_events_and_sign_people_up(lead_api, api_with):
    made = lead_api.post(
        "gatherings/",
        {
            "title_en": "Class", "begins_at": "2027-03-01T09:00:00Z",
            "ends_at": "2027-03-01T10:00:00Z", "capacity": 1,
        },
    )  # fmt: skip
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    lead_api.post(f"gatherings/{pk}/publish/", {})
    people = [
        lead_api.post(
            "bookings/",
            {"gathering": pk, "name": name, "address": f"{name}@example.org", "language": "en"},
        ).json()
        for name in ("ann", "bob")
    ]
    assert [one["state"] for one in people] == ["booked", "waiting"]
    assert (
        lead_api.post(f"bookings/{people[1]['id']}/attendance/", {"attended": True}).json()["code"]
        == "not_a_participant"
    )
    assert lead_api.patch(f"gatherings/{pk}/", {"capacity": 2}).json()["booked"] == 2
    came = lead_api.post(f"bookings/{people[0]['id']}/attendance/", {"attended": True}).json()
    assert came["attended"] is True
    lead_api.post(f"bookings/{people[0]['id']}/cancel/", {})
    states = [one["state"] for one in lead_api.get(f"bookings/?gathering={pk}").json()["results"]]
    assert states == ["booked", "cancelled"]
    stranger = api_with("surveys:read").get("bookings/").json()["results"][0]
    assert (stranger["name"], stranger["address"]) == (None, None)
