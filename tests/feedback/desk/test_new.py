"""What staff write down for a customer."""

import pytest
from django.urls import reverse

from accounts.models import ContactPoint, Customer, OutgoingMessage
from feedback.enums import Channel
from feedback.models import Category, Feedback
from tests.factories import CustomerFactory, TeamFactory

pytestmark = pytest.mark.django_db
NEW = reverse("feedback:new")


def call(**more):
    return {
        "submission_key": "k1",
        "channel": "phone",
        "text": "The pump hums all night.",
        "priority": "2",
        "language": "en",
        "take_it": "on",
    } | more


def test_a_call_becomes_a_record_of_the_caller(agent_client, agent):
    category = Category.objects.get(code="product-quality")
    data = call(name="韩梅梅", phone="138 1234 5678", category=category.code)

    response = agent_client.post(NEW, data)

    feedback = Feedback.objects.get()
    assert response.url == feedback.get_absolute_url()
    assert feedback.channel == Channel.PHONE
    assert feedback.subject == "The pump hums all night."
    assert (feedback.category, feedback.assignee) == (category, agent)
    assert feedback.customer.name == "韩梅梅"
    assert ContactPoint.objects.get().value == "13812345678"
    assert feedback.timeline.first().actor == agent
    assert OutgoingMessage.objects.count() == 0


def test_the_second_call_of_a_customer_is_theirs(agent_client):
    agent_client.post(NEW, call(name="韩梅梅", phone="13812345678"))
    agent_client.post(NEW, call(submission_key="k2", phone="+86 138-1234-5678"))

    assert Customer.objects.count() == 1
    assert Feedback.objects.count() == 2


def test_sent_twice_it_is_one_record_and_one_customer(agent_client):
    first = agent_client.post(NEW, call(name="A visitor"))
    second = agent_client.post(NEW, call(name="A visitor"))

    assert first.url == second.url
    assert (Feedback.objects.count(), Customer.objects.count()) == (1, 1)


def test_a_customer_is_chosen_from_those_who_match(agent_client):
    customer = CustomerFactory(name="Ada King")
    find = reverse("feedback:find_customer")

    assert "Ada King" in agent_client.get(find, {"who": customer.email[:9]}).content.decode()
    assert "Nobody is known by that" in agent_client.get(find, {"who": "zzz"}).content.decode()
    assert "Ada King" in agent_client.get(NEW, {"customer": customer.pk}).content.decode()

    agent_client.post(NEW, call(customer=customer.pk, acknowledge="on"))
    assert Feedback.objects.get().customer == customer
    assert OutgoingMessage.objects.get().to_address == customer.email


def test_find_without_a_script_keeps_what_was_typed(agent_client):
    CustomerFactory(name="Ada King")

    text = agent_client.post(NEW, call(find="1", who="ada")).content.decode()

    assert "Ada King" in text
    assert "The pump hums all night.</textarea>" in text
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "This field is required."),
        ({"name": ""}, "Say who it was"),
        ({"email": "not an address"}, "not an address that mail can be sent to"),
        ({"channel": "pigeon"}, "Select a valid choice"),
    ],
)
def test_bad_input_says_so_and_keeps_the_rest(agent_client, data, words):
    response = agent_client.post(NEW, call(**({"name": "Ada", "subject": "Pump"} | data)))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="Pump"' in response.content.decode()
    assert Feedback.objects.count() == 0


def test_an_address_of_somebody_else_is_refused(agent_client):
    other = CustomerFactory()

    response = agent_client.post(NEW, call(phone="13800000000", email=other.email))

    assert response.status_code == 422
    assert "already belongs to another customer" in response.content.decode()
    assert Customer.objects.count() == 1


def test_what_belongs_to_another_team_is_taken_down_and_handed_over(agent_client):
    category = Category.objects.get(code="service")
    category.team = TeamFactory()
    category.save(update_fields=["team"])

    response = agent_client.post(NEW, call(name="Ada", category="service"), follow=True)

    feedback = Feedback.objects.get()
    assert (feedback.team, feedback.assignee) == (category.team, None)
    assert f"Written down as #{feedback.number}" in response.content.decode()
