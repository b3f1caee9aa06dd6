"""Keeps the queue working whatever happens to its processes; `manage.py worker`."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from config.kernel.cluster import release_abandoned_jobs
from config.kernel.jobs import WORKER_BEAT, enqueue_routine
from config.kernel.models import Beat
from config.kernel.schedule import queue_due_jobs, take_over_settings

TICK = 0.2  # seconds between two looks at the cluster and at our signals
LOOK = 1.0  # seconds between two looks into the database
HEALTHY = 60.0  # seconds after which a cluster counts as well started
_log = logging.getLogger(__name__)


class Supervisor:
    """Runs the cluster in a session of its own and starts it anew, all processes at once, when
    it has ended or has done no work for too long. Queues the periodic jobs meanwhile.

    A graceful end of ours (SIGTERM, SIGINT) is one of the cluster's too; when we are killed the
    kernel ends the cluster.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._started = self._looked = self._beat_queued = 0.0

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        pause = 0.0
        while not self.stopping:
            if not self._prepare():
                self._wait(LOOK)
                continue
            cluster = self._start()
            why = self._watch(cluster)
            self._end(cluster)
            if not self.stopping:
                _log.error("The workers are started anew: %s.", why)
                lived = time.monotonic() - self._started
                pause = (
                    0.0
                    if lived > HEALTHY
                    else min(max(0.5, pause * 2), settings.WORKER_PAUSE_SECONDS)
                )
                self._wait(pause)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(TICK)

    def _start(self) -> "subprocess.Popen[bytes]":
        self._started = self._beat_queued = time.monotonic()
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "worker", "--of-supervisor", str(os.getpid())],
            cwd=settings.BASE_DIR,
            env={**os.environ, "HUIYIN_PROCESS": "worker"},
            start_new_session=True,
        )

    def _watch(self, cluster: "subprocess.Popen[bytes]") -> str:
        """Until something is wrong: say what."""
        while not self.stopping:
            if cluster.poll() is not None:
                return f"they ended with code {cluster.returncode}"
            if time.monotonic() - self._looked > LOOK:
                self._looked = time.monotonic()
                try:
                    if idle := self._look_into_database():
                        return f"no work was done for {idle:.0f} seconds"
                except Error as trouble:
                    # Not the workers' fault; and nothing is known about their work meanwhile.
                    self._database_trouble(trouble)
                    self._started = time.monotonic()
            time.sleep(TICK)
        return "we were asked to stop"

    def _look_into_database(self) -> float | None:
        """Queue what is due. Seconds without work, if they are too many."""
        close_old_connections()
        queue_due_jobs(timezone.now())
        alive = time.monotonic() - self._started
        age = Beat.objects.age(WORKER_BEAT, timezone.now())
        idle = alive if age is None else min(age, alive)
        if idle > settings.WORKER_STALE_SECONDS:
            return idle
        asked = time.monotonic() - self._beat_queued
        if min(idle, asked) > settings.WORKER_BEAT_SECONDS:
            enqueue_routine("config.kernel.jobs.beat")
            self._beat_queued = time.monotonic()
        return None

    def _prepare(self) -> bool:
        """False while there is no database, without which workers can do nothing."""
        try:
            close_old_connections()
            take_over_settings()
            if released := release_abandoned_jobs():
                _log.warning("%s jobs of dead workers are back in the queue.", released)
        except Error as trouble:
            self._database_trouble(trouble)
            return False
        return True

    def _end(self, cluster: "subprocess.Popen[bytes]") -> None:
        """Leave nothing of the cluster behind; let it finish its jobs if we stop gracefully."""
        if self.stopping:
            cluster.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                cluster.wait(settings.WORKER_GRACE_SECONDS + 5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()

    @staticmethod
    def _database_trouble(trouble: Error) -> None:
        _log.warning("The database does not answer: %s", str(trouble).strip())
        connection.close()
