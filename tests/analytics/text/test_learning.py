"""Models of a company: from seed words on the first day, from decisions afterwards; a worse one is
not put to work, and one can go back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from accounts.models import PersonalDataRules
from analytics.enums import ModelState, TextTask
from analytics.models import ReadingRules, Review, TextModel
from analytics.rules.learning import FEWEST_TO_DECIDE, NEVER, threshold_of
from analytics.selectors.customers_choices import chosen_by_customers
from analytics.selectors.lessons import lessons_of, words_of_categories
from analytics.services import learning
from analytics.services.forgotten_words import forget_words_of_people
from analytics.services.learning import (
    go_back,
    learn,
    learn_what_is_due,
)
from analytics.services.readers import current_reader
from analytics.services.reading import read_feedback
from feedback.enums import Channel, Mood
from feedback.models import Assessment, Category, Feedback, Tag
from feedback.services.assessing import Reading, take_reading
from feedback.services.assessment_reviews import settle_review
from feedback.services.categories import save_category
from feedback.services.details import set_category
from tests.api.conftest import ApiClient
from tests.factories import FeedbackFactory, UserFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


def category(code):
    return Category.objects.get(code=code)


def proposed(text):
    feedback = FeedbackFactory(text=text, subject="-", category=None)
    assert read_feedback(feedback.pk)
    return Assessment.objects.select_related("category").get(pk=feedback.pk)


def test_a_new_company_gets_categories_from_names_and_seed_words_and_nothing_is_set_alone(db):
    model = learn(TextTask.CATEGORY)
    assert (model.state, model.version, model.threshold) == (ModelState.LIVE, 1, NEVER)
    assert proposed("快递三天了还没收到，物流也不更新").category.code == "service-delivery"
    found = proposed("I want my money back, you charged twice and refused the refund")
    assert found.category.code == "service-refund"
    assert not found.is_applied


def decided(number, texts):
    person = UserFactory()
    for at in range(number):
        for code, words in texts.items():
            feedback = FeedbackFactory(text=f"{words[at % len(words)]} {at}", category=None)
            set_category(feedback.pk, by=person, category=category(code))


TEXTS = {
    "service-delivery": ["包裹还没有到", "快递员把东西丢在门口", "物流三天没有更新"],
    "product-quality": ["机器一开就漏水", "屏幕不亮了", "用了两天就坏了"],
}


def test_what_people_decide_teaches_it():
    decided(12, TEXTS)
    model = learn(TextTask.CATEGORY)
    assert model.learned_from["decisions"] == 24
    assert model.metrics["n"] > 10
    assert proposed("快递员把包裹丢在楼下").category.code == "service-delivery"
    assert current_reader().name == "category 1"


def test_what_customers_choose_in_forms_is_a_hint_and_no_decision(boss_client):
    box = Category(code="gift-box", name_zh="礼盒", name_en="Gift boxes")
    save_category(box)
    delivery = category("service-delivery")
    chosen = [
        FeedbackFactory(text=f"丝带颜色和照片不一样 {at}", category=box, channel=Channel.WEB_FORM)
        for at in range(20)
    ]
    for at in range(20):  # a main category: which one below it is meant, the words say
        FeedbackFactory(
            text=f"快递员没有打电话 {at}", category=delivery.parent, channel=Channel.WEB_FORM
        )
    set_category(chosen[0].pk, by=UserFactory(), category=delivery)  # and one decision
    for _time in range(12):  # whoever says the same again teaches nothing more
        FeedbackFactory(text="丝带", subject="-", category=box, channel=Channel.WEB_FORM)

    hints = chosen_by_customers(words_of_categories())
    assert {label for _, label in hints} == {str(box.pk), str(delivery.pk)}
    assert sum("丝带" in text and "照片" not in text for text, _ in hints) == 1
    model = learn(TextTask.CATEGORY)
    assert model.learned_from["decisions"] == 1
    assert model.learned_from["by_customers"] == len(hints) > 30
    assert proposed("丝带的颜色不对").category == box
    page = boss_client.get(reverse("analytics:learning")).content.decode()
    assert "Chosen by customers" in page


def test_a_worse_model_is_refused_and_says_why():
    decided(60, TEXTS)
    learn(TextTask.CATEGORY)
    wrong = category("service-delivery"), category("product-quality")
    # Somebody sorts everything the wrong way round, but for what is kept apart.
    lessons = learning.lessons_of(TextTask.CATEGORY)
    for one in lessons:
        if not one.is_frozen:
            record = Feedback.objects.get(pk=one.feedback_id)
            other = wrong[0] if record.category == wrong[1] else wrong[1]
            Feedback.objects.filter(pk=record.pk).update(category=other)
    second = learn(TextTask.CATEGORY)
    assert second.state == ModelState.REFUSED
    assert "kept apart" in second.note
    assert TextModel.objects.live().get().version == 1


def test_one_can_go_back_to_an_earlier_model():
    first, second = learn(TextTask.CATEGORY), learn(TextTask.CATEGORY)
    assert TextModel.objects.live().get() == second
    go_back(first.pk)
    assert TextModel.objects.live().get() == first


def test_other_words_of_a_category_are_learned_at_once_and_nothing_twice(monkeypatch):
    assert [one.task for one in learn_what_is_due()] == [TextTask.CATEGORY]
    assert learn_what_is_due() == []
    refund = category("service-refund")
    refund.seed_words += ", 仅退款"
    save_category(refund)
    assert learn_what_is_due() == []
    later = timezone.localtime() + learning.BETWEEN * 2
    assert [one.version for one in learn_what_is_due(later)] == [2]


def test_who_only_says_how_it_sounds_teaches_no_category():
    feedback = FeedbackFactory(category=category("service-delivery"))
    Assessment.objects.create(feedback=feedback)
    settle_review(feedback.pk, by=UserFactory(), mood=Mood.NEGATIVE)
    assert lessons_of(TextTask.CATEGORY) == []
    settle_review(feedback.pk, by=UserFactory(), category=category("service-delivery"))
    assert [one.feedback_id for one in lessons_of(TextTask.CATEGORY)] == [feedback.pk]


def test_words_of_somebody_erased_are_kept_for_no_going_back():
    learn(TextTask.CATEGORY)
    second = learn(TextTask.CATEGORY)
    forget_words_of_people()
    first = TextModel.objects.get(version=1)
    assert bytes(first.file) == b""
    night = timezone.localtime().replace(hour=3) + timedelta(days=1)
    ReadingRules.objects.create(learns_by_itself=False)  # forgetting asks for nobody's leave
    assert [one.version for one in learn_what_is_due(night)] == [second.version + 1]
    second.refresh_from_db()
    assert (second.state, bytes(second.file)) == (ModelState.KEPT, b"")


def test_somebody_erased_while_a_model_is_taught_is_forgotten_by_the_next(monkeypatch):
    learn(TextTask.CATEGORY)
    lessons = learning.lessons_of

    def erased_meanwhile(task):
        forget_words_of_people()
        return lessons(task)

    monkeypatch.setattr(learning, "lessons_of", erased_meanwhile)
    assert "stale" in learn(TextTask.CATEGORY).learned_from
    monkeypatch.setattr(learning, "lessons_of", lessons)
    assert "stale" not in learn(TextTask.CATEGORY).learned_from


def test_where_nothing_is_left_to_learn_a_model_that_must_forget_goes():
    model = learn(TextTask.CATEGORY)
    TextModel.objects.filter(pk=model.pk).update(task=TextTask.SENTIMENT)
    assert learn(TextTask.SENTIMENT) is None
    assert TextModel.objects.live().exists()
    forget_words_of_people()
    assert learn(TextTask.SENTIMENT) is None
    assert not TextModel.objects.live().exists()
    assert bytes(TextModel.objects.get().file) == b""


def test_nothing_is_learned_of_numbers_of_the_company():
    PersonalDataRules.objects.create(in_lists=["own"], own_patterns="KD-######")
    record = FeedbackFactory(
        text="包裹 KD-483920 没有到", subject="KD-483920", category=category("service-delivery")
    )
    set_category(record.pk, by=UserFactory(), category=category("product-quality"))
    (lesson,) = lessons_of(TextTask.CATEGORY)
    assert "483920" not in lesson.text
    assert "包裹" in lesson.text


def test_what_a_model_remembers_of_a_removed_tag_is_not_proposed():
    feedback = FeedbackFactory()
    Tag.objects.create(name="VIP")
    take_reading(feedback.pk, Reading(tags=["VIP", "Wang Fang"]))
    assert Assessment.objects.get(pk=feedback.pk).tags == ["VIP"]


def test_sentiment_is_learned_from_reviews():
    person = UserFactory()
    words = {
        Mood.NEGATIVE: "滤芯发蓝光",
        Mood.POSITIVE: "滤芯发绿光",
        Mood.NEUTRAL: "请问滤芯型号",
    }
    for at in range(20):
        for mood, text in words.items():
            feedback = FeedbackFactory(text=f"{text} {at}")
            Review.objects.create(
                feedback=feedback,
                task=TextTask.SENTIMENT,
                predicted="",
                chosen=mood,
                reviewer=person,
            )
    model = learn(TextTask.SENTIMENT)
    assert model.state == ModelState.LIVE
    assert set(model.labels) == {"negative", "neutral", "positive"}


def test_nothing_is_decided_alone_before_enough_is_known():
    figures = {"coverage": {"95": {"coverage": 0.8, "threshold": 0.72}}}
    assert threshold_of(figures, FEWEST_TO_DECIDE - 1, 95) == NEVER
    assert threshold_of(figures, FEWEST_TO_DECIDE, 95) == 0.72
    assert threshold_of(figures, FEWEST_TO_DECIDE, None) == NEVER
    assert threshold_of({}, 1000, 95) == NEVER


# --- the page and the API ---------------------------------------------------------------------


@pytest.fixture
def boss_client(client, admin):
    client.force_login(admin)
    return client


def test_the_page_says_what_is_learned_and_what_is_missing(boss_client):
    url = reverse("analytics:learning")
    assert "No model yet" in boss_client.get(url).content.decode()
    learn(TextTask.CATEGORY)
    assert "50 more decisions, and it may decide alone" in boss_client.get(url).content.decode()


def test_the_page_draws_whether_a_model_is_as_sure_as_it_may_be(boss_client):
    model = learn(TextTask.CATEGORY)
    model.metrics = {"n": 50, "reliability": [{"confidence": 0.9, "accuracy": 0.6, "n": 50}]}
    model.save()
    page = boss_client.get(reverse("analytics:learning")).content.decode()
    assert "Is it as sure as it may be?" in page
    assert "90% sure, 60% right" in page


def test_learning_now_and_going_back_are_for_admins(boss_client, agent_client):
    first, second = learn(TextTask.CATEGORY), learn(TextTask.CATEGORY)
    address = reverse("analytics:go_back", args=[first.pk])
    assert agent_client.post(address).status_code == 403
    boss_client.post(address)
    assert TextModel.objects.live().get() == first
    assert boss_client.post(address).status_code == 404
    boss_client.post(reverse("analytics:learn_now"))
    run_queued_jobs()
    assert TextModel.objects.live().get().version == second.version + 1


def test_who_wants_more_right_has_less_decided_alone_at_once(boss_client):
    model = learn(TextTask.CATEGORY)
    TextModel.objects.filter(pk=model.pk).update(
        learned_from={"decisions": 500},
        metrics={"coverage": {"95": {"threshold": 0.7}, "98": {"threshold": 0.9}}},
    )
    asked = {"decides_alone": "on", "accuracy": "98", "sample_percent": "5"}
    boss_client.post(reverse("analytics:learning"), asked)
    assert TextModel.objects.live().get().threshold == 0.9
    boss_client.post(reverse("analytics:learning"), asked | {"decides_alone": ""})
    assert TextModel.objects.live().get().threshold == NEVER
    wrong = boss_client.post(reverse("analytics:learning"), asked | {"sample_percent": "80"})
    assert wrong.status_code == 422


def test_models_by_the_api(admin):
    program = ApiClient(admin, Scope.values)
    first = learn(TextTask.CATEGORY)
    learn(TextTask.CATEGORY)
    found = program.get("text-models/").json()["results"]
    assert [(one["version"], one["state"]) for one in found] == [(2, "live"), (1, "kept")]
    assert program.post(f"text-models/{first.pk}/back/", {}).json()["state"] == "live"
    assert program.post("text-models/learn/", {}).status_code == 204


def test_the_page_reads_the_newest_versions_and_the_one_at_work(db):
    for version in range(1, 13):
        state = ModelState.LIVE if version == 1 else ModelState.KEPT
        TextModel.objects.create(task=TextTask.CATEGORY, version=version, state=state)
    found = list(TextModel.objects.for_page(8))
    assert [one.version for one in found] == [*range(12, 4, -1), 1]
    assert not any(one.is_kept for one in found)
