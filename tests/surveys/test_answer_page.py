"""The page on which customers answer, as a browser and as a mail scanner meet it."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from feedback.models import Feedback
from surveys.enums import CollectorChannel, DuplicatePolicy, InvitationState
from surveys.flow.order import seed_of
from surveys.forms.sheet import Stamp
from surveys.models import Answer, Collector, Invitation, Response
from surveys.services.archiving import close_survey
from surveys.services.inviting import plan_call_back
from surveys.views.answer_ways import Way
from tests.factories import CustomerFactory, FeedbackFactory, MailboxFactory
from tests.factories.surveys import make_survey, open_link, sent
from tests.support.tables import everything_stored
from tests.surveys.test_rewards import make_reward

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    """Somebody with a link and nothing else; CSRF checks are on, as in a browser."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def invitation():
    return sent(FeedbackFactory(customer=CustomerFactory(language="en")))


def url_of(invitation, rest=""):
    return f"/a/{invitation.token}/{rest}"


def open_url(collector):
    return f"/a/c/{collector.token}/"


def stamp_in(response):
    return re.search(r'name="stamp" value="([^"]+)"', response.content.decode())[1]


def answer_by_page(client, url, **answers):
    stamp = stamp_in(client.get(url))
    return client.post(url, {"stamp": stamp, "language": "en", **answers})


def test_the_page_asks_every_question_in_the_customers_language(client, invitation):
    response = client.get(url_of(invitation))

    page = response.content.decode()
    assert response.status_code == 200
    assert response["Content-Language"] == "en"
    assert '<html lang="en"' in page
    assert "Overall, how satisfied are you" in page
    assert f"#{invitation.feedback.number}" in page
    assert page.count('type="radio"') == 4 * 5 + 3
    assert "csrfmiddlewaretoken" not in page
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_what_the_page_was_shuffled_by_is_kept_with_its_answers(client, invitation):
    stamp = stamp_in(client.get(url_of(invitation)))

    client.post(url_of(invitation), {"stamp": stamp, "overall": "4", "solved": "yes"})

    assert Response.objects.get().seed == seed_of(Stamp.read(stamp).nonce)


# T82
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("rest", ["", "?overall=4", "thanks/", "unsubscribe/", "?lang=zh-hans"])
def test_looking_changes_nothing_in_the_whole_database(client, invitation, method, rest):
    before = everything_stored()

    getattr(client, method)(url_of(invitation, rest), headers={"user-agent": "MailScanner"})

    assert everything_stored() == before


# T82
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_an_open_link_changes_nothing_either(client, method):
    collector = open_link()
    before = everything_stored()

    getattr(client, method)(open_url(collector))

    assert everything_stored() == before


def test_the_star_from_the_mail_is_chosen_and_said_to_be_unsent(client, invitation):
    page = client.get(url_of(invitation, "?overall=4")).content.decode()

    assert re.search(r'name="overall" value="4"\s+checked', page)
    assert page.count("checked") == 1
    assert "It is stored when you press" in page


@pytest.mark.parametrize("query", ["?overall=9", "?overall=x", "?overall=", "?comment=hi", "?x=1"])
def test_what_does_not_fit_is_not_preset(client, invitation, query):
    page = client.get(url_of(invitation, query)).content.decode()
    assert "checked" not in page
    assert ">hi<" not in page


def test_answers_are_stored_and_thanked_for(client, invitation):
    response = answer_by_page(
        client, url_of(invitation), overall="2", solved="no", comment="Still leaking"
    )

    assert response.status_code == 302
    page = client.get(response.url).content.decode()
    stored = Response.objects.get()
    assert stored.language == "en"
    assert stored.source == {"mode": "page"}
    assert Feedback.objects.get().satisfaction == 2
    assert stored.reference in page
    assert "Still leaking" in page
    assert f"We have taken up #{invitation.feedback.number} again." in page
    assert "A colleague will get in touch" in page
    assert invitation.feedback.status_token in page


def test_a_happy_customer_has_nothing_more_to_do(client, invitation):
    response = answer_by_page(client, url_of(invitation), overall="5", solved="yes")
    assert "nothing more for you to do" in client.get(response.url).content.decode()


def test_sending_twice_is_one_response_and_thanked_for_twice(client, invitation):
    url = url_of(invitation)
    stamp = stamp_in(client.get(url))
    data = {"stamp": stamp, "language": "en", "overall": "5"}

    first, second = client.post(url, data), client.post(url, data)

    assert first.url == second.url
    assert client.get(second.url).status_code == 200
    assert Response.objects.count() == 1


