"""Another model of categories holds for what came in before it, too: on the first day, when words
of categories are given, and whenever it has learned something."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.enums import TextTask
from analytics.models import TextModel
from analytics.services.learning import learn, learn_what_is_due
from analytics.services.reading import read_feedback
from analytics.services.reading_again import count_undecided, read_undecided_again
from feedback.enums import State
from feedback.models import Assessment, Category, Feedback
from feedback.services.categories import remove_category, save_category
from feedback.services.details import set_category
from tests.factories import FeedbackFactory, UserFactory

pytestmark = pytest.mark.django_db

LATE_PARCEL = "快递三天了还没收到，物流也不更新"


def read_without_a_model(**fields):
    feedback = FeedbackFactory(text=LATE_PARCEL, subject="-", category=None, **fields)
    assert read_feedback(feedback.pk)
    return feedback


def proposed(feedback):
    found = Assessment.objects.select_related("category").get(pk=feedback.pk)
    return found.category.code if found.category else None


def test_what_came_in_before_there_was_a_model_is_proposed_its_category_afterwards(db):
    waiting = [read_without_a_model() for _ in range(3)]
    assert {proposed(one) for one in waiting} == {None}
    assert read_undecided_again() == 0  # nothing knows more than before
    learn(TextTask.CATEGORY)
    assert count_undecided() == 3
    assert read_undecided_again() == 3
    assert {proposed(one) for one in waiting} == {"service-delivery"}
    assert (read_undecided_again(), count_undecided()) == (0, 0)


def test_what_a_person_sorted_and_what_was_settled_long_ago_stay_as_they_were_read(db):
    sorted_by_hand, settled, waiting = (read_without_a_model() for _ in range(3))
    price = Category.objects.get(code="experience-price")
    set_category(sorted_by_hand.pk, by=UserFactory(), category=price)
    months_ago = timezone.now() - timedelta(days=90)
    Feedback.objects.filter(pk=settled.pk).update(state=State.CLOSED, received_at=months_ago)
    learn(TextTask.CATEGORY)
    assert read_undecided_again() == 1
    assert [proposed(one) for one in (sorted_by_hand, settled)] == [None, None]
    assert proposed(waiting) is not None


def test_what_a_model_learned_from_unsorted_gets_a_proposal_only(db):
    waiting = read_without_a_model()
    model = learn(TextTask.CATEGORY)
    for unsorted, is_set in ((9, False), (0, True)):
        model.learned_from["unsorted"], model.threshold = unsorted, 0.0
        model.digest, model.live_since = f"other {unsorted}", timezone.now()
        TextModel.objects.filter(pk=model.pk).update(
            learned_from=model.learned_from,
            threshold=0.0,
            digest=model.digest,
            live_since=model.live_since,
        )
        assert read_undecided_again() == 1
        waiting.refresh_from_db()
        assert proposed(waiting) == "service-delivery"
        assert (waiting.category_id is not None) == is_set


def test_somebody_who_removes_all_categories_and_makes_others_does_not_wait_for_an_hour(db):
    for category in Category.objects.order_by("-path"):
        remove_category(category)
    assert learn_what_is_due() == []
    waiting = read_without_a_model()
    names = {"name_zh": "快递", "name_en": "Parcels"}
    save_category(Category(code="parcels", seed_words="物流, 没收到", **names))
    save_category(Category(code="prices", name_zh="价格", name_en="Prices", seed_words="太贵"))
    assert [one.task for one in learn_what_is_due()] == [TextTask.CATEGORY]
    read_undecided_again()
    assert proposed(waiting) == "parcels"
