"""Files by the API: sent ahead, put into a message, read back by those who may see it."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from accounts.api.throttles import UploadThrottle
from accounts.enums import Role
from feedback.models import Attachment, Feedback, Message, Upload
from feedback.services import attachments
from feedback.services.attachments import IncomingFile, keep_upload, store_files
from feedback.tasks import tidy_up_uploads
from tests.api.conftest import ApiClient, staff
from tests.api.test_doors import problem
from tests.api.test_feedback import NEW
from tests.factories import FeedbackFactory
from tests.feedback.desk.test_messages import PNG

pytestmark = pytest.mark.django_db


def uploaded(api, name="leak.png", content=PNG):
    response = api.upload(name, content)
    assert response.status_code == 201, response.content
    return response.json()["id"]


def test_a_file_is_examined_and_waits(api):
    body = api.upload("../le:ak?.exe", PNG).json()

    waiting = Upload.objects.get()
    assert body["id"] == str(waiting.key)
    assert (body["name"], body["content_type"], body["size"]) == (
        "le_ak_.exe",
        "image/png",
        len(PNG),
    )
    assert waiting.uploaded_by == api.user


def test_new_feedback_brings_its_files(api):
    keys = [uploaded(api), uploaded(api, "a.txt", b"x")]

    response = api.post("feedback/", NEW | {"attachments": keys})

    assert response.status_code == 201, response.content
    message = Message.objects.get(feedback__number=response.json()["number"], direction="in")
    assert [str(one.key) for one in message.attachments.all()] == keys
    assert not Upload.objects.exists()


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_what_staff_write_brings_its_files(api, team, kind):
    record = FeedbackFactory(team=team)
    key = uploaded(api)

    said = api.post(
        f"feedback/{record.number}/{kind}/", {"text": "Look.", "attachments": [key]}
    ).json()

    listed = api.get(f"feedback/{record.number}/messages/").json()["results"][-1]
    assert said["attachments"] == listed["attachments"]
    (file,) = listed["attachments"]
    assert file == {
        "id": key,
        "name": "leak.png",
        "content_type": "image/png",
        "size": len(PNG),
        "url": f"http://testserver/api/v1/attachments/{key}/",
    }


def test_an_answer_takes_its_files_along(api, team):
    record = FeedbackFactory(team=team)

    api.post(f"feedback/{record.number}/reply/", {"text": "Look.", "attachments": [uploaded(api)]})

    (sent,) = Message.objects.get(direction="out").outgoing.attachments
    assert sent["name"] == "leak.png"
    with default_storage.open(sent["path"]) as file:
        assert file.read() == PNG


def given(api, record, name="page.html", content=b"<script>alert(1)</script>"):
    """The address of a file that is on the record."""
    body = {"text": "Look.", "attachments": [uploaded(api, name, content)]}
    said = api.post(f"feedback/{record.number}/note/", body).json()
    return said["attachments"][0]["url"].partition("/api/v1/")[2]


# T75
@pytest.mark.parametrize("accept", ["*/*", "image/png", "application/octet-stream"])
def test_a_file_leaves_as_a_download_that_nothing_runs(api, team, accept):
    path = given(api, FeedbackFactory(team=team))

    response = api.get(path, accept=accept)

    assert response.status_code == 200
    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


# A03
def test_a_file_of_a_record_one_may_not_see_does_not_exist(api, stranger_api, team):
    path = given(api, FeedbackFactory(team=team))

    problem(stranger_api.get(path), 404, "not_found")
    problem(stranger_api.get(path, accept="image/png"), 404, "not_found")


def test_a_file_that_waits_cannot_be_read(api):
    problem(api.get(f"attachments/{uploaded(api)}/"), 404, "not_found")


def test_reading_and_sending_need_their_scopes(api, api_with, team):
    path = given(api, FeedbackFactory(team=team))
    writer, reader = api_with("feedback:write"), api_with("feedback:read")

    problem(writer.get(path), 403, "permission_denied")
    assert reader.get(path).status_code == 200
    problem(reader.upload("a.txt", b"x"), 403, "permission_denied")
    assert writer.upload("a.txt", b"x").status_code == 201


def test_who_may_not_bring_feedback_in_may_not_send_files(db):
    analyst = ApiClient(staff(Role.ANALYST), ["feedback:write"])

    problem(analyst.upload("a.txt", b"x"), 403, "permission_denied")


def test_nobody_attaches_what_another_person_sent(api, stranger_api):
    key = uploaded(stranger_api)

    body = problem(api.post("feedback/", NEW | {"attachments": [key]}), 400, "invalid")

    assert key in body["errors"]["attachments"][0]
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    "wanted", [[str(uuid.uuid4())], ["x"], "x", [None], [str(uuid.uuid4())] * 21]
)
def test_what_is_not_there_cannot_be_attached(api, team, wanted):
    record = FeedbackFactory(team=team)
    body = {"text": "Look.", "attachments": wanted}

    answer = api.post(f"feedback/{record.number}/reply/", body)

    assert "attachments" in problem(answer, 400, "invalid")["errors"]
    assert record.messages.count() == 1


def test_a_file_is_used_once(api, team):
    record = FeedbackFactory(team=team)
    body = {"text": "Look.", "attachments": [uploaded(api)]}
    api.post(f"feedback/{record.number}/note/", body)

    problem(api.post(f"feedback/{record.number}/note/", body), 400, "invalid")
    assert Attachment.objects.count() == 1


def test_who_is_second_at_the_same_moment_is_told_and_leaves_nothing(api, monkeypatch):
    key = uploaded(api)
    late = list(Upload.objects.all())
    body = NEW | {"attachments": [key]}
    api.post("feedback/", body)
    monkeypatch.setattr(
        "feedback.api.serializers.AttachmentsField.to_internal_value", lambda self, data: late
    )

    answer = problem(api.post("feedback/", body), 409, "upload_gone")

    assert answer["id"] == key
    assert Feedback.objects.count() == 1


def test_a_name_said_twice_is_one_file(api):
    key = uploaded(api)

    assert api.post("feedback/", NEW | {"attachments": [key, key]}).status_code == 201
    assert Attachment.objects.count() == 1


def test_a_file_that_is_too_large_is_refused(api, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_BYTES", 3)

    body = problem(api.upload("big.txt", b"four"), 409, "file_refused")

    assert "big.txt" in body["detail"]
    assert not Upload.objects.exists()


def test_together_they_may_be_too_large(api, monkeypatch):
    keys = [uploaded(api, "a.txt", b"four"), uploaded(api, "b.txt", b"five")]
    monkeypatch.setattr("feedback.api.serializers.MAX_TOGETHER", 7)

    body = problem(api.post("feedback/", NEW | {"attachments": keys}), 400, "invalid")

    assert "larger" in body["errors"]["attachments"][0]


def test_without_a_file_there_is_nothing_to_keep(api):
    body = problem(api.upload("empty.txt", b""), 400, "invalid")
    assert "file" in body["errors"]

    problem(api.post("attachments/", {"file": "x"}), 415, "unsupported_media_type")


def test_the_same_key_keeps_one_file_and_another_file_is_another_request(api):
    first = api.upload("leak.png", PNG, Idempotency_Key="photo")
    again = api.upload("leak.png", PNG, Idempotency_Key="photo")

    assert again.json() == first.json()
    assert again["Idempotent-Replay"] == "true"
    assert Upload.objects.count() == 1
    other = api.upload("leak.png", PNG + b"!", Idempotency_Key="photo")
    problem(other, 422, "idempotency_key_reused")


def test_new_feedback_with_files_is_repeated_like_any_other(api):
    body = NEW | {"attachments": [uploaded(api)]}
    first = api.post("feedback/", body, Idempotency_Key="k")

    again = api.post("feedback/", body, Idempotency_Key="k")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


def test_files_have_a_rate_of_their_own(api, monkeypatch):
    monkeypatch.setattr(UploadThrottle, "THROTTLE_RATES", {"upload": "1/min"})
    uploaded(api)

    problem(api.upload("a.txt", b"x"), 429, "throttled")
    assert api.get("teams/").status_code == 200


def test_nobody_fills_the_disk_with_what_is_never_attached(api, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_WAITING", 1)
    uploaded(api)

    problem(api.upload("a.txt", b"x"), 409, "too_many_uploads")


def test_what_nobody_attached_is_gone_after_a_day(
    api, team, clock, django_capture_on_commit_callbacks
):
    old = keep_upload(IncomingFile("old.txt", b"x"), by=api.user)
    taken = keep_upload(IncomingFile("taken.txt", b"x"), by=api.user)
    record = FeedbackFactory(team=team)
    store_files(record.messages.get(), [taken])
    clock.shift(timedelta(hours=25))
    fresh = keep_upload(IncomingFile("fresh.txt", b"x"), by=api.user)

    with django_capture_on_commit_callbacks(execute=True):
        tidy_up_uploads()

    assert list(Upload.objects.all()) == [fresh]
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(taken.file.name)
    assert default_storage.exists(fresh.file.name)


def test_the_page_and_the_program_get_the_same_file(agent_client, api, team):
    given(api, FeedbackFactory(team=team), "leak.png", PNG)
    key = Attachment.objects.get().key

    assert agent_client.get(reverse("feedback:attachment", args=[key])).content == PNG
    assert agent_client.get(f"/api/v1/attachments/{key}/").content == PNG
    assert timezone.now() - Attachment.objects.get().created_at < timedelta(days=1)
