from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from feedback.enums import Channel, Metric, Priority, State
from feedback.models import Feedback, SLAClock, SLAEvent
from feedback.services.assignment import assign_feedback
from feedback.services.bulk import change_status_of_many
from feedback.services.calendars import set_special_day
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_priority
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.sla_watch import watch_clocks
from feedback.services.workflow import change_status, reopen_feedback, take_back_status
from tests.factories import FeedbackFactory, TeamFactory
from tests.feedback.sla.promises import (
    HOUR,
    WEDNESDAY,
    clock_of,
    live,
    shown,
    status,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def writes(feedback, **more):
    add_customer_message(feedback.pk, channel=Channel.EMAIL, text="还在漏水", **more)
    feedback.refresh_from_db()


def test_a_fresh_installation_promises_an_answer_to_urgent_feedback_within_24_hours_by_the_clock():
    feedback = FeedbackFactory(priority=Priority.URGENT)
    # … and the solution within three working days.
    assert live(feedback) == {"first_response": "19 09:00", "resolution": "20 18:00"}
    assert feedback.reply_due_at == feedback.received_at + timedelta(hours=24)


def test_the_promise_of_24_hours_does_not_wait_for_monday(clock):
    clock.move_to(WEDNESDAY + timedelta(days=3))  # Saturday
    feedback = FeedbackFactory(priority=Priority.HIGH)
    assert shown(clock_of(feedback).due_at) == "22 09:00"


def test_new_feedback_is_due_at_the_first_of_its_promises(promised):
    feedback = FeedbackFactory()
    assert live(feedback) == {"first_response": "18 14:30", "resolution": "19 18:00"}
    assert shown(feedback.reply_due_at) == "18 14:30"


def test_our_answer_keeps_the_promise_and_starts_the_clock_of_the_next_news(
    promised, agent, clock
):
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=1))
    send_reply(feedback.pk, by=agent, text="我们来修")

    first = clock_of(feedback)
    assert (first.state_at(timezone.now()), first.elapsed_seconds) == ("met", HOUR)
    assert live(feedback) == {"progress_update": "19 10:00", "resolution": "19 18:00"}


def test_news_for_the_customer_start_the_next_wait_for_news(promised, agent, clock):
    feedback = FeedbackFactory()
    send_reply(feedback.pk, by=agent, text="收到")
    clock.shift(timedelta(hours=5))
    send_reply(feedback.pk, by=agent, text="零件已订")

    rows = feedback.clocks.filter(metric=Metric.PROGRESS_UPDATE).order_by("pk")
    assert [row.met_at is not None for row in rows] == [True, False]
    assert rows[0].elapsed_seconds == 3.5 * HOUR  # 9 to 14 without lunch
    assert shown(rows[1].due_at) == "19 14:00"


# T60
def test_a_second_message_of_the_customer_does_not_reset_the_wait(promised, agent, clock):
    feedback = FeedbackFactory()
    send_reply(feedback.pk, by=agent, text="收到")
    clock.shift(timedelta(hours=1))
    writes(feedback)
    due = clock_of(feedback, Metric.NEXT_RESPONSE).due_at
    clock.shift(timedelta(hours=1))
    writes(feedback)

    assert clock_of(feedback, Metric.NEXT_RESPONSE).due_at == due
    assert shown(due) == "18 15:30"
    assert feedback.clocks.filter(metric=Metric.NEXT_RESPONSE).count() == 1


# T59
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WEB_FORM, Channel.CHAT, Channel.API])
def test_an_answer_of_the_customer_starts_the_wait_whatever_the_channel(promised, agent, channel):
    feedback = FeedbackFactory()
    send_reply(feedback.pk, by=agent, text="型号？", then=status("waiting-customer"))
    add_customer_message(feedback.pk, channel=channel, text="X3")
    assert clock_of(feedback, Metric.NEXT_RESPONSE).is_live


@pytest.mark.parametrize("kind", ["is_automatic", "is_third_party"])
def test_an_automatic_message_or_a_strangers_starts_no_clock(promised, agent, kind):
    feedback = FeedbackFactory()
    send_reply(feedback.pk, by=agent, text="收到")
    writes(feedback, **{kind: True})
    assert clock_of(feedback, Metric.NEXT_RESPONSE) is None


# T61
def test_an_internal_note_and_the_acknowledgement_are_no_answer(promised, agent):
    feedback = FeedbackFactory(acknowledge=True)
    add_note(feedback.pk, by=agent, text="急")
    assert clock_of(feedback).is_live


