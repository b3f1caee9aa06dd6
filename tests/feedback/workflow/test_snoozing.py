"""A record put off until a time: out of the lists of work, back by itself, no promise waits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from feedback.enums import Channel, NoticeKind, State, TimelineKind
from feedback.errors import NotOpen, TimeHasPassed
from feedback.models import BusinessCalendar, Feedback, Notification, Status
from feedback.selectors.queue import queue_records, read_query
from feedback.selectors.snooze_times import snooze_times
from feedback.services.assignment import assign_feedback
from feedback.services.conversation import add_customer_message
from feedback.services.snoozing import snooze_feedback, wake_due, wake_feedback
from feedback.services.statuses import save_status
from feedback.services.workflow import change_status, take_back_status
from tests.api.conftest import ApiClient
from tests.factories import FeedbackFactory, UserFactory
from tests.feedback.sla.promises import WEDNESDAY

pytestmark = pytest.mark.django_db


def status(code):
    return Status.objects.get(code=code)


def in_days(days):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def record(agent, team):
    feedback = FeedbackFactory(team=team)
    return assign_feedback(feedback.pk, by=None, assignee=agent, team=team)


def numbers(view, user):
    return {one.number for one in queue_records(read_query(f"view={view}", user), user)}


def stored(record):
    return Feedback.objects.get(pk=record.pk)


def test_what_is_snoozed_leaves_the_lists_of_work_and_stays_in_its_own(record, agent):
    snooze_feedback(record.pk, by=agent, until=in_days(2))

    assert numbers("mine", agent) == numbers("open", agent) == set()
    assert numbers("snoozed", agent) == numbers("all", agent) == {record.number}


def test_being_snoozed_moves_no_promise(record, agent, clock):
    due = record.reply_due_at
    snooze_feedback(record.pk, by=agent, until=in_days(5))
    assert stored(record).reply_due_at == due
    clock.shift(timedelta(days=4))

    assert numbers("overdue", agent) == {record.number}  # missed is missed: listed all the same


def test_it_comes_back_once_with_a_line_and_a_word_to_whoever_takes_care(record, agent, clock):
    change_status(record.pk, status=status("waiting-third"), by=agent)
    snooze_feedback(record.pk, by=UserFactory(), until=in_days(1))
    clock.shift(timedelta(days=1, seconds=1))

    assert [wake_due(), wake_due()] == [1, 0]

    back = stored(record)
    assert (back.snoozed_until, back.status.code) == (None, "open")
    assert back.timeline.filter(kind=TimelineKind.SNOOZED, data__woke="time").count() == 1
    told = Notification.objects.filter(kind=NoticeKind.WOKE)
    assert [one.user for one in told] == [agent]
    assert numbers("mine", agent) == {record.number}


def test_it_goes_where_its_status_says_when_the_time_has_come(record, agent, clock):
    waiting = status("waiting-customer")
    waiting.next_status = status("resolved")
    save_status(waiting)
    change_status(record.pk, status=waiting, by=agent)
    snooze_feedback(record.pk, by=agent, until=in_days(7))
    clock.shift(timedelta(days=8))

    wake_due()

    assert stored(record).state == State.RESOLVED


def test_a_run_wakes_no_more_than_it_may(record, agent, clock):
    for one in (record, FeedbackFactory()):
        snooze_feedback(one.pk, by=agent, until=in_days(1))
    clock.shift(timedelta(days=2))

    assert [wake_due(at_most=1), wake_due(at_most=1), wake_due(at_most=1)] == [1, 1, 0]


@pytest.mark.parametrize("automatic", [True, False])
def test_a_customer_wakes_it_at_once_and_a_machine_does_not(record, agent, automatic):
    snooze_feedback(record.pk, by=agent, until=in_days(2))

    add_customer_message(
        record.pk, channel=Channel.WEB_FORM, text="Noch da?", is_automatic=automatic
    )

    assert (stored(record).snoozed_until is None) is not automatic


def test_a_change_of_status_ends_it_and_undoing_that_puts_it_back(record, agent):
    until = in_days(2)
    snooze_feedback(record.pk, by=agent, until=until)

    after = change_status(record.pk, status=status("resolved"), by=agent)
    assert stored(record).snoozed_until is None
    take_back_status(record.pk, by=agent, version=after.version)

    assert stored(record).snoozed_until == until
    assert stored(record).snoozed_by == agent


def test_only_open_records_and_only_times_to_come(record, agent):
    with pytest.raises(TimeHasPassed):
        snooze_feedback(record.pk, by=agent, until=in_days(-1))
    change_status(record.pk, status=status("resolved"), by=agent)
    with pytest.raises(NotOpen):
        snooze_feedback(record.pk, by=agent, until=in_days(1))


def test_the_times_offered_are_when_work_begins(clock):
    # Wednesday the 18th of November 2026, 9:00 in Shanghai; the calendar works from Monday on.
    BusinessCalendar.objects.filter(code="office").update(is_default=True)
    clock.move_to(WEDNESDAY + timedelta(days=2))  # a Friday

    hours, tomorrow, monday = (one.at for one in snooze_times(timezone.now()))

    assert hours == timezone.now() + timedelta(hours=3)
    assert tomorrow == datetime(2026, 11, 21, 1, tzinfo=UTC)  # Saturday: nobody works, nine
    assert monday == datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_an_agent_snoozes_from_the_record_and_takes_it_back(record, agent_client):
    url = reverse("feedback:change", args=[record.number, "snooze"])

    menu = agent_client.get(reverse("feedback:choices", args=[record.number, "snooze"]))
    assert "Next Monday" in menu.content.decode()
    agent_client.post(url, {"when": "tomorrow", "version": record.version})
    assert stored(record).snoozed_until is not None
    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert "snoozed until" in page
    agent_client.post(url, {"when": "wake"})

    assert stored(record).snoozed_until is None


@pytest.mark.parametrize("until", ["", "tomorrow-ish", "2020-01-01T09:00"])
def test_a_time_that_makes_no_sense_changes_nothing(record, agent_client, until):
    url = reverse("feedback:change", args=[record.number, "snooze"])

    answer = agent_client.post(url, {"when": "choose", "until": until}, follow=True)

    assert "Choose a" in answer.content.decode()
    assert stored(record).snoozed_until is None


def test_many_are_snoozed_from_the_queue_and_undone_together(record, agent, agent_client):
    other = FeedbackFactory(team=record.team)
    data = {"id": [record.pk, other.pk], "snooze": "monday", "list": "view=open"}

    answer = agent_client.post(reverse("feedback:bulk"), data, follow=True)
    page = answer.content.decode()

    assert "2 records changed" in page
    assert numbers("snoozed", agent) == {record.number, other.number}
    undo = page.split('action="/undo/')[1].split('"')[0]
    agent_client.post(f"/undo/{undo}")
    assert numbers("snoozed", agent) == set()


def test_programs_snooze_and_wake(record, agent):
    program = ApiClient(agent, Scope.values)
    until = in_days(3).isoformat()

    answer = program.post(f"feedback/{record.number}/snooze/", {"until": until})
    assert answer.json()["snoozed_until"] is not None
    assert len(program.get("feedback/?snoozed=true").json()["results"]) == 1
    assert program.post(f"feedback/{record.number}/wake/", {}).json()["snoozed_until"] is None


def test_waking_what_is_awake_changes_nothing(record, agent):
    assert wake_feedback(record.pk, by=agent).version == record.version
