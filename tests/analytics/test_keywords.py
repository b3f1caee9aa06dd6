from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Tier
from accounts.models import CustomerTag, Team
from accounts.services.api_tokens import issue_token
from analytics.models import TextReading
from analytics.selectors import keyword_texts
from analytics.selectors import keywords as selector
from feedback.enums import Mood, Priority, ViewScope
from feedback.models import Feedback, Message, SavedView
from tests.factories import CustomerFactory, FeedbackFactory

PAGE, LIST = reverse("analytics:keywords"), reverse("analytics:keyword_texts")


def reading(words, *, mood=Mood.NEGATIVE, days=1, text="", **fields):
    """A text as the machine read it. Its message is what came in, or a further one."""
    feedback = FeedbackFactory(**fields)
    message = feedback.messages.get()
    if text:
        Message.objects.filter(pk=message.pk).update(text=text)
    TextReading.objects.filter(message=message).delete()
    return TextReading.objects.create(
        message=message,
        feedback=feedback,
        said_at=timezone.now() - timedelta(days=days),
        language="zh-hans",
        mood=mood,
        words=words.split(),
    )


@pytest.fixture
def texts(team):
    for _text in range(6):
        reading("送货 太慢 客服 态度 差", team=team)
        reading("客服 态度 差 送货 太慢", team=team)
        reading("包装 漂亮 送货 很快", mood=Mood.POSITIVE, team=team)
        reading("很快 送货 漂亮 包装", mood=Mood.POSITIVE, team=team)
    reading("发票 抬头 错", mood=Mood.NEUTRAL, days=40, team=team)


def rows(page):
    return {row.keyword.label: row.keyword.texts for row in page.context["rows"]}


def test_words_are_counted_and_lead_to_as_many_texts(agent_client, texts):
    page = agent_client.get(PAGE)

    of_twelve = dict.fromkeys(["太慢", "客服态度差", "包装", "漂亮", "很快"], 12)
    assert rows(page) == {"送货": 24, **of_twelve}
    for row in page.context["rows"]:
        behind = agent_client.get(row.url)
        assert behind.context["page"].paginator.count == row.keyword.texts


def test_what_sets_bad_texts_apart_stands_beside_what_sets_good_ones_apart(agent_client, texts):
    bad, good = agent_client.get(PAGE).context["groups"]

    assert bad["size"] == good["size"] == 12
    assert {one.label for one, *_rest in bad["rows"]} == {"太慢", "客服态度差"}
    assert {one.label for one, *_rest in good["rows"]} == {"包装", "漂亮", "很快"}
    _one, number, url, z = bad["rows"][0]
    assert z > 1.96
    assert agent_client.get(url).context["page"].paginator.count == number


def test_a_period_is_compared_with_the_one_before(agent_client, team):
    for _text in range(15):
        reading("退款 等", team=team)
        reading("发票 等", days=40, team=team)

    now, before = agent_client.get(PAGE, {"compare": "before"}).context["groups"]
    row = agent_client.get(PAGE).context["rows"][0].keyword

    assert [one.label for one, *_rest in now["rows"]] == ["退款"]
    assert [one.label for one, *_rest in before["rows"]] == ["发票"]
    assert row.is_news
    assert row.change.difference == 1


def test_filters_choose_texts_and_unknown_ones_are_named(agent_client, texts):
    assert rows(agent_client.get(PAGE, {"mood": "positive"}))["送货"] == 12
    assert rows(agent_client.get(PAGE, {"language": "en"})) == {}
    assert rows(agent_client.get(PAGE, {"mood": "positive", "compare": "rest"}))["送货"] == 12
    refused = agent_client.get(PAGE, {"category": "99999999"})
    assert refused.status_code == 400
    assert "99999999" in refused.content.decode()


def test_nobody_counts_texts_of_records_they_may_not_see(outsider_client, texts):
    assert "送货" not in outsider_client.get(PAGE).content.decode()
    assert outsider_client.get(LIST, {"word": "送货"}).context["page"].paginator.count == 0


def test_of_many_texts_the_newest_are_counted_once_in_five_minutes(
    agent_client, outsider_client, texts, monkeypatch
):
    monkeypatch.setattr(keyword_texts, "AT_MOST", 20)
    monkeypatch.setattr(selector, "COSTLY", 20)

    page = agent_client.get(PAGE, {"compare": "rest", "mood": "negative"})
    assert page.context["counted"].texts == 12
    assert page.context["counted"].sizes == (12, 12)
    assert "newest 20 of 24 texts" in agent_client.get(PAGE).content.decode()
    Feedback.objects.update(state="spam")

    assert agent_client.get(PAGE).context["counted"].texts == 20
    assert outsider_client.get(PAGE).context["counted"].texts == 0


