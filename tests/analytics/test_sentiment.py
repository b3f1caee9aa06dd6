import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.services.api_tokens import issue_token
from analytics.models import TextReading
from feedback.enums import Channel, Mood
from feedback.models import Category, Feedback, Message
from surveys.services.answering import submit_response
from tests.analytics.test_keywords import reading
from tests.factories import FeedbackFactory, TeamFactory
from tests.factories.surveys import call_back_survey, open_link

PAGE = reverse("analytics:sentiment")
SCORES = {Mood.NEGATIVE: -60, Mood.NEUTRAL: 0, Mood.POSITIVE: 60, Mood.UNDETERMINED: None}


def said(mood, *, aspects=None, ironic=False, language="zh", **fields):
    one = reading("送货 太慢", mood=mood, **fields)
    TextReading.objects.filter(pk=one.pk).update(
        sentiment=SCORES[mood],
        language=language,
        is_ironic=ironic,
        aspects={str(category.pk): score for category, score in (aspects or {}).items()},
    )
    return one


@pytest.fixture
def delivery(db):
    return Category.objects.create(code="delivery", name_zh="送货", name_en="Delivery")


@pytest.fixture
def price(db):
    return Category.objects.create(code="price", name_zh="价格", name_en="Price")


@pytest.fixture
def texts(team, delivery, price):
    for _text in range(6):
        said(Mood.NEGATIVE, aspects={delivery: -70, price: 40}, team=team, channel=Channel.EMAIL)
    said(Mood.NEUTRAL, aspects={delivery: -10}, team=team, channel=Channel.PHONE)
    said(Mood.POSITIVE, aspects={price: -30}, ironic=True, team=team, channel=Channel.PHONE)
    said(Mood.UNDETERMINED, team=team, channel=Channel.PHONE, language="en")
    for _text in range(20):
        said(Mood.POSITIVE, days=40, team=team)


def behind(client, url):
    return client.get(url).context["page"].paginator.count


def test_every_number_leads_to_as_many_texts(agent_client, texts):
    context = agent_client.get(PAGE).context

    tables = {group["name"]: group["rows"] for group in context["groups"]}
    assert [(row.texts, row.negative) for row in tables["Channel"]] == [(6, 6), (3, 0)]
    assert [(row.texts, row.negative) for row in tables["Language"]] == [(8, 6), (1, 0)]
    for row in [*context["aspects"], *tables["Channel"], *tables["Language"]]:
        assert behind(agent_client, row.url) == row.texts
        assert not row.negative or behind(agent_client, row.negative_url) == row.negative
    assert behind(agent_client, context["all_url"]) == 9
    assert behind(agent_client, context["negative_url"]) == 6
    assert behind(agent_client, context["ironic_url"]) == 1


def test_shares_are_of_texts_whose_sentiment_is_known(agent_client, texts):
    context = agent_client.get(PAGE).context

    assert context["share"] == ("75%", "40.9%–92.9%")  # Wilson of 6 of 8
    assert context["mean"][0] == "−38"  # (6 * -60 + 0 + 60) / 8
    assert context["change"].startswith("The share of negative texts is 75 points higher")


def test_the_worst_category_stands_first(agent_client, texts):
    rows = agent_client.get(PAGE).context["aspects"]

    found = [(row.name, row.texts, row.negative, row.mean) for row in rows]
    assert found == [("Delivery", 7, 6, "−61"), ("Price", 7, 1, "+30")]


def test_filters_choose_texts_and_unknown_ones_are_named(agent_client, texts):
    assert agent_client.get(PAGE, {"channel": "phone"}).context["whole"].texts == 3
    assert agent_client.get(PAGE, {"language": "zh"}).context["whole"].texts == 8
    assert "Nobody wrote anything" in agent_client.get(PAGE, {"source": "answers"}).text
    assert agent_client.get(PAGE, {"channel": "pigeon"}).status_code == 400


