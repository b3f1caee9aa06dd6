"""Drafts: kept on the server per person and record, with their files; colleagues copy them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from feedback.enums import CommitmentKind, Direction, DraftKind
from feedback.errors import DraftStale
from feedback.models import Draft, Feedback, Upload
from feedback.models.upload import KEPT_FOR
from feedback.rules.commitments import Said
from feedback.services.attachments import IncomingFile, remove_unclaimed_uploads
from feedback.services.commitments import make_commitment
from feedback.services.drafts import (
    discard_draft,
    keep_files,
    move_drafts,
    put_into_editor,
    save_draft,
    take_over_draft,
)
from feedback.services.replies import recall_reply, send_reply
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


def saving(client, record, text, version=0, kind="reply"):
    url = reverse("feedback:draft", args=[record.number])
    return client.post(url, {"text": text, "kind": kind, "version": version})


def page_of(client, record):
    return client.get(record.get_absolute_url()).content.decode()


def test_what_is_typed_is_offered_again_on_another_device(agent, record):
    saved = saving(client_of(agent), record, "We come to", kind="note")

    assert saved.json() == {"version": 1}
    page = page_of(client_of(agent), record)
    assert ">We come to</textarea>" in page
    assert 'value="note" checked' in page
    assert 'data-draft-version="1"' in page


def test_two_windows_do_not_overwrite_each_other(agent_client, record):
    saving(agent_client, record, "First")
    saving(agent_client, record, "First, longer", version=1)

    late = saving(agent_client, record, "From the old window", version=1)

    assert late.status_code == 409
    assert late.json() == {"version": 2, "text": "First, longer"}
    assert Draft.objects.get().text == "First, longer"


def test_an_old_window_does_not_bring_back_what_was_discarded(agent, record):
    save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Hello", version=0)
    discard_draft(record.pk, by=agent)

    with pytest.raises(DraftStale):
        save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Hello!", version=1)
    assert not Draft.objects.exists()


def test_a_copy_that_was_still_on_its_way_when_the_answer_went_is_not_kept(agent, record):
    send_reply(record.pk, by=agent, text="We come today.", from_editor=True)

    assert (
        save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="We come today. ", version=0)
        is None
    )


def test_an_emptied_editor_leaves_no_draft(agent_client, record):
    saving(agent_client, record, "Hello")

    assert saving(agent_client, record, " ", version=1).json() == {"version": 0}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("do", ["send", "note"])
def test_sending_removes_the_draft(agent_client, agent, colleague, record, do):
    save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Hello")
    save_draft(record.pk, by=colleague, kind=DraftKind.REPLY, text="Mine stays")
    data = {"text": "Hello", "do": do, "version": Feedback.objects.get(pk=record.pk).version}

    agent_client.post(reverse("feedback:compose", args=[record.number]), data)

    assert [one.user for one in Draft.objects.all()] == [colleague]


def test_files_stay_with_the_draft_and_go_with_the_answer(agent_client, agent, record):
    url = reverse("feedback:draft_files", args=[record.number])
    chosen = [SimpleUploadedFile("plan.txt", b"the plan"), SimpleUploadedFile("no.txt", b"no")]
    response = agent_client.post(url, {"files": chosen})
    assert "plan.txt" in response.content.decode()

    page = page_of(client_of(agent), record)
    keys = {one.name: str(one.key) for one in Upload.objects.all()}
    assert f'name="again" value="{keys["plan.txt"]}" checked' in page
    data = {"text": "See the plan", "do": "send", "again": keys["plan.txt"]}
    agent_client.post(reverse("feedback:compose", args=[record.number]), data)

    sent = record.messages.get(direction=Direction.OUT)
    assert [one.name for one in sent.attachments.all()] == ["plan.txt"]
    assert not Draft.objects.exists()


def test_files_of_a_draft_outlive_the_day(agent, record):
    keep_files(record.pk, by=agent, files=[IncomingFile("plan.txt", b"the plan")])
    Upload.objects.update(created_at=timezone.now() - 2 * KEPT_FOR)

    assert remove_unclaimed_uploads() == 0
    discard_draft(record.pk, by=agent)
    assert remove_unclaimed_uploads() == 1


def test_a_draft_takes_no_more_than_a_message_may_carry(agent_client, record, monkeypatch):
    monkeypatch.setattr("feedback.services.drafts.MAX_TOGETHER", 3)
    url = reverse("feedback:draft_files", args=[record.number])

    response = agent_client.post(url, {"files": SimpleUploadedFile("a.txt", b"hello")})

    assert response.status_code == 422
    assert not Upload.objects.exists()


def test_a_colleague_takes_over_a_copy_and_the_draft_stays(agent, colleague, record):
    theirs = save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Half a sentence")
    keep_files(record.pk, by=agent, files=[IncomingFile("plan.txt", b"the plan")])
    client = client_of(colleague)
    assert f"{agent.name} has an unsent text here." in page_of(client, record)
    assert ">Half a sentence</textarea>" not in page_of(client, record)

    client.post(reverse("feedback:take_over_draft", args=[record.number, theirs.pk]))

    assert ">Half a sentence</textarea>" in page_of(client, record)
    assert "plan.txt" in page_of(client, record)
    assert Draft.objects.get(user=agent).text == "Half a sentence"
    assert Draft.objects.get(user=agent).files.count() == 1


def test_taking_over_loses_nothing_of_ones_own(agent, colleague, record):
    theirs = save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Theirs")
    save_draft(record.pk, by=colleague, kind=DraftKind.REPLY, text="Mine")

    assert take_over_draft(theirs.pk, by=colleague).text == "Theirs\n\nMine"


def test_a_copy_tells_of_the_same_commitment(agent, colleague, record):
    said = Said(kind=CommitmentKind.SOLUTION, staff_text="New filter", customer_text="新滤芯")
    one = make_commitment(record.pk, by=agent, said=said, owner=None)
    theirs = put_into_editor(
        record.pk, by=agent, kind=DraftKind.REPLY, text="It comes", commitment=one.pk
    )

    assert take_over_draft(theirs.pk, by=colleague).commitment == one


def test_a_draft_need_not_tell_of_its_commitment_any_more(agent, agent_client, record):
    said = Said(kind=CommitmentKind.SOLUTION, staff_text="New filter", customer_text="新滤芯")
    one = make_commitment(record.pk, by=agent, said=said, owner=None)
    put_into_editor(record.pk, by=agent, kind="reply", text="It comes", commitment=one.pk)
    compose = reverse("feedback:compose", args=[record.number])
    assert "Tells the customer of: New filter" in page_of(agent_client, record)

    agent_client.post(
        compose, {"text": "Something else", "kind": "reply", "do": "untell", "commitment": one.pk}
    )

    assert ">Something else</textarea>" in page_of(agent_client, record)
    assert "Tells the customer of" not in page_of(agent_client, record)
    agent_client.post(compose, {"text": "Something else", "do": "send"})
    one.refresh_from_db()
    assert not one.was_told


def test_a_stranger_neither_saves_nor_copies(agent, outsider_client, record):
    theirs = save_draft(record.pk, by=agent, kind=DraftKind.REPLY, text="Hello")

    copy = reverse("feedback:take_over_draft", args=[record.number, theirs.pk])
    assert saving(outsider_client, record, "x").status_code == 404
    assert outsider_client.post(copy).status_code == 404


def test_a_recalled_answer_is_a_draft_again_before_what_was_typed_since(agent, record, settings):
    settings.RECALL_SECONDS = 60
    message = send_reply(record.pk, by=agent, text="Too early")
    save_draft(record.pk, by=agent, kind=DraftKind.NOTE, text="since")

    recall_reply(message.pk, by=agent)

    draft = Draft.objects.get()
    assert (draft.kind, draft.text) == (DraftKind.REPLY, "Too early\n\nsince")


def test_drafts_go_along_when_a_record_becomes_part_of_another(agent, colleague, team, record):
    other = FeedbackFactory(team=team)
    for number, writer in ((record, agent), (record, colleague), (other, agent)):
        save_draft(number.pk, by=writer, kind=DraftKind.REPLY, text=f"about {number.pk}")

    move_drafts(record.pk, other.pk)

    assert not Draft.objects.filter(feedback=record).exists()
    texts = {one.user: one.text for one in Draft.objects.filter(feedback=other)}
    assert texts[colleague] == f"about {record.pk}"
    assert f"about {record.pk}" in texts[agent]
    assert f"about {other.pk}" in texts[agent]


def test_without_a_script_a_button_saves_the_draft(agent_client, record):
    data = {"text": "Half a sentence", "do": "draft", "kind": "reply"}

    page = agent_client.post(
        reverse("feedback:compose", args=[record.number]), data, follow=True
    ).content.decode()

    assert "Draft saved." in page
    assert ">Half a sentence</textarea>" in page