def test_words_of_fewer_than_three_texts_may_be_names(agent_client, team):
    for words in ("送货 王小明", "送货 王小明", "送货"):
        reading(words, team=team)

    assert rows(agent_client.get(PAGE)) == {"送货": 3}


def test_texts_without_a_frequent_word_say_so_instead_of_an_empty_table(agent_client, team):
    for words in ("送货 太慢", "包装 漂亮"):
        reading(words, team=team)

    page = agent_client.get(PAGE)

    assert "No word stands in three of these texts" in page.content.decode()
    assert "All words" not in page.content.decode()


def test_spam_is_not_counted(agent_client, texts):
    Feedback.objects.update(state="spam")

    assert rows(agent_client.get(PAGE)) == {}


def test_personal_data_is_covered_in_the_list(agent_client, team):
    reading("送货", team=team, text="送货的打我电话 13812345678 了")

    page = agent_client.get(LIST, {"word": "送货"}).content.decode()

    assert "送货的打我电话" in page
    assert "13812345678" not in page


def test_the_table_comes_as_a_file(agent_client, texts):
    lines = b"".join(agent_client.get(PAGE, {"format": "csv"}).streaming_content).decode()

    assert "送货,24," in lines


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_asks_the_same_for_any_number_of_texts(
    agent_client, team, count, django_assert_num_queries
):
    for _text in range(count):
        reading("送货 太慢", team=team)
    agent_client.get(PAGE)
    agent_client.get(LIST)  # what is covered is read once and kept

    with django_assert_num_queries(QUERIES_OF_PAGE):
        agent_client.get(PAGE)
    with django_assert_num_queries(QUERIES_OF_LIST):
        agent_client.get(LIST, {"word": "送货"})


QUERIES_OF_PAGE, QUERIES_OF_LIST = 13, 9


def test_programs_count_words(agent_client, texts):
    answer = agent_client.get("/api/v1/keywords/", {"mood": "positive"})

    assert answer.status_code == 200
    found = {one["word"]: one["texts"] for one in answer.json()["words"]}
    assert found == dict.fromkeys(["送货", "包装", "漂亮", "很快"], 12)


def test_teams_narrow_the_words(admin_client, texts):
    other = Team.objects.create(name_zh="别组", name_en="Other")

    assert rows(admin_client.get(PAGE, {"team": other.pk})) == {}
    assert rows(admin_client.get(PAGE, {"team": "none"})) == {}


def test_two_saved_views_are_compared(agent_client, team):
    urgent, normal = (
        SavedView.objects.create(
            scope=ViewScope.EVERYONE,
            name_en=priority.name,
            view="open",
            filters={"priority": [str(int(priority))]},
        )
        for priority in (Priority.URGENT, Priority.NORMAL)
    )
    for _text in range(15):
        reading("漏水 厨房", team=team, priority=Priority.URGENT)
        reading("发票 抬头", team=team, priority=Priority.NORMAL)
        reading("包装 漂亮", team=team, priority=Priority.LOW)
    asked = {"view": urgent.pk, "compare": f"view-{normal.pk}"}

    page = agent_client.get(PAGE, asked)

    first, second = page.context["groups"]
    assert (first["size"], second["size"]) == (15, 15)
    assert {one.label for one, *_rest in first["rows"]} == {"漏水厨房"}
    assert {one.label for one, *_rest in second["rows"]} == {"发票抬头"}
    assert "“NORMAL”" in second["name"]
    assert agent_client.get(PAGE, {"view": 999_999}).status_code == 400
    assert agent_client.get(PAGE, {"compare": asked["compare"]}).status_code == 200


def side_numbers(client, page):
    """Of each word of both sides: the number that is shown and how many texts are behind it."""
    return [
        {one.label: (number, client.get(url).context["page"].paginator.count)
         for one, number, url, _z in side["rows"]}
        for side in page.context["groups"]
    ]  # fmt: skip


