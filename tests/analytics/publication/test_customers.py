"""Customers behind a publication: told once, quoted only with their consent."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import OutgoingMessage
from accounts.services.customers import stop_contacting
from accounts.services.merging import merge_customers
from analytics.distribution.publication_mail import write_quote_request
from analytics.errors import QuoteRefused
from analytics.models import PublicationNotice, PublicationQuote, PublicationVote
from analytics.selectors.publication_people import people_to_tell, reach_of
from analytics.services.publication_quotes import ask_to_quote
from analytics.services.publication_telling import tell_customers
from analytics.services.publications import (
    check_publication,
    publish,
    take_publication_back,
    withdraw,
)
from analytics.tasks import tell_of_publication
from tests.conftest import client_of, member
from tests.factories import UserFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


def told():
    return OutgoingMessage.objects.filter(kind="publication")


def test_everybody_is_told_once_whatever_becomes_of_it(lead, published, open_page, records):
    one = published()
    stop_contacting(records[2].customer_id)

    assert tell_customers(one.pk, by=lead) == 2
    run_queued_jobs()
    tell_of_publication(publication_id=one.pk)  # a job may run twice
    assert told().count() == 2
    assert reach_of(one).to_tell == 0

    withdraw(one.pk, by=lead)
    take_publication_back(one.pk, by=lead)
    check_publication(one.pk, by=lead)
    publish(one.pk, by=lead)
    boss = UserFactory(is_superuser=True)
    merge_customers(records[0].customer_id, into_id=records[1].customer_id, by=boss)
    run_queued_jobs()
    assert tell_customers(one.pk, by=lead) == 0
    assert told().count() == 2


def test_what_was_withdrawn_before_the_worker_came_is_not_told(lead, published, open_page):
    one = published()
    tell_customers(one.pk, by=lead)
    withdraw(one.pk, by=lead)

    run_queued_jobs()

    assert not told().exists()


def test_the_link_stops_such_mail_and_votes_as_the_customer(
    client, lead, published, open_page, records
):
    one = published(kind="plan")
    tell_customers(one.pk, by=lead)
    run_queued_jobs()
    notice = PublicationNotice.objects.first()
    assert notice.token in notice.mail.body_text
    vote = reverse("analytics:vote_on", args=["en", one.pk])
    client.post(vote, {"do": "vote", "by": notice.token})
    client.cookies.clear()  # another browser of theirs
    client.post(vote, {"do": "vote", "by": notice.token})
    assert PublicationVote.objects.get().customer == notice.customer

    way_out = reverse("analytics:stop_publications", args=[notice.token])
    client.get(way_out)
    PublicationNotice.objects.exclude(pk=notice.pk).delete()
    assert people_to_tell(one).count() == 2
    client.post(way_out, {"List-Unsubscribe": "One-Click"})
    PublicationNotice.objects.all().delete()
    assert notice.customer not in people_to_tell(one)


def test_a_quote_stands_there_only_while_its_customer_agrees(
    client, lead, published, open_page, records
):
    one, record = published(), records[0]
    message = record.messages.get()
    message.text = "Water came out everywhere, my number is 13812345678."
    message.save()

    def ask(text):
        return ask_to_quote(one.pk, record.pk, text=text, by=lead, write=write_quote_request)

    for wrong in ("It was very good indeed.", message.text, "Water"):
        with pytest.raises(QuoteRefused):
            ask(wrong)
    quote = ask("Water came out everywhere")
    with pytest.raises(QuoteRefused):
        ask("Water came out everywhere")
    page = reverse("analytics:published_page", args=["en"])
    door = reverse("analytics:quote_consent", args=[quote.token])

    client.get(door)
    assert "came out everywhere" not in client.get(page).content.decode()
    client.post(door, {"answer": "yes"})
    assert "came out everywhere" in client.get(page).content.decode()
    client.post(door, {"answer": "no"})
    assert "came out everywhere" not in client.get(page).content.decode()
    assert PublicationQuote.objects.get().answered_at is not None


def test_pages_for_staff_show_how_many_and_ask(lead_client, published, team, open_page):
    one = published()
    address = reverse("analytics:tell_customers", args=[one.pk])

    assert "Send it to 3 people" in lead_client.get(address).content.decode()
    quotes = reverse("analytics:publication_quotes", args=[one.pk])
    assert lead_client.get(quotes).status_code == 200
    agent = client_of(member(Role.AGENT, team))
    assert agent.get(address).status_code == 403


def test_who_has_no_address_to_write_to_is_not_told(lead, published, open_page, records):
    one = published()
    records[0].customer.contact_points.filter(kind="email").update(value="nonsense")

    tell_customers(one.pk, by=lead)
    run_queued_jobs()

    assert told().count() == 2
    assert records[0].customer_id not in PublicationNotice.objects.values_list(
        "customer", flat=True
    )


def test_a_vote_of_nobody_and_one_by_the_mail_become_one(
    client, lead, published, open_page, records
):
    one, customer = published(kind="plan"), records[0].customer
    notice = PublicationNotice.objects.create(publication=one, customer=customer)
    door = reverse("analytics:vote_on", args=["en", one.pk])
    client.post(door, {"do": "vote"})
    PublicationVote.objects.create(publication=one, voter="of a phone", customer=customer)
    assert PublicationVote.objects.count() == 2

    client.post(door, {"do": "vote", "by": notice.token})

    assert PublicationVote.objects.get().customer == customer


def test_what_turned_out_to_be_spam_is_not_quoted(lead, published, open_page, records):
    one, record = published(), records[0]
    text = record.messages.get().text
    record.state = "spam"
    record.save()

    with pytest.raises(QuoteRefused, match="no evidence"):
        ask_to_quote(one.pk, record.pk, text=text, by=lead, write=write_quote_request)
