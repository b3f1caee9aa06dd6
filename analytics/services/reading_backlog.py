"""Texts of before: what came in while nothing read them (an older release, an import, the demo
company), and all of them again when they are read otherwise. Newest first, a little at a time."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, Max, OuterRef

from analytics.models import ReadingProgress, TextReading
from analytics.services.reading import READER, read_feedback, read_message, read_response
from feedback.enums import Direction
from feedback.models import Assessment, Feedback, Message
from surveys.enums import ResponseStatus
from surveys.models import Answer, Response

logger = logging.getLogger(__name__)

AT_ONCE = 50
SECONDS = 3.0  # for which one run keeps a worker


def read_backlog(*, seconds: float = SECONDS) -> int:
    """Go on where the last run stopped; gives how many texts or records were read."""
    until = time.monotonic() + seconds
    return sum(_go_on(kind, until) for kind in _KINDS)


def read_unread(feedback_id: int) -> int:
    """Read at once what nobody has read of one record, and gives how many texts that were: for a
    record that was spam when it came."""
    said = _messages().filter(feedback=feedback_id, feedback__in=_records())
    number = sum(read_feedback(pk) for pk in _records_waiting([feedback_id]))
    return number + sum(read_message(pk) for pk in reversed(_messages_waiting(_keys(said))))


def _keys(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _go_on(kind: str, until: float) -> int:
    rows, waits, read = _KINDS[kind]
    progress, _ = ReadingProgress.objects.get_or_create(kind=kind)
    if progress.reader != READER:
        top = rows().aggregate(top=Max("pk"))["top"] or 0
        progress.reader, progress.below = READER, top + 1
        progress.save(update_fields=["reader", "below"])
    number = 0
    while progress.below and time.monotonic() < until:
        keys = list(
            rows()
            .filter(pk__lt=progress.below)
            .order_by("-pk")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        for pk in waits(keys):
            if time.monotonic() >= until:
                return number
            # Before it is read: what breaks the reading, or the worker, is not met again.
            progress.below = pk
            progress.save(update_fields=["below"])
            try:
                read(pk)
            except Exception:  # one text must not keep all older ones from being read
                logger.exception("%s %s could not be read", kind, pk)
            else:
                number += 1
        progress.below = keys[-1] if keys else 0
        progress.save(update_fields=["below"])
    return number


def _records() -> Any:
    return Feedback.objects.real()


def _records_waiting(keys: list[int]) -> list[int]:
    read = Assessment.objects.filter(pk=OuterRef("pk"))
    here = TextReading.objects.filter(
        feedback=OuterRef("pk"), message__isnull=False, reader=READER
    )
    waiting = Feedback.objects.filter(pk__in=keys).exclude(Exists(read) & Exists(here))
    return list(waiting.order_by("-pk").values_list("pk", flat=True))


def _messages() -> Any:
    return Message.objects.filter(direction=Direction.IN, is_automatic=False, is_third_party=False)


def _messages_waiting(keys: list[int]) -> list[int]:
    read = TextReading.objects.filter(message=OuterRef("pk"), reader=READER)
    waiting = Message.objects.filter(pk__in=keys).exclude(Exists(read))
    return list(waiting.order_by("-pk").values_list("pk", flat=True))


def _responses() -> Any:
    return Response.objects.filter(status=ResponseStatus.COMPLETE, is_test=False)


def _responses_waiting(keys: list[int]) -> list[int]:
    read = TextReading.objects.filter(response=OuterRef("pk"), reader=READER)
    words = Answer.objects.filter(response=OuterRef("pk")).exclude(text=None).exclude(text="")
    waiting = Response.objects.filter(Exists(words), pk__in=keys).exclude(Exists(read))
    return list(waiting.order_by("-pk").values_list("pk", flat=True))


_Kind = tuple[Callable[[], Any], Callable[[list[int]], list[int]], Callable[[int], Any]]
_KINDS: dict[str, _Kind] = {
    "feedback": (_records, _records_waiting, read_feedback),
    "message": (_messages, _messages_waiting, read_message),
    "response": (_responses, _responses_waiting, read_response),
}
