"""Words by which records are sorted, while rules and views name them."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

from feedback.admin.categories import CategoryAdmin
from feedback.models import Category, RoutingRule, SavedView
from feedback.services.categories import merge_category, remove_category, save_category
from feedback.services.setting_names import CodeInUse
from tests.conftest import client_of
from tests.feedback.routing.rules import rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaks():
    return save_category(Category(code="leaks", name_zh="漏水", name_en="Leaks"))


@pytest.fixture
def water():
    return save_category(Category(code="water", name_zh="水", name_en="Water"))


def test_what_named_a_merged_category_names_the_other_one(leaks, water, admin):
    kept = rule("category in (leaks, water)", set_priority=3)
    view = SavedView.objects.create(name_en="L", view="open", filters={"category": ["leaks"]})

    merge_category(leaks, into=water, by=admin)

    assert not Category.objects.filter(code="leaks").exists()
    assert RoutingRule.objects.get(pk=kept.pk).condition[-1] in ("water", ["water"])
    view.refresh_from_db()
    assert view.filters == {"category": ["water"]}


def test_a_code_that_a_rule_names_stays_and_one_is_told_why(leaks):
    rule("category is leaks", set_priority=3)
    form = CategoryAdmin(Category, site).form
    given = {"code": "drips", "name_zh": "漏水", "name_en": "Leaks", "order": 0}

    assert "routing rules (1)" in form(given, instance=leaks).errors["code"][0]
    leaks.code = "drips"
    with pytest.raises(CodeInUse):
        save_category(leaks)


def test_what_only_a_rule_names_is_archived_and_the_page_says_so(leaks, admin):
    save_category(Category(code="drips", name_zh="滴", name_en="Drips", parent=leaks))
    rule("category is leaks", set_priority=3)

    page = client_of(admin).get(reverse("admin:feedback_category_delete", args=[leaks.pk]))

    assert "routing rules (1)" in page.content.decode()
    assert "1 category below it is archived with it." in page.content.decode()
    Category.objects.get(code="drips").delete()
    assert not remove_category(leaks)
    assert Category.objects.get(code="leaks").archived_at is not None
