"""What runs again and again: settings.PERIODIC, queued by the supervisor of the workers.

Our own table and not django-q2's Schedule, because that looks only every 30 seconds, knows
whole minutes, and queues the next run although the last one still waits: a worker that was
away for an hour would find a heap of the same job. Here a job is never queued twice.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from config.kernel.jobs import enqueue_routine
from config.kernel.models import PeriodicJob


def take_over_settings() -> None:
    """Make the table say what settings.PERIODIC says; new jobs are due at once."""
    PeriodicJob.objects.exclude(pk__in=settings.PERIODIC).delete()
    PeriodicJob.objects.bulk_create(
        [PeriodicJob(path=path) for path in settings.PERIODIC], ignore_conflicts=True
    )


@transaction.atomic
def queue_due_jobs(now: datetime) -> list[str]:
    """Queue every periodic job whose time has come; give their paths.

    May be called by any number of machines at the same moment. However late it is, one run is
    queued, and the next is due a whole interval after `now`.
    """
    due = list(PeriodicJob.objects.due(now).select_for_update(skip_locked=True))
    for job in due:
        job.next_at = now + timedelta(seconds=settings.PERIODIC.get(job.path, 3600))
        job.queued_at = now
        job.save(update_fields=["next_at", "queued_at"])
        enqueue_routine("config.kernel.schedule.run_periodic", path=job.path)
    return [job.path for job in due]


def run_periodic(path: str) -> None:
    """What a worker executes; until it ends, well or badly, no further run is queued."""
    try:
        if path in settings.PERIODIC:  # else removed since it was queued
            import_string(path)()
    finally:
        PeriodicJob.objects.filter(pk=path).update(queued_at=None, finished_at=timezone.now())
