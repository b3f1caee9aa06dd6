"""One change to many records, and taking back what was just done."""

import pytest

from accounts.models import Membership
from feedback.enums import Priority, State, TimelineKind
from feedback.errors import NothingToUndo, Stale, TooMany
from feedback.events import FeedbackReopened
from feedback.models import Feedback, Status
from feedback.services.assignment import assign_feedback
from feedback.services.bulk import (
    assign_many,
    change_status_of_many,
    move_many,
    prioritise_many,
    tag_many,
)
from feedback.services.details import set_tags
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.undo import remember_for_undo, undo
from feedback.services.workflow import change_status, resolve_feedback, take_back_status
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db


def ids(records):
    return [record.pk for record in records]


def status_of(state: State) -> Status:
    return Status.objects.default_for(state)


def test_what_one_record_refuses_the_others_do_not_suffer(agent):
    closed, *others = FeedbackFactory.create_batch(3)
    change_status(closed.pk, status=status_of(State.CLOSED), by=agent)

    outcome = change_status_of_many(
        ids([closed, *others]), by=agent, status=status_of(State.RESOLVED)
    )

    assert [one.number for one in outcome.refused] == [closed.number]
    assert "Closed" in outcome.refused[0].sentence
    assert {one.number for one in outcome.changed} == {one.number for one in others}
    assert Feedback.objects.filter(state=State.RESOLVED).count() == 2


def test_every_bulk_change_is_told_on_every_timeline(agent):
    records = FeedbackFactory.create_batch(2)

    prioritise_many(ids(records), by=agent, priority=Priority.URGENT)
    tag_many(ids(records), by=agent, names=["leak"])
    assign_many(ids(records), by=agent, assignee=agent)

    for record in records:
        kinds = list(record.timeline.values_list("kind", flat=True))
        assert kinds[-3:] == [TimelineKind.PRIORITY, TimelineKind.TAGS, TimelineKind.ASSIGNED]


def test_one_undo_gives_each_record_what_it_had(agent, team):
    first, second = FeedbackFactory.create_batch(2, team=team)
    other = UserFactory(team=team)
    assign_feedback(first.pk, by=agent, assignee=other, team=team)

    outcome = assign_many(ids([first, second]), by=agent, assignee=agent)
    key = remember_for_undo("assign", outcome.changed, by=agent)
    undone = undo(key, by=agent)

    assert len(undone.changed) == 2
    assert Feedback.objects.get(pk=first.pk).assignee == other
    assert Feedback.objects.get(pk=second.pk).assignee is None


@pytest.mark.parametrize("action", ["priority", "tag", "status"])
def test_everything_that_can_be_done_in_bulk_can_be_undone(agent, action):
    record = FeedbackFactory()
    set_tags(record.pk, by=agent, names=["old"])
    before = Feedback.objects.get(pk=record.pk)
    match action:
        case "priority":
            outcome = prioritise_many([record.pk], by=agent, priority=Priority.URGENT)
        case "tag":
            outcome = tag_many([record.pk], by=agent, names=["new"])
        case "status":
            outcome = change_status_of_many(
                [record.pk], by=agent, status=status_of(State.RESOLVED)
            )

    undo(remember_for_undo(action, outcome.changed, by=agent), by=agent)

    after = Feedback.objects.get(pk=record.pk)
    for name in ("priority", "status_id", "state", "resolved_at", "reopened_count"):
        assert getattr(after, name) == getattr(before, name)
    assert (after.waiting_since, after.reply_due_at) == (before.waiting_since, before.reply_due_at)
    assert [tag.name for tag in after.tags.all()] == ["old"]


def test_undo_spares_what_somebody_changed_since(agent):
    touched, untouched = FeedbackFactory.create_batch(2)
    outcome = prioritise_many(ids([touched, untouched]), by=agent, priority=Priority.URGENT)
    add_note(touched.pk, by=UserFactory(), text="I am on it")

    undone = undo(remember_for_undo("priority", outcome.changed, by=agent), by=agent)

    assert [one.number for one in undone.refused] == [touched.number]
    assert Feedback.objects.get(pk=touched.pk).priority == Priority.URGENT
    assert Feedback.objects.get(pk=untouched.pk).priority == Priority.NORMAL


