"""Surveys asked on the phone by staff."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ContactKind, OutgoingState, Role
from accounts.models import ContactPoint, WebhookDelivery
from accounts.services.customers import find_or_create_customer
from accounts.services.webhook_events import make_due_deliveries
from accounts.services.webhooks import create_webhook
from surveys.enums import CallOutcome, CollectorChannel, InvitationState, ResponseStatus
from surveys.models import PhoneCall, Response
from surveys.services.phoning import call_next
from tests.conftest import client_of, member
from tests.factories import TeamFactory
from tests.factories.surveys import definition, mailing, make_survey, wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db):
    return member(Role.AGENT)


def two_pages():
    raw = definition()
    (page,) = raw["pages"]
    first, *rest = page["elements"]
    raw["pages"] = [
        {"code": "one", "elements": [first]},
        {"code": "two", "elements": rest},
    ]
    return raw


def somebody(name="王芳", phone="13800138000", email="wang@example.org"):
    customer = find_or_create_customer(
        kind=ContactKind.EMAIL, value=email, name=name, language="zh-hans"
    )
    ContactPoint.objects.create(customer=customer, kind=ContactKind.PHONE, value=phone)
    return customer


def hidden(page):
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_survey_is_asked_page_by_page_interrupted_and_finished(agent):
    survey, customer = make_survey(two_pages()), somebody()
    staff = client_of(agent)
    assert survey.title in staff.get(f"/surveys/enter/?customer={customer.pk}").content.decode()

    begun = staff.post(f"/surveys/{survey.slug}/phone/begin/", {"whom": f"customer:{customer.pk}"})
    first = staff.get(begun.url).content.decode()
    assert "王芳好，我是" in first
    assert agent.name in first
    assert "13800138000" in first

    staff.post(begun.url, hidden(first) | {"overall": "4", "go": "next"})
    second = staff.get(begun.url + "?p=two").content.decode()
    ended = {"go": "end", "outcome": "later", "note": "Door bell"}
    refused = staff.post(begun.url, hidden(second) | ended)
    assert refused.status_code == 422
    at = timezone.localtime() + timedelta(hours=3)
    staff.post(begun.url, hidden(second) | ended | {"again_at": f"{at:%Y-%m-%dT%H:%M}"})
    assert Response.objects.get().status == ResponseStatus.DRAFT
    assert "Door bell" in staff.get(f"/surveys/{survey.slug}/phone/").content.decode()

    # A colleague does not read what was noted with the answers of a team that is not theirs.
    Response.objects.update(team=TeamFactory())
    others = client_of(member(Role.AGENT)).get(f"/surveys/{survey.slug}/phone/").content.decode()
    assert customer.name in others
    assert "Door bell" not in others
    Response.objects.update(team=None)

    call = PhoneCall.objects.get()
    again = staff.post(f"/surveys/{survey.slug}/phone/begin/", {"whom": f"call:{call.pk}"})
    page = staff.get(again.url).content.decode()
    done = staff.post(again.url, hidden(page) | {"solved": "yes", "go": "next"}, follow=True)

    response = Response.objects.get()
    assert response.status == ResponseStatus.COMPLETE
    assert response.collector.channel == CollectorChannel.PHONE
    assert (response.customer, response.entered_by) == (customer, agent)
    assert response.source == {"mode": "phone"}
    assert response.answers.count() == 2
    assert response.reference in done.content.decode()
    assert [one.outcome for one in PhoneCall.objects.order_by("pk")] == ["later", "answered"]


def test_the_next_person_is_one_who_was_written_to_and_has_not_answered(agent):
    survey = make_survey()
    first, second = somebody(), somebody("李强", "13900139000", "li@example.org")
    wave(mailing(survey))
    invitation = survey.collectors.get(channel=CollectorChannel.EMAIL).invitations.get(
        customer=first
    )

    one, two = (call_next(survey.pk, by=agent) for _ in range(2))
    assert {one.customer, two.customer} == {first, second}
    assert call_next(survey.pk, by=agent) is None

    staff, mine = client_of(agent), one if one.customer == first else two
    url = f"/surveys/{survey.slug}/phone/{mine.pk}/"
    page = staff.get(url).content.decode()
    staff.post(url, hidden(page) | {"overall": "2", "solved": "no", "go": "next"})
    other = two if mine is one else one
    url = f"/surveys/{survey.slug}/phone/{other.pk}/"
    page = staff.get(url).content.decode()
    staff.post(url, hidden(page) | {"go": "end", "outcome": "no_answer"})

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.COMPLETED
    assert invitation.response.collector.channel == CollectorChannel.PHONE
    other.refresh_from_db()
    assert other.outcome == CallOutcome.NO_ANSWER
    assert other.again_at > timezone.now()
    assert call_next(survey.pk, by=agent) is None


def test_who_answers_gets_no_reminder_that_waits_and_their_story_says_what_was_asked(agent):
    survey, customer = make_survey(), somebody()
    create_webhook(
        by=None, name="Hub", url="https://hub.example/", event_types=["survey.invitation_sent"]
    )
    wave(mailing(survey))
    make_due_deliveries()
    told = json.loads(WebhookDelivery.objects.get().body)["data"]["invitation"]
    assert (told["survey"], told["wave"]) == (str(survey.slug), 1)
    (invitation,) = survey.collectors.get(channel=CollectorChannel.EMAIL).invitations.all()
    assert invitation.outgoing.state == OutgoingState.QUEUED

    call = call_next(survey.pk, by=agent)
    staff = client_of(agent)
    url = f"/surveys/{survey.slug}/phone/{call.pk}/"
    page = staff.get(url).content.decode()
    staff.post(url, hidden(page) | {"overall": "4", "solved": "yes", "go": "next"})

    invitation.outgoing.refresh_from_db()
    assert invitation.outgoing.state == OutgoingState.CANCELLED
    story = staff.get(f"/customers/{customer.pk}/").content.decode()
    assert "Was asked: A survey" in story
    assert "Was called about: A survey" in story


def test_calls_of_others_are_not_there(agent):
    survey = make_survey()
    theirs = PhoneCall.objects.create(survey=survey, agent=member(Role.AGENT), language="en")

    assert client_of(agent).get(f"/surveys/{survey.slug}/phone/{theirs.pk}/").status_code == 404


def test_what_is_said_first_is_written_for_each_survey(agent):
    survey, analyst = make_survey(), client_of(member(Role.ANALYST))
    url = f"/surveys/{survey.slug}/phone/script/"

    wrong = analyst.post(url, {"intro_zh": "{{ customer.shoe }}", "intro_en": "x"})
    analyst.post(url, {"intro_zh": "您好，{{ agent.name }}来电", "intro_en": "Hi"})

    assert "There is no variable" in wrong.content.decode()
    staff = client_of(agent)
    begun = staff.post(f"/surveys/{survey.slug}/phone/begin/", {"whom": "nobody"})
    assert f"您好，{agent.name}来电" in staff.get(begun.url).content.decode()


def test_the_list_of_calls_takes_as_many_queries_for_five_as_for_one(agent):
    survey = make_survey()
    staff = client_of(agent)
    wave(mailing(survey))

    def queries_with(numbers):
        for number in numbers:
            customer = somebody(f"C{number}", f"1380013800{number}", f"c{number}@example.org")
            PhoneCall.objects.create(
                survey=survey, agent=agent, customer=customer, language="en",
                outcome="busy", ended_at=timezone.now(),
            )  # fmt: skip
        staff.get(f"/surveys/{survey.slug}/phone/")  # what is asked once in a while is known
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(f"/surveys/{survey.slug}/phone/?who=C").content.decode()
        return page.count("The line was busy"), len(queries)

    (one, few), (five, many) = queries_with([0]), queries_with([1, 2, 3, 4])
    assert (one, five) == (1, 5)
    assert few == many <= 16