def test_nobody_counts_texts_of_records_they_may_not_see(outsider_client, texts):
    assert outsider_client.get(PAGE).context["whole"].texts == 0
    assert behind(outsider_client, reverse("analytics:sentiment_texts")) == 0


def test_personal_data_is_covered_in_the_list(agent_client, team):
    one = said(Mood.NEGATIVE, team=team)
    Message.objects.filter(pk=one.message_id).update(text="送货慢，打我电话 13812345678")

    page = agent_client.get(agent_client.get(PAGE).context["negative_url"]).text

    assert "送货慢" in page
    assert "13812345678" not in page


def test_the_figures_come_as_a_file(agent_client, texts):
    lines = b"".join(agent_client.get(PAGE, {"format": "csv"}).streaming_content).decode()

    assert "All texts,,9,6,1,1,0,1,1,0.75,0.4093,0.9285,-37.5," in lines
    assert "What is said of,Delivery,7,6,,,,,,0.8571," in lines


def test_programs_read_the_same_figures(agent_client, texts, delivery):
    answer = agent_client.get("/api/v1/sentiment/", {"channel": "email"})

    assert answer.status_code == 200
    found = answer.json()
    assert found["whole"]["negative"] == found["whole"]["share"]["n"] == 6
    assert found["aspects"][0]["category"] == delivery.pk
    assert sum(one["tally"]["texts"] for one in found["series"]) == 6
    assert agent_client.get("/api/v1/sentiment/", {"channel": "x"}).status_code == 400


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_asks_the_same_for_any_number_of_texts(
    agent_client, team, delivery, count, django_assert_num_queries
):
    for _text in range(count):
        said(Mood.NEGATIVE, aspects={delivery: -70}, team=team)
    agent_client.get(PAGE)

    with django_assert_num_queries(QUERIES_OF_PAGE):
        agent_client.get(PAGE)


QUERIES_OF_PAGE = 12


def test_answers_of_surveys_count_for_who_may_see_them(admin, admin_client):
    link = open_link(call_back_survey())
    answers = {"overall": 2, "solved": "no", "comment": "客服态度很差。"}
    response = submit_response(link.pk, answers=answers, language="zh-hans").response
    question = response.answers.exclude(text=None).get().question
    TextReading.objects.create(
        response=response,
        question=question,
        said_at=timezone.now(),
        mood=Mood.NEGATIVE,
        sentiment=-60,
        words=["态度"],
    )

    context = admin_client.get(PAGE, {"source": "answers"}).context
    assert context["whole"].negative == behind(admin_client, context["negative_url"]) == 1
    _token, secret = issue_token(user=admin, name="Till", scopes=["feedback:read"])
    asked = Client(headers={"authorization": f"Bearer {secret}"}).get("/api/v1/sentiment/")
    assert asked.json()["whole"]["texts"] == 0
    admin.groups.get().permissions.remove(Permission.objects.get(codename="view_response"))
    assert admin_client.get(PAGE).context["whole"].texts == 0


def test_a_text_that_was_split_off_counts_where_it_is_now(agent, agent_client, team, delivery):
    one = said(Mood.NEGATIVE, team=team)
    Feedback.objects.filter(pk=one.feedback_id).update(category=delivery)
    Message.objects.filter(pk=one.message_id).update(feedback=FeedbackFactory(team=TeamFactory()))
    assert agent_client.get(PAGE).context["whole"].texts == 0

    mine = FeedbackFactory(team=team, subject="Mine")
    Message.objects.filter(pk=one.message_id).update(feedback=mine)
    assert agent_client.get(PAGE).context["whole"].texts == 1
    assert agent_client.get(PAGE, {"category": delivery.pk}).context["whole"].texts == 0
    listed = agent_client.get(agent_client.get(PAGE).context["negative_url"]).content.decode()
    assert f"#{mine.number} Mine" in listed