def test_any_two_groups_are_compared_and_both_sides_lead_to_their_texts(agent_client, team):
    key = CustomerFactory(tier=Tier.KEY)
    pilot = CustomerTag.objects.create(name="pilot")
    key.tags.add(pilot, CustomerTag.objects.create(name="abroad"))
    for _text in range(15):
        reading("漏水 厨房", team=team, channel="phone", days=40)
        reading("发票 抬头", team=team, customer=key)
        reading("包装 漂亮", team=team)
    others = {"compare": "group", "other_channel": "phone", "other_period": "90"}

    page = agent_client.get(PAGE, {"customer_tag": pilot.pk, "tier": "key", **others})

    assert side_numbers(agent_client, page) == [
        {"发票抬头": (15, 15)}, {"漏水厨房": (15, 15)},
    ]  # fmt: skip
    names = [side["name"] for side in page.context["groups"]]
    assert "Key customer" in names[0]
    assert "pilot" in names[0]
    assert "Phone" in names[1]
    lines = b"".join(page.client.get(f"{PAGE}?{page.context['choice'].query(format='csv')}"))
    assert "漏水厨房,0," in lines.decode()
    answer = agent_client.get("/api/v1/keywords/", {"tier": "key", **others}).json()
    assert answer["sizes"] == [15, 15]
    assert [(one["word"], one["in_second"]) for one in answer["second"]] == [("漏水厨房", 15)]


def test_without_days_of_its_own_a_group_has_those_of_the_others(agent_client, team):
    for _text in range(6):
        reading("漏水 厨房", team=team, channel="phone", days=40)
    asked = {"compare": "group", "other_channel": "phone"}

    def size(**days):
        return agent_client.get(PAGE, {**asked, **days}).context["groups"][1]["size"]

    reading("发票", team=team)
    assert size() == 0
    assert size(period="90") == 6
    assert size(period="90", other_period="30") == 0
    assert size(other_period="same", other_from="2020-01-01") == 0
    page = agent_client.get(PAGE, {**asked, "other_period": "30"})
    assert "other_period=30" in page.context["choosing"].periods[-1].url
    assert agent_client.get(PAGE, {**asked, "other_category": "999999"}).status_code == 400


def test_of_too_many_texts_the_lists_show_those_that_were_counted(
    agent_client, texts, monkeypatch
):
    monkeypatch.setattr(keyword_texts, "AT_MOST", 17)
    monkeypatch.setattr(keyword_texts, "COMPARED", 9)

    page = agent_client.get(PAGE)
    other = {"mood": "negative", "compare": "group", "other_mood": "positive"}
    groups = agent_client.get(PAGE, other)

    for row in page.context["rows"]:
        behind = agent_client.get(row.url)
        assert behind.context["page"].paginator.count == row.keyword.texts
        assert "newest 17 texts" in behind.content.decode()
    for sides in (side_numbers(agent_client, page), side_numbers(agent_client, groups)):
        assert all(said == there for side in sides for said, there in side.values())
    assert groups.context["groups"][1]["size"] == 9
    assert "newest 9" in groups.content.decode()


def test_customers_are_no_filter_for_who_may_not_see_them(agent, agent_client, texts):
    agent.groups.first().permissions.filter(codename="view_customer").delete()

    assert "customer_tag" not in agent_client.get(PAGE).content.decode()
    assert agent_client.get(PAGE, {"tier": "key"}).status_code == 400


def test_a_program_asks_about_customers_with_their_scope_alone(agent, team):
    saved = {"scope": ViewScope.EVERYONE, "view": "all", "filters": {"tier": ["key"]}}
    view = SavedView.objects.create(name_zh="重点", name_en="Key", **saved)
    _token, secret = issue_token(user=agent, name="Bot", scopes=["feedback:read"])
    program = Client(headers={"authorization": f"Bearer {secret}"})
    refused = [
        ("keywords", {"tier": "key"}),
        ("keywords", {"compare": "group", "other_customer_tag": "1"}),
        ("keywords", {"view": view.pk}),
        ("keywords", {"view": "1", "compare": f"view-{view.pk}"}),
        ("sentiment", {"tier": "key"}),
        ("topics", {"customer_tag": "1"}),
    ]

    for name, asked in refused:
        answer = program.get(f"/api/v1/{name}/", asked)
        assert (answer.status_code, "customer" in answer.content.decode()) == (400, True), asked
    assert program.get("/api/v1/keywords/", {"mood": "negative"}).status_code == 200


def test_a_text_goes_along_when_its_message_goes_to_another_record(agent_client, team):
    said = reading("漏水 厨房", team=team)
    elsewhere = FeedbackFactory(team=Team.objects.create(name_zh="别组", name_en="Other"))
    assert agent_client.get(PAGE).context["counted"].texts == 1

    Message.objects.filter(pk=said.message_id).update(feedback=elsewhere)

    said.refresh_from_db()
    assert said.feedback == elsewhere
    assert agent_client.get(PAGE).context["counted"].texts == 0
