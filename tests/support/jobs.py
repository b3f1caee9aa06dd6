from django_q.models import OrmQ

from config.kernel import jobs


def queued() -> list[tuple[str, dict]]:
    """(path, payload) of every job that waits, oldest first."""
    return [tuple(row.task["args"]) for row in OrmQ.objects.order_by("pk")]


def run_queued_jobs() -> None:
    """Do now, in order, what a worker would do later; jobs may queue more jobs."""
    while row := OrmQ.objects.order_by("pk").first():
        row.delete()
        jobs.run(*row.task["args"])
