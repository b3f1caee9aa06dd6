"""Background work. The queue is a table of our own database, so a job commits with the data."""

import json
from typing import Any

from django.utils.module_loading import import_string
from django_q.tasks import async_task


def enqueue(path: str, /, **payload: Any) -> None:
    """Ask for `path(**payload)` to be run once the current transaction has committed.

    Delivery is at least once: whatever `path` names must be safe to run twice. The payload is
    ids and plain JSON values only, because a job outlives the code that queued it; anything
    else raises TypeError here, at the caller, and not later in a worker.
    """
    json.dumps(payload)
    # One dictionary, because async_task swallows keyword arguments named group, timeout, hook …
    async_task("config.kernel.jobs.run", path, payload, task_name=path)


def run(path: str, payload: dict[str, Any]) -> None:
    """What a worker executes for a queued job."""
    import_string(path)(**payload)
