"""Many records changed together: by the same rules as one, and in as many statements whatever
their number."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.kernel.errors import DomainError
from feedback.enums import Channel, NegativePointKind, Priority, State
from feedback.models import (
    Category,
    Feedback,
    Follower,
    NegativeCase,
    NegativePoint,
    SLAEvent,
    Status,
    Tag,
)
from feedback.services.assignment import assign_feedback
from feedback.services.bulk import (
    Changed,
    assign_many,
    categorise_many,
    change_status_of_many,
    move_many,
    prioritise_many,
    snooze_many,
    tag_many,
    undo_many,
)
from feedback.services.conversation import add_customer_message
from feedback.services.details import add_tags, set_category, set_priority, set_tags
from feedback.services.following import follow
from feedback.services.replies import send_reply
from feedback.services.snoozing import put_snooze, snooze_feedback
from feedback.services.workflow import change_status, take_back_status
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.feedback.sla.promises import policy, promise
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db

LATER = timedelta(days=2)


def status_of(state):
    return Status.objects.default_for(state)


@pytest.fixture
def mixed(team, agent, clock):
    """Records such as a queue holds: overdue, answered, waiting, tagged, solved, followed,
    snoozed, urgent, reopened, negative."""
    Tag.objects.create(name="leak")
    policy(promise(hours=1), applies_to="tag has leak or text contains fuming")
    records = FeedbackFactory.create_batch(10, team=team, text="Does it leak?")
    _overdue, answered, waiting, tagged, solved, followed, snoozed, urgent, again, bad = records
    clock.shift(timedelta(days=9))
    send_reply(answered.pk, by=agent, text="Which model is it?")
    change_status(waiting.pk, by=agent, status=status_of(State.WAITING_CUSTOMER))
    add_tags(tagged.pk, by=agent, names=["leak", "old"])
    change_status(solved.pk, by=agent, status=status_of(State.RESOLVED))
    follow(followed.pk, by=UserFactory(team=team))
    assign_feedback(followed.pk, by=agent, assignee=UserFactory(team=team), team=team)
    snooze_feedback(snoozed.pk, by=agent, until=timezone.now() + LATER)
    set_priority(urgent.pk, by=agent, priority=Priority.URGENT)
    change_status(again.pk, by=agent, status=status_of(State.RESOLVED))
    add_customer_message(again.pk, channel=Channel.EMAIL, text="Still leaks")
    Feedback.objects.filter(pk=bad.pk).update(negative_at=timezone.now())
    case = NegativeCase.objects.create(feedback_id=bad.pk)
    NegativePoint.objects.create(case=case, kind=NegativePointKind.APOLOGY)
    clock.shift(timedelta(hours=1))
    return records


def left_behind():
    """Everything that a change leaves in the database, without the ids that differ anyway."""
    events = SLAEvent.objects.order_by("clock__feedback", "clock__metric", "kind", "due_at")
    columns = [one.attname for one in Feedback._meta.concrete_fields]
    clock = [one.attname for one in Feedback.clocks.rel.related_model._meta.concrete_fields[1:]]
    told = Feedback.timeline.rel.related_model.objects.order_by("feedback", "pk")
    return {
        "records": list(Feedback.objects.order_by("pk").values_list(*columns)),
        "tags": list(
            Feedback.objects.order_by("pk", "tags__name").values_list("pk", "tags__name")
        ),
        "told": [
            (one.feedback_id, one.kind, one.actor_id, one.actor_name, one.note, one.at, one.data)
            for one in told
        ],
        "clocks": list(
            Feedback.clocks.rel.related_model.objects.order_by(
                "feedback", "metric", "started_at"
            ).values_list(*clock)
        ),
        "events": list(events.values_list("feedback", "clock__metric", "kind", "due_at", "data")),
        "followers": list(
            Follower.objects.order_by("feedback", "user").values_list("feedback", "user", "reason")
        ),
    }


def tried(do):
    """What `do` leaves behind, taken back."""
    mark = transaction.savepoint()
    jobs = len(queued())
    do()
    found = left_behind() | {"heard": heard(queued()[jobs:])}
    transaction.savepoint_rollback(mark)
    return found


def heard(jobs):
    """Which listener is told of which record, one by one or in a list."""
    calls = []
    for path, payload in jobs:
        many = path == "config.kernel.jobs.run_each"
        calls += (
            [(payload["path"], one) for one in payload["payloads"]] if many else [(path, payload)]
        )
    return sorted((path, one["feedback_id"]) for path, one in calls if "feedback_id" in one)


def for_each(records, service):
    def do():
        for record in records:
            with suppress(DomainError):
                service(record.pk)

    return do


def doing(action, agent, team):
    """(the service for one, the change of many) for each action."""
    person, place = UserFactory(team=team), TeamFactory()
    category, until = Category.objects.first(), timezone.now() + 2 * LATER
    urgent, names = Priority.URGENT, ["leak", "new"]
    found = {
        "priority": (
            lambda pk: set_priority(pk, by=agent, priority=urgent),
            lambda ids: prioritise_many(ids, by=agent, priority=urgent),
        ),
        "category": (
            lambda pk: set_category(pk, by=agent, category=category),
            lambda ids: categorise_many(ids, by=agent, category=category),
        ),
        "assign": (
            lambda pk: assign_feedback(pk, by=agent, assignee=person, team=team),
            lambda ids: assign_many(ids, by=agent, assignee=person),
        ),
        "move": (
            lambda pk: assign_feedback(pk, by=agent, assignee=None, team=place),
            lambda ids: move_many(ids, by=agent, team=place),
        ),
        "tag": (
            lambda pk: add_tags(pk, by=agent, names=names),
            lambda ids: tag_many(ids, by=agent, names=names),
        ),
        "snooze": (
            lambda pk: put_snooze(pk, by=agent, until=until),
            lambda ids: snooze_many(ids, by=agent, until=until),
        ),
        "wake": (
            lambda pk: put_snooze(pk, by=agent, until=None),
            lambda ids: snooze_many(ids, by=agent, until=None),
        ),
    }
    for state in (State.WAITING_CUSTOMER, State.RESOLVED, State.CLOSED):
        found[state.value] = (
            lambda pk, to=state: change_status(pk, by=agent, status=status_of(to)),
            lambda ids, to=state: change_status_of_many(ids, by=agent, status=status_of(to)),
        )
    return found[action]


ACTIONS = ["priority", "category", "assign", "move", "tag", "snooze", "wake"]
STATES = ["waiting_customer", "resolved", "closed"]


@pytest.mark.parametrize("action", [*ACTIONS, *STATES])
def test_a_bulk_change_leaves_what_the_service_for_one_leaves(mixed, agent, action):
    one, many = doing(action, agent, mixed[0].team)
    before = left_behind()["records"]

    single = tried(for_each(mixed, one))
    together = tried(lambda: many([record.pk for record in mixed]))

    for what, rows in single.items():
        assert together[what] == rows, what
    assert single["records"] != before


def test_an_undone_bulk_change_leaves_what_undoing_each_leaves(mixed, agent, clock):
    ids = [one.pk for one in mixed]
    outcome = change_status_of_many(ids, by=agent, status=status_of(State.WAITING_THIRD))
    clock.shift(timedelta(hours=3))
    changed = {one.feedback_id: one.version for one in outcome.changed}
    records = [one for one in mixed if one.pk in changed]

    single = tried(
        for_each(records, lambda pk: take_back_status(pk, by=agent, version=changed[pk]))
    )
    together = tried(lambda: undo_many("status", outcome.changed, by=agent))

    undone = [one[6].pop("undone", None) for one in single["told"] + together["told"]]
    assert any(undone)
    assert together == single


def statements(do):
    with CaptureQueriesContext(connection) as seen:
        do()
    return len(seen)


@pytest.mark.parametrize("action", ["resolved", *ACTIONS[:-1]])
def test_more_records_take_no_more_statements(team, agent, action):
    people = UserFactory.create_batch(2, team=team)
    policy(promise(hours=1), applies_to="text contains leak or customer.contact contains nobody")
    _one, change = doing(action, agent, team)

    def batch(size):
        records = FeedbackFactory.create_batch(size, team=team)
        for n, one in enumerate(records):
            assign_feedback(one.pk, by=agent, assignee=people[n % 2], team=team)
        return [one.pk for one in records]

    change(batch(2))  # what is made only once is made
    few, many = batch(2), batch(12)

    usual = statements(lambda: change(few))
    assert statements(lambda: change(many)) <= usual


def test_one_record_that_the_database_refuses_does_not_hold_up_the_others(team, agent):
    bad, *good = FeedbackFactory.create_batch(3, team=team)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE feedback_feedback ADD CONSTRAINT never CHECK (id <> %s OR priority <> 4)",
            [bad.pk],
        )

    outcome = prioritise_many([bad.pk, *(one.pk for one in good)], by=agent, priority=4)

    assert [one.number for one in outcome.refused] == [bad.number]
    assert {one.feedback_id for one in outcome.changed} == {one.pk for one in good}
    assert bad.timeline.filter(kind="priority").count() == 0


def test_undo_gives_back_tags_of_any_spelling(team, agent):
    record = FeedbackFactory(team=team)
    set_tags(record.pk, by=agent, names=["Leak"])
    outcome = tag_many([record.pk], by=agent, names=["LEAK", "new"])
    assert outcome.changed == [Changed(record.pk, record.number, 3, ["Leak"])]

    undo_many("tag", outcome.changed, by=agent)

    assert list(record.tags.values_list("name", flat=True)) == ["Leak"]


def test_each_listener_hears_of_each_record_once(team, agent, settings):
    settings.EVENT_SUBSCRIBERS = {
        "feedback.FeedbackResolved": ["tests.feedback.lists.test_together.note_resolved"]
    }
    records = FeedbackFactory.create_batch(3, team=team)
    resolved.clear()
    change_status_of_many([one.pk for one in records], by=agent, status=status_of(State.RESOLVED))

    run_queued_jobs()

    assert sorted(resolved) == sorted([*(one.pk for one in records), records[1].pk])


resolved = []


def note_resolved(*, feedback_id):
    """One of them fails once: it is tried again by itself, the others are not."""
    resolved.append(feedback_id)
    second = sorted(set(resolved))[1:2]
    if second == [feedback_id] and resolved.count(feedback_id) == 1 and len(resolved) == 2:
        raise RuntimeError("busy")
