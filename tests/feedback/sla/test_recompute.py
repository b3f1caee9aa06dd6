from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.services.customers import change_customer
from feedback.enums import Channel, Metric
from feedback.models import Feedback, SLAClock, SLAEvent
from feedback.services.assignment import assign_feedback
from feedback.services.bulk import prioritise_many
from feedback.services.calendars import save_calendar
from feedback.services.details import add_tags
from feedback.services.sla_policies import remove_policy, save_policy
from feedback.services.sla_recompute import recompute_open_records, start_missing_clocks
from feedback.services.sla_watch import watch_clocks
from feedback.services.statuses import save_status
from feedback.services.workflow import change_status
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory
from tests.feedback.sla.promises import (
    clock_of,
    live,
    policy,
    promise,
    shown,
    status,
)
from tests.support.jobs import queued, run_queued_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


# T57
def test_an_edited_calendar_moves_what_is_open_and_leaves_what_is_settled(promised, agent):
    settled, feedback = FeedbackFactory(), FeedbackFactory()
    change_status(settled.pk, status=status("resolved"), by=agent)
    before = list(settled.clocks.order_by("pk").values())
    by_machine = ("routed", "assessed")
    lines = settled.timeline.exclude(kind__in=by_machine).count()

    save_calendar(promised.calendar, week=[((8 * 60, 10 * 60),)] * 7)
    run_queued_jobs()
    feedback.refresh_from_db()

    assert shown(feedback.reply_due_at) == "20 09:00"
    line = feedback.timeline.get(kind="sla")
    assert line.data["what"] == "moved"
    assert list(settled.clocks.order_by("pk").values()) == before
    assert settled.timeline.exclude(kind__in=by_machine).count() == lines


def test_an_edited_policy_leaves_open_forms_valid(promised):
    feedback = FeedbackFactory()
    save_policy(promised, promises=promise(Metric.FIRST_RESPONSE, 2))
    run_queued_jobs()
    after = Feedback.objects.get(pk=feedback.pk)

    assert shown(after.reply_due_at) == "18 11:00"
    assert after.version == feedback.version
    assert live(feedback) == {"first_response": "18 11:00"}  # the other promises are gone


def test_a_status_that_no_longer_stops_the_clock_counts_in_open_records(promised, agent):
    feedback = FeedbackFactory()
    waiting = status("waiting-third")
    change_status(feedback.pk, status=waiting, by=agent)
    waiting.pauses_clock = False
    save_status(waiting)
    run_queued_jobs()
    feedback.refresh_from_db()
    assert shown(feedback.reply_due_at) == "18 14:30"


# T57
def test_without_a_policy_nothing_is_due_and_nothing_escalates(promised, clock):
    feedback = FeedbackFactory()
    remove_policy(promised)
    run_queued_jobs()
    feedback.refresh_from_db()

    assert feedback.reply_due_at is None
    assert live(feedback) == {}
    clock.shift(timedelta(days=30))
    assert watch_clocks() == 0
    assert SLAEvent.objects.filter(feedback=feedback, kind="breached").count() == 0


def test_the_next_policy_takes_over_when_the_first_is_archived(promised):
    feedback = FeedbackFactory()
    again = policy(promise(Metric.FIRST_RESPONSE, 1))
    remove_policy(promised)
    run_queued_jobs()
    assert live(feedback) == {"first_response": "18 10:00"}
    assert clock_of(feedback).policy_id == again.pk


def test_recomputing_in_batches_reaches_every_open_record_once(promised):
    records = [FeedbackFactory() for _ in range(5)]
    save_policy(promised, promises=promise(Metric.FIRST_RESPONSE, 1))
    last, batches = 0, 0
    while last is not None:
        last, batches = recompute_open_records(last, limit=2), batches + 1

    assert batches == 3
    assert {live(one)["first_response"] for one in records} == {"18 10:00"}
    run_queued_jobs()  # and once more: nothing is told twice
    assert all(one.timeline.filter(kind="sla").count() == 1 for one in records)


