"""What people could do on the pages, and programs could not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Scope
from feedback.enums import ClockEventKind, Metric
from feedback.models import BusinessCalendar, SLAClock, SLAEvent, SLAPolicy
from feedback.services.drafts import save_draft
from tests.api.conftest import ApiClient
from tests.api.test_doors import problem
from tests.factories import CustomFieldFactory, FeedbackFactory

pytestmark = pytest.mark.django_db


def test_somebody_chooses_the_columns_of_a_list_and_goes_back_to_the_usual_ones(api):
    usual = api.get("columns/", {"list": "view=open"}).json()
    assert (usual["is_own"], usual["columns"][0] in {one["name"] for one in usual["offered"]}) == (
        False,
        True,
    )
    wanted = ["number", "subject", "priority"]
    wrong = api.put("columns/", {"list": "view=open", "columns": ["shoe-size"]})
    assert "columns" in wrong.json()["errors"]
    assert "list" in api.put("columns/", {"list": "colour=red", "columns": []}).json()["errors"]
    chosen = api.put("columns/", {"list": "view=open", "columns": wanted}).json()
    assert (chosen["is_own"], chosen["columns"]) == (True, wanted)
    assert api.get("columns/", {"list": "view=mine"}).json()["is_own"] is False
    again = api.put("columns/", {"list": "view=open", "columns": []}).json()
    assert again == usual


def test_a_contact_is_known_to_be_theirs_and_that_is_taken_back(api):
    made = api.post("customers/", {"contacts": [{"kind": "email", "value": "han@example.org"}]})
    [point] = made.json()["contacts"]
    assert point["is_verified"] is False
    one = f"customers/{made.json()['id']}/contacts/{point['id']}/verified/"
    assert api.put(one, {}).json()["is_verified"] is True
    assert api.send("DELETE", one, "").json()["is_verified"] is False


def test_a_custom_field_is_moved_and_used_again(admin_api, api):
    first, second = CustomFieldFactory(order=1), CustomFieldFactory(order=2)
    problem(
        api.post(f"custom-fields/{second.pk}/move/", {"earlier": True}), 403, "permission_denied"
    )
    moved = admin_api.post(f"custom-fields/{second.pk}/move/", {"earlier": True}).json()
    assert moved["order"] < admin_api.get(f"custom-fields/{first.pk}/").json()["order"]
    first.archived_at = timezone.now()
    first.save()
    assert admin_api.post(f"custom-fields/{first.pk}/restore/", {}).json()["archived"] is False


def test_a_colleagues_draft_is_copied_and_files_lie_beside_ones_own(
    api, lead_api, stranger_api, team
):
    record = FeedbackFactory(team=team)
    theirs = save_draft(record.pk, by=lead_api.user, kind="reply", text="Half a sentence")
    where = f"feedback/{record.number}"
    [listed] = api.get(f"{where}/drafts/").json()
    assert (listed["author"]["id"], "text" in listed) == (lead_api.user.pk, False)
    problem(stranger_api.post(f"{where}/drafts/{theirs.pk}/copy/", {}), 404, "not_found")

    assert api.post(f"{where}/drafts/{theirs.pk}/copy/", {}).json()["text"] == "Half a sentence"
    key = api.upload("a.txt", b"x").json()["id"]
    kept = api.post(f"{where}/draft/files/", {"attachments": [key]}).json()
    assert [file["name"] for file in kept["attachments"]] == ["a.txt"]
    other = api.upload("b.txt", b"x").json()["id"]
    assert (
        "attachments"
        in lead_api.post(f"{where}/draft/files/", {"attachments": [other]}).json()["errors"]
    )


def test_the_log_of_promises_shows_the_records_that_one_may_see(api, stranger_api, team):
    record, now = FeedbackFactory(team=team), timezone.now()
    clock = SLAClock.objects.filter(feedback=record).first() or SLAClock.objects.create(
        feedback=record, policy=SLAPolicy.objects.first(), metric=Metric.RESOLUTION,
        started_at=now, target_seconds=60,
    )  # fmt: skip
    SLAEvent.objects.create(
        clock=clock, feedback=record, kind=ClockEventKind.BREACHED, due_at=now, data={}
    )
    [event] = api.get("sla-events/", {"kind": "breached"}).json()["results"]
    assert (event["feedback"], event["metric"]) == (record.number, clock.metric)
    assert (
        api.get("sla-events/", {"kind": "warned", "feedback": record.number}).json()["results"]
        == []
    )
    assert stranger_api.get("sla-events/").json()["results"] == []


def test_an_icalendar_file_brings_its_days(admin_api):
    day = timezone.localdate().strftime("%Y%m%d")
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Stocktaking\r\n"
        f"DTSTART;VALUE=DATE:{day}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    where = "calendars/office/import-ical/"
    assert "file" in admin_api.post(where, {"file": "no calendar"}).json()["errors"]
    meeting = (
        f"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:{day}T090000\r\nDTEND:{day}T100000\r\nEND:VEVENT\r\n"
    )
    text = text.replace("END:VCALENDAR", f"{meeting}END:VCALENDAR")
    office = BusinessCalendar.objects.get(code="office")
    office.days.all().delete()
    built_in = office.days.create(
        date=timezone.localdate() + timedelta(days=1), kind="holiday", source="cn-2026"
    )
    done = admin_api.post(where, {"file": text, "source": "cn-2026"})
    assert done.status_code == 200, done.json()
    assert (done.json()["added"], done.json()["left_out"]) == (1, 1)
    assert office.days.filter(pk=built_in.pk).exists()


def test_a_reader_may_not_choose_columns(team, api):
    reader = ApiClient(api.user, [Scope.FEEDBACK_READ])
    problem(reader.put("columns/", {"list": "view=open", "columns": []}), 403, "permission_denied")
