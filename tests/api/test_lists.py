"""The words by which records are sorted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Scope
from feedback.models import Category
from feedback.services.categories import save_category
from surveys.enums import RewardKind
from surveys.models import PaperBatch, Reward
from surveys.services.bank import put_into_bank
from surveys.services.papers import make_batch
from surveys.services.response_imports import upload_table
from surveys.services.rewarding import save_reward
from tests.api.conftest import ApiClient
from tests.factories import ProductFactory, TeamFactory, UserFactory
from tests.factories.surveys import make_gathering, make_survey, sign_up

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


def an_import(program, n):
    raw = b"overall\n4\n"
    return upload_table(make_survey(), by=program.user, name=f"{n}.csv", raw=raw)


def a_question(program, n):
    days = {"code": "days", "type": "number", "text": {"en": "How many days?"}}
    put_into_bank(days, name_zh=f"{n}", name_en=f"{n}", by=program.user)


def a_grant(program, n):
    survey = make_survey()
    save_reward(Reward(survey=survey, kind=RewardKind.LOTTERY, name_zh="奖品", name_en="A prize"))
    answers = {"answers": {"overall": 4, "solved": "yes"}}
    assert program.post(f"surveys/{survey.slug}/responses/", answers).status_code == 201


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("gatherings/", lambda program, n: sign_up(make_gathering())),
        ("bookings/", lambda program, n: sign_up(make_gathering(), name=f"Li {n}")),
        (
            "paper-batches/",
            lambda program, n: make_batch(
                PaperBatch(survey=make_survey()), count=2, by=program.user
            ),
        ),
        ("question-bank/", a_question),
        ("response-imports/", an_import),
        ("reward-grants/", a_grant),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_five_rows_of_a_survey_cost_as_much_as_one(db, path, make):
    program = ApiClient(UserFactory(is_superuser=True), Scope.values)

    def cost(rows):
        program.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert len(program.get(path).json()["results"]) == rows
        return len(captured)

    make(program, 0)
    one = cost(1)
    for n in range(1, 5):
        make(program, n)
    assert cost(5) == one
