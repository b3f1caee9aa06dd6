"""Records drawn at random from all: what they say of the machine is true of everything, although
the doubtful are reviewed first."""

import random
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from analytics.enums import TextTask
from analytics.models import Review
from analytics.selectors.drawing import ids_of_drawn, next_drawn, not_drawn
from analytics.selectors.reading_quality import figures
from analytics.selectors.review_queue import EVERY, ReviewList, due_draw, next_to_review
from analytics.services.reviewing import review
from feedback.enums import Doubt, Mood
from feedback.models import Assessment, Feedback
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
PAGE = "/review/"
FIRST = 40_000_000  # ids of their own: the order of the draw is the same in every run


@pytest.fixture
def stream(team, refund, delivery):
    """240 records that were read: 60 surely, of which all but a few are right, and 180
    doubtfully, of which two in five are. Gives what each is."""
    rng = random.Random(6)
    sample = FeedbackFactory(team=team, category=None)
    kept = {one.attname: getattr(sample, one.attname) for one in Feedback._meta.concrete_fields}
    kept = {name: value for name, value in kept.items() if name not in {"id", "number"}}
    truth, rows, read = {}, [], []
    for pk in range(FIRST, FIRST + 240):
        is_sure = rng.random() < 0.25
        sure = rng.uniform(0.9, 1) if is_sure else rng.uniform(0.1, 0.7)
        truth[pk] = refund if rng.random() < sure else delivery
        rows.append(Feedback(**kept, pk=pk, number=pk))
        read.append(
            Assessment(
                feedback_id=pk, reader="category 1", category=refund, category_confidence=sure,
                certainty=sure, doubt="" if is_sure else Doubt.CATEGORY, mood=Mood.NEGATIVE,
            )
        )  # fmt: skip
    Feedback.objects.bulk_create(rows)
    Assessment.objects.bulk_create(read)
    return truth


def test_what_was_drawn_is_as_right_as_everything_is(stream, agent, refund):
    for done in range(160):
        drawn = due_draw(agent, ReviewList(), done)
        shown = drawn or next_to_review(agent, ReviewList())
        chosen = stream[shown.pk]
        if drawn:
            review(shown.pk, by=agent, category=chosen, is_drawn=True)
            continue
        Review.objects.create(
            feedback_id=shown.pk, task=TextTask.CATEGORY, reviewer=agent,
            predicted=str(refund.pk), chosen=str(chosen.pk),
        )  # fmt: skip
        Assessment.objects.filter(pk=shown.pk).update(reviewed_at=timezone.now())
    everything = sum(one == refund for one in stream.values()) / len(stream)
    said = Review.objects.filter(task=TextTask.CATEGORY)
    reviewed = said.filter(chosen=str(refund.pk)).count() / said.count()
    found = figures()[0].altogether
    assert found.n >= 40
    assert found.low <= everything <= found.high
    assert abs(found.value - everything) < 0.1 < everything - reviewed
    # No turn was left out: those that were reviewed since they were doubtful count in theirs.
    last = Assessment.objects.filter(pk__in=ids_of_drawn())
    assert found.n == last.count()
    assert not set(not_drawn(agent).values_list("pk", flat=True)) & ids_of_drawn()


def shown(client):
    page = client.get(PAGE).content.decode()
    number = re.search(r'action="/review/(\d+)/"', page)
    token = re.search(r'name="drawn" value="([^"]+)"', page)
    return number and int(number[1]), token[1] if token else "", page


def say(client, one, **said):
    return client.post(
        reverse("analytics:review_record", args=[one.feedback.number]),
        {"version": Feedback.objects.get(pk=one.pk).version, **said},
    )


def test_every_fifth_card_is_drawn_and_asks_for_everything(agent_client, agent, read, refund):
    for _each in range(EVERY // 2):
        review(read().pk, by=agent, category=refund)
    Review.objects.update(is_drawn=True)
    read(team=TeamFactory(), doubt="")
    sure = read(doubt="", certainty=0.97)
    number, token, page = shown(agent_client)
    assert number == sure.feedback.number
    assert "Drawn at random from everything that was read" in page
    assert say(agent_client, sure, drawn=token, mood="negative").status_code == 422
    say(agent_client, sure, drawn=token, choice=refund.pk, mood="negative", urgency=1)
    kept = Review.objects.filter(feedback=sure.pk, is_drawn=True, is_sample=False)
    assert {one.task for one in kept} == {"category", "sentiment", "urgency"}
    assert next_drawn(agent) is None


def test_nobody_can_say_that_what_they_chose_was_drawn(agent_client, agent, team, read, refund):
    other = client_of(member(Role.AGENT, team))
    for _each in range(EVERY // 2):
        review(read().pk, by=agent, category=refund)
    Review.objects.update(is_drawn=True)
    first, second = read(), read()
    _number, token, _page = shown(agent_client)
    drawn = next_drawn(agent)
    chosen = second if drawn.pk == first.pk else first
    say(agent_client, chosen, drawn=token, choice=refund.pk)
    say(other, drawn, drawn=token, choice=refund.pk)
    assert not Review.objects.filter(feedback__in=[first.pk, second.pk], is_drawn=True).exists()
