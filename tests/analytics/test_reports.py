"""Reports from the draft to the issue: who may do what, what stays as it was, what is told."""

import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from docx import Document

from accounts.enums import Role
from analytics.enums import ReportState, ReportStep
from analytics.errors import PartHasChanged
from analytics.models import Report, ReportSchedule
from analytics.services.report_schedules import draft_due_reports, save_schedule
from analytics.services.report_sharing import share_report, withdraw_shared_report
from analytics.services.reports import refresh_figures, save_part, take_back
from feedback.models import Notification
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory
from tests.factories.reports import issued_report, make_report

pytestmark = pytest.mark.django_db
IN_JULY = datetime(2026, 7, 10, 4, tzinfo=UTC)


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def july(team):
    return [FeedbackFactory(team=team, received_at=IN_JULY) for _n in range(3)]


def test_a_report_goes_from_the_draft_to_the_issue_and_stays_as_it_was(team, lead, july, agent):
    desk, reader = client_of(lead), client_of(agent)
    form = {"title": "July", "language": "en", "first": "2026-07-01", "last": "2026-07-31"}
    made = desk.post("/reports/new/", form)
    report = Report.objects.get()
    address = report.get_absolute_url()
    assert made["Location"] == address
    assert "Feedback received in this period: <a" in desk.get(address).content.decode()
    assert reader.get(address).status_code == 404

    parts = {
        "version": 1,
        "title": "",
        "kind-0": "text",
        "text-0": "Call **13812345678**: [[received]]",
    }
    assert desk.post(f"{address}write/conclusion/", parts | {"do": "save"}).status_code == 302
    again = desk.post(f"{address}write/conclusion/", parts | {"text-0": "Mine", "do": "save"})
    assert again.status_code == 409
    assert "Mine" in again.content.decode()
    assert "13812345678" in again.content.decode()

    assert desk.post(f"{address}do/approve/").status_code == 302  # not asked for yet
    for what in ("submit", "approve"):
        desk.post(f"{address}do/{what}/")
    refused = desk.post(f"{address}issue/", {})
    assert refused.status_code == 422
    assert "13812345678" in refused.content.decode()
    desk.post(f"{address}issue/", {"has_looked": "on"})
    version = report.versions.get()
    assert version.tells == {"phone": 1}

    FeedbackFactory(team=team, received_at=IN_JULY)
    take_back(report.pk, by=lead)
    assert refresh_figures(report.pk, by=lead) == [["Received", "3", "4"]]
    read = reader.get(address).content.decode()
    assert "Feedback received in this period: <a" in read
    assert ">3</a>" in read
    assert ">4</a>" not in read
    assert ">4</a>" in desk.get(address).content.decode()
    assert reader.get(f"{address}write/conclusion/").status_code == 403
    steps = list(report.entries.values_list("kind", flat=True))
    assert steps[0] == ReportStep.REFRESHED
    assert set(steps) >= {ReportStep.BEGUN, ReportStep.EDITED, ReportStep.ISSUED}


def test_blocks_are_put_in_moved_and_taken_out_and_come_back(lead, july):
    report, desk = make_report(lead), client_of(lead)
    page = f"{report.get_absolute_url()}write/conclusion/"
    typed = {"version": 1, "title": "The end", "kind-0": "findings", "kind-1": "text"}
    typed |= {"text-1": "One", "new-2": "chart:volume"}

    desk.post(page, typed | {"do": "add:2"})
    part = report.parts.get(kind="conclusion")
    assert [one["kind"] for one in part.blocks] == ["findings", "text", "chart"]
    desk.post(page, typed | {"version": 2, "kind-2": "chart", "key-2": "volume", "do": "up:1"})
    part.refresh_from_db()
    assert [one["kind"] for one in part.blocks] == ["text", "findings", "chart"]
    desk.post(page, {"version": 3, "title": "The end", "kind-0": "text", "text-0": "One",
                     "kind-1": "findings", "do": "remove:0"})  # fmt: skip
    part.refresh_from_db()
    assert [one["kind"] for one in part.blocks] == ["findings"]
    desk.post(f"{page}undo/")
    part.refresh_from_db()
    assert [one["kind"] for one in part.blocks] == ["text", "findings", "chart"]
    refused = desk.post(page, {"version": 5, "kind-0": "chart", "key-0": "nothing"})
    assert refused.status_code == 422
    saved = desk.post(
        page,
        {"version": 5, "kind-0": "text", "text-0": "Two"},
        headers={"HX-Target": "saved", "HX-Request": "true"},
    )
    assert "Two" in saved.content.decode()
    with pytest.raises(PartHasChanged):
        save_part(report.pk, "conclusion", blocks=[], title="", version=5, by=lead)


