"""django-q2's cluster, made so that no death of one of its processes can go unnoticed.

As it comes, a worker killed while it waits for work dies holding the lock of the queue, and
nobody gets a job again; and a cluster whose parent is killed works on as orphans. Here every
process dies with its parent, and a sudden death of one ends the whole cluster at once: the
supervisor (worker.py) then starts a new one.
"""

import contextlib
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django_q import cluster
from django_q.models import OrmQ

from config.kernel.database import connection_parameters
from config.kernel.models import AbandonedJob

PR_SET_PDEATHSIG = 1
# Shared by every living cluster of the installation, whatever its machine.
CLUSTERS_LOCK = 0x4875_6979_696E  # "Huiyin"
# A job that was in the hands of dying workers this often may be what kills them.
QUICK_RELEASES = 3
LOOK = 1.0  # seconds between two looks at whether PostgreSQL still knows us
_log = logging.getLogger(__name__)


def run_cluster(supervisor: int) -> None:
    """Work until SIGTERM, then finish what was begun; `supervisor` is the pid of our parent."""
    die_with_parent(supervisor, signal.SIGTERM)
    os.register_at_fork(before=_remember_parent, after_in_child=_die_with_forking_parent)
    cluster.Sentinel = Sentinel
    with _counted_as_alive() as sign_of_life:
        ours = cluster.Cluster()

        def finish(number: int, frame: FrameType | None) -> None:
            # A cluster that cannot stop any more is ended by the alarm.
            signal.alarm(settings.WORKER_GRACE_SECONDS)
            ours.stop()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        ours.start()
        while ours.sentinel.is_alive():
            ours.sentinel.join(LOOK)
            _end_without_database(sign_of_life)
        sys.exit(ours.sentinel.exitcode or 0)


class Sentinel(cluster.Sentinel):
    """The guard of the cluster: lets no process die in silence."""

    def reincarnate(self, process: Any) -> None:
        # 0: ran out of time and is ended by us; that is in the midst of a job, holding no lock.
        out_of_time = process in self.pool and process.timer.value == 0
        if (process.exitcode or 0) < 0 and not out_of_time:
            _log.critical(
                "A process of the worker was killed by signal %s; starting all anew.",
                -process.exitcode,
            )
            os._exit(1)
        super().reincarnate(process)


def release_abandoned_jobs() -> int:
    """Give the jobs that dead workers had taken back to the queue; their number.

    Without this they would wait for Q_CLUSTER["retry"]. While any other cluster is alive
    nothing is released, because what it works on looks just the same: a row of the queue has no
    owner. A sign of life for each machine would not help, it says who died but not what they had.
    """
    try:
        return _release_if_no_cluster_lives()
    except OperationalError as refused:
        if isinstance(refused.__cause__, psycopg.errors.LockNotAvailable):
            return 0
        raise


@transaction.atomic
def _release_if_no_cluster_lives() -> int:
    with connection.cursor() as cursor:
        # A moment, because the server notices the end of a killed process a little later.
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLUSTERS_LOCK])
    now = timezone.now()
    AbandonedJob.objects.exclude(queue_id__in=OrmQ.objects.values("pk")).delete()
    suspects = AbandonedJob.objects.filter(times__gte=QUICK_RELEASES)
    taken = list(
        OrmQ.objects.filter(lock__gt=now)
        .exclude(pk__in=suspects.values("pk"))
        .values_list("pk", flat=True)
    )
    AbandonedJob.objects.bulk_create(
        [AbandonedJob(queue_id=pk) for pk in taken], ignore_conflicts=True
    )
    AbandonedJob.objects.filter(pk__in=taken).update(times=F("times") + 1)
    return OrmQ.objects.filter(pk__in=taken).update(lock=now)


@contextlib.contextmanager
def _counted_as_alive() -> Iterator["psycopg.Connection[Any]"]:
    # The forks inherit the socket: the lock goes when the last process of the cluster is gone.
    with psycopg.connect(**connection_parameters(), autocommit=True) as ours:
        ours.execute("SELECT pg_advisory_lock_shared(%s)", [CLUSTERS_LOCK])
        yield ours


def _end_without_database(sign_of_life: "psycopg.Connection[Any]") -> None:
    """When PostgreSQL was away: the jobs that it interrupted have failed, and would wait for
    Q_CLUSTER["retry"] while we live. Our end gives them back (release_abandoned_jobs)."""
    try:
        sign_of_life.execute("SELECT 1")
    except psycopg.Error as trouble:
        _log.critical("PostgreSQL was away (%s); starting all anew.", type(trouble).__name__)
        os._exit(1)


# --- Dying together (Linux; elsewhere the supervisor's killpg has to do) -----------------------

_forking_parent = 0


def die_with_parent(parent: int, number: signal.Signals) -> None:
    """Get signal `number` when the process `parent`, which must be ours, ends however."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it was gone before we asked
        os._exit(1)


def _remember_parent() -> None:
    global _forking_parent  # noqa: PLW0603 - handed over to the fork
    _forking_parent = os.getpid()


def _die_with_forking_parent() -> None:
    die_with_parent(_forking_parent, signal.SIGKILL)
