"""Answers of before, by which a new one is judged, from memory."""

import time

from django.db.models.functions import Left

from feedback.enums import Direction
from feedback.models import Message
from feedback.rules.relevance import Answered, History

ROWS = 800  # the newest answers: 0.3 seconds once in KEPT_FOR
READ = 2_000  # letters of a text
KEPT_FOR = 6 * 3600  # seconds

_kept: tuple[float, History] | None = None


def answered_history() -> History:
    """What was answered to what, of the whole company: nothing of it is shown to anybody, and it
    says something only where answers on several records agree."""
    global _kept  # noqa: PLW0603 - one for each process
    if _kept is None or time.monotonic() - _kept[0] > KEPT_FOR:
        _kept = (time.monotonic(), History(_rows()))
    return _kept[1]


def forget() -> None:
    """For tests."""
    global _kept  # noqa: PLW0603
    _kept = None


def _rows() -> list[Answered]:
    """Those that people wrote, on records that were sorted."""
    answers = Message.objects.filter(
        direction=Direction.OUT, is_automatic=False, is_recalled=False, feedback__category__gt=0
    ).order_by("-pk")
    found = list(answers.values_list("feedback", Left("text", READ), "feedback__category")[:ROWS])
    first = (
        Message.objects.filter(
            feedback__in={feedback for feedback, _text, _category in found},
            direction=Direction.IN,
            is_automatic=False,
            is_third_party=False,
        )
        .order_by("feedback", "created_at", "pk")
        .distinct("feedback")
        .values_list("feedback", "feedback__subject", Left("text", READ))
    )
    said = {pk: f"{subject} {text}"[:READ] for pk, subject, text in first}
    return [
        Answered(said.get(feedback, ""), text, feedback, category)
        for feedback, text, category in found
        if text and feedback in said
    ]