def test_a_report_is_a_file_for_word_processors(lead, july):
    report = make_report(lead)
    desk, address = client_of(lead), report.get_absolute_url()
    assert f"{address}draft.docx" in desk.get(address).content.decode()

    file = desk.get(f"{address}draft.docx")

    read = Document(io.BytesIO(file.content))
    titles = [one.text for one in read.paragraphs if one.style.name.startswith("Heading 1")]
    assert titles[0].startswith("1 ")
    assert len(titles) == 6
    words = "\n".join(one.text for one in read.paragraphs)
    assert "Feedback received in this period: 3" in words
    links = [one.target_ref for one in read.part.rels.values() if one.is_external]
    assert links
    assert all(one.startswith("http") for one in links)
    told = [one._inline.docPr.get("descr") for one in read.inline_shapes]
    assert told
    assert all(told)
    assert read.tables


def test_comments_and_approval_are_told(team, lead):
    report, other = make_report(lead), member(Role.LEAD, team)
    address = report.get_absolute_url()
    client_of(other).post(f"{address}write/overview/comment/", {"text": "And by region?"})
    client_of(lead).post(f"{address}do/submit/")

    told = Notification.objects.filter(kind="report")
    assert set(told.values_list("user", flat=True)) == {lead.pk, other.pk}
    assert "And by region?" in client_of(lead).get(address).content.decode()
    comment = report.parts.get(kind="overview").comments.get()
    client_of(lead).post(f"{address}comments/{comment.pk}/settle/")
    comment.refresh_from_db()
    assert comment.resolved_by == lead


def test_a_schedule_drafts_a_time_once_and_tells_its_owner(lead, july):
    schedule = save_schedule(
        None,
        title="Monthly",
        every="month",
        language="zh-hans",
        filters={},
        is_active=True,
        by=lead,
    )
    ReportSchedule.objects.update(next_on=date(2026, 8, 1))

    made = draft_due_reports(date(2026, 8, 1))
    assert draft_due_reports(date(2026, 8, 1)) == []
    report = Report.objects.get(pk=made[0])
    assert (report.first, report.last, report.title) == (
        date(2026, 7, 1), date(2026, 7, 31), "Monthly：2026年7月",
    )  # fmt: skip
    assert report.material["figures"]["received"]["value"] == 3
    assert Notification.objects.get(user=lead).about["page"] == report.get_absolute_url()
    schedule.refresh_from_db()
    assert schedule.next_on == date(2026, 9, 1)


def test_a_link_shows_one_version_without_what_stands_behind_it(lead, july):
    _report, version = issued_report(lead)
    shared = share_report(version.pk, by=lead, password="seven stars")
    stranger, address = Client(), shared.get_absolute_url()

    assert "behind a password" in stranger.get(address).content.decode()
    assert stranger.post(address, {"password": "wrong"}).status_code == 422
    page = stranger.post(address, {"password": "seven stars"}, follow=True).content.decode()
    assert "Feedback received in this period" in page
    assert "/feedback/" not in page
    withdraw_shared_report(shared.pk, by=lead)
    assert stranger.get(address).status_code == 410


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_costs_the_same_for_any_number_of_rows(rows, lead, django_assert_num_queries):
    now = timezone.now()
    days = {"first": date(2026, 7, 1), "last": date(2026, 7, 31), "gathered_at": now}
    for n in range(rows):
        Report.objects.create(title=f"R{n}", language="en", owner=lead, **days)
    client = client_of(lead)
    client.get("/reports/")

    with django_assert_num_queries(5):
        page = client.get("/reports/", {"state": ReportState.DRAFT})

    with override("en"):
        assert page.content.decode().count("data-row=") == rows
