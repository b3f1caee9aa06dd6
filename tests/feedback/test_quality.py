"""The quality of what is told: each reason counts, is explained, and can be asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactPoint
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import QualityReason
from feedback.models import Feedback, FeedbackQuality
from feedback.rules.quality import REASONS, WEIGHTS, Told, judge, letters_of
from feedback.selectors.queue import queue_records, queue_url, read_query
from feedback.services.followup import record_satisfaction
from feedback.services.search_index import index_what_changed
from tests.factories import CustomerFactory, FeedbackFactory, ProductFactory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FULL = (
    "11月20日下午3点安装师傅换了滤芯 RO-400 之后一直漏水，厨房积水约 2 升，"
    "已经是第 3 次了，请尽快派人处理，并把上次收的 120 元上门费退给我，谢谢。"
    "我把照片附在后面，接口处的垫圈好像装反了。"
)


def told(text=FULL, **more):
    return judge(Told(text=text, received_at=NOW, **more))


@pytest.mark.parametrize(
    ("reason", "text", "more"),
    [
        ("names_product", FULL, {"has_product": True}),
        ("names_order", FULL, {"has_order": True}),
        ("has_category", FULL, {"has_category": True}),
        ("names_place", FULL, {"has_place": True}),
        ("names_model", "My RO-400 leaks", {}),
        ("verified", FULL, {"is_verified": True}),
        ("known_customer", FULL, {"others_of_customer": 1}),
        ("same_text_elsewhere", FULL, {"same_elsewhere": 1}),
        ("said_before", FULL, {"said_before": 1}),
        ("burst", FULL, {"within_hour": 5}),
        ("contradiction", "非常满意，太好了", {"score": 1}),
        ("contradiction", "The worst shop ever", {"score": 5}),
        ("links", "http://a.example http://b.example", {}),
        ("no_words", "!!!! 1111", {}),
        ("some_length", "换了滤芯以后一直漏水厨房里到处都是水怎么办", {}),
        ("full_length", "漏水" * 40, {}),
        ("very_short", "不好", {}),
        ("says_when", "yesterday it broke", {}),
        ("says_how_much", "多收了 120 元", {}),
        ("says_what_is_wanted", "Please refund me", {}),
        ("has_files", FULL, {"files": 1}),
        ("fresh", "11月20日买的", {}),
        ("some_weeks_old", "2026-10-01 买的", {}),
        ("long_ago", "12月30日买的", {}),
        ("long_ago", "I bought it two years ago", {}),
    ],
)
def test_each_reason_counts_for_its_side(reason, text, more):
    quality = told(text, **more)

    assert reason in quality.reasons
    side, points = REASONS[reason]
    assert -100 <= points <= 100
    assert 0 <= getattr(quality, side) <= 100


def test_every_reason_has_words_and_the_weights_are_whole():
    assert set(REASONS) == set(QualityReason.values)
    assert sum(WEIGHTS.values()) == 100


def test_much_told_is_worth_more_than_little_and_copies_are_worth_less():
    full = told(has_product=True, has_order=True, files=1, is_verified=True)
    short = told("不好")
    copy = told(has_product=True, has_order=True, files=1, same_elsewhere=3, within_hour=9)

    assert full.score > 85
    assert short.score < 40
    assert copy.authentic < 40 < full.authentic


def test_a_day_that_is_still_to_come_and_no_day_at_all_say_nothing_about_age():
    for text in ("请在 2027-03-01 之前处理", "2月31日", "13月45日 99-99"):
        assert not {"fresh", "long_ago", "some_weeks_old"} & set(told(text).reasons)


@pytest.mark.parametrize(
    ("text", "letters"), [("漏水了", 3), ("the pump", 4), ("", 0), ("12 !", 0), ("买了iPhone", 4)]
)
def test_an_english_word_is_as_much_as_two_chinese_letters(text, letters):
    assert letters_of(text) == letters


def judged(feedback):
    index_what_changed()
    return FeedbackQuality.objects.get(pk=feedback.pk)


@pytest.mark.django_db
def test_a_record_is_judged_when_it_comes_and_again_when_more_is_known():
    feedback = FeedbackFactory(text="不好")
    before = judged(feedback)

    Feedback.objects.filter(pk=feedback.pk).update(order_number="A-1", product=ProductFactory())
    after = judged(feedback)

    assert "very_short" in before.reasons
    assert after.targeted == before.targeted + 60
    assert after.score > before.score


@pytest.mark.django_db
def test_a_rating_that_contradicts_the_words_is_noticed():
    feedback = FeedbackFactory(text="非常满意，太好了")
    assert "contradiction" not in judged(feedback).reasons

    record_satisfaction(feedback.pk, overall=1, solved=False)

    assert "contradiction" in judged(feedback).reasons


@pytest.mark.django_db
def test_copies_are_found_across_customers_however_they_are_written():
    first = FeedbackFactory(text="你们的滤芯一直漏水，ＲＯ４００ 太差！")
    other = FeedbackFactory(text="你们的滤芯 一直漏水 ro400 太差")
    own = FeedbackFactory(text="你们的滤芯一直漏水，RO400太差。", customer=first.customer)
    thanks = FeedbackFactory.create_batch(2, text="谢谢")

    assert not {"same_text_elsewhere", "said_before"} & set(judged(first).reasons)
    assert "same_text_elsewhere" in judged(other).reasons
    assert {"same_text_elsewhere", "said_before"} <= set(judged(own).reasons)
    assert "same_text_elsewhere" not in judged(thanks[1]).reasons


@pytest.mark.django_db
def test_many_from_one_person_within_an_hour_are_a_burst():
    customer = CustomerFactory()
    old = timezone.now() - timedelta(days=3)
    rows = [FeedbackFactory(customer=customer, received_at=old)]
    rows += [FeedbackFactory(customer=customer, text=f"第 {n} 个问题") for n in range(5)]

    assert [("burst" in judged(row).reasons) for row in rows] == [False] * 5 + [True]


@pytest.mark.django_db
def test_a_confirmed_address_counts():
    feedback = FeedbackFactory()
    ContactPoint.objects.filter(customer=feedback.customer).update(verified_at=timezone.now())

    assert "verified" in judged(feedback).reasons


@pytest.mark.django_db
def test_lists_and_conditions_can_ask_for_quality(agent, team):
    high = FeedbackFactory(
        team=team, text=FULL, product=ProductFactory(), order_number="A-1", place="天津"
    )
    low = FeedbackFactory(team=team, text="!!!!")
    FeedbackFactory(team=team)
    index_what_changed()
    FeedbackQuality.objects.exclude(pk__in=[high.pk, low.pk]).delete()

    def listed(**filters):
        state = read_query(queue_url(**filters).partition("?")[2], agent)
        return set(queue_records(state, agent).values_list("pk", flat=True))

    assert listed(quality="high") == {high.pk}
    assert listed(quality=["high", "low"]) == {high.pk, low.pk}
    condition = parse("quality < 40", vocabulary("feedback"))
    assert Feedback.objects.get(to_q(condition, Context(now=timezone.now()))) == low


@pytest.mark.django_db
def test_the_record_page_and_the_api_show_it(agent_client, team, django_assert_num_queries):
    feedback = FeedbackFactory(team=team, text="不好")
    url = feedback.get_absolute_url()
    assert 'id="record-quality"' not in agent_client.get(url).content.decode()

    score = judged(feedback).score
    page = agent_client.get(url).content.decode()

    assert f"{score} / 100" in page
    assert "very short (-20)" in page
    answer = agent_client.get(f"/api/v1/feedback/{feedback.number}/").json()
    assert answer["quality"] == score
