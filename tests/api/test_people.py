"""What programs do about customers beside their row: contacts, consent, holds, the story; and
finding things."""

import pytest

from accounts.models import Customer
from feedback.enums import NoticeKind
from feedback.models import Notification
from feedback.services.quality import judge_records
from feedback.services.search_index import index_what_changed
from tests.api.test_doors import problem
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_contacts_are_added_preferred_and_forgotten(api, api_with, team):
    customer = FeedbackFactory(team=team).customer
    where = f"customers/{customer.pk}/contacts/"
    second = {"kind": "email", "value": "second@example.org"}
    problem(api_with("customers:read").post(where, second), 403, "permission_denied")
    assert "value" in api.post(where, {"kind": "email", "value": "nobody"}).json()["errors"]

    made = api.post(where, second).json()
    assert made["is_primary"] is False
    assert api.post(f"{where}{made['id']}/primary/", {}).json()["is_primary"] is True
    assert api.post(f"{where}{made['id']}/release/", {}).json()["is_suppressed"] is False
    other = FeedbackFactory().customer.contact_points.first()
    problem(api.send("DELETE", f"{where}{other.pk}/", ""), 404, "not_found")
    assert api.send("DELETE", f"{where}{made['id']}/", "").status_code == 204
    assert Customer.objects.get(pk=customer.pk).contact_points.count() == 1


def test_consent_rest_and_holds_are_written_down(api, admin_api, team):
    customer = FeedbackFactory(team=team).customer
    one = f"customers/{customer.pk}/"
    assert api.post(f"{one}consents/", {"purpose": "survey", "given": True}).status_code == 201
    assert api.post(f"{one}consents/", {"purpose": "survey", "given": False}).status_code == 201
    assert "purpose" in api.post(f"{one}consents/", {"purpose": "fun", "given": True}).json()[
        "errors"
    ]  # fmt: skip
    said = api.get(f"{one}consents/").json()["results"]
    assert [row["given"] for row in said] == [False, True]

    assert api.put(f"{one}do-not-contact/", {}).json() == {"do_not_contact": True}
    assert api.get(one).json()["do_not_contact"] is True
    problem(api.put(f"{one}legal-hold/", {"reason": "Court"}), 403, "permission_denied")
    assert "reason" in admin_api.put(f"{one}legal-hold/", {}).json()["errors"]
    assert admin_api.put(f"{one}legal-hold/", {"reason": "Court"}).status_code == 204
    assert api.get(one).json()["legal_hold"] is True
    assert admin_api.send("DELETE", f"{one}legal-hold/", "").status_code == 204
    note = api.post(f"{one}notes/", {"text": "Likes tea"}).json()
    problem(admin_api.send("DELETE", f"{one}notes/{note['id']}/", ""), 404, "not_found")
    assert api.send("DELETE", f"{one}notes/{note['id']}/", "").status_code == 204


def test_the_story_of_a_customer_has_what_one_may_see(api, api_with, team):
    record = FeedbackFactory(team=team)
    FeedbackFactory(team=TeamFactory(), customer=record.customer, subject="Not for you")
    where = f"customers/{record.customer.pk}/story/"

    told = api.get(where)

    assert told.status_code == 200, told.json()
    assert told.json()["moments"]
    assert "Not for you" not in told.content.decode()
    assert "before" in api.get(where, {"before": "yesterday"}).json()["errors"]
    problem(api_with("customers:read").get(where), 403, "permission_denied")


def test_words_are_found_with_marks_and_quality_has_reasons(api, stranger_api, team):
    record = FeedbackFactory(team=team, subject="The pump leaks", text="It drips all night.")
    index_what_changed()

    found = api.get("search/", {"q": "pump"})

    assert found.status_code == 200, found.json()
    [hit] = found.json()["hits"]
    assert hit["number"] == record.number
    assert [part["text"] for part in hit["subject"] if part["found"]] == ["pump"]
    assert stranger_api.get("search/", {"q": "pump"}).json()["hits"] == []
    assert "list" in api.get("search/", {"q": "pump", "list": "view=no"}).json()["errors"]
    assert "colour" in api.get("search/", {"q": "pump", "colour": "red"}).json()["errors"]
    judge_records([record.pk])
    judged = api.get(f"feedback/{record.number}/quality/").json()
    assert all(row["words"] for row in judged["reasons"])
    problem(stranger_api.get(f"feedback/{record.number}/quality/"), 404, "not_found")


def test_views_are_counted_copied_ordered_and_brought_back(api, lead_api, team):
    FeedbackFactory(team=team)
    ours = lead_api.post(
        "saved-views/", {"name_en": "Ours", "view": "open", "scope": "team", "team": team.pk}
    ).json()
    one = f"saved-views/{ours['id']}/"
    mine = api.post(f"{one}copy/", {}).json()

    counts = api.get("saved-views/counts/").json()["views"]

    assert {row["id"]: row["count"] for row in counts} == {ours["id"]: 1, mine["id"]: 1}
    problem(api.post(f"{one}move/", {"earlier": True}), 403, "permission_denied")
    assert api.post(f"saved-views/{mine['id']}/move/", {"earlier": True}).status_code == 200
    assert api.send("DELETE", f"saved-views/{mine['id']}/", "").status_code == 204
    put_away = api.get("saved-views/", {"archived": "true"}).json()["results"]
    assert [row["id"] for row in put_away] == [mine["id"]]
    assert api.post(f"saved-views/{mine['id']}/restore/", {}).status_code == 200
    assert api.post("saved-views/start/", {"list": "view=mine"}).json()["list"]
    assert "list" in api.post("saved-views/start/", {"list": "view=no"}).json()["errors"]


@pytest.mark.parametrize("rows", [1, 5])
def test_lists_cost_the_same_for_any_number_of_rows(api, team, rows, django_assert_num_queries):
    customer = FeedbackFactory(team=team).customer
    for n in range(rows):
        record = FeedbackFactory(team=team, customer=customer)
        api.post(f"feedback/{record.number}/trace/", {})
        api.post("saved-views/", {"name_en": f"{n}", "view": "open"})
        api.post(f"customers/{customer.pk}/consents/", {"purpose": "survey", "given": True})
        Notification.objects.create(user=api.user, feedback=record, kind=NoticeKind.NOTED)
    for where, queries in (
        ("quality-traces/", 3),
        ("saved-views/counts/", 8),
        (f"customers/{customer.pk}/consents/", 5),
        ("notifications/", 3),
    ):
        api.get(where)
        with django_assert_num_queries(queries, info=where):
            api.get(where)
