"""Lists as files and on paper: exactly what is shown, and nothing that runs."""

import csv
import io
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from config.kernel.spreadsheets import BOM, csv_lines, looks_like_a_formula, write_xlsx
from feedback.models import Feedback, ListExport
from feedback.services.list_exports import remove_old_exports
from feedback.services.replies import add_note
from tests.conftest import client_of
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db
EXPORT = reverse("feedback:export")
EVIL = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1"]


def body(response):
    return b"".join(response.streaming_content)


def table(response):
    text = body(response).decode()
    assert text.startswith(BOM)  # Excel reads it as UTF-8
    return list(csv.reader(io.StringIO(text.removeprefix(BOM))))


# T78
@pytest.mark.parametrize("text", EVIL)
def test_no_cell_that_somebody_wrote_becomes_a_formula(text):
    """In CSV it gets an apostrophe before it, in XLSX it is text by its type."""
    [_head, line] = csv_lines(["x"], [[text]])
    assert next(csv.reader(io.StringIO(line))) == [f"'{text}"]
    file = io.BytesIO()
    write_xlsx(file, ["x"], [[text, -2, date(2026, 11, 22)]], title="a/b")
    with ZipFile(file) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 's="4" t="inlineStr"' in sheet
    assert "<v>-2</v>" in sheet
    assert "<v>46348</v>" in sheet


def test_numbers_and_phone_numbers_stay_readable():
    assert not looks_like_a_formula("138 0013 8000")
    [_head, line] = csv_lines(["x"], [["+86 138 0013 8000", -5, None, ["a", "b"]]])
    assert line.strip() == '\'+86 138 0013 8000,-5,,"a, b"'


def test_a_file_holds_what_the_list_shows_in_its_order_and_nothing_else(agent_client, team):
    first, second = (FeedbackFactory(team=team, subject=subject) for subject in ("=1+1", "Second"))
    Feedback.objects.update(promised_on=date(2026, 11, 24))
    FeedbackFactory(team=TeamFactory(), subject="Not yours")
    asked = "view=open&sort=number.asc&columns=number,subject,team,received,promised"

    rows = table(agent_client.post(EXPORT, {"list": asked, "format": "csv"}))

    when = timezone.localtime(first.received_at).strftime("%Y-%m-%d %H:%M")
    assert rows[0] == ["Number", "Subject", "Team", "Received", "Promised for"]
    assert rows[1] == [str(first.number), "'=1+1", team.name_en, when, "2026-11-24"]
    assert [row[0] for row in rows[1:]] == [str(first.number), str(second.number)]
    excel = agent_client.post(EXPORT, {"list": asked, "format": "xlsx"})
    with ZipFile(io.BytesIO(body(excel))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "Second" in sheet
    assert "Not yours" not in sheet
    assert agent_client.post(EXPORT, {"list": asked, "format": "exe"}).status_code == 404


def test_when_it_is_back_stands_in_files_and_on_paper(agent_client, team):
    until = timezone.now() + timedelta(days=1)
    FeedbackFactory(team=team)
    Feedback.objects.update(snoozed_until=until)
    asked = "view=snoozed&sort=back&columns=subject,snoozed_until"

    head, row = table(agent_client.post(EXPORT, {"list": asked, "format": "csv"}))
    paper = agent_client.get(reverse("feedback:print_list"), {"list": asked}).content.decode()

    assert head[1] == "Snoozed until"
    assert row[1] == timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
    assert date_format(timezone.localtime(until), "SHORT_DATETIME_FORMAT") in paper


def test_a_long_list_is_made_in_the_background_and_is_for_one_person(
    agent, agent_client, outsider_client, team, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("feedback.views.exports.AT_ONCE", 1)
    FeedbackFactory.create_batch(2, team=team)

    page = agent_client.post(EXPORT, {"list": "view=open", "format": "csv"}, follow=True)
    assert "The file is being made" in page.content.decode()
    run_queued_jobs()

    export = ListExport.objects.get()
    url = reverse("feedback:export_file", args=[export.key])
    assert (
        "The file is ready: 2 records."
        in agent_client.get(reverse("feedback:list_export", args=[export.key])).content.decode()
    )
    assert len(table(agent_client.get(url))) == 3
    assert outsider_client.get(url).status_code == 404
    ListExport.objects.update(created_at="2026-01-01T00:00Z")
    assert remove_old_exports(timezone.now()) == 1
    assert not list(tmp_path.rglob("*.csv"))


def test_customers_and_tasks_can_be_files_too(agent_client, team):
    CustomerFactory(name="=evil()")
    FeedbackFactory(team=team)

    customers = table(agent_client.get(reverse("feedback:customers"), {"export": "csv"}))
    tasks = table(agent_client.get(reverse("feedback:tasks"), {"export": "csv"}))

    assert "'=evil()" in [row[0] for row in customers]
    assert tasks[0][0] == "Task"


def test_a_printed_record_holds_notes_only_when_they_are_asked_for(agent, agent_client, team):
    record = FeedbackFactory(team=team, text="<script>alert(1)</script>")
    add_note(record.pk, by=agent, text="He is upset")
    url = reverse("feedback:print_record", args=[record.number])

    plain, whole = (agent_client.get(url, data).content.decode() for data in ({}, {"notes": "1"}))

    assert "He is upset" not in plain
    assert "He is upset" in whole
    assert "&lt;script&gt;alert(1)" in plain
    assert "http" not in plain.partition("<body")[2]
    stranger = client_of(UserFactory())
    assert stranger.get(url).status_code == 403


def test_a_printed_list_is_the_list_of_the_page(agent_client, team):
    record = FeedbackFactory(team=team)
    FeedbackFactory(team=TeamFactory(), subject="Not yours")

    page = agent_client.get(
        reverse("feedback:print_list"), {"list": "view=open&columns=subject,team"}
    ).content.decode()

    assert record.subject in page
    assert team.name_en in page
    assert "Not yours" not in page
