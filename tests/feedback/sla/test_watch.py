import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from accounts.enums import OutgoingKind, Role
from accounts.models import Membership, OutgoingMessage
from feedback import tasks
from feedback.enums import EscalationKind, MailWhen, Metric, NoticeKind, Priority
from feedback.models import Feedback, Notification, SLAEvent
from feedback.services import sla_watch
from feedback.services.details import set_priority
from feedback.services.notifying import (
    MAIL_AFTER,
    choose_notifications,
    mail_due_notifications,
)
from feedback.services.replies import send_reply
from feedback.services.sla_watch import watch_clocks
from feedback.services.workflow import change_status
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.feedback.sla.promises import (
    WEDNESDAY,
    clock_of,
    on_breach,
    on_warning,
    policy,
    promise,
    status,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday(request, clock):
    if request.node.get_closest_marker("django_db") is not None:
        clock.move_to(WEDNESDAY)


@pytest.fixture
def lead(team):
    user = UserFactory(team=team, language="en")
    Membership.objects.filter(user=user).update(is_lead=True)
    return user


def events(feedback):
    return list(
        SLAEvent.objects.filter(feedback=feedback).order_by("pk").values_list("kind", flat=True)
    )


def mail():
    return OutgoingMessage.objects.filter(kind=OutgoingKind.NOTIFICATION)


def told(person):
    rows = Notification.objects.filter(user=person).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_warning_comes_before_and_the_breach_once_the_time_is_over(clock):
    policy(promise(hours=4))
    feedback = FeedbackFactory()
    assert watch_clocks() == 0
    clock.shift(timedelta(hours=3))  # 12:00: three of four working hours
    assert (watch_clocks(), events(feedback)) == (1, ["warned"])
    clock.shift(timedelta(hours=2, minutes=30))  # 14:30
    assert (watch_clocks(), events(feedback)) == (1, ["warned", "breached"])

    one = clock_of(feedback)
    assert one.breached_at == one.due_at
    line = feedback.timeline.last()
    assert (line.kind, line.data["what"]) == ("sla", "breached")


# T66
def test_each_is_said_once_however_often_somebody_looks(clock, team, lead):
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    feedback = FeedbackFactory(team=team)
    clock.shift(timedelta(hours=2))
    for _ in range(3):
        watch_clocks()
        tasks.watch_promises()

    assert events(feedback) == ["breached", "escalated"]
    assert told(lead) == ["escalated"]


def test_a_breach_that_nobody_looked_for_is_recorded_when_the_answer_comes(clock, agent):
    policy(promise(hours=1))
    feedback = FeedbackFactory()
    clock.shift(timedelta(hours=5))
    send_reply(feedback.pk, by=agent, text="抱歉")

    assert events(feedback) == ["breached"]
    assert clock_of(feedback).state_at(timezone.now()) == "late"
    assert watch_clocks() == 0


def test_a_promise_that_moved_ahead_can_be_missed_again_and_only_once_more(clock, agent):
    policy(
        promise(hours=1, business=False, priority=Priority.URGENT),
        promise(hours=9, business=False, priority=Priority.LOW),
    )
    feedback = FeedbackFactory(priority=Priority.URGENT)
    clock.shift(timedelta(hours=2))
    watch_clocks()
    set_priority(feedback.pk, by=agent, priority=Priority.LOW)
    assert clock_of(feedback).breached_at is None
    clock.shift(timedelta(hours=8))
    watch_clocks()
    watch_clocks()
    assert events(feedback) == ["breached", "moved", "breached"]


def test_many_clocks_are_a_matter_of_several_runs(clock):
    policy(promise(hours=1))
    records = [FeedbackFactory() for _ in range(5)]
    clock.shift(timedelta(hours=2))

    assert [watch_clocks(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert all(events(one) == ["breached"] for one in records)


def test_one_that_fails_stops_no_other(clock, monkeypatch, caplog):
    policy(promise(hours=1))
    bad, good = FeedbackFactory(), FeedbackFactory()
    clock.shift(timedelta(hours=2))
    real = sla_watch.note_event

    def fails_for_one(row, feedback, kind, **more):
        if feedback.pk == bad.pk:
            raise RuntimeError("no")
        return real(row, feedback, kind, **more)

    monkeypatch.setattr(sla_watch, "note_event", fails_for_one)
    watch_clocks()

    assert (events(bad), events(good)) == ([], ["breached"])
    assert "could not be looked at" in caplog.text


# --- escalations ------------------------------------------------------------------------------
def test_who_takes_care_of_it_is_warned_in_their_language(clock, team):
    person = UserFactory(team=team, language="zh-hans")
    person.groups.add(Group.objects.get(name=Role.AGENT))
    policy(promise(hours=4), escalations=[on_warning(EscalationKind.NOTIFY_ASSIGNEE)])
    feedback = FeedbackFactory(team=team)
    Feedback.objects.filter(pk=feedback.pk).update(assignee=person)
    clock.shift(timedelta(hours=3))
    watch_clocks()

    assert told(person) == ["due"]
    clock.shift(timedelta(hours=2))
    mail_due_notifications()
    sent = mail().get()
    assert sent.to_address == person.email
    assert sent.language == "zh-hans"
    assert f"[#{feedback.number}]" in sent.subject
    assert settings.SITE_URL + feedback.get_absolute_url() in sent.body_text


def test_where_nobody_takes_care_of_it_the_lead_is_warned(clock, team, lead):
    policy(promise(hours=4), escalations=[on_warning(EscalationKind.NOTIFY_ASSIGNEE)])
    FeedbackFactory(team=team)
    clock.shift(timedelta(hours=3))
    watch_clocks()
    assert told(lead) == ["escalated"]


def test_one_who_is_told_in_two_ways_is_told_once(clock, team, lead):
    """The lead takes care of it, or nobody does and the leads are told instead."""
    both = [on_breach(EscalationKind.NOTIFY_ASSIGNEE), on_breach(EscalationKind.NOTIFY_LEAD)]
    policy(promise(hours=1), escalations=both)
    mine, nobodys = FeedbackFactory(team=team), FeedbackFactory(team=team)
    Feedback.objects.filter(pk=mine.pk).update(assignee=lead)
    clock.shift(timedelta(hours=2))
    watch_clocks()

    rows = Notification.objects.filter(user=lead).values_list("feedback", "kind")
    assert sorted(rows) == [(mine.pk, "missed"), (nobodys.pk, "escalated")]


def test_many_that_are_missed_are_one_mail_as_the_person_chose(clock, team, lead):
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    other = UserFactory(team=team)
    Membership.objects.filter(user=other).update(is_lead=True)
    choose_notifications(other, {NoticeKind.ESCALATED: (True, MailWhen.NEVER)})
    for person in (lead, other):
        person.groups.add(Group.objects.get(name=Role.LEAD))
    records = [FeedbackFactory(team=team) for _ in range(4)]
    clock.shift(timedelta(hours=2))
    watch_clocks()
    clock.shift(timedelta(minutes=3))

    assert mail_due_notifications() == 1
    sent = mail().get()
    assert sent.to_address == lead.email
    assert all(f"#{one.number}" in sent.body_text for one in records)
    assert sent.body_text.count("First answer") == 4
    assert told(other) == ["escalated"] * 4


# T68
def test_telling_somebody_changes_nothing_else(clock, team, lead):
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    feedback = FeedbackFactory(team=team)
    clock.shift(timedelta(hours=2))
    watch_clocks()

    after = Feedback.objects.get(pk=feedback.pk)
    fields = ("priority", "team_id", "assignee_id", "status_id", "version")
    assert [getattr(after, name) for name in fields] == [
        getattr(feedback, name) for name in fields
    ]


@pytest.mark.parametrize(
    ("before", "after"), [(Priority.NORMAL, Priority.HIGH), (Priority.URGENT, Priority.URGENT)]
)
def test_the_priority_can_be_raised_up_to_urgent(clock, before, after):
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.RAISE_PRIORITY)])
    feedback = FeedbackFactory(priority=before)
    clock.shift(timedelta(hours=2))
    watch_clocks()
    assert Feedback.objects.get(pk=feedback.pk).priority == after


