"""Periodic jobs: queued once, however many machines ask and however late they are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from config.kernel.models import Beat, PeriodicJob
from config.kernel.schedule import queue_due_jobs, take_over_settings
from tests.support.jobs import queued, run_queued_jobs

CHORE = "tests.support.chores.periodic"


@pytest.fixture
def every_minute(settings, db):
    settings.PERIODIC = {CHORE: 60}
    take_over_settings()


def test_every_job_of_the_settings_exists(settings):
    for path, seconds in settings.PERIODIC.items():
        assert callable(import_string(path))
        assert seconds > 0


def test_a_new_job_is_due_at_once_and_then_after_its_interval(every_minute):
    now = timezone.now()

    assert queue_due_jobs(now) == [CHORE]
    run_queued_jobs()

    assert Beat.objects.filter(pk="periodic").exists()
    assert queue_due_jobs(now + timedelta(seconds=59)) == []
    assert queue_due_jobs(now + timedelta(seconds=60)) == [CHORE]


def test_after_a_long_absence_one_run_is_queued_and_not_a_heap(every_minute):
    queue_due_jobs(timezone.now())
    run_queued_jobs()
    later = timezone.now() + timedelta(days=3)

    assert [queue_due_jobs(later) for _ in range(3)] == [[CHORE], [], []]


def test_while_a_run_waits_or_goes_on_no_other_is_queued(every_minute):
    now = timezone.now()
    queue_due_jobs(now)

    assert queue_due_jobs(now + timedelta(minutes=5)) == []
    assert len(queued()) == 1

    run_queued_jobs()
    assert queue_due_jobs(now + timedelta(minutes=5)) == [CHORE]


def test_a_run_that_was_lost_does_not_end_the_series(every_minute):
    queue_due_jobs(timezone.now())

    much_later = timezone.now() + PeriodicJob.LOST_AFTER + timedelta(seconds=1)
    assert queue_due_jobs(much_later) == [CHORE]


def test_a_failed_run_does_not_end_the_series(settings, db):
    settings.PERIODIC = {"tests.support.chores.no_such_chore": 60}
    take_over_settings()
    queue_due_jobs(timezone.now())

    with pytest.raises(ImportError):
        run_queued_jobs()

    assert len(queue_due_jobs(timezone.now() + timedelta(seconds=61))) == 1


def test_a_job_removed_from_the_settings_is_forgotten(every_minute, settings):
    settings.PERIODIC = {}
    take_over_settings()

    assert queue_due_jobs(timezone.now()) == []


@pytest.mark.django_db(transaction=True)
def test_many_machines_at_once_queue_a_job_once(settings):
    settings.PERIODIC = {CHORE: 60}
    take_over_settings()
    now = timezone.now()

    def one_machine(_: int) -> list[str]:
        try:
            return queue_due_jobs(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as machines:
        answers = list(machines.map(one_machine, range(16)))

    assert sum(len(answer) for answer in answers) == 1
    assert len(queued()) == 1
