"""Showing personal data that is covered in a message; who did it, and when, stays written."""

from django.db import transaction

from accounts.models import User
from accounts.selectors.personal_data import cover_in_conversations
from feedback.enums import TimelineKind
from feedback.models import Feedback, Message
from feedback.services.records import tell


@transaction.atomic
def reveal_personal_data(message: Message, *, on: Feedback, by: User) -> Message:
    """The message of the conversation of `on`, once the story of that record says that `by` saw
    what is covered in it: which message and the kinds, never the values. Nothing is told where
    nothing is covered for them."""
    cover = cover_in_conversations(by)
    texts = (message.text, message.full_text, message.subject)
    names = [one.name for one in message.attachments.all()]
    kinds = [kind.value for kind in cover.kinds_in(texts, names)]
    if kinds:
        tell(on, TimelineKind.REVEALED, by=by, message=message.pk, kinds=kinds)
    return message