def test_a_priority_that_is_raised_before_the_time_is_raised_once(clock):
    policy(
        promise(hours=40, business=False, priority=Priority.LOW),
        promise(hours=20, business=False, priority=Priority.NORMAL),
        promise(hours=10, business=False, priority=Priority.HIGH),
        escalations=[on_warning(EscalationKind.RAISE_PRIORITY)],
    )
    feedback = FeedbackFactory(priority=Priority.LOW)
    clock.shift(timedelta(hours=30))
    for _ in range(4):
        watch_clocks()
    assert Feedback.objects.get(pk=feedback.pk).priority == Priority.NORMAL


def test_the_record_can_be_given_to_another_team(clock, team):
    second_line = TeamFactory()
    person = UserFactory(team=team)
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.MOVE_TEAM, team=second_line)])
    feedback = FeedbackFactory(team=team)
    Feedback.objects.filter(pk=feedback.pk).update(assignee=person)
    clock.shift(timedelta(hours=2))
    watch_clocks()

    after = Feedback.objects.get(pk=feedback.pk)
    assert (after.team, after.assignee) == (second_line, None)
    assert [line.kind for line in after.timeline.order_by("pk")][-3:] == [
        "sla", "assigned", "sla",
    ]  # fmt: skip


def test_an_escalation_for_the_solution_leaves_the_first_answer_alone(clock, team, lead):
    only = on_breach(EscalationKind.NOTIFY_LEAD, metric=str(Metric.RESOLUTION))
    policy(promise(hours=1), promise(Metric.RESOLUTION, 2), escalations=[only])
    FeedbackFactory(team=team)
    clock.shift(timedelta(hours=1))
    watch_clocks()
    assert told(lead) == []
    clock.shift(timedelta(hours=1))
    watch_clocks()
    assert told(lead) == ["escalated"]


# T65
@pytest.mark.parametrize(("priority", "hours"), [(Priority.NORMAL, 11), (Priority.URGENT, 0)])
def test_at_night_only_what_is_urgent_wakes_somebody(clock, team, lead, priority, hours):
    policy(promise(hours=13, business=False), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    FeedbackFactory(team=team, priority=priority)
    clock.shift(timedelta(hours=13))  # 22:00
    watch_clocks()
    wait = max(timedelta(hours=hours), MAIL_AFTER)
    assert Notification.objects.get().mail_after == timezone.now() + wait


def test_what_was_settled_meanwhile_does_not_escalate(clock, team, lead, agent):
    policy(promise(hours=1), escalations=[on_breach(EscalationKind.NOTIFY_LEAD)])
    feedback = FeedbackFactory(team=team)
    change_status(feedback.pk, status=status("resolved"), by=agent)
    clock.shift(timedelta(hours=2))
    watch_clocks()
    assert told(lead) == []


# T66
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once():
    policy(promise(hours=1, business=False), escalations=[])
    records = [FeedbackFactory(received_at=timezone.now() - timedelta(hours=2)) for _ in range(6)]
    barrier = threading.Barrier(2)

    def work():
        barrier.wait()
        try:
            for _ in range(3):
                watch_clocks()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert [events(one) for one in records] == [["breached"]] * 6