def test_faults_are_named_on_top_and_at_the_field_and_nothing_is_lost(client, invitation):
    response = answer_by_page(
        client, url_of(invitation), solved="partly", comment="A long <story>"
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'class="error-summary"' in page
    assert 'href="#q-overall-1"' in page
    assert 'id="q-overall-1"' in page
    assert 'id="q-overall-error"' in page
    assert re.search(r'value="partly"\s+checked', page)
    assert "A long &lt;story&gt;" in page
    assert not Response.objects.exists()


def test_changing_the_language_keeps_the_answers_and_stores_nothing(client, invitation):
    url = url_of(invitation)
    stamp = stamp_in(client.get(url))
    before = everything_stored()

    response = client.post(
        url,
        {
            "stamp": stamp,
            "language": "en",
            "switch_language": "zh-hans",
            "overall": "3",
            "comment": "hello",
        },
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="zh-hans"' in page
    assert "总的来说" in page
    assert re.search(r'name="overall" value="3"\s+checked', page)
    assert "hello</textarea>" in page
    assert "error-summary" not in page
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [
        ("?lang=zh-hans", "en", "zh-hans"),
        ("", "zh-hans", "zh-hans"),
        ("", "", "en"),
        ("?lang=fr", "", "en"),
    ],
)
def test_the_language_is_the_address_then_the_choice_then_the_customers(
    client, invitation, query, cookie, language
):
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get(url_of(invitation, query), headers={"accept-language": "zh-CN"})
    assert response["Content-Language"] == language


def test_an_open_link_speaks_the_browsers_language(client):
    collector = open_link()
    response = client.get(open_url(collector), headers={"accept-language": "zh-CN"})
    assert response["Content-Language"] == "zh-hans"


def kind_page(response, status):
    page = response.content.decode()
    assert response.status_code == status
    assert "Other ways to reach us" in page
    return page


def test_a_used_link_says_when_and_offers_another_way(client, invitation):
    MailboxFactory(address="help@huiyin.test")
    answer_by_page(client, url_of(invitation), overall="5")

    page = kind_page(client.get(url_of(invitation)), 410)

    assert "You have answered this survey" in page
    assert "mailto:help@huiyin.test" in page
    assert invitation.feedback.status_token in page


def test_an_expired_link_says_until_when(client, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "no longer valid" in kind_page(client.get(url_of(invitation)), 410)


def test_what_was_written_on_a_page_that_expired_meanwhile_is_given_back(client, invitation):
    stamp = stamp_in(client.get(url_of(invitation)))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    response = client.post(
        url_of(invitation),
        {"stamp": stamp, "language": "en", "overall": "1", "comment": "I waited three weeks."},
    )

    assert "I waited three weeks." in kind_page(response, 410)
    assert not Response.objects.exists()


def test_a_closed_survey_says_so(client, invitation):
    close_survey(invitation.collector.survey_id)
    assert "survey is closed" in kind_page(client.get(url_of(invitation)), 410)


def test_a_survey_that_has_not_begun_says_when_it_will(client):
    collector = open_link(opens_at=timezone.now() + timedelta(days=3))
    assert "has not begun yet" in kind_page(client.get(open_url(collector)), 410)


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "thanks/"),
        ("get", "unsubscribe/"),
        ("post", "unsubscribe/"),
    ],
)
def test_a_foreign_link_is_met_kindly(client, invitation, method, rest):
    token = f"{invitation.pk}-{'0' * 20}"
    response = getattr(client, method)(f"/a/{token}/{rest}")
    assert "We do not know this link" in kind_page(response, 404)


def test_links_of_collectors_that_are_not_open_lead_nowhere(client, invitation):
    for collector in Collector.objects.all():
        assert client.get(open_url(collector)).status_code == 404


def test_thanks_before_answering_leads_to_the_questions(client, invitation):
    assert client.get(url_of(invitation, "thanks/")).url == url_of(invitation)


def test_an_open_link_is_answered_and_thanked_for(client):
    collector = open_link()

    response = answer_by_page(client, open_url(collector), overall="4")

    stored = Response.objects.get()
    assert str(stored.key) in response.url
    assert stored.reference in client.get(response.url).content.decode()
    assert stored.is_counted


def test_an_open_link_sent_twice_is_one_response_and_opened_twice_is_two(client):
    url = open_url(open_link())
    stamp = stamp_in(client.get(url))
    for _ in range(2):
        client.post(url, {"stamp": stamp, "overall": "4"})
    assert Response.objects.count() == 1

    answer_by_page(client, url, overall="4")
    assert Response.objects.count() == 2