def test_the_second_answer_ends_the_second_wait_and_leaves_the_first_answer(
    promised, agent, clock
):
    feedback = FeedbackFactory()
    send_reply(feedback.pk, by=agent, text="收到")
    first = clock_of(feedback).met_at
    clock.shift(timedelta(minutes=10))
    writes(feedback)
    clock.shift(timedelta(minutes=20))
    send_reply(feedback.pk, by=agent, text="好")

    wait = clock_of(feedback, Metric.NEXT_RESPONSE)
    assert (wait.met_at, wait.elapsed_seconds) == (timezone.now(), 20 * 60)
    assert clock_of(feedback).met_at == first


def test_while_we_wait_for_the_customer_nothing_is_due(promised, agent, clock):
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=1))
    send_reply(feedback.pk, by=agent, text="型号？", then=status("waiting-customer"))
    feedback.refresh_from_db()

    assert feedback.reply_due_at is None
    assert {row.state_at(timezone.now()) for row in feedback.clocks.live()} == {"paused"}
    clock.shift(timedelta(days=9))
    assert watch_clocks() == 0


def test_hold_time_pushes_the_solution_and_not_by_nights_and_weekends(promised, agent, clock):
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=1))  # Wednesday 10:00, one hour used
    change_status(feedback.pk, status=status("waiting-third"), by=agent)
    clock.move_to(WEDNESDAY + timedelta(days=5))  # Monday 9:00
    change_status(feedback.pk, status=status("open"), by=agent)

    # 14 hours from Monday 9:00: 7.5 of them on Monday.
    assert shown(clock_of(feedback, Metric.RESOLUTION).due_at) == "24 17:00"


def test_hold_time_over_a_holiday_costs_only_its_working_days(promised, agent, clock):
    set_special_day(promised.calendar, date=(WEDNESDAY + timedelta(days=1)).date(), kind="holiday")
    feedback = FeedbackFactory()
    change_status(feedback.pk, status=status("waiting-third"), by=agent)
    clock.move_to(WEDNESDAY + timedelta(days=2))  # Friday 9:00; all of Wednesday was paused
    change_status(feedback.pk, status=status("open"), by=agent)
    assert (
        shown(clock_of(feedback, Metric.RESOLUTION).due_at) == "24 09:00"
        or shown(clock_of(feedback, Metric.RESOLUTION).due_at) == "23 18:00"
    )


# T56
def test_from_waiting_straight_to_resolved_keeps_the_hold_time(promised, agent, clock):
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=2))
    change_status(feedback.pk, status=status("waiting-third"), by=agent)
    clock.shift(timedelta(days=30))
    change_status(feedback.pk, status=status("resolved"), by=agent)

    solved = clock_of(feedback, Metric.RESOLUTION)
    assert solved.elapsed_seconds == 2 * HOUR
    assert solved.state_at(timezone.now()) == "met"


# T62
def test_reopened_goes_on_where_it_stopped_and_the_first_answer_stays(promised, agent, clock):
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=2))
    send_reply(feedback.pk, by=agent, text="好了", then=status("resolved"))
    met = clock_of(feedback).met_at
    clock.move_to(WEDNESDAY + timedelta(days=7))
    reopen_feedback(feedback.pk, by=agent)

    solution = clock_of(feedback, Metric.RESOLUTION)
    assert solution.is_live
    assert shown(solution.due_at) == "26 16:00"
    assert clock_of(feedback).met_at == met


def test_from_resolved_to_closed_keeps_the_first_solution(promised, agent, clock):
    feedback = FeedbackFactory()
    change_status(feedback.pk, status=status("resolved"), by=agent)
    solved = clock_of(feedback, Metric.RESOLUTION).met_at
    clock.shift(timedelta(days=3))
    change_status(feedback.pk, status=status("closed"), by=agent)
    assert clock_of(feedback, Metric.RESOLUTION).met_at == solved


def test_what_is_settled_without_an_answer_ends_its_clock_unmet(promised, agent):
    feedback = FeedbackFactory()
    change_status(feedback.pk, status=status("resolved"), by=agent)
    assert clock_of(feedback).state_at(timezone.now()) == "stopped"
    assert live(feedback) == {}


def test_who_writes_after_that_waits_anew(promised, agent, clock):
    feedback = FeedbackFactory()
    change_status(feedback.pk, status=status("resolved"), by=agent)
    clock.move_to(WEDNESDAY + timedelta(days=7))
    writes(feedback)
    assert live(feedback)["next_response"] == "25 14:30"
    assert "first_response" not in live(feedback)


