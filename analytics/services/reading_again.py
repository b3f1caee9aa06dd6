"""Records that still have no category are read again when another model of categories is at work:
what people taught it, and new words of categories, hold for what came in before, too."""

import logging
import time
from datetime import datetime

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from analytics.enums import TextTask
from analytics.models import TextModel
from analytics.services.reading import LATE, read_feedback
from feedback.enums import OPEN_STATES
from feedback.models import Assessment
from feedback.models.assessment import GONE_STATES, NOBODY

AT_ONCE = 50
SECONDS = 3.0  # for which one run keeps a worker
_DONE, DONE_SECONDS = "reading-again:", 3600
_log = logging.getLogger(__name__)


def read_undecided_again(*, seconds: float = SECONDS) -> int:
    """Go on with what the category model at work has not read yet, the newest first; gives how
    many were read. What somebody reviewed, or gave a category, is left alone."""
    since = _live_since()
    if since is None or cache.get(_done(since)):
        return 0
    until, number = time.monotonic() + seconds, 0
    undecided = _undecided().filter(read_at__lt=since)
    while time.monotonic() < until:
        keys = list(undecided.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            cache.set(_done(since), True, DONE_SECONDS)
            break
        for pk in keys:
            if time.monotonic() >= until:
                break
            number += _read(pk)
    return number


def count_undecided() -> int:
    """How many records without a category the model at work has not read yet."""
    since = _live_since()
    if since is None or cache.get(_done(since)):
        return 0
    return _undecided().filter(read_at__lt=since).count()


def _live_since() -> datetime | None:
    live = TextModel.objects.live().filter(task=TextTask.CATEGORY)
    return live.values_list("live_since", flat=True).first()


def _done(since: datetime) -> str:
    return f"{_DONE}{since.timestamp()}"


def _undecided() -> QuerySet[Assessment]:
    """What a category can still be proposed for; what was settled long ago stays as it is."""
    waits = Q(feedback__state__in=OPEN_STATES) | Q(
        feedback__received_at__gte=timezone.now() - LATE
    )
    found = Assessment.objects.filter(waits, feedback__category=None, reviewed_at=None)
    return found.exclude(reader=NOBODY).exclude(feedback__state__in=GONE_STATES)


def _read(pk: int) -> bool:
    # Before it is read: what breaks the reading, or the worker, is not met again.
    Assessment.objects.filter(pk=pk).update(read_at=timezone.now())
    try:
        return read_feedback(pk)
    except Exception:  # one text must not keep all older ones from being read
        _log.exception("feedback %s could not be read again", pk)
        return False
