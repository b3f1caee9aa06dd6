"""Companies and households that customers belong to."""

import pytest
from django.urls import reverse

from accounts.enums import Role, Scope, Tier
from accounts.models import Customer, Organisation
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("feedback:organisations")


@pytest.fixture
def pump(db):
    return Organisation.objects.create(name="Pump Ltd", domain="pump.example")


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)


def url_of(one, name="organisation", *args):
    return reverse(f"feedback:{name}", args=[one.pk, *args])


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    lead_client, rows, django_assert_num_queries
):
    for number in range(rows):
        one = Organisation.objects.create(name=f"Company {number}")
        FeedbackFactory(customer=CustomerFactory(organisation=one))
    lead_client.get(LIST)

    with django_assert_num_queries(8):
        page = lead_client.get(LIST)

    assert page.content.decode().count("data-row=") == rows


def test_a_lead_makes_changes_and_archives_one(lead, lead_client):
    new = {"name": " Dawn  Ltd ", "domain": "@Dawn.example", "tier": "key", "owner": lead.pk}
    made = lead_client.post(reverse("feedback:new_organisation"), new | {"note": ""})
    one = Organisation.objects.get(name="Dawn Ltd")
    assert made.url == url_of(one)
    assert (one.domain, one.owner) == ("dawn.example", lead)
    again = lead_client.post(
        reverse("feedback:new_organisation"), {"name": "dawn ltd", "tier": "key", "note": "Kept"}
    )
    assert again.status_code == 422
    text = again.content.decode()
    assert "organisation of this name already" in text
    assert "Kept" in text

    person = CustomerFactory(organisation=one)
    changed = {"name": "Dawn Ltd", "tier": "key", "owner": lead.pk, "for_people": "on"}
    lead_client.post(url_of(one, "edit_organisation"), changed)
    person.refresh_from_db()
    assert (person.tier, person.owner) == (Tier.KEY, lead)

    lead_client.post(url_of(one, "use_organisation", "archive"))
    assert "Dawn Ltd" not in lead_client.get(LIST).content.decode()
    assert "Dawn Ltd" in lead_client.get(f"{LIST}?use=archived").content.decode()
    lead_client.post(url_of(one, "use_organisation", "use"))
    assert "Dawn Ltd" in lead_client.get(LIST, {"q": "dawn", "manager": "me"}).content.decode()
    empty = Organisation.objects.create(name="Nobody's")
    lead_client.post(url_of(empty, "use_organisation", "archive"))
    assert not Organisation.objects.filter(pk=empty.pk).exists()


def test_who_belongs_to_it_gets_its_manager_and_is_found_by_its_domain(agent_client, pump, lead):
    Organisation.objects.filter(pk=pump.pk).update(owner=lead, tier="key")
    writes = CustomerFactory(name="Ada", email="ada@pump.example")
    CustomerFactory(email="ben@notpump.example")
    other = CustomerFactory(name="Cleo Found", owner=UserFactory())
    page = agent_client.get(url_of(pump), {"who": "cleo"}).content.decode()
    assert "Add 1 person who writes from pump.example" in page
    assert "Cleo Found" in page

    people = url_of(pump, "organisation_people")
    agent_client.post(people, {"domain": "1"})
    agent_client.post(people, {"add": other.pk})

    assert set(Customer.objects.filter(organisation=pump)) == {writes, other}
    writes.refresh_from_db()
    assert (writes.owner, writes.tier) == (lead, "key")
    manager = other.owner
    other.refresh_from_db()
    assert other.owner == manager  # whom they know stays
    agent_client.post(people, {"remove": other.pk})
    assert list(Customer.objects.filter(organisation=pump)) == [writes]


def test_agents_read_organisations_and_change_their_people_only(agent_client, pump):
    assert "Pump Ltd" in agent_client.get(LIST).content.decode()
    assert (
        reverse("feedback:edit_organisation", args=[pump.pk])
        not in agent_client.get(url_of(pump)).content.decode()
    )
    assert agent_client.get(reverse("feedback:new_organisation")).status_code == 403
    assert agent_client.post(url_of(pump, "edit_organisation")).status_code == 403
    analyst = client_of(member(Role.ANALYST))
    assert analyst.post(url_of(pump, "organisation_people")).status_code == 403


def test_a_program_makes_and_fills_organisations(lead):
    program = ApiClient(
        UserFactory(is_superuser=True), [Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE]
    )
    made = program.post("organisations/", {"name": "Pump Ltd", "owner": lead.pk}).json()
    refused = program.post("organisations/", {"name": "pump ltd"})
    assert (refused.status_code, refused.json()["code"]) == (409, "organisation_taken")
    person = CustomerFactory(email="ada@pump.example")
    address = f"organisations/{made['id']}/"

    program.post(f"{address}people/", {"customer": person.pk})
    found = program.get(f"customers/?owner={lead.pk}&consent=survey:never").json()["results"]
    assert [one["id"] for one in found] == [person.pk]
    program.patch(address, {"tier": "key", "for_people": True})
    assert program.get(f"customers/{person.pk}/").json()["tier"] == "key"
    assert program.post(f"{address}archive/", {}).json()["archived_at"]
    assert program.get("organisations/?archived=false").json()["results"] == []
    assert program.post(f"{address}restore/", {}).json()["archived_at"] is None
    program.post(f"{address}remove-person/", {"customer": person.pk})
    assert program.post(f"{address}archive/", {}).status_code == 204