def test_records_from_before_there_were_clocks_get_them_without_alarm(promised, clock):
    old, fresh = FeedbackFactory(), FeedbackFactory()
    SLAClock.objects.all().delete()
    Feedback.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=30))
    assert start_missing_clocks() == 2
    assert start_missing_clocks() == 0

    assert clock_of(old).breached_at is not None
    assert clock_of(fresh).breached_at is None
    assert watch_clocks() == 0
    assert SLAEvent.objects.count() == 0


def test_the_first_policy_that_fits_counts(promised):
    policy(promise(Metric.FIRST_RESPONSE, 1), applies_to="channel = phone")
    called, wrote = FeedbackFactory(channel=Channel.PHONE), FeedbackFactory()
    assert live(called) == {"first_response": "18 10:00"}
    assert live(wrote)["first_response"] == "18 14:30"


def test_a_record_that_changes_teams_goes_by_the_policy_of_the_new_one(promised, agent):
    team = TeamFactory()
    policy(promise(Metric.FIRST_RESPONSE, 1), applies_to=f"team = {team.pk}")
    feedback = FeedbackFactory()
    assign_feedback(feedback.pk, by=agent, assignee=None, team=team)

    assert live(feedback) == {"first_response": "18 10:00"}
    assert feedback.timeline.last().data["moves"][0]["why"] == "team"


def test_a_tag_can_bring_another_policy(promised, agent):
    add_tags(FeedbackFactory().pk, by=agent, names=["vip"])
    policy(promise(Metric.FIRST_RESPONSE, 1), applies_to='tag has "vip"')
    feedback = FeedbackFactory()
    add_tags(feedback.pk, by=agent, names=["vip"])
    assert live(feedback) == {"first_response": "18 10:00"}


def test_a_customer_who_becomes_key_is_promised_what_key_customers_are(promised, agent):
    policy(promise(Metric.FIRST_RESPONSE, 1), applies_to="customer.tier = key")
    run_queued_jobs()
    customer = CustomerFactory()
    waiting, settled = FeedbackFactory(customer=customer), FeedbackFactory(customer=customer)
    change_status(settled.pk, status=status("resolved"), by=agent)
    before = list(settled.clocks.order_by("pk").values())

    change_customer(customer.pk, tier="key")
    run_queued_jobs()

    assert live(waiting) == {"first_response": "18 10:00"}
    assert waiting.timeline.get(kind="sla").data["moves"][0]["why"] == "customer"
    assert list(settled.clocks.order_by("pk").values()) == before
    change_customer(customer.pk, note="Likes tea")  # what no promise depends on
    assert "feedback.tasks.settle_promises_to" not in {path for path, _ in queued()}


def test_a_policy_whose_condition_names_what_is_gone_is_not_applied(promised, caplog):
    team = TeamFactory()
    policy(promise(Metric.FIRST_RESPONSE, 1), applies_to=f"team != {team.pk}")
    team.delete()
    assert live(FeedbackFactory())["first_response"] == "18 14:30"
    assert "is not applied" in caplog.text


@contextmanager
def just_before_records_are_locked(do: Callable[[], Any]) -> Iterator[None]:
    done: list[bool] = []

    def look(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and '"feedback_feedback"' in sql and not done:
            done.append(True)
            do()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield
    assert done


@pytest.mark.parametrize("change", ["bulk", "recompute"])
def test_a_policy_saved_while_many_records_change_is_not_lost(promised, agent, change):
    """Its own reckoning may have gone before these records were locked."""
    feedback = FeedbackFactory()

    with just_before_records_are_locked(
        lambda: save_policy(promised, promises=promise(Metric.FIRST_RESPONSE, 1))
    ):
        if change == "bulk":
            prioritise_many([feedback.pk], by=agent, priority=3)
        else:
            recompute_open_records()

    assert live(feedback) == {"first_response": "18 10:00"}
