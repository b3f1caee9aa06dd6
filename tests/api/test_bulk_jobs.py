"""Changes to many records, and lists as files, through the API."""

import pytest

from feedback.enums import Priority
from feedback.models import Feedback
from tests.factories import FeedbackFactory, TeamFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


def test_a_program_changes_a_list_looks_and_takes_it_back(api, stranger_api, team):
    ours, theirs = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())
    body = {"action": "priority", "value": 4, "list": "view=all"}

    assert api.post("bulk-jobs/", body | {"value": "x"}).status_code == 409
    assert api.post("bulk-jobs/", {"action": "priority", "value": 4}).status_code == 400
    job = api.post("bulk-jobs/", body).json()
    run_queued_jobs()

    assert api.get(f"bulk-jobs/{job['id']}/").json()["changed"] == 1
    assert Feedback.objects.get(pk=ours.pk).priority == Priority.URGENT
    assert Feedback.objects.get(pk=theirs.pk).priority == Priority.NORMAL
    assert stranger_api.get(f"bulk-jobs/{job['id']}/").status_code == 404
    assert api.get(f"bulk-jobs/{job['id']}/refused/").json()["results"] == []
    assert api.post(f"bulk-jobs/{job['id']}/undo/", {}).status_code == 201
    run_queued_jobs()
    assert Feedback.objects.get(pk=ours.pk).priority == Priority.NORMAL


def test_a_program_gets_a_list_as_a_file(api, stranger_api, team, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = FeedbackFactory(team=team)
    made = api.post("exports/", {"list": "view=open", "format": "csv"}).json()
    assert api.get(f"exports/{made['key']}/file/").status_code == 409

    run_queued_jobs()

    file = api.get(f"exports/{made['key']}/file/")
    assert str(record.number) in b"".join(file.streaming_content).decode()
    assert stranger_api.get(f"exports/{made['key']}/file/").status_code == 404
