import pytest

from feedback.enums import Doubt, Mood
from feedback.models import Assessment, Category, Tag
from feedback.services.assessing import Reading, take_reading
from tests.factories import FeedbackFactory


@pytest.fixture
def refund(db):
    return Category.objects.get(code="service-refund")


@pytest.fixture
def delivery(db):
    return Category.objects.get(code="service-delivery")


@pytest.fixture
def read(refund, delivery, team):
    """Makes a record of `team` that was read; doubtful unless told otherwise."""

    def make(text="退款还没到", **more):
        certainty = more.pop("certainty", 0.45)
        given = {
            "reader": "category 7, sentiment 3",
            "language": "zh",
            "category_id": refund.pk,
            "category_confidence": certainty,
            "alternatives": [(refund.pk, certainty), (delivery.pk, 0.3)],
            "mood": Mood.NEGATIVE,
            "sentiment": -70,
            "sentiment_confidence": 0.8,
            "urgency": 1,
            "urgency_confidence": 0.7,
            "reasons": {"category": [("退款", 1.5)], "sentiment": [("没到", 0.8)]},
            "doubt": Doubt.CATEGORY,
            "certainty": certainty,
        }
        for name in more.get("tags", ()):
            Tag.objects.get_or_create(name=name)
        feedback = FeedbackFactory(category=None, team=more.pop("team", team), text=text)
        take_reading(feedback.pk, Reading(**given | more))
        return Assessment.objects.select_related("feedback").get(pk=feedback.pk)

    return make
