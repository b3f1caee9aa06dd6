import pytest

pytestmark = pytest.mark.django_db


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
