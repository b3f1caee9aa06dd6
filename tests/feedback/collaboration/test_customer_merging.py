"""Two rows that are one person: made one by somebody who says so, and never by themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ConsentChannel, ConsentPurpose, Scope
from accounts.errors import ContactBelongsToAnother, CustomersNotMergeable, CustomersNotSeparable
from accounts.models import Consent, ContactPoint, Customer, CustomerMerge, Organisation
from accounts.services.customers import (
    add_contact,
    find_or_create_customer,
    record_consent,
    stop_contacting,
)
from accounts.services.merging import merge_customers, separate_customers
from config.kernel.search.queries import understand
from feedback.selectors.search import customers_matching
from feedback.services.search_index import index_what_changed
from feedback.tasks import take_over_customer
from tests.api.conftest import ApiClient
from tests.factories import CustomerFactory, FeedbackFactory, UserFactory
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


# T83
def test_two_verified_people_are_merged_only_by_somebody_who_says_so(kept, gone, agent):
    verify(kept, gone)

    with pytest.raises(CustomersNotMergeable) as refused:
        merge_customers(gone.pk, into_id=kept.pk, by=agent)
    assert refused.value.code == "both_verified"
    merge_customers(gone.pk, into_id=kept.pk, by=agent, both_are_verified=True)

    gone.refresh_from_db()
    assert gone.merged_into == kept


# T83
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

    take_over_customer(merge_id=CustomerMerge.objects.get().pk)

    assert record.timeline.count() == count


# T74
def test_a_merge_of_customers_is_taken_back_and_what_came_since_stays(kept, gone, agent, team):
    record = FeedbackFactory(customer=gone, team=team)
    address, its_own = gone.email, kept.email
    record_consent(gone.pk, purpose="survey", given=False, channel="staff")
    record_consent(kept.pk, purpose="survey", given=True, channel="staff")
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    run_queued_jobs()
    since = FeedbackFactory(customer=Customer.objects.get(pk=kept.pk), team=team)
    Customer.objects.filter(pk=kept.pk).update(note="Written since")

    separate_customers(gone.pk, by=agent)
    run_queued_jobs()

    for one in (record, since, kept, gone):
        one.refresh_from_db()
    assert (record.customer, since.customer) == (gone, kept)
    assert (gone.email, kept.email) == (address, its_own)
    assert gone.contact_points.get().is_primary
    assert (kept.name, kept.organisation, kept.note) == ("", None, "Written since")
    last = {one: Consent.objects.filter(customer=one).first().given for one in (kept, gone)}
    assert last == {kept: True, gone: False}
    merge_customers(gone.pk, into_id=kept.pk, by=agent)  # and once more


def test_a_merge_taken_back_at_once_moves_nothing_later(kept, gone, agent, team):
    record = FeedbackFactory(customer=gone, team=team)
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    separate_customers(gone.pk, by=agent)

    run_queued_jobs()

    record.refresh_from_db()
    assert record.customer == gone
    with pytest.raises(CustomersNotSeparable):
        separate_customers(gone.pk, by=agent)


def test_the_page_shows_both_and_offers_the_way_back(admin_client, kept, gone):
    url = reverse("feedback:merge_customer", args=[gone.pk])
    found = admin_client.get(url, {"q": kept.email}).content.decode()
    assert f"?into={kept.pk}" in found
    assert "Make them one" in admin_client.get(url, {"into": kept.pk}).content.decode()

    done = admin_client.post(url, {"into": kept.pk})

    assert done.url == reverse("feedback:customer", args=[kept.pk])
    old = admin_client.get(reverse("feedback:customer", args=[gone.pk]))
    assert old.url == done.url
    back = reverse("feedback:separate_customer", args=[gone.pk])
    assert back in admin_client.get(done.url).content.decode()
    assert admin_client.post(back).url == reverse("feedback:customer", args=[gone.pk])


def test_a_program_merges_and_separates(kept, gone):
    program = ApiClient(UserFactory(is_superuser=True), [Scope.CUSTOMERS_WRITE])

    done = program.post(f"customers/{gone.pk}/merge/", {"into": kept.pk})
    assert done.json()["id"] == kept.pk
    assert program.post(f"customers/{kept.pk}/merge/", {"into": gone.pk}).status_code == 400
    assert program.post(f"customers/{gone.pk}/separate/", {}).json()["id"] == gone.pk
    again = program.post(f"customers/{gone.pk}/separate/", {})
    assert (again.status_code, again.json()["code"]) == (409, "customer_not_merged")


def test_lists_and_search_know_only_the_row_that_stays(admin_client, kept, gone, agent):
    name = gone.name
    merge_customers(gone.pk, into_id=kept.pk, by=agent)
    run_queued_jobs()
    index_what_changed()

    query = understand(name)
    assert customers_matching(query) == [kept]
    page = admin_client.get(reverse("feedback:customers"), {"q": name}).content.decode()
    assert reverse("feedback:customer", args=[kept.pk]) in page
    assert reverse("feedback:customer", args=[gone.pk]) not in page


def test_only_who_sees_all_records_merges_customers(agent_client, kept, gone):
    url = reverse("feedback:merge_customer", args=[gone.pk])

    assert agent_client.get(url).status_code == 403
