"""Everything of one person, or of an organisation, on one page over all channels."""

import pytest
from django.urls import reverse

from accounts.enums import ContactKind, Scope
from accounts.models import Customer, CustomerNote, Organisation
from accounts.services.customer_tags import add_customer_note, set_customer_tags
from feedback.enums import Channel
from feedback.selectors.customer_story import story_of_customers
from feedback.selectors.customers import preference_of
from feedback.services.conversation import add_customer_message
from feedback.services.followup import plan_call_back
from feedback.services.replies import send_reply
from surveys.services.answering import submit_response
from tests.api.conftest import ApiClient
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(db):
    return CustomerFactory(organisation=Organisation.objects.create(name="Pump Ltd"))


def url_of(customer, name="customer"):
    return reverse(f"feedback:{name}", args=[customer.pk])


def test_the_page_tells_everything_over_all_channels_in_order(agent_client, agent, customer, team):
    record = FeedbackFactory(customer=customer, team=team, text="It leaks at the valve")
    send_reply(record.pk, by=agent, text="We come on Monday")
    plan_call_back(record, reason="low_score")
    add_customer_note(customer.pk, text="Prefers mornings", by=agent)
    asked = sent(FeedbackFactory(customer=customer, team=team), by=agent)
    answers = {"overall": 4, "solved": "yes", "comment": "Quick"}
    submit_response(asked.collector_id, answers=answers, language="en", invitation_id=asked.pk)
    FeedbackFactory(customer=customer, team=TeamFactory(), subject="Another team's")

    story = story_of_customers([customer.pk], agent)
    assert [one.at for one in story.moments] == sorted(
        (one.at for one in story.moments), reverse=True
    )
    page = agent_client.get(url_of(customer)).content.decode()
    for words in ("It leaks at the valve", "We come on Monday", "Prefers mornings", "Quick"):
        assert words in page
    assert "Another team's" not in page
    beside = agent_client.get(url_of(customer, "customer_story"), headers={"HX-Request": "true"})
    assert record.get_absolute_url() in beside.content.decode()


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_records(
    agent_client, agent, customer, team, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        record = FeedbackFactory(customer=customer, team=team)
        plan_call_back(record, reason="low_score")
        add_customer_note(customer.pk, text="x", by=agent)
    agent_client.get(url_of(customer))

    with django_assert_max_num_queries(19):
        agent_client.get(url_of(customer))


def test_what_is_older_is_on_the_next_page(agent, customer, team):
    for _ in range(3):
        FeedbackFactory(customer=customer, team=team)
    everything = story_of_customers([customer.pk], agent).moments

    first = story_of_customers([customer.pk], agent, limit=4)
    rest = story_of_customers([customer.pk], agent, before=first.older)

    assert [*first.moments, *rest.moments] == list(everything)


def test_what_they_said_beats_what_they_do(customer, team):
    assert preference_of(customer) is None
    record = FeedbackFactory(customer=customer, team=team, channel=Channel.PHONE)
    add_customer_message(record.pk, channel=Channel.PHONE, text="Me again")
    learned = preference_of(customer)
    assert (learned.label, learned.is_stated) == (ContactKind.PHONE.label, False)

    customer.preferred_channel = ContactKind.EMAIL

    assert preference_of(customer).is_stated


def test_notes_and_tags_are_written_on_the_page(agent_client, agent, customer):
    add_customer_note(customer.pk, text="Somebody else's", by=UserFactory())
    agent_client.post(url_of(customer, "customer_notes"), {"text": "Likes tea"})
    agent_client.post(url_of(customer, "customer_tags"), {"tags": "Pilot，pilot, abroad"})

    page = agent_client.get(url_of(customer)).content.decode()
    assert "Likes tea" in page
    assert sorted(tag.name for tag in customer.tags.all()) == ["Pilot", "abroad"]
    for note in CustomerNote.objects.all():  # only one's own goes
        agent_client.post(url_of(customer, "customer_notes"), {"remove": note.pk})
    assert [one.text for one in CustomerNote.objects.all()] == ["Somebody else's"]


def test_an_organisation_has_its_people_and_what_they_told(agent_client, customer, team):
    colleague = CustomerFactory(organisation=customer.organisation)
    FeedbackFactory(customer=colleague, team=team, subject="From the colleague")

    url = reverse("feedback:organisation", args=[customer.organisation_id])
    page = agent_client.get(url).content.decode()

    for words in (str(customer), str(colleague), "From the colleague"):
        assert words in page


def test_a_program_tags_notes_and_knows_organisations(customer):
    program = ApiClient(
        UserFactory(is_superuser=True), [Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE]
    )
    set_customer_tags(CustomerFactory().pk, ["abroad"])
    assert program.patch(f"customers/{customer.pk}/", {"tags": ["Pilot"]}).json()["tags"] == [
        "Pilot"
    ]
    found = program.get("customers/?tag=pilot").json()["results"]
    assert [one["id"] for one in found] == [customer.pk]
    made = program.post(f"customers/{customer.pk}/notes/", {"text": "Likes tea"})
    assert made.status_code == 201
    notes = program.get(f"customers/{customer.pk}/notes/").json()["results"]
    assert notes[0]["text"] == "Likes tea"
    pk = customer.organisation_id
    assert program.patch(f"organisations/{pk}/", {"note": "Big"}).json()["note"] == "Big"
    assert Customer.objects.get(pk=customer.pk).organisation.note == "Big"