# T67
def test_a_higher_priority_counts_from_the_original_start(agent, clock):
    feedback = FeedbackFactory(priority=Priority.NORMAL)
    clock.shift(timedelta(hours=10))
    set_priority(feedback.pk, by=agent, priority=Priority.URGENT)
    feedback.refresh_from_db()

    assert feedback.reply_due_at == feedback.received_at + timedelta(hours=24)
    line = feedback.timeline.last()
    assert [move["metric"] for move in line.data["moves"]] == ["first_response", "resolution"]
    assert SLAEvent.objects.filter(feedback=feedback, kind="moved").count() == 2


def test_a_recalled_answer_never_was(promised, agent, clock):
    feedback = FeedbackFactory()
    before = live(feedback)
    message = send_reply(feedback.pk, by=agent, text="好了", then=status("resolved"))
    recall_reply(message.pk, by=agent)
    feedback.refresh_from_db()

    assert live(feedback) == before
    assert shown(feedback.reply_due_at) == "18 14:30"


def test_a_change_of_status_that_is_undone_costs_no_time(promised, agent, clock):
    feedback = FeedbackFactory()
    before = live(feedback)
    clock.shift(timedelta(minutes=5))
    after = change_status(feedback.pk, status=status("waiting-third"), by=agent)
    clock.shift(timedelta(minutes=5))
    take_back_status(feedback.pk, by=agent, version=after.version)
    assert live(feedback) == before


# T58
@pytest.mark.parametrize("code", ["spam", "closed"])
def test_spam_and_closed_never_escalate(promised, agent, clock, code):
    feedback = FeedbackFactory()
    change_status(feedback.pk, status=status(code), by=agent)
    clock.shift(timedelta(days=30))

    assert live(feedback) == {}
    assert watch_clocks() == 0


# T58
def test_merged_never_escalates_and_goes_on_when_it_is_taken_apart(promised, agent, clock):
    other, feedback = FeedbackFactory(), FeedbackFactory()
    Feedback.objects.filter(pk=feedback.pk).update(merged_into=other)
    change_status(feedback.pk, status=status("merged"), by=agent)
    assert live(feedback) == {}

    clock.shift(timedelta(days=7))
    change_status(feedback.pk, status=status("open"), by=agent)
    assert live(feedback)["first_response"] == "25 14:30"


def test_spam_has_no_clocks_until_it_turns_out_to_be_none(promised, agent, clock):
    feedback = FeedbackFactory(is_spam=True)
    assert feedback.clocks.count() == 0
    clock.shift(timedelta(days=1))
    change_status(feedback.pk, status=status("open"), by=agent)
    assert clock_of(feedback).is_live


def test_moving_to_another_team_keeps_what_was_promised(promised, agent):
    feedback = FeedbackFactory()
    before = live(feedback)
    assign_feedback(feedback.pk, by=agent, assignee=None, team=TeamFactory())
    assert live(feedback) == before
    assert "moves" not in feedback.timeline.last().data


def test_a_bulk_change_goes_through_the_same_door(promised, agent):
    records = [FeedbackFactory() for _ in range(3)]
    change_status_of_many([one.pk for one in records], by=agent, status=status("waiting-third"))
    assert SLAClock.objects.live().filter(paused_at=None).count() == 0


def test_a_broken_calendar_never_stops_an_answer(promised, agent, caplog):
    feedback = FeedbackFactory()
    promised.calendar.windows.all().delete()
    send_reply(feedback.pk, by=agent, text="好")
    feedback.refresh_from_db()
    assert feedback.first_response_at is not None
    assert "cannot be reckoned" in caplog.text


# --- what the database keeps ------------------------------------------------------------------
def test_two_clocks_of_a_kind_never_run_on_one_record(promised):
    first = clock_of(FeedbackFactory())
    first.pk, first.started_at = None, first.started_at + timedelta(seconds=1)
    with pytest.raises(IntegrityError, match="one_running_clock_per_promise"):
        first.save()


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_events_of_promises_cannot_be_changed(promised, agent, verb):
    feedback = FeedbackFactory()
    clock = clock_of(feedback)
    event = SLAEvent.objects.create(
        clock=clock, feedback=feedback, kind="warned", due_at=clock.due_at
    )
    chosen = SLAEvent.objects.filter(pk=event.pk)
    with pytest.raises(ProgrammingError, match="feedback_slaevent"), transaction.atomic():
        chosen.update(kind="moved") if verb == "update" else chosen.delete()


def test_the_states_of_a_clock():
    feedback = FeedbackFactory(priority=Priority.URGENT)
    clock = clock_of(feedback)
    states = [
        clock.state_at(feedback.received_at + timedelta(hours=hours)) for hours in (1, 18, 24)
    ]
    assert states == ["running", "warned", "breached"]
    assert feedback.state == State.NEW
