"""The supervised queue, with real processes that are really killed."""

import signal
from datetime import timedelta

import psutil
import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from config.kernel.cluster import release_abandoned_jobs
from config.kernel.jobs import enqueue
from config.kernel.models import AbandonedJob, Beat
from tests.support.database import url_of_test_database
from tests.support.jobs import queued
from tests.support.processes import (
    PATIENCE,
    THE_QUEUE_ONLY,
    end,
    family,
    is_alive,
    start,
    wait_until,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def launched():
    """Starts `manage.py *command` on the test database and ends it after the test."""
    running = []

    def launch(*command: str, **environment: str):
        ours = {"WORKERS": "1", "DATABASE_URL": url_of_test_database()}
        wishes = {**THE_QUEUE_ONLY, **ours, **environment}
        running.append(start("manage.py", *command, **wishes))
        return running[-1]

    yield launch
    for process in running:
        end(process)


def done(name: str) -> bool:
    return Beat.objects.filter(pk=name).exists()


def do(name: str) -> None:
    """Queue a job and wait until it was done."""
    enqueue("tests.support.chores.mark", name=name)
    wait_until(lambda: done(name), what=f"job {name}")


def wait_for_the_end_of(processes: list[psutil.Process]) -> None:
    wait_until(
        lambda: not [process for process in processes if is_alive(process)], what="their end"
    )


def cluster_of(supervisor) -> psutil.Process:
    return wait_until(lambda: psutil.Process(supervisor.pid).children(), what="a cluster")[0]


def parts_of(cluster: psutil.Process) -> dict[str, psutil.Process]:
    """The processes of a cluster with one worker, in the order in which they are made."""
    sentinel = wait_until(cluster.children, what="a sentinel")[0]
    parts = wait_until(
        lambda: len(sentinel.children()) == 3 and sentinel.children(), what="three processes"
    )
    worker, monitor, pusher = sorted(parts, key=lambda process: process.create_time())
    return {"sentinel": sentinel, "worker": worker, "monitor": monitor, "pusher": pusher}


def test_django_q_as_it_comes_never_works_again_after_its_idle_worker_was_killed(launched):
    cluster = psutil.Process(launched("qcluster", "--skip-checks").pid)
    do("before")

    parts_of(cluster)["worker"].kill()
    for number in range(8):
        enqueue("tests.support.chores.mark", name=f"after-{number}")
    # All it can hold is fetched from the table, and a new worker is there …
    wait_until(lambda: OrmQ.objects.filter(lock__gt=timezone.now()).count() >= 5)
    wait_until(lambda: len(parts_of(cluster)) == 4)

    # … but nothing is done.
    assert not Beat.objects.filter(name__startswith="after").exists()


def test_whoever_of_the_cluster_is_killed_stops_the_work_for_a_moment_only(launched):
    """One after the other under the same supervisor; nobody is left behind as an orphan."""
    supervisor = launched("worker", WORKER_PAUSE_SECONDS="0.5")
    do("before")
    for victim in ["worker", "monitor", "pusher", "sentinel", "cluster"]:
        cluster = cluster_of(supervisor)
        parts = {"cluster": cluster, **parts_of(cluster)}
        everybody = [cluster, *family(cluster.pid)]
        assert len(everybody) == 5, victim

        parts[victim].kill()
        # A worker without its monitor may do one more job before the supervisor sees it.
        do(f"meanwhile, without its {victim}")
        wait_for_the_end_of(everybody)
        do(f"after its {victim}")

        assert cluster_of(supervisor).pid != cluster.pid, victim


def test_a_cluster_that_hangs_is_replaced(launched):
    supervisor = launched("worker", WORKER_BEAT_SECONDS="0.5", WORKER_STALE_SECONDS="12")
    do("before")
    first = cluster_of(supervisor)

    # Nobody has died, so only the missing sign of life tells.
    parts_of(first)["pusher"].suspend()
    wait_for_the_end_of([first])
    do("after")

    assert cluster_of(supervisor).pid != first.pid


def test_a_job_of_a_killed_worker_or_of_a_lost_database_is_done_again_at_once(launched):
    supervisor = launched("worker", PGAPPNAME="the worker")
    enqueue("tests.support.chores.mark_and_stay", name="first", seconds=60)
    wait_until(lambda: done("first"))
    Beat.objects.filter(pk="first").delete()

    parts_of(cluster_of(supervisor))["worker"].kill()

    wait_until(lambda: done("first"), what="the second try")
    Beat.objects.filter(pk="first").delete()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'the worker' AND datname = current_database()"
        )

    wait_until(lambda: done("first"), what="the third try, after PostgreSQL was away")


def test_asked_to_stop_it_finishes_its_job_and_ends_well(launched):
    supervisor = launched("worker")
    enqueue("tests.support.chores.mark_and_stay", name="begun", seconds=1)
    wait_until(lambda: done("begun"))
    everybody = family(supervisor.pid)

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(PATIENCE) == 0
    assert not [process for process in everybody if is_alive(process)]
    assert "tests.support.chores.mark_and_stay" not in [path for path, _ in queued()]


def take_by_a_worker(name: str) -> OrmQ:
    enqueue("tests.support.chores.mark", name=name)
    row = OrmQ.objects.latest("pk")
    row.lock = timezone.now() + timedelta(seconds=600)
    row.save()
    return row


def test_a_job_that_kills_its_workers_is_released_three_times_only():
    row = take_by_a_worker("poison")

    released = []
    for _ in range(4):
        released.append(release_abandoned_jobs())
        OrmQ.objects.filter(pk=row.pk).update(lock=timezone.now() + timedelta(seconds=600))

    assert released == [1, 1, 1, 0]
    row.delete()
    release_abandoned_jobs()
    assert not AbandonedJob.objects.exists()


def test_an_idle_worker_is_seen_to_live_and_ends_with_its_supervisor(launched):
    supervisor = launched("worker", WORKER_BEAT_SECONDS="0.5")
    do("before")
    everybody = family(supervisor.pid)
    assert len(everybody) == 5

    # It gives a sign of life now and then …
    first = wait_until(lambda: Beat.objects.filter(pk="worker").first())
    wait_until(lambda: Beat.objects.get(pk="worker").at > first.at)
    # … and as long as it does, nobody else's jobs are released.
    take_by_a_worker("of the other")
    assert release_abandoned_jobs() == 0

    supervisor.kill()

    wait_for_the_end_of(everybody)
