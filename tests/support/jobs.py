from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_q.models import OrmQ

from config.kernel import jobs
from config.kernel.models import PeriodicJob

OFTEN = 60  # seconds: the loop itself has shorter intervals


def queued() -> list[tuple[str, dict]]:
    """(path, payload) of every job that waits, oldest first."""
    return [tuple(row.task["args"]) for row in OrmQ.objects.order_by("pk")]


def run_queued_jobs() -> None:
    """Do now, in order, what a worker would do later; jobs may queue more jobs."""
    while row := OrmQ.objects.order_by("pk").first():
        row.delete()
        jobs.run(*row.task["args"])


def chores_were_done() -> None:
    """As on a machine that has run for a while: what is done every few minutes or hours – tidying
    up, learning – is not all due at the first start of a worker."""
    now = timezone.now()
    PeriodicJob.objects.bulk_create(
        PeriodicJob(path=path, next_at=now + timedelta(hours=1))
        for path, seconds in settings.PERIODIC.items()
        if seconds >= OFTEN
    )