def test_only_who_did_it_can_undo_it_and_only_once(agent):
    outcome = prioritise_many([FeedbackFactory().pk], by=agent, priority=Priority.URGENT)
    key = remember_for_undo("priority", outcome.changed, by=agent)

    with pytest.raises(NothingToUndo):
        undo(key, by=UserFactory())
    undo(key, by=agent)
    with pytest.raises(NothingToUndo):
        undo(key, by=agent)


def test_more_than_a_thousand_at_once_are_refused(agent):
    with pytest.raises(TooMany):
        prioritise_many(range(1001), by=agent, priority=Priority.LOW)


def test_a_record_handed_over_keeps_whoever_works_in_both_teams(agent, team):
    other = TeamFactory()
    stays, goes = FeedbackFactory.create_batch(2, team=team)
    both = UserFactory(team=team)
    Membership.objects.create(user=both, team=other)
    assign_feedback(stays.pk, by=agent, assignee=both, team=team)
    assign_feedback(goes.pk, by=agent, assignee=agent, team=team)

    move_many(ids([stays, goes]), by=agent, team=other)

    assert Feedback.objects.get(pk=stays.pk).assignee == both
    assert Feedback.objects.get(pk=goes.pk).assignee is None


def test_an_undone_solution_never_happened_but_is_told(agent, settings):
    settings.EVENT_SUBSCRIBERS = {FeedbackReopened.name(): ["tests.support.jobs.queued"]}
    record = FeedbackFactory()
    solved = resolve_feedback(record.pk, by=agent)

    take_back_status(record.pk, by=agent, version=solved.version)

    record.refresh_from_db()
    assert record.state == State.NEW
    assert record.resolved_at is None
    assert record.resolved_by is None
    assert record.reopened_count == 0
    assert record.waiting_since == record.received_at
    assert record.timeline.last().data["undone"]
    # Whoever prepared a survey hears of it.
    assert len(queued()) == 1


def test_an_undone_reopening_is_solved_as_before(agent):
    record = FeedbackFactory()
    resolve_feedback(record.pk, by=agent)
    solved_at = Feedback.objects.get(pk=record.pk).resolved_at
    reopened = change_status(record.pk, status=status_of(State.OPEN), by=agent)

    take_back_status(record.pk, by=agent, version=reopened.version)

    record.refresh_from_db()
    assert (record.state, record.resolved_at) == (State.RESOLVED, solved_at)
    assert record.reopened_count == 0


def test_nobody_undoes_what_others_did_or_what_is_no_longer_last(agent):
    record = FeedbackFactory()
    solved = resolve_feedback(record.pk, by=UserFactory())

    with pytest.raises(NothingToUndo):
        take_back_status(record.pk, by=agent, version=solved.version)
    with pytest.raises(Stale):
        take_back_status(record.pk, by=agent, version=solved.version - 1)


def test_a_recalled_answer_takes_its_status_back_with_it(agent):
    record = FeedbackFactory()
    message = send_reply(record.pk, by=agent, text="All done.", then=status_of(State.RESOLVED))

    recall_reply(message.pk, by=agent)
    recall_reply(message.pk, by=agent)  # pressed twice

    record.refresh_from_db()
    assert record.state == State.NEW
    assert record.resolved_at is None
    assert record.waiting_since == record.received_at
    assert record.reply_due_at is not None


def test_a_recalled_answer_leaves_a_status_that_was_set_since(agent):
    record = FeedbackFactory()
    message = send_reply(record.pk, by=agent, text="Which model is it?")
    change_status(record.pk, status=status_of(State.WAITING_THIRD), by=agent)

    recall_reply(message.pk, by=agent)

    record.refresh_from_db()
    assert record.state == State.WAITING_THIRD
    assert record.reply_due_at is None