def test_a_forged_stamp_costs_nothing_but_another_press(client):
    url = open_url(open_link())

    response = client.post(url, {"stamp": "forged", "overall": "4", "comment": "kept"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "kept" in page
    assert client.post(url, {"stamp": stamp_in(response), "overall": "4"}).status_code == 302


def test_what_a_program_filled_in_does_not_count(client):
    answer_by_page(client, open_url(open_link()), overall="1", website="http://spam.example")
    assert Response.objects.get().is_counted is False


def test_many_answers_from_one_place_are_slowed_down_without_loss(client, monkeypatch):
    monkeypatch.setattr("surveys.views.answering.PER_VISITOR_AND_HOUR", 2)
    cache.clear()
    url = open_url(open_link())
    for _ in range(2):
        client.post(url, {"stamp": stamp_in(client.get(url)), "overall": "5"})

    fresh = stamp_in(client.get(url))
    response = client.post(url, {"stamp": fresh, "overall": "5", "comment": "me again"})

    assert response.status_code == 429
    assert "me again" in response.content.decode()


def test_the_limit_is_narrow_where_answers_are_rewarded_and_none_at_a_kiosk(client, monkeypatch):
    monkeypatch.setattr("surveys.views.answering.PER_VISITOR_AND_HOUR", 2)
    monkeypatch.setattr("surveys.views.answering.PER_VISITOR_AND_HOUR_REWARDED", 1)
    rewarded = open_link(make_reward().survey)
    over = open_link(make_reward(is_active=False).survey)
    kiosk = open_link(channel=CollectorChannel.KIOSK)

    def answered(link):
        sent = [answer_by_page(client, open_url(link), overall="5") for _ in range(3)]
        return [one.status_code for one in sent]

    assert answered(rewarded) == [302, 429, 429]
    assert answered(over) == [302, 302, 429]
    assert answered(kiosk) == [302, 302, 302]


def test_the_same_answers_sent_again_do_not_count_against_the_limit(client, monkeypatch):
    monkeypatch.setattr("surveys.views.answering.PER_VISITOR_AND_HOUR", 1)
    cache.clear()
    url = open_url(open_link())
    stamp = stamp_in(client.get(url))

    answers = [client.post(url, {"stamp": stamp, "overall": "5"}) for _ in range(3)]

    assert [one.status_code for one in answers] == [302, 302, 302]
    assert Response.objects.count() == 1


def test_once_a_browser_is_kept_by_a_cookie_only_where_the_survey_asks_for_it(client):
    url = open_url(open_link(duplicates=DuplicatePolicy.COOKIE))
    assert not client.get(url).cookies

    answer_by_page(client, url, overall="5")

    assert client.get(url).status_code == 410
    assert Client().get(url).status_code == 200


def test_a_kiosk_begins_anew_by_itself_and_lets_the_next_person_answer(client):
    kiosk = open_link(channel=CollectorChannel.KIOSK, duplicates=DuplicatePolicy.COOKIE)
    url = open_url(kiosk)
    page = client.get(url).content.decode()
    assert f'data-idle="{url}"' in page
    assert "data-leaves" not in page
    assert "data-leaves" in answer_by_page(client, url, comment="x").content.decode()

    assert not answer_by_page(client, url, overall="5").cookies
    client.cookies[Way(kiosk).cookie] = "1"  # of the time before it was a kiosk
    assert client.get(url).status_code == 200


def test_signing_off_shows_first_and_records_on_a_press(client, invitation):
    url = url_of(invitation, "unsubscribe/")
    assert "No more surveys?" in client.get(url).content.decode()
    assert not invitation.customer.consents.exists()

    response = client.post(url, {"language": "en"}, follow=True)

    assert "You will not get surveys" in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.OPTED_OUT
    feedback = FeedbackFactory(customer=invitation.customer)
    Feedback.objects.filter(pk=feedback.pk).update(state="resolved", resolved_at=timezone.now())
    assert plan_call_back(feedback.pk)[0].state == InvitationState.OPTED_OUT

    client.post(url, {"again": "1"})
    assert "No more surveys?" in client.get(url).content.decode()


def test_a_mail_program_signs_off_with_one_press(client, invitation):
    response = client.post(url_of(invitation, "unsubscribe/"), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert response.content == b""
    assert invitation.customer.consents.get().given is False


def test_who_signed_off_may_still_answer_this_one(client, invitation):
    client.post(url_of(invitation, "unsubscribe/"), {"List-Unsubscribe": "One-Click"})
    answer_by_page(client, url_of(invitation), overall="3")
    assert Answer.objects.get().number == 3


def test_the_page_weighs_less_than_50_kb_with_everything_it_loads(client, invitation):
    for query in ("", "?overall=4"):
        page = client.get(url_of(invitation, query)).content
        loaded = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
        assert any(name.endswith(".css") for name in loaded)
        # The page as it is, its files gzipped as WhiteNoise sends them.
        files = [Path(finders.find(name)).read_bytes() for name in loaded]
        weight = len(page) + sum(len(gzip.compress(file)) for file in files)
        assert weight < 50_000, (weight, sorted(loaded))
        assert not re.findall(r'(?:href|src)="(?:https?:)?//', page.decode())


def test_serving_the_page_costs_the_same_however_long_the_survey_is(
    client, invitation, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        client.get(url_of(invitation))
    short = make_survey()
    with django_assert_max_num_queries(5):
        client.get(open_url(open_link(short)))
