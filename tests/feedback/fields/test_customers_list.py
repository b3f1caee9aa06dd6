"""Custom fields in the list of customers: filters, columns, files, and the same by the API."""

import pytest
from django.urls import reverse

from accounts.enums import Role, Scope
from accounts.models import CustomField
from accounts.services.customers import change_customer
from feedback.services.custom_fields import archive_custom_field
from tests.api.conftest import ApiClient, staff
from tests.factories import CustomerFactory, CustomFieldFactory

pytestmark = pytest.mark.django_db
CUSTOMERS = reverse("feedback:customers")
SIZES = [
    {"code": "s", "name_zh": "小", "name_en": "Small"},
    {"code": "l", "name_zh": "大", "name_en": "Large"},
]


def field(code, kind, **more):
    return CustomFieldFactory(subject="customer", code=code, kind=kind, **more)


@pytest.fixture
def known(db):
    """Ada, Ben and Cleo, of whom nothing is known."""
    field("size", "choice", options=SIZES, name_en="Size", filter_often=True)
    field("staff", "integer", name_en="Staff")
    field("city", "short_text", name_en="City")
    ada, ben, _cleo = (CustomerFactory(name=name) for name in ("Ada", "Ben", "Cleo"))
    change_customer(ada.pk, custom={"size": "l", "staff": 40, "city": "=Suzhou"})
    change_customer(ben.pk, custom={"size": "s", "staff": 5, "city": "Wuxi"})


@pytest.fixture
def api(team):
    return ApiClient(staff(Role.AGENT, team), Scope.values)


def names_of(client, address):
    rows = client.get(f"{CUSTOMERS}?{address}").context["rows"]
    return {row.customer.name for row in rows}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("field.size=l", {"Ada"}),
        ("field.size=l&field.size=s", {"Ada", "Ben"}),
        ("field.size=none", {"Cleo"}),
        ("field.staff.from=5&field.staff.to=39", {"Ben"}),
        ("field.city=suzhou", {"Ada"}),
        ("field.size=s&q=ada", set()),
    ],
)
def test_customers_are_narrowed_by_their_fields_and_programs_find_the_same(
    agent_client, api, known, address, expected
):
    assert names_of(agent_client, address) == expected
    answer = api.get(f"customers/?{address}")
    assert {one["name"] for one in answer.json()["results"]} == expected


@pytest.mark.parametrize(
    "address", ["field.colour=red", "field.size=xl", "field.staff=5", "field.staff.from=many"]
)
def test_a_field_or_value_that_there_is_not_is_refused_and_named(
    agent_client, api, known, address
):
    page = agent_client.get(f"{CUSTOMERS}?{address}")
    answer = api.get(f"customers/?{address}")

    assert page.status_code == answer.status_code == 400
    name = address.partition("=")[0]
    assert name in page.content.decode()
    assert name in answer.json()["errors"]


def test_the_form_keeps_what_is_chosen_and_what_is_archived(agent_client, known):
    page = agent_client.get(f"{CUSTOMERS}?field.size=l&field.staff.from=2").content.decode()
    assert 'name="field.size" value="l" id="id_field.size_1" checked' in page
    assert 'name="field.staff.from" value="2"' in page
    assert page.index('name="field.size"') < page.index("filters-more")

    assert names_of(agent_client, "field.size=&field.staff.from=") == {"Ada", "Ben", "Cleo"}

    archive_custom_field(CustomField.objects.get(code="size"))

    page = agent_client.get(f"{CUSTOMERS}?field.size=l").content.decode()
    assert page.count('<input type="hidden" name="field.size" value="l">') == 2
    assert "Ben" not in page


@pytest.mark.parametrize("rows", [1, 5])
def test_columns_are_chosen_kept_and_cost_no_query(
    agent_client, known, rows, django_assert_num_queries
):
    for customer in CustomerFactory.create_batch(rows, name="Dora"):
        change_customer(customer.pk, custom={"size": "l"})
    choose = reverse("feedback:customer_columns")
    asked = {"list": "q=Dora&page=2", "columns-sent": "1"}
    columns = ["field.size", "tags", "name"]

    kept = agent_client.post(choose, asked | {"columns": columns})
    agent_client.get(kept.url)
    with django_assert_num_queries(10):
        page = agent_client.get(kept.url).content.decode()

    assert kept.url == f"{CUSTOMERS}?q=Dora"
    assert page.count('data-label="Size"><span>Large</span>') == rows
    file = b"".join(agent_client.get(f"{CUSTOMERS}?q=Dora&export=csv")).decode("utf-8-sig")
    assert file.splitlines()[:2] == ["Size,Tags,Name", "Large,,Dora"]
    wrong = agent_client.post(choose, asked | {"columns": ["field.none"]})
    assert wrong.status_code == 422
    agent_client.post(choose, asked | {"usual": "1"})
    assert 'data-label="Size"' not in agent_client.get(kept.url).content.decode()
    assert agent_client.get(f"{CUSTOMERS}?columns=moon").status_code == 400
