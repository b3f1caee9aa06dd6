"""All settings in one place, and who changed them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.services.webhooks import change_webhook, create_webhook
from config.kernel.settings_models import setting_models
from feedback.models import Category
from feedback.services.categories import save_category
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db

HUB, HISTORY = reverse("accounts:settings"), reverse("accounts:settings_history")


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
