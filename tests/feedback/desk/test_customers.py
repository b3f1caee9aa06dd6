"""Customers as staff see them."""

import pytest
from django.urls import reverse

from accounts.enums import ContactKind, Role, SuppressionReason
from accounts.models import Consent, ContactPoint, Customer, Organisation
from accounts.services.customer_tags import set_customer_tags
from accounts.services.customers import (
    add_contact,
    change_customer,
    record_consent,
    stop_contacting,
)
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
CUSTOMERS = reverse("feedback:customers")


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Ada King")


def url_of(customer, name="customer", *args):
    return reverse(f"feedback:{name}", args=[customer.pk, *args])


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    agent_client, team, rows, django_assert_num_queries
):
    for _ in range(rows):
        FeedbackFactory(team=team)
    agent_client.get(CUSTOMERS)

    with django_assert_num_queries(10):
        response = agent_client.get(CUSTOMERS)

    assert response.content.decode().count("data-row=") == rows


def test_customers_are_found_by_name_and_by_any_contact(agent_client, customer):
    add_contact(customer.pk, kind=ContactKind.PHONE, value="13812345678")
    CustomerFactory(name="Somebody else")

    for words in ("ada", "1381234", customer.email):
        text = agent_client.get(CUSTOMERS, {"q": words}).content.decode()
        assert "Ada King" in text
        assert "Somebody else" not in text
    assert "Nobody is known by" in agent_client.get(CUSTOMERS, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("tag=Pilot", "Ada"),
        ("organisation=pump", "Ben Ada"),
        ("manager=me", "Ben"),
        ("manager=none", "Cleo Ada"),
        ("tier=key", "Cleo"),
        ("consent=survey:given", "Ada"),
        ("consent=survey:withdrawn", "Ben"),
        ("consent=survey:never", "Cleo"),
        ("consent=do_not_contact", "Cleo"),
        ("organisation=pump&manager=me&q=ben", "Ben"),
        ("sort=oldest", "Ada Ben Cleo "),
        ("sort=name", "Ada Ben Cleo "),
        ("", " Cleo Ben Ada"),
    ],
)
def test_the_list_is_narrowed_and_ordered_and_a_file_holds_the_same(
    agent_client, agent, address, names
):
    pump = Organisation.objects.create(name="Pump Ltd")
    ada = CustomerFactory(name="Ada", organisation=pump)
    ben = CustomerFactory(name="Ben", organisation=pump, owner=agent)
    cleo = CustomerFactory(name="Cleo", tier="key")
    if address.startswith("sort") or not address:
        CustomerFactory(name="")
    set_customer_tags(ada.pk, ["Pilot"])
    for one, given in ((ada, False), (ada, True), (ben, True), (ben, False)):
        record_consent(one.pk, purpose="survey", given=given, channel="staff")
    record_consent(cleo.pk, purpose="marketing", given=True, channel="staff")
    stop_contacting(cleo.pk)

    rows = agent_client.get(f"{CUSTOMERS}?{address}").context["rows"]

    assert [one.name for one, _told, _open in rows] == names.split(" ")
    file = b"".join(agent_client.get(f"{CUSTOMERS}?{address}&export=csv"))
    listed = [line.split(",")[0].strip('"') for line in file.decode("utf-8-sig").splitlines()[1:]]
    assert listed == names.split(" ")


@pytest.mark.parametrize("address", ["tier=diamond", "consent=moon:given", "manager=x", "tag=no"])
def test_what_is_no_filter_is_said_and_finds_nobody(agent_client, customer, address):
    answer = agent_client.get(f"{CUSTOMERS}?{address}")

    assert answer.status_code == 400
    text = answer.content.decode()
    assert "That is no filter" in text
    assert "Select a valid choice" in text
    assert "data-row=" not in text


def test_the_page_shows_what_this_person_may_see(agent_client, customer, team):
    mine = FeedbackFactory(customer=customer, team=team, subject="Mine to see")
    FeedbackFactory(customer=customer, team=TeamFactory(), subject="Another team's")

    text = agent_client.get(url_of(customer)).content.decode()

    assert mine.subject in text
    assert "Another team's" not in text
    assert "1 in all, 1 open" in text
    assert agent_client.get(reverse("feedback:customer", args=[99999])).status_code == 404


def form_of(client, customer):
    form = client.get(url_of(customer, "edit_customer")).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_customer_is_changed(agent_client, agent, customer):
    data = form_of(agent_client, customer)
    data |= {"organisation": "Dawn  Ltd", "tier": "key", "owner": agent.pk, "note": "Renewal soon"}

    assert agent_client.post(url_of(customer, "edit_customer"), data).status_code == 302

    customer.refresh_from_db()
    assert customer.organisation == Organisation.objects.get(name="Dawn Ltd")
    assert (customer.tier, customer.owner, customer.note) == ("key", agent, "Renewal soon")


