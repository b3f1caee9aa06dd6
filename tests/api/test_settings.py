"""Settings and their earlier versions for programs."""

import pytest

from accounts.enums import Role, Scope
from feedback.models import Category
from feedback.services.categories import save_category
from tests.api.conftest import ApiClient
from tests.conftest import member
from tests.factories import MailboxFactory, ReplyTemplateFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return ApiClient(UserFactory(is_superuser=True), ["settings:read", "settings:write"])


@pytest.fixture
def category():
    found = Category.objects.get(code="product")
    for name in ("One", "Two"):
        found.name_en = name
        save_category(found)
    return found


def asking(category) -> dict:
    return {"kind": "feedback.category", "id": category.pk}


def versions(program, category):
    answer = program.get("settings/versions/", asking(category))
    assert answer.status_code == 200
    return answer.json()


def test_a_program_brings_an_earlier_version_back(program, category):
    newest, before, *_ = versions(program, category)
    assert newest["changes"] == [{"label": "Name (English)", "before": "One", "after": "Two"}]
    wanted = asking(category) | {"version": before["version"]}

    tried = program.post("settings/restore/", wanted | {"dry_run": True})
    assert tried.json()["restored"] is False
    assert Category.objects.get(pk=category.pk).name_en == "Two"

    done = program.post("settings/restore/", wanted)
    assert done.json()["changes"] == tried.json()["changes"]
    assert Category.objects.get(pk=category.pk).name_en == "One"


def test_what_is_not_there_is_not_found(program, category):
    wanted = asking(category) | {"version": 10**5}
    assert program.post("settings/restore/", wanted).status_code == 404
    assert program.get("settings/versions/", {"kind": "no.kind", "id": 1}).status_code == 404


def test_a_token_that_may_only_read_brings_nothing_back(category):
    reader = ApiClient(UserFactory(is_superuser=True), [Scope.SETTINGS_READ])
    number = versions(reader, category)[0]["version"]

    answer = reader.post("settings/restore/", asking(category) | {"version": number})

    assert answer.status_code == 403
    kinds = {one["kind"] for one in reader.get("settings/").json()}
    assert {"feedback.category", "surveys.survey"} <= kinds


def test_a_program_takes_a_configuration_over(program, category):
    file = program.get("settings/export/", {"kind": "feedback.category"}).json()
    assert list(file["settings"]) == ["feedback.category"]
    for one in file["settings"]["feedback.category"]:
        one["name_en"] += "!"

    tried = program.post("settings/import/", {"file": file, "dry_run": True}).json()
    assert not tried["imported"]
    assert {one["outcome"] for one in tried["settings"]} == {"changed"}

    assert program.post("settings/import/", {"file": file}).json()["imported"]
    assert Category.objects.get(pk=category.pk).name_en == "Two!"
    refused = program.post("settings/import/", {"file": {"version": 9}})
    assert (refused.status_code, refused.json()["code"]) == (409, "file_not_understood")


def test_a_lead_exports_nothing_and_reads_no_history_of_other_teams(category):
    lead = member(Role.LEAD, TeamFactory())
    program = ApiClient(lead, ["settings:read", "settings:write"])
    theirs = ReplyTemplateFactory(team=TeamFactory(), owner=None)
    asked = {"kind": "feedback.replytemplate", "id": theirs.pk}

    assert program.get("settings/export/").status_code == 403
    assert program.post("settings/import/", {"file": {}}).status_code == 403
    assert program.get("settings/versions/", asked).status_code == 404
    assert program.post("settings/restore/", asked | {"version": 1}).status_code == 404


def test_the_password_of_a_mailbox_is_not_taken_to_another_server(program):
    mailbox = MailboxFactory(imap_host="imap.example.com", password="secret", is_active=True)
    file = program.get("settings/export/", {"kind": "feedback.mailbox"}).json()
    rows = [one for one in file["settings"]["feedback.mailbox"] if one["key"] == mailbox.address]
    rows[0]["imap_host"] = "evil.example"
    file["settings"]["feedback.mailbox"] = rows

    assert program.post("settings/import/", {"file": file}).status_code == 200

    mailbox.refresh_from_db()
    assert (mailbox.imap_host, mailbox.password) == ("evil.example", "")
    assert not mailbox.is_active
