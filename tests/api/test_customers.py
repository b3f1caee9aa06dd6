import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Customer, Organisation
from tests.api.test_doors import problem
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_a_customer_is_added_read_and_changed(api):
    company = Organisation.objects.create(name="ACME")
    made = api.post(
        "customers/",
        {
            "name": "韩梅梅",
            "tier": "key",
            "organisation": company.pk,
            "contacts": [
                {"kind": "email", "value": "Han@Example.org"},
                {"kind": "phone", "value": "+86 138 0013 8000"},
            ],
        },
    )
    assert made.status_code == 201, made.content
    customer = made.json()
    assert customer["organisation"] == {"id": company.pk, "name": "ACME"}
    assert [one["value"] for one in customer["contacts"]] == ["han@example.org", "13800138000"]

    at = f"customers/{customer['id']}/"
    changed = api.patch(at, {"name": "韩梅", "organisation": None})
    assert changed.json()["name"] == "韩梅"
    assert api.get(at).json() == changed.json()
    assert changed.json()["tier"] == "key"  # what was not sent stayed


def test_a_contact_belongs_to_one_customer(api):
    CustomerFactory(email="li@example.org")

    answer = api.post("customers/", {"contacts": [{"kind": "email", "value": "LI@example.org"}]})

    problem(answer, 409, "contact_belongs_to_another")
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"contacts": [{"kind": "email", "value": "nobody"}]}, "contacts"),
        ({"contacts": [{"kind": "pigeon", "value": "x"}]}, "contacts"),
        ({"contacts": [{"kind": "phone", "value": "1"}] * 21}, "contacts"),
        ({"organisation": 10**30}, "organisation"),
        ({"name": "x" * 201}, "name"),
        ({"language": ""}, "language"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(api, change, field):
    body = problem(api.post("customers/", {"name": "x"} | change), 400, "invalid")

    assert list(body["errors"]) == [field]


def test_customers_are_found(api):
    han, li = CustomerFactory(email="han@example.org"), CustomerFactory(email="li@example.org")
    han.name = "韩梅梅"
    han.save()

    assert ids(api.get("customers/", {"q": "梅"})) == [han.pk]
    assert ids(api.get("customers/", {"email": "LI@example.org"})) == [li.pk]
    assert ids(api.get("customers/", {"tier": "key"})) == []
    now = timezone.now().isoformat()
    assert ids(api.get("customers/", {"created_before": now})) == [li.pk, han.pk]


def test_who_was_erased_is_not_there(api):
    gone = CustomerFactory()
    Customer.objects.update(erased_at=timezone.now())

    assert ids(api.get("customers/")) == []
    problem(api.get(f"customers/{gone.pk}/"), 404, "not_found")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(api, rows):
    for n in range(rows):
        CustomerFactory(organisation=Organisation.objects.create(name=f"Company {n}"))
    api.get("customers/")

    with CaptureQueriesContext(connection) as captured:
        api.get("customers/")

    # token, own and groups' permissions, customers with their tags, contacts
    assert len(captured) == 4
