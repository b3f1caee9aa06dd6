"""Reading what customers wrote, right after it came: what was found goes to the record through
feedback.services.assessing, and stays with each text for figures (TextReading)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.models import TextReading
from analytics.selectors.near_duplicates import remember
from analytics.services.concluding import Text, language_code, read_text, reading_of
from analytics.services.readers import current_reader
from feedback.enums import OPEN_STATES, Direction, Mood
from feedback.models import Feedback, Message
from feedback.services.assessing import apply_reading, take_mood
from feedback.services.records import lock
from surveys.models import Answer

# Raise it when texts are read otherwise than before: then all are read again.
READER = 2
LATE = timedelta(days=30)


def read_feedback(feedback_id: int) -> bool:
    """Read a record and what its customer first wrote. Safe to run twice; what is spam, merged or
    without a word is left alone (False)."""
    feedback = Feedback.objects.real().filter(pk=feedback_id).first()
    if feedback is None:
        return False
    first = _written_in(feedback).order_by("created_at", "pk").first()
    if first is None or feedback.contents_deleted_at is not None:
        return False
    reader = current_reader()
    text = read_text(first.text, reader, feedback.subject)
    found = reading_of(feedback, text, reader)
    with transaction.atomic():
        locked = _locked_with(first)
        if locked is None:
            return False
        keep_text(text, said_at=first.created_at, message=first, feedback=locked)
        apply_reading(locked, found, is_late=_is_late(feedback))
    remember(feedback.pk, text.marks)
    return True


def read_message(message_id: int) -> bool:
    """Read what a customer added: how they feel now is how they feel in it."""
    message = Message.objects.filter(pk=message_id).select_related("feedback").first()
    if message is None or message.direction != Direction.IN or not message.text.strip():
        return False
    text = read_text(message.text, current_reader())
    with transaction.atomic():
        if _locked_with(message) is None:
            return False
        keep_text(text, said_at=message.created_at, message=message, feedback=message.feedback)
        _feel(message, text)
    return True


def _feel(message: Message, text: Text) -> None:
    later = _written_in(message.feedback).filter(created_at__gt=message.created_at)
    if text.label == Mood.UNDETERMINED or _is_late(message.feedback) or later.exists():
        return
    take_mood(
        message.feedback_id,
        mood=text.label,
        score=text.mood.score,
        confidence=text.mood.confidence,
    )


def _locked_with(message: Message) -> Feedback | None:
    """The record, locked, if it still holds a message with these words. Who anonymises a record
    locks it, too: its words were either taken out before, or are taken out of the reading after
    this."""
    try:
        feedback = lock(message.feedback_id)
    except Feedback.DoesNotExist:
        return None
    same = {"feedback": feedback.pk, "text": message.text}
    return feedback if Message.objects.filter(pk=message.pk, **same).exists() else None


def read_response(response_id: int) -> int:
    """Read the answers in words of a response, unless it was a test; gives how many. What was
    read of answers that are gone goes, too."""
    reader = current_reader()
    answers = Answer.objects.filter(response=response_id, response__is_test=False)
    written = answers.exclude(text=None).exclude(text="").select_related("response")
    texts = [(answer, read_text(answer.text or "", reader)) for answer in written]
    with transaction.atomic():
        # Locked: who erases words changes these rows, and then looks for what was read of them.
        rows = answers.filter(response__feedback__anonymised_at=None)
        now = dict(rows.select_for_update(of=["self"]).values_list("pk", "text"))
        said = [(answer, text) for answer, text in texts if now.get(answer.pk) == answer.text]
        kept = [answer.question_id for answer, _ in said]
        TextReading.objects.filter(response=response_id).exclude(question__in=kept).delete()
        for answer, text in said:
            response = answer.response
            keep_text(
                text,
                said_at=response.completed_at or response.last_seen_at,
                response=response,
                question_id=answer.question_id,
                feedback_id=response.feedback_id,
            )
    return len(said)


def keep_text(text: Text, *, said_at: datetime, **whose: Any) -> None:
    """Keep what was read of one text, instead of an earlier reading. `whose`: fields of
    TextReading; a message, or a response and a question."""
    mood = text.mood
    values: dict[str, Any] = {
        "said_at": said_at,
        "read_at": timezone.now(),
        "reader": READER,
        "language": language_code(mood.language),
        "length": len(text.text),
        "mood": text.label,
        "sentiment": None if text.label == Mood.UNDETERMINED else mood.score,
        "confidence": mood.confidence,
        "is_ironic": mood.irony,
        "sentences": [[*part.spans[0], part.score] for part in mood.sentences if part.spans],
        "aspects": {key: part.score for key, part in mood.aspects.items()},
        "words": list(text.words),
        "personal": [[str(one.kind), one.start, one.end] for one in text.personal],
        "marks": text.marks,
    }
    values |= whose
    keys = ["message"] if "message" in whose else ["response", "question"]
    changed = [name.removesuffix("_id") for name in values]
    TextReading.objects.bulk_create(
        [TextReading(**values)],
        update_conflicts=True,
        unique_fields=keys,
        update_fields=[name for name in changed if name not in keys],
    )


def _written_in(feedback: Feedback) -> Any:
    return Message.objects.filter(
        feedback=feedback, direction=Direction.IN, is_automatic=False, is_third_party=False
    ).exclude(text="")


def _is_late(feedback: Feedback) -> bool:
    """Long settled: it is read for figures, and nobody need look at it any more."""
    is_open = feedback.state in OPEN_STATES
    return not is_open and feedback.received_at < timezone.now() - LATE
