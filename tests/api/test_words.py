"""Words, teams and limits, written by programs."""

import pytest

from accounts.models import Membership
from feedback.models import CompensationLimit, Feedback, Product, Tag
from tests.api.test_doors import problem
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db

LEAKS = {"code": "leaks", "name_zh": "漏水", "name_en": "Leaks", "parent": "product"}


def test_a_category_is_made_moved_put_away_and_merged(admin_api, lead_api, team):
    problem(lead_api.post("categories/", LEAKS), 403, "permission_denied")
    made = admin_api.post("categories/", LEAKS | {"team": team.pk})
    assert (made.status_code, made.json()["parent"]) == (201, "product"), made.json()
    assert "code" in admin_api.post("categories/", LEAKS).json()["errors"]

    one = "categories/leaks/"
    assert "parent" in admin_api.patch("categories/product/", {"parent": "leaks"}).json()["errors"]
    assert "colour" in admin_api.patch(one, {"colour": "red"}).json()["errors"]
    assert admin_api.patch(one, {"parent": None, "is_public": False}).json()["parent"] is None
    record = FeedbackFactory(team=team)
    assert lead_api.patch(f"feedback/{record.number}/", {"category": "leaks"}).status_code == 200
    assert admin_api.send("DELETE", one, "").status_code == 204
    assert admin_api.get(one).json()["is_archived"] is True
    assert admin_api.post(f"{one}restore/", {}).json()["is_archived"] is False
    assert admin_api.post(f"{one}merge/", {"into": "product"}).json() == {"records": 1}
    problem(admin_api.get(one), 404, "not_found")
    assert Feedback.objects.get(pk=record.pk).category.code == "product"


def test_a_product_is_made_renamed_and_put_away(admin_api, lead_api):
    kettle = {"code": "kettle-2", "name_zh": "电水壶二代", "name_en": "Kettle 2"}
    problem(lead_api.post("products/", kettle), 403, "permission_denied")
    assert admin_api.post("products/", kettle).status_code == 201
    assert (
        admin_api.patch("products/kettle-2/", {"name_en": "Kettle"}).json()["name_en"] == "Kettle"
    )
    FeedbackFactory(product=Product.objects.get(code="kettle-2"))
    assert admin_api.send("DELETE", "products/kettle-2/", "").status_code == 204
    assert "kettle-2" not in [row["code"] for row in admin_api.get("products/").json()["results"]]
    [away] = admin_api.get("products/", {"archived": "true"}).json()["results"]
    assert away["code"] == "kettle-2"


@pytest.mark.parametrize("words", ["tags", "customer-tags"])
def test_tags_are_made_renamed_and_removed(admin_api, lead_api, words):
    problem(lead_api.post(f"{words}/", {"name": "leak"}), 403, "permission_denied")
    one = f"{words}/{admin_api.post(f'{words}/', {'name': 'leak'}).json()['id']}/"
    assert "name" in admin_api.post(f"{words}/", {"name": " LEAK"}).json()["errors"]
    assert admin_api.patch(one, {"name": "a   leak"}).json()["name"] == "a leak"
    assert admin_api.send("DELETE", one, "").status_code == 204
    problem(admin_api.get(one), 404, "not_found")


def test_records_of_a_merged_tag_carry_the_other_one(admin_api, lead_api, team):
    record = FeedbackFactory(team=team)
    lead_api.patch(f"feedback/{record.number}/", {"tags": ["leek"]})
    wrong = admin_api.get("tags/", {"q": "lee"}).json()["results"][0]
    right = Tag.objects.create(name="leak")

    problem(admin_api.post(f"tags/{right.pk}/merge/", {"into": right.pk}), 409, "same_tag")
    merged = admin_api.post(f"tags/{wrong['id']}/merge/", {"into": right.pk})

    assert merged.json() == {"records": 1}
    assert lead_api.get(f"feedback/{record.number}/").json()["tags"] == ["leak"]


def test_a_team_is_made_filled_led_and_put_away(admin_api, lead_api, agent):
    names = {"name_zh": "维修", "name_en": "Repairs"}
    problem(lead_api.post("teams/", names), 403, "permission_denied")
    one = f"teams/{admin_api.post('teams/', names).json()['id']}/"
    member = f"{one}members/{agent.pk}/"
    problem(lead_api.put(member, {"is_lead": True}), 403, "permission_denied")
    assert admin_api.put(member, {}).json()["is_lead"] is False
    assert "is_lead" in admin_api.put(member, {"is_lead": "perhaps"}).json()["errors"]
    admin_api.put(member, {"is_lead": True})
    [only] = admin_api.get(f"{one}members/").json()["results"]
    assert only == {"user": {"id": agent.pk, "name": agent.name}, "is_lead": True}
    [found] = admin_api.get("staff/", {"team": one.split("/")[1]}).json()["results"]
    assert found["id"] == agent.pk
    assert admin_api.send("DELETE", member, "").status_code == 204
    problem(admin_api.send("DELETE", member, ""), 404, "not_found")
    problem(admin_api.put(f"{one}members/999999/", {}), 404, "not_found")

    assert admin_api.send("DELETE", one, "").status_code == 204
    problem(admin_api.get(one), 404, "not_found")
    busy = TeamFactory()
    FeedbackFactory(team=busy)
    Membership.objects.create(team=busy, user=agent)
    assert admin_api.send("DELETE", f"teams/{busy.pk}/", "").status_code == 204
    assert admin_api.post(f"teams/{busy.pk}/restore/", {}).json()["is_archived"] is False


def test_a_role_gets_a_limit_for_compensation(admin_api, lead_api):
    one = "compensation-limits/agent/"
    problem(lead_api.put(one, {"most": "50.00"}), 403, "permission_denied")
    assert "most" in admin_api.put(one, {"most": "-1.00"}).json()["errors"]
    assert admin_api.put(one, {"most": "50.00"}).json() == {"role": "agent", "most": "50.00"}
    assert admin_api.put("compensation-limits/lead/", {"most": None}).json()["most"] is None
    problem(admin_api.put("compensation-limits/king/", {"most": None}), 404, "not_found")
    assert admin_api.send("DELETE", one, "").status_code == 204
    assert not CompensationLimit.objects.filter(role="agent").exists()
