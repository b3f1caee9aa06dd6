"""The words by which records are sorted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Category
from feedback.services.categories import save_category
from tests.factories import ProductFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_categories_come_with_their_place(api):
    rows = {row["code"]: row for row in api.get("categories/").json()["results"]}

    assert rows["product-quality"]["parent"] == "product"
    assert rows["product"]["parent"] is None
    assert api.get("categories/product/").json() == rows["product"]


def test_archived_words_are_in_no_list_and_say_that_they_are(api):
    Category.objects.filter(code="experience-app").update(archived_at="2026-01-01T00:00Z")

    assert api.get("categories/experience-app/").json()["is_archived"] is True
    listed = api.get("categories/").json()["results"]
    assert "experience-app" not in {row["code"] for row in listed}
    assert "experience" in {row["code"] for row in listed}


def test_statuses_say_what_they_mean(api):
    rows = api.get("statuses/").json()["results"]

    orders = [row.pop("order") for row in rows]
    assert orders == sorted(orders)
    assert next(row for row in rows if row["code"] == "resolved") == {
        "code": "resolved",
        "state": "resolved",
        "name_zh": "已解决",
        "name_en": "Resolved",
        "customer_label_zh": "已解决",
        "customer_label_en": "Resolved",
        "pauses_clock": True,
        "next_status": None,
        "is_default_create": False,
        "is_default_reopen": False,
        "is_archived": False,
    }


def test_products_and_teams_are_listed(api, team):
    product = ProductFactory(code="x3")

    assert [row["code"] for row in api.get("products/").json()["results"]] == [product.code]
    assert team.pk in [row["id"] for row in api.get("teams/").json()["results"]]
    assert api.get(f"teams/{team.pk}/").json()["name_en"] == team.name_en


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("path", ["categories/", "products/", "statuses/", "teams/"])
def test_the_lists_cost_the_same_for_any_number_of_rows(api, path, rows):
    for n in range(rows):
        ProductFactory()
        TeamFactory()
        parent = Category.objects.get(code="product")
        save_category(Category(code=f"n{n}", name_zh="新", name_en="New", parent=parent))
    api.get(path)

    with CaptureQueriesContext(connection) as captured:
        api.get(path)

    assert len(captured) == 3  # token, permissions, the rows
