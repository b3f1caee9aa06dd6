"""All settings in one place, and who changed them."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.services.webhooks import change_webhook, create_webhook
from config.kernel.settings_models import events_of, setting_models
from feedback.enums import Metric, Priority
from feedback.models import Category, SLAPolicy, SLATarget
from feedback.services.categories import save_category
from feedback.services.sla_policies import Promise, save_policy
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, ReplyTemplateFactory

pytestmark = pytest.mark.django_db

HUB, HISTORY = reverse("accounts:settings"), reverse("accounts:settings_history")
TRANSFER = reverse("accounts:settings_transfer")


def page(client, address, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def history_of(record) -> str:
    return reverse("accounts:setting_history", args=[record._meta.label_lower, record.pk])


def test_every_kind_of_setting_is_reached_from_one_page(admin_client):
    hub = page(admin_client, HUB)

    for one in setting_models():
        assert f'href="{one.list_url}"' in hub
        assert admin_client.get(one.list_url).status_code == 200


def test_a_setting_is_found_by_a_word_of_its_explanation(admin_client):
    found = page(admin_client, HUB, q="PREPARED answers")

    assert "feedback.replytemplate" in found
    assert "feedback.category" not in found
    assert "No setting is called so" in page(admin_client, HUB, q="nonsense")


def test_a_change_stands_in_the_history_with_before_and_after(admin, admin_client):
    category = Category.objects.get(code="product")
    address = reverse("admin:feedback_category_change", args=[category.pk])
    form = admin_client.get(address).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value is not None}
    saved = admin_client.post(address, sent | {"name_en": "Goods"})
    assert saved.status_code == 302

    for there in (page(admin_client, HISTORY), page(admin_client, history_of(category))):
        assert f"<del>{category.name_en}</del> → <ins>Goods</ins>" in there
        assert admin.name in there
    assert "Goods" not in page(admin_client, HISTORY, kind="accounts.team")


def test_what_uses_a_setting_is_counted(admin_client):
    category = Category.objects.get(code="product")
    FeedbackFactory(category=category)

    assert "<dt>Feedback</dt><dd>1</dd>" in page(admin_client, history_of(category))


def test_secrets_are_no_part_of_the_history(admin_client):
    endpoint, secret = create_webhook(
        by=None, name="Shop", url="https://a.example.org/", event_types=["feedback.created"]
    )
    change_webhook(endpoint.pk, name="Till")

    shown = page(admin_client, history_of(endpoint))
    assert "<del>Shop</del> → <ins>Till</ins>" in shown
    assert secret not in shown


def test_a_lead_sees_the_history_of_what_they_may_see_only(db):
    lead = client_of(member(Role.LEAD))
    category = Category.objects.get(code="product")
    save_category(category)

    assert "accounts.webhookendpoint" not in page(lead, HUB)
    assert lead.get(history_of(category)).status_code == 404
    assert lead.get(HISTORY, {"kind": "feedback.category"}).status_code == 404


def test_an_agent_sees_no_setting_of_the_admins(agent_client):
    hub = agent_client.get(HUB)

    for kind in ("feedback.category", "accounts.user", "accounts.webhookendpoint"):
        assert kind not in hub.content.decode()
        assert agent_client.get(HISTORY, {"kind": kind}).status_code in {403, 404}


def test_the_history_costs_the_same_for_any_number_of_changes(admin_client):
    category = Category.objects.get(code="product")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(admin_client, HISTORY, kind="feedback.category")
        return len(captured)

    def change(name):
        category.name_en = name
        save_category(category)

    change("One")
    queries()
    with_one = queries()
    for name in "abcde":
        change(name)

    assert queries() == with_one


# --- bringing an earlier version back ---------------------------------------------------------
def restoring(record, number) -> str:
    kind = record._meta.label_lower
    return reverse("accounts:restore_setting", args=[kind, record.pk, number])


def renamed(record, save, *names):
    for name in names:
        record.name_en = name
        save(record)
    return record


def confirm(client, address):
    digest = client.get(address).context["outlook"].digest
    return client.post(address, {"digest": digest}, follow=True)


def numbers(client, record) -> dict[str, int]:
    """Name that a version brought → its number."""
    rows = client.get(history_of(record)).context["rows"]
    return {
        change.after: row["version"].number
        for row in rows
        for change in row["version"].fields
        if change.label == "Name (English)"
    }


def test_an_earlier_version_is_shown_and_brought_back_as_a_new_one(admin, admin_client):
    category = renamed(Category.objects.get(code="product"), save_category, "One", "Two")
    address = restoring(category, numbers(admin_client, category)["One"])
    before = len(admin_client.get(history_of(category)).context["rows"])

    shown = page(admin_client, address)
    assert "<del>Two</del> → <ins>One</ins>" in shown
    assert Category.objects.get(code="product").name_en == "Two"

    answer = confirm(admin_client, address)
    assert "The earlier version is back" in answer.content.decode()
    assert Category.objects.get(code="product").name_en == "One"
    rows = answer.context["rows"]
    assert len(rows) == before + 1
    assert rows[0]["version"].who == admin.name


def test_a_version_that_no_longer_fits_is_refused_in_plain_words(admin_client):
    tree = {code: Category.objects.create(code=code, name_zh=code, name_en=code) for code in "ab"}
    for one in tree.values():
        save_category(one)
    tree["a"].parent = tree["b"]
    save_category(tree["a"])
    tree["a"].parent = None
    save_category(tree["a"])
    tree["b"].parent = tree["a"]
    save_category(tree["b"])
    below = next(
        row["version"].number
        for row in admin_client.get(history_of(tree["a"])).context["rows"]
        if any(change.label == "In" and change.after == "b" for change in row["version"].fields)
    )

    shown = page(admin_client, restoring(tree["a"], below))
    assert "A category cannot lie inside itself." in shown
    assert "Bring this version back" not in shown
    assert admin_client.post(restoring(tree["a"], below)).status_code == 422


def test_what_changed_meanwhile_is_not_overwritten(admin_client):
    category = renamed(Category.objects.get(code="product"), save_category, "One", "Two")
    address = restoring(category, numbers(admin_client, category)["One"])
    digest = admin_client.get(address).context["outlook"].digest
    renamed(category, save_category, "Three")

    answer = admin_client.post(address, {"digest": digest})

    assert answer.status_code == 422
    assert "Somebody changed this setting meanwhile" in answer.content.decode()
    assert Category.objects.get(code="product").name_en == "Three"


def test_parts_come_back_with_their_setting(admin_client):
    policy = SLAPolicy.objects.order_by("pk").first()
    save_policy(policy, promises=[Promise(Priority.HIGH, Metric.RESOLUTION, 7200)])
    in_the_past(policy, days=2)
    save_policy(policy, promises=[Promise(Priority.HIGH, Metric.RESOLUTION, 3600)])
    versions = admin_client.get(history_of(policy)).context["rows"]
    assert "3600" in str(versions[0]["version"].fields)

    first = versions[1]["version"].number
    confirm(admin_client, restoring(policy, first))

    (target,) = policy.targets.all()
    assert target.seconds == 7200


def in_the_past(policy, *, days):
    """All that was written so far was written long ago: a test is one transaction."""
    for model in (SLAPolicy, SLATarget):
        for row in events_of(model)._default_manager.all():
            row.pgh_created_at -= timedelta(days=days)
            row.save(update_fields=["pgh_created_at"])


def test_only_who_may_change_a_setting_brings_versions_back(db):
    lead = client_of(member(Role.LEAD))
    policy = SLAPolicy.objects.order_by("pk").first()

    assert "Bring back" not in page(lead, history_of(policy)).replace("Bring back</span>", "")
    assert lead.get(restoring(policy, 1)).status_code == 403


def test_what_people_keep_for_themselves_is_no_setting(admin, admin_client):
    own = ReplyTemplateFactory(owner=member(Role.AGENT), team=None, name_en="My own")

    assert admin_client.get(history_of(own)).status_code == 404
    assert "My own" not in page(admin_client, HISTORY, kind="feedback.replytemplate")


# --- the configuration as a file --------------------------------------------------------------
def uploaded(data) -> SimpleUploadedFile:
    return SimpleUploadedFile("settings.json", json.dumps(data).encode())


def test_a_file_is_exported_looked_at_and_imported(admin_client):
    export = admin_client.get(reverse("accounts:export_settings"), {"kind": "feedback.category"})
    assert export.headers["Content-Disposition"].startswith('attachment; filename="settings-')
    data = export.json()
    assert list(data["settings"]) == ["feedback.category"]
    product = next(one for one in data["settings"]["feedback.category"] if one["key"] == "product")
    product["name_en"] = "Goods"

    looked = admin_client.post(TRANSFER, {"file": uploaded(data), "do": "look"})
    assert "<ins>Goods</ins>" in looked.content.decode()
    assert Category.objects.get(code="product").name_en != "Goods"

    done = admin_client.post(
        TRANSFER, {"text": looked.context["text"], "do": "import"}, follow=True
    )
    assert "1 setting is new or changed" in done.content.decode()
    assert Category.objects.get(code="product").name_en == "Goods"


def test_what_is_wrong_with_a_file_is_said(admin_client):
    for sent, words in (
        ({"do": "look"}, "Choose a file."),
        ({"file": uploaded({"a": 1})}, "This is not a file of settings."),
        ({"text": "{"}, "The file is no JSON"),
    ):
        answer = admin_client.post(TRANSFER, sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_refused_setting_is_shown_with_its_reason_and_no_button(admin_client):
    rows = [{"key": "x", "code": "x", "name_zh": "x", "name_en": "x", "parent": "nowhere"}]
    data = {"format": "huiyin-settings", "version": 1, "settings": {"feedback.category": rows}}

    answer = admin_client.post(TRANSFER, {"file": uploaded(data), "do": "import"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no category “nowhere” here." in shown
    assert "Import it" not in shown


def test_only_who_sets_up_the_company_exports_and_imports(agent_client):
    assert agent_client.get(TRANSFER).status_code == 403
    assert agent_client.get(reverse("accounts:export_settings")).status_code == 403


def group_of_settings(shown):
    """The last of the sidebar's groups."""
    begin = shown.rindex('class="sidebar-group"')
    return shown[begin : shown.index("</details>", begin)]


def test_the_sidebar_has_the_pages_of_registered_settings(admin_client, agent_client):
    named = {one.list_url for one in setting_models() if one.menu}
    shown = page(admin_client, HUB)
    menu = group_of_settings(shown)
    assert all(f'href="{url}"' in menu for url in named)
    assert menu.startswith('class="sidebar-group" open')

    theirs = agent_client.get(reverse("feedback:queue")).content.decode()
    menu = group_of_settings(theirs)
    assert reverse("feedback:macros") in menu
    assert reverse("feedback:routing") not in menu
    assert not menu.startswith('class="sidebar-group" open')
