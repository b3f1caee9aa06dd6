"""Two rows that are one person: made one by somebody who says so, and never by themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ConsentChannel, ConsentPurpose
from accounts.errors import ContactBelongsToAnother, CustomersNotMergeable
from accounts.models import Consent, ContactPoint, Customer, Organisation
from accounts.services.customers import (
    add_contact,
    find_or_create_customer,
    record_consent,
    stop_contacting,
)
from accounts.services.merging import merge_customers
from feedback.tasks import take_over_customer
from tests.factories import CustomerFactory, FeedbackFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(db):
    return CustomerFactory(name="")


@pytest.fixture
def gone(db):
    company = Organisation.objects.create(name="Pump Ltd", domain="pump.example")
    return CustomerFactory(organisation=company, note="Likes tea")


def verify(*customers):
    points = ContactPoint.objects.filter(customer__in=customers)
    points.update(verified_at=timezone.now())


def test_everything_of_one_becomes_the_others(kept, gone, agent, team):
    record = FeedbackFactory(customer=gone, team=team)
    address = gone.email

    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    run_queued_jobs()

    record.refresh_from_db()
    assert record.customer == kept
    assert {one.value for one in kept.contact_points.all()} == {kept.email, address}
    assert [one.is_primary for one in kept.contact_points.order_by("pk")].count(True) == 1
    assert find_or_create_customer(kind="email", value=address) == kept
    assert record.timeline.last().data["into_customer"] == kept.pk


def test_empty_fields_are_filled_and_others_stay(kept, gone, agent):
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    kept.refresh_from_db()
    assert (kept.name, kept.organisation.name, kept.note) == (gone.name, "Pump Ltd", "Likes tea")

    another = CustomerFactory(name="Somebody else", note="Likes coffee")
    merge_customers(another.pk, into_id=kept.pk, by=agent)

    kept.refresh_from_db()
    assert (kept.name, kept.note) == (gone.name, "Likes tea\nLikes coffee")


def test_the_stricter_wish_counts(kept, gone, agent):
    def say(one, purpose, given):
        record_consent(one.pk, purpose=purpose, given=given, channel=ConsentChannel.STAFF)

    say(gone, ConsentPurpose.SURVEY, False)
    say(kept, ConsentPurpose.SURVEY, True)
    say(gone, ConsentPurpose.MARKETING, True)
    stop_contacting(gone.pk)

    merge_customers(gone.pk, into_id=kept.pk, by=agent)

    kept.refresh_from_db()
    assert kept.do_not_contact_at is not None
    said = Consent.objects.filter(customer=kept)
    last = {one: said.filter(purpose=one).first() for one in ConsentPurpose}
    assert last[ConsentPurpose.SURVEY].given is False
    assert last[ConsentPurpose.MARKETING].given is True


def test_two_verified_people_are_merged_only_by_somebody_who_says_so(kept, gone, agent):
    verify(kept, gone)

    with pytest.raises(CustomersNotMergeable) as refused:
        merge_customers(gone.pk, into_id=kept.pk, by=agent)
    assert refused.value.code == "both_verified"
    merge_customers(gone.pk, into_id=kept.pk, by=agent, both_are_verified=True)

    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_no_address_that_somebody_types_merges_two_people(kept, gone):
    verify(kept, gone)
    with pytest.raises(ContactBelongsToAnother):
        add_contact(kept.pk, kind="email", value=gone.email)
    find_or_create_customer(kind="email", value=gone.email, name=str(kept))

    assert Customer.objects.known().count() == 2


def test_what_makes_no_sense_is_refused(kept, gone, agent):
    def refusal(one, into):
        with pytest.raises(CustomersNotMergeable) as refused:
            merge_customers(one, into_id=into, by=agent)
        return refused.value.code

    assert refusal(kept.pk, kept.pk) == "same_customer"
    assert refusal(kept.pk, 10**9) == "customer_gone"
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    assert refusal(gone.pk, kept.pk) == "customer_gone"
    assert refusal(kept.pk, gone.pk) == "customer_gone"  # a circle


def test_the_job_may_run_twice(kept, gone, agent, team):
    record = FeedbackFactory(customer=gone, team=team)
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    run_queued_jobs()
    count = record.timeline.count()

    take_over_customer(kept_id=kept.pk, gone_id=gone.pk, by_id=agent.pk)

    assert record.timeline.count() == count


def test_the_page_asks_for_the_name_and_says_that_it_is_final(admin_client, kept, gone):
    url = reverse("feedback:merge_customer", args=[gone.pk])
    found = admin_client.get(url, {"q": kept.email}).content.decode()
    assert f"?into={kept.pk}" in found
    page = admin_client.get(url, {"into": kept.pk}).content.decode()
    assert "This cannot be taken back." in page

    wrong = admin_client.post(url, {"into": kept.pk, "name": "x"})
    assert wrong.status_code == 422
    done = admin_client.post(url, {"into": kept.pk, "name": str(gone)})

    assert done.url == reverse("feedback:customer", args=[kept.pk])
    old = admin_client.get(reverse("feedback:customer", args=[gone.pk]))
    assert old.url == done.url


def test_only_who_sees_all_records_merges_customers(agent_client, kept, gone):
    url = reverse("feedback:merge_customer", args=[gone.pk])

    assert agent_client.get(url).status_code == 403
