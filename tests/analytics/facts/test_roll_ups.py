"""What is rolled up day by day is what the records say, whatever is asked and whatever changed."""

import os
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role, Tier
from accounts.models import Customer
from analytics.charts.data import Step
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import FactName
from analytics.metrics.periods import last_days
from analytics.models import RollUp, RollUpMark, RollUpState
from analytics.selectors.facts.measuring import dimensions_of, measure, sums_behind
from analytics.selectors.facts.question import asked
from analytics.selectors.facts.rolled import Freshness, freshness
from analytics.services.rolling_up import build_everything, differences, roll_up_due
from feedback.enums import Channel, State
from feedback.models import Category, Feedback, SLAClock, Status
from feedback.services.workflow import resolve_feedback
from surveys.models import Answer, Response
from tests.analytics.facts.conftest import days_back
from tests.conftest import member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
# Random questions each time that something changed. ATTACKS=all: three times as many.
QUESTIONS = 250 if os.environ.get("ATTACKS") == "all" else 80


def random_question(dice: Random, year, values):
    """Any metric, by up to three dimensions, narrowed by up to two, over any days."""
    metric = dice.choice(list(METRICS.values()))
    known = list(dimensions_of(metric))
    by = dice.sample(known, dice.choice([0, 0, 1, 1, 1, 2, 3]))
    filters = {}
    for name in dice.sample(known, dice.choice([0, 0, 1, 1, 2])):
        seen = values[name]
        filters[name] = dice.sample(seen, min(len(seen), dice.choice([1, 1, 2])))
    last = dice.choice([0, 0, 0, 3, 30])
    days = dice.choice([1, 7, 30, 90, 365])
    step = dice.choice([None, None, *Step]) if days < 100 else dice.choice([None, Step.MONTH])
    return asked(metric.key, days_back(year, days, last), by=by, step=step, filters=filters)


def values_seen(admin, year):
    """Values of every dimension, with “without any”."""
    found = {}
    for metric in METRICS.values():
        for name in dimensions_of(metric):
            if name not in found or len(found[name]) < 2:
                answer = measure(admin, asked(metric.key, days_back(year, 500), by=[name]))
                found[name] = [None, *sorted({r.keys[0] for r in answer.groups} - {None}, key=str)]
    return found


def things_happen(dice: Random) -> None:
    """Single and many, by the ORM and with plain SQL: whatever writes, the marks are made."""
    records = list(Feedback.objects.order_by("pk"))
    for record in dice.sample(records, 8):
        Feedback.objects.filter(pk=record.pk).update(
            channel=dice.choice(Channel.values), sentiment=dice.randint(-100, 100)
        )
    some = [one.pk for one in dice.sample(records, 30)]
    Feedback.objects.filter(pk__in=some).update(category=dice.choice(list(Category.objects.all())))
    done = Status.objects.default_for(State.RESOLVED)
    open_ones = Feedback.objects.open().values_list("pk", flat=True)[:5]
    Feedback.objects.filter(pk__in=list(open_ones)).update(
        state=State.RESOLVED, status=done, resolved_at=timezone.now()
    )
    moved = dice.choice(records)
    Feedback.objects.filter(pk=moved.pk).update(received_at=moved.received_at - timedelta(days=9))
    FeedbackFactory(channel=Channel.CHAT)
    Customer.objects.filter(pk=dice.choice(records).customer_id).update(tier=Tier.KEY)
    SLAClock.objects.filter(pk__in=SLAClock.objects.values("pk")[:3]).update(
        met_at=timezone.now(), stopped_at=None, check_at=None
    )
    Answer.objects.filter(pk__in=Answer.objects.filter(number__gt=0).values("pk")[:3]).update(
        number=2
    )
    Response.objects.filter(pk__in=Response.objects.values("pk")[:1]).update(is_counted=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_feedback SET team_id = NULL WHERE id % 17 = 3")


def disagreements(admin, questions) -> list:
    fast = sums_behind(admin, questions, freshness())
    slow = sums_behind(admin, questions, Freshness())  # nothing is rolled up
    return [
        question
        for question, one, other in zip(questions, fast, slow, strict=True)
        if [without_nothing(part) for part in one] != [without_nothing(part) for part in other]
    ]


def without_nothing(found):
    """Groups of which there is none are the same as groups that are not there."""
    told = {group: (sums.counts, sums.cells) for group, sums in found.items()}
    return {group: sums for group, sums in told.items() if any(sums[0].values()) or sums[1]}


def test_roll_ups_say_what_records_say(year):
    admin, dice = member(Role.ADMIN), Random(3)
    values = values_seen(admin, year)
    build_everything()
    assert set(RollUpState.objects.values_list("fact", flat=True)) == set(FactName)
    assert differences() == []

    for changes in range(4):  # first nothing changed, then more and more, partly rolled up again
        if changes:
            things_happen(dice)
            assert RollUpMark.objects.exists()
        questions = [random_question(dice, year, values) for _ in range(QUESTIONS)]
        assert disagreements(admin, questions) == []
        if changes == 2:
            roll_up_due()
            assert not RollUpMark.objects.exists()
            assert differences() == []
    roll_up_due()
    kept = list(RollUp.objects.order_by("fact", "grouping", "day", "a", "b").values_list())
    build_everything()
    again = list(RollUp.objects.order_by("fact", "grouping", "day", "a", "b").values_list())
    assert [row[1:] for row in again] == [row[1:] for row in kept]


def marks():
    found = sorted({(one.fact, one.hour) for one in RollUpMark.objects.all()})
    RollUpMark.objects.all().delete()
    return [fact for fact, _hour in found]


def test_only_what_figures_depend_on_marks_a_day(clock, agent):
    record = FeedbackFactory(channel=Channel.EMAIL)
    row = Feedback.objects.filter(pk=record.pk)
    assert marks() == ["received"]

    row.update(version=7, subject="?", last_customer_message_at=timezone.now())
    assert marks() == []
    row.update(channel=Channel.EMAIL)  # as it was
    assert marks() == []
    row.update(channel=Channel.CHAT)
    assert marks() == ["received"]
    row.update(first_response_at=timezone.now(), last_staff_message_at=timezone.now())
    assert marks() == ["answered"]
    resolve_feedback(record.pk, by=agent)
    assert set(marks()) >= {"received", "resolved"}
    row.update(received_at=timezone.now() - timedelta(days=40))
    assert set(marks()) == {"received", "answered", "resolved"}
    Customer.objects.filter(pk=record.customer_id).update(name="李")
    assert marks() == []
    Customer.objects.filter(pk=record.customer_id).update(tier=Tier.KEY)
    assert set(marks()) >= {"received", "answered", "resolved"}


def test_a_page_reads_days_and_not_records(clock):
    FeedbackFactory(channel=Channel.EMAIL)
    admin = member(Role.ADMIN)
    clock.shift(timedelta(days=2))
    period = last_days(30, timezone.localdate() - timedelta(days=1))  # it is over
    build_everything()
    with CaptureQueriesContext(connection) as asked_of:
        answer = measure(admin, asked("volume", period, by=["channel"], filters={"team": [None]}))
    assert answer.total.value == 1
    statements = [one["sql"] for one in asked_of if "feedback_feedback" in one["sql"]]
    assert statements == []

    with override_settings(TIME_ZONE="America/New_York"):
        assert freshness() == Freshness()  # other days: nothing fits