def test_a_stale_customer_form_is_a_409_with_both_versions(agent_client, customer):
    data = form_of(agent_client, customer) | {"name": "Ada Lovelace"}
    change_customer(customer.pk, name="A. King")

    response = agent_client.post(url_of(customer, "edit_customer"), data)

    assert response.status_code == 409
    text = response.content.decode()
    assert "<td>A. King</td><td><strong>Ada Lovelace</strong></td>" in text
    assert 'value="Ada Lovelace"' in text
    data["seen"] = text.split('name="seen" value="')[1].split('"')[0]
    assert agent_client.post(url_of(customer, "edit_customer"), data).status_code == 302
    assert Customer.objects.get().name == "Ada Lovelace"


def test_bad_input_says_so(agent_client, customer):
    data = form_of(agent_client, customer) | {"tier": "diamond"}

    response = agent_client.post(url_of(customer, "edit_customer"), data)

    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()


def test_contacts_are_added_preferred_released_and_removed(agent_client, customer):
    add = url_of(customer, "add_contact")
    agent_client.post(add, {"kind": "email", "value": "Ada@Work.example"})
    point = ContactPoint.objects.get(value="ada@work.example")
    change = url_of(customer, "change_contact", point.pk)

    agent_client.post(change, {"do": "primary"})
    assert Customer.objects.get().email == "ada@work.example"
    assert customer.contact_points.filter(is_primary=True).count() == 1

    ContactPoint.objects.filter(pk=point.pk).update(
        suppressed_at="2026-11-01T00:00Z", suppressed_reason=SuppressionReason.BOUNCE
    )
    assert "Mail came back" in agent_client.get(url_of(customer)).content.decode()
    agent_client.post(change, {"do": "release"})
    assert ContactPoint.objects.get(pk=point.pk).suppressed_at is None

    agent_client.post(change, {"do": "verify"})
    assert ContactPoint.objects.get(pk=point.pk).verified_at is not None
    agent_client.post(change, {"do": "doubt"})
    assert ContactPoint.objects.get(pk=point.pk).verified_at is None

    agent_client.post(change, {"do": "remove"})
    assert customer.contact_points.get().is_primary
    assert agent_client.post(change, {"do": "remove"}).status_code == 404
    other = CustomerFactory().contact_points.get()
    stranger = url_of(customer, "change_contact", other.pk)
    assert agent_client.post(stranger, {"do": "remove"}).status_code == 404


def test_a_contact_of_somebody_else_is_refused(agent_client, customer):
    other = CustomerFactory()
    for value, words in ((other.email, "already belongs"), ("nonsense", "not an address")):
        response = agent_client.post(
            url_of(customer, "add_contact"), {"kind": "email", "value": value}
        )
        assert response.status_code == 422
        text = response.content.decode()
        assert words in text
        assert f'value="{value}"' in text


def test_do_not_contact_is_a_switch(agent_client, customer):
    agent_client.post(url_of(customer, "contacting"), {"stop": "1"})
    assert Customer.objects.get().do_not_contact_at is not None
    assert "asked not to be contacted" in agent_client.get(url_of(customer)).content.decode()

    agent_client.post(url_of(customer, "contacting"), {"stop": "0"})
    assert Customer.objects.get().do_not_contact_at is None


def test_consents_are_written_down_and_withdrawn(agent_client, agent, customer):
    url = url_of(customer, "consent")
    agent_client.post(url, {"purpose": "survey", "given": "1", "channel": "phone"})
    assert "Phone" in agent_client.get(url_of(customer)).content.decode()
    agent_client.post(url, {"purpose": "survey", "given": "0"})
    assert [one.channel for one in Consent.objects.order_by("pk")] == ["phone", "staff"]
    agent_client.post(url, {"purpose": "moon", "given": "1"})

    rows = [(one.purpose, one.given, one.recorded_by) for one in Consent.objects.order_by("pk")]
    assert rows == [("survey", True, agent), ("survey", False, agent)]
    assert "withdrawn" in agent_client.get(url_of(customer)).content.decode()


def test_an_analyst_reads_customers_and_changes_none(customer):
    client = client_of(member(Role.ANALYST))

    text = client.get(url_of(customer)).content.decode()
    assert "Ada King" in text
    assert 'method="post" action="/customers' not in text
    for name in ("edit_customer", "add_contact", "contacting", "consent"):
        assert client.post(url_of(customer, name)).status_code == 403
