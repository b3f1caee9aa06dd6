"""Background work. The queue is a table of our own database, so a job commits with the data."""

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from config.kernel.models import Beat

WORKER_BEAT = "worker"
EACH_AT_ONCE = 500  # calls of enqueue_each() in one job
_last_beat = 0.0
_log = logging.getLogger(__name__)


def enqueue(path: str, /, **payload: Any) -> None:
    """Ask for `path(**payload)` to be run once the current transaction has committed.

    Delivery is at least once: whatever `path` names must be safe to run twice. The payload is
    ids and plain JSON values only, because a job outlives the code that queued it; anything
    else raises TypeError here, at the caller, and not later in a worker.
    """
    json.dumps(payload)
    # One dictionary, because async_task swallows keyword arguments named group, timeout, hook …
    async_task("config.kernel.jobs.run", path, payload, task_name=path)


def enqueue_each(path: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Ask for `path` to be run once for each payload: like so many enqueue(), in a few jobs."""
    for at in range(0, len(payloads), EACH_AT_ONCE):
        some = [dict(one) for one in payloads[at : at + EACH_AT_ONCE]]
        if len(some) == 1:
            enqueue(path, **some[0])
        else:
            enqueue("config.kernel.jobs.run_each", path=path, payloads=some)


def enqueue_routine(path: str, /, **payload: Any) -> None:
    """Like enqueue(), for what runs all day long: only its failures are kept in the records."""
    json.dumps(payload)
    async_task("config.kernel.jobs.run", path, payload, task_name=path, save=False)


def run(path: str, payload: dict[str, Any]) -> None:
    """What a worker executes for a queued job."""
    _prove_work()
    try:
        import_string(path)(**payload)
    finally:
        _prove_work()


def run_each(*, path: str, payloads: list[dict[str, Any]]) -> None:
    """What enqueue_each() queued. One that fails becomes a job of its own, which is tried again
    as any other; the rest does not suffer."""
    do = import_string(path)
    for payload in payloads:
        try:
            do(**payload)
        except Exception:
            _log.exception("%s failed for %s and is tried again.", path, payload)
            enqueue(path, **payload)
        _prove_work()


def beat() -> None:
    """Nothing to do: that it was run is what the supervisor wants to know."""


def _prove_work() -> None:
    """Leave word that jobs are being run; at most once a second, and only in a worker."""
    global _last_beat  # noqa: PLW0603 - one per process is just what is meant
    if settings.PROCESS != "worker" or time.monotonic() - _last_beat < 1:
        return
    try:
        Beat.objects.mark(WORKER_BEAT)
    except Error:  # must not make a job fail that was done
        _log.exception("The worker could not leave its mark.")
    else:
        _last_beat = time.monotonic()
