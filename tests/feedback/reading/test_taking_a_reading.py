"""What the machine read is kept beside the record; what a person said is never written over."""

from dataclasses import replace

import pytest

from feedback.enums import Doubt, Mood, TimelineKind, Urgency
from feedback.models import Assessment, Category, Feedback, NearDuplicate
from feedback.selectors.story import story_of
from feedback.services.anonymising import anonymise_record
from feedback.services.assessing import Reading, take_reading, wait_for_reading
from feedback.services.assessment_reviews import as_it_stands, settle_review, take_back_review
from feedback.services.details import set_category
from feedback.services.routing import route_feedback
from tests.factories import FeedbackFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(db):
    return Category.objects.get(code="service-refund")


@pytest.fixture
def delivery(db):
    return Category.objects.get(code="service-delivery")


def sure(category, **more):
    return Reading(
        category_id=category.pk,
        category_confidence=0.97,
        is_sure=True,
        mood=Mood.NEGATIVE,
        sentiment=-70,
        **more,
    )


def test_a_sure_reading_gives_the_record_its_category_and_tells_it(refund):
    feedback = FeedbackFactory(category=None)
    take_reading(feedback.pk, sure(refund, urgency=2))
    feedback.refresh_from_db()
    assert feedback.category == refund
    assert (feedback.sentiment, feedback.sentiment_source) == (-70, "reading")
    assert Assessment.objects.get(pk=feedback.pk).is_applied
    told = [line.sentence for line in story_of(feedback)]
    assert (
        "Read by the machine: category Returns and refunds set (97 %); Negative; urgency: High"
        in told
    )


def test_a_doubtful_reading_only_proposes_and_waits_for_a_person(refund):
    feedback = FeedbackFactory(category=None)
    take_reading(
        feedback.pk,
        Reading(
            category_id=refund.pk, category_confidence=0.4, doubt=Doubt.CATEGORY, certainty=0.4
        ),
    )
    feedback.refresh_from_db()
    assert feedback.category is None
    assert [one.pk for one in Assessment.objects.to_review()] == [feedback.pk]


def test_who_gives_a_record_its_category_has_answered_the_doubt(refund):
    feedback = FeedbackFactory(category=None)
    take_reading(
        feedback.pk,
        Reading(
            category_id=refund.pk, category_confidence=0.4, doubt=Doubt.CATEGORY, certainty=0.4
        ),
    )
    set_category(feedback.pk, by=UserFactory(), category=refund)
    assert not Assessment.objects.to_review().exists()


def test_a_category_that_a_person_chose_stays(refund, delivery):
    feedback = FeedbackFactory(category=None)
    set_category(feedback.pk, by=UserFactory(), category=delivery)
    take_reading(feedback.pk, sure(refund))
    feedback.refresh_from_db()
    assert feedback.category == delivery


def test_a_category_that_a_person_took_away_stays_away(refund, delivery):
    feedback, person = FeedbackFactory(category=delivery), UserFactory()
    set_category(feedback.pk, by=person, category=None)
    take_reading(feedback.pk, sure(refund))
    feedback.refresh_from_db()
    assert feedback.category is None


def test_a_newer_reading_may_correct_an_older_one_but_not_a_reviewed_one(refund, delivery):
    feedback = FeedbackFactory(category=None)
    take_reading(feedback.pk, sure(refund))
    take_reading(feedback.pk, sure(delivery))
    feedback.refresh_from_db()
    assert feedback.category == delivery
    settle_review(feedback.pk, by=UserFactory(), category=delivery, mood=Mood.NEUTRAL)
    take_reading(feedback.pk, sure(refund))
    feedback.refresh_from_db()
    assert (feedback.category, feedback.sentiment) == (delivery, 0)
    kinds = list(feedback.timeline.values_list("kind", flat=True))
    assert kinds.count(TimelineKind.ASSESSED) == 1


def test_what_a_person_says_of_the_sentiment_stays(refund):
    feedback = FeedbackFactory()
    take_reading(feedback.pk, sure(refund))
    settle_review(feedback.pk, by=UserFactory(), mood=Mood.POSITIVE)
    take_reading(feedback.pk, sure(refund))
    feedback.refresh_from_db()
    assert (feedback.sentiment, feedback.sentiment_source) == (60, "person")


def test_near_duplicates_are_of_what_came_before(refund):
    first, second = FeedbackFactory(), FeedbackFactory()
    take_reading(second.pk, sure(refund, same_as=[(first.pk, 0.93)]))
    take_reading(first.pk, sure(refund, same_as=[(second.pk, 0.93)]))
    pairs = NearDuplicate.objects.values_list("feedback", "earlier")
    assert list(pairs) == [(second.pk, first.pk)]
    take_reading(second.pk, sure(refund))
    assert not NearDuplicate.objects.exists()


def test_a_record_read_since_it_came_goes_to_the_team_of_its_category(refund):
    team = TeamFactory()
    Category.objects.filter(pk=refund.pk).update(team=team)
    feedback = FeedbackFactory(category=None, team=None)
    take_reading(feedback.pk, sure(refund))
    route_feedback(feedback.pk)
    assert Feedback.objects.get(pk=feedback.pk).team == team


def test_routing_waits_for_a_reading_and_goes_on_without(refund):
    feedback = FeedbackFactory()
    assert not wait_for_reading(feedback.pk, seconds=0.1)
    take_reading(feedback.pk, sure(refund))
    assert wait_for_reading(feedback.pk, seconds=0.1)


def test_an_anonymised_record_keeps_no_words_of_its_reading(refund):
    feedback = FeedbackFactory()
    take_reading(
        feedback.pk, sure(refund, keywords=["王芳"], reasons={"category": [["王芳 退款", 1.0]]})
    )
    anonymise_record(feedback.pk, even_open=True)
    kept = Assessment.objects.get(pk=feedback.pk)
    assert (kept.keywords, kept.reasons, kept.mood) == ([], {}, Mood.NEGATIVE)


def test_every_review_counts_as_a_change_of_the_record(refund):
    feedback = FeedbackFactory()
    take_reading(feedback.pk, sure(refund, urgency=0))
    before = Feedback.objects.get(pk=feedback.pk).version
    settle_review(feedback.pk, by=UserFactory(), urgency=Urgency.HIGH)
    assert Feedback.objects.get(pk=feedback.pk).version == before + 1


def test_what_people_said_of_urgency_and_sentiment_outlasts_a_newer_reading(refund):
    feedback, person = FeedbackFactory(), UserFactory()
    take_reading(feedback.pk, sure(refund, urgency=0))
    settle_review(feedback.pk, by=person, urgency=Urgency.SOON)
    before = as_it_stands(feedback.pk)
    settle_review(feedback.pk, by=person, urgency=Urgency.NOW, mood=Mood.NEGATIVE)
    newer = replace(sure(refund, urgency=0), mood=Mood.POSITIVE, sentiment=70)
    take_reading(feedback.pk, newer)
    kept = Assessment.objects.get(pk=feedback.pk)
    assert (kept.urgency, kept.mood, kept.sentiment) == (Urgency.NOW, Mood.NEGATIVE, -70)
    version = Feedback.objects.get(pk=feedback.pk).version
    take_back_review(feedback.pk, before, by=person, version=version)
    take_reading(feedback.pk, newer)
    kept = Assessment.objects.get(pk=feedback.pk)
    assert (kept.urgency, kept.mood, kept.sentiment) == (Urgency.SOON, Mood.POSITIVE, 70)
