"""Changes to many records, and lists as files, through the API."""

import pytest

from feedback.enums import Priority
from feedback.models import Feedback, SavedView
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


def test_a_program_without_the_scope_of_customers_gets_at_them_by_no_list(api_with, team):
    narrow = api_with("feedback:read", "feedback:write")
    view = SavedView.objects.create(
        name_zh="甲", name_en="A", owner=narrow.user, view="all",
        condition=["not_empty", "customer.name"],
    )  # fmt: skip
    lists = [
        "view=all&columns=number,customer",
        "view=all&tier=key",
        "view=all&customer.field.size=large",
        "view=open&sort=organisation.asc",
        f"saved={view.pk}",
    ]
    narrow.user.list_choices = {"columns": {"all": ["number", "customer"]}}
    narrow.user.save(update_fields=["list_choices"])

    asked = [narrow.post("exports/", {"list": one, "format": "csv"}) for one in lists]
    asked += [narrow.get("search/", {"q": "x", "list": one}) for one in lists]
    asked.append(narrow.get("feedback/", {"customer.field.size": "large"}))
    asked.append(narrow.get("feedback/", {"saved_view": view.pk}))
    asked.append(narrow.patch(f"saved-views/{view.pk}/", {"is_pinned": True}))
    asked.append(narrow.post("saved-views/start/", {"list": lists[0]}))

    assert {answer.status_code for answer in asked} == {400}
    assert all("scope" in answer.content.decode() for answer in asked)
    plain = narrow.post("exports/", {"list": "view=all", "format": "csv"})
    assert "customer" not in plain.json()["columns"]
    assert narrow.get("saved-views/counts/").json()["views"] == []
