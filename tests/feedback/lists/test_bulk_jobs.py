"""One change to many records in the background."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from feedback.enums import BulkAction, ItemOutcome, JobState, NoticeKind, Priority, State
from feedback.errors import NothingToUndo
from feedback.models import BulkJob, Category, Feedback, Notification, Status, TimelineEntry
from feedback.selectors.bulk_job_words import value_of_job
from feedback.selectors.notices import sentence_of
from feedback.services import bulk_jobs
from feedback.services.bulk_jobs import (
    JobNotUsable,
    NothingToChange,
    cancel_job,
    order_job,
    retry_job,
    take_up_abandoned_jobs,
    undo_job,
    work_on_job,
)
from feedback.services.details import set_priority
from feedback.services.workflow import change_status
from tests.factories import FeedbackFactory, MacroFactory, TeamFactory, UserFactory
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db


def order(by, action=BulkAction.PRIORITY, value=Priority.URGENT, records=None):
    if records is None:
        records = Feedback.objects.visible_to(by)
    return order_job(records, by=by, action=action, params={action: value})


def outcomes(job):
    return dict(job.items.values_list("feedback_id", "outcome"))


def test_which_records_is_settled_when_it_is_ordered(agent, team):
    before = FeedbackFactory(team=team)
    job = order(agent)
    after = FeedbackFactory(team=team)

    run_queued_jobs()

    job.refresh_from_db()
    assert (job.state, job.total, job.changed) == (JobState.DONE, 1, 1)
    assert Feedback.objects.get(pk=before.pk).priority == Priority.URGENT
    assert Feedback.objects.get(pk=after.pk).priority == Priority.NORMAL


def test_a_macro_on_more_than_can_be_waited_for_is_a_job(agent_client, team, monkeypatch):
    monkeypatch.setattr("feedback.views.macros.AT_ONCE", 1)
    FeedbackFactory.create_batch(3, team=team)
    macro = MacroFactory(changes=[{"do": "priority", "to": "urgent"}])
    chosen = {"all": "1", "list": "view=all", "macro": str(macro.pk)}

    asked = agent_client.post(reverse("feedback:bulk_macro"), chosen).content.decode()
    assert "3 records are selected." in asked
    agent_client.post(reverse("feedback:bulk_macro"), chosen | {"sure": "1"})
    run_queued_jobs()

    assert BulkJob.objects.get().changed == 3
    assert Feedback.objects.filter(priority=Priority.URGENT).count() == 3


def test_a_category_is_given_to_many_or_taken_from_them(agent_client, team, monkeypatch):
    category = Category.objects.active().first()
    here, there = FeedbackFactory.create_batch(2, team=team, category=None)

    agent_client.post(reverse("feedback:bulk"), {"id": here.pk, "category": category.code})
    assert Feedback.objects.get(pk=here.pk).category == category
    assert Feedback.objects.get(pk=there.pk).category is None

    monkeypatch.setattr("feedback.views.bulk.AT_ONCE", 1)
    agent_client.post(
        reverse("feedback:bulk"), {"id": [here.pk, there.pk], "category": category.code}
    )
    run_queued_jobs()
    assert Feedback.objects.filter(category=category).count() == 2
    monkeypatch.undo()
    agent_client.post(reverse("feedback:bulk"), {"id": [here.pk, there.pk], "category": "none"})
    assert not Feedback.objects.filter(category=category).exists()


def test_each_record_goes_through_its_service_and_what_is_refused_says_why(agent, team):
    closed, fine = FeedbackFactory.create_batch(2, team=team)
    change_status(closed.pk, status=Status.objects.default_for(State.CLOSED), by=agent)
    status = Status.objects.default_for(State.WAITING_CUSTOMER)

    job = order(agent, BulkAction.STATUS, status.pk)
    work_on_job(job.pk)

    job.refresh_from_db()
    assert (job.changed, job.refused) == (1, 1)
    assert "Closed" in job.items.get(outcome=ItemOutcome.REFUSED).sentence
    assert fine.timeline.last().data["after"] == status.code


# T84
def test_rights_are_asked_for_each_record_when_its_turn_comes(agent, team):
    """A record that has gone where the person may not look is left alone, and so is everything
    once they may not change records any more."""
    gone, stays, never = FeedbackFactory.create_batch(3, team=team)
    job = order(agent, records=Feedback.objects.filter(pk__in=[gone.pk, stays.pk]))
    Feedback.objects.filter(pk=gone.pk).update(team=TeamFactory())
    work_on_job(job.pk)
    assert outcomes(job) == {gone.pk: ItemOutcome.REFUSED, stays.pk: ItemOutcome.CHANGED}

    late = order(agent, records=Feedback.objects.filter(pk=never.pk))
    agent.groups.clear()
    work_on_job(late.pk)

    assert outcomes(late) == {never.pk: ItemOutcome.REFUSED}


def test_a_worker_that_dies_loses_nothing_and_does_nothing_twice(agent, team, monkeypatch):
    """What was committed stays, what was not is done by whoever comes next."""
    FeedbackFactory.create_batch(4, team=team)
    job = order(agent)
    monkeypatch.setattr(bulk_jobs, "AT_A_TIME", 2)
    count, real = [], bulk_jobs._change_some

    def die_at_the_second(*args):
        count.append(1)
        real(*args)
        if len(count) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk_jobs, "_change_some", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        work_on_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.changed) == (JobState.RUNNING, 2)

    BulkJob.objects.update(beat_at=timezone.now() - timedelta(minutes=2))
    assert take_up_abandoned_jobs() == 1
    run_queued_jobs()

    job.refresh_from_db()
    assert (job.state, job.changed) == (JobState.DONE, 4)
    told = TimelineEntry.objects.filter(kind="priority")
    assert told.count() == 4


def test_one_undo_for_the_whole_spares_what_was_touched_since(agent, team, clock):
    touched, plain = FeedbackFactory.create_batch(2, team=team)
    job = order(agent)
    work_on_job(job.pk)
    set_priority(touched.pk, by=UserFactory(), priority=Priority.HIGH)
    with pytest.raises(NothingToUndo):
        undo_job(job.pk, by=UserFactory())

    undo = undo_job(job.pk, by=agent)
    work_on_job(undo.pk)

    assert outcomes(undo)[touched.pk] == ItemOutcome.REFUSED
    assert Feedback.objects.get(pk=touched.pk).priority == Priority.HIGH
    assert Feedback.objects.get(pk=plain.pk).priority == Priority.NORMAL
    with pytest.raises(NothingToUndo):
        undo_job(job.pk, by=agent)
    late = order(agent)
    work_on_job(late.pk)
    clock.shift(timedelta(hours=25))
    with pytest.raises(NothingToUndo):
        undo_job(late.pk, by=agent)


def test_a_stopped_job_goes_no_further_and_can_be_taken_up_again(agent, team):
    FeedbackFactory.create_batch(2, team=team)
    job = order(agent)

    cancel_job(job.pk, by=agent)
    assert work_on_job(job.pk) is False
    assert not Feedback.objects.filter(priority=Priority.URGENT).exists()
    retry_job(job.pk, by=agent)
    work_on_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.changed) == (JobState.DONE, 2)
    with pytest.raises(JobNotUsable):
        retry_job(job.pk, by=agent)


def test_what_was_refused_is_tried_again(agent, team):
    record = FeedbackFactory(team=TeamFactory())
    job = order(agent, records=Feedback.objects.filter(pk=record.pk))
    work_on_job(job.pk)
    assert outcomes(job) == {record.pk: ItemOutcome.REFUSED}
    Membership.objects.create(user=agent, team=record.team)

    retry_job(job.pk, by=agent)
    work_on_job(job.pk)

    job.refresh_from_db()
    assert (job.changed, job.refused) == (1, 0)


def test_whoever_is_given_many_records_is_told_once(agent, team):
    colleague = UserFactory(team=team)
    FeedbackFactory.create_batch(3, team=team)

    job = order(agent, BulkAction.ASSIGN, colleague.pk)
    work_on_job(job.pk)

    notice = Notification.objects.get(user=colleague, kind=NoticeKind.ASSIGNED)
    assert notice.more == 2
    assert sentence_of(notice) == f"{agent.name} gave you a record (and 2 more records)"


def test_nothing_and_what_cannot_be_is_refused_when_it_is_ordered(agent, team):
    with pytest.raises(NothingToChange):
        order(agent)
    FeedbackFactory(team=team)
    with pytest.raises(JobNotUsable):
        order(agent, BulkAction.STATUS, 10**9)
    assert not BulkJob.objects.exists()
    assert "feedback.tasks.work_on_bulk_job" not in [path for path, _payload in queued()]


def test_all_that_match_become_a_job_with_a_page(
    agent_client, agent, outsider_client, team, monkeypatch
):
    monkeypatch.setattr("feedback.views.bulk.AT_ONCE", 1)
    records = FeedbackFactory.create_batch(2, team=team)
    other = FeedbackFactory(team=TeamFactory())
    data = {"all": "1", "list": "view=all&channel=web_form", "priority": 4}

    page = agent_client.post(reverse("feedback:bulk"), data, follow=True).content.decode()
    job = BulkJob.objects.get()
    assert "Waiting to begin" in page
    assert 'hx-trigger="every 1s"' in page
    Feedback.objects.filter(pk=records[0].pk).update(team=other.team)
    run_queued_jobs()

    url = reverse("feedback:bulk_job", args=[job.pk])
    page = agent_client.get(url).content.decode()
    assert "every 1s" not in page
    assert "Undo all of it" in page
    assert f"#{records[0].number}" in page
    assert records[0].subject not in page
    refused = agent_client.get(reverse("feedback:bulk_refused", args=[job.pk]))
    assert str(records[0].number) in b"".join(refused.streaming_content).decode()
    assert Feedback.objects.get(pk=other.pk).priority == Priority.NORMAL
    assert outsider_client.get(url).status_code == 404
    agent_client.post(reverse("feedback:change_job", args=[job.pk, "undo"]))
    run_queued_jobs()
    assert not Feedback.objects.filter(priority=Priority.URGENT).exists()
    assert "Undo" in agent_client.get(reverse("feedback:bulk_jobs")).content.decode()


@pytest.mark.parametrize(
    ("action", "value", "said"),
    [
        (BulkAction.TAG, "leak", "leak"),
        (BulkAction.PRIORITY, Priority.URGENT, "Urgent"),
        (BulkAction.ASSIGN, None, "nobody"),
        (BulkAction.SNOOZE, "2026-12-01T09:00:00+08:00", "1 Dec 2026, 09:00"),
    ],
)
def test_a_job_says_what_it_sets(agent, team, action, value, said):
    FeedbackFactory(team=team)
    job = order(agent, action, value)

    assert value_of_job(job) == said


def test_what_takes_a_job_back_says_which(agent, team, agent_client):
    FeedbackFactory(team=team)
    status = Status.objects.get(code="waiting-customer")
    job = order(agent, BulkAction.STATUS, status.pk)
    run_queued_jobs()
    undo = undo_job(job.pk, by=agent)

    page = agent_client.get(reverse("feedback:bulk_job", args=[undo.pk])).text

    assert f"Change the status: {status}" in page
