"""What stands below answers."""

from typing import Any

from django.db import transaction

from accounts.models import Team, User
from feedback.models import Feedback, Signature
from feedback.rules.placeholders import fill_quietly
from feedback.selectors.signatures import signature_of
from feedback.services.reply_templates import ensure_readable, values_for_answer

# As mail programs know it: what stands below is not the message.
MARK = "-- "


@transaction.atomic
def save_signature(
    *, user: User | None = None, team: Team | None = None, body_zh: str, body_en: str
) -> Signature | None:
    """The signature of a person or a team; without a text there is none. Raises
    VariablesUnknown, PartNotClosed."""
    whose: dict[str, Any] = {"user": user} if user is not None else {"team": team}
    texts = {"body_zh": body_zh.strip(), "body_en": body_en.strip()}
    for text in texts.values():
        ensure_readable(text)
    if not any(texts.values()):
        for signature in Signature.objects.filter(**whose):
            signature.delete()
        return None
    signature, _is_new = Signature.objects.update_or_create(**whose, defaults=texts)
    return signature


def signature_text(feedback: Feedback, by: User, signature: Signature | None) -> str:
    """As the customer reads it, in the language of the record; "" without one."""
    if signature is None:
        return ""
    body = signature.body_in(feedback.language)
    return fill_quietly(body, values_for_answer(feedback, by)).strip()


def signature_for(feedback: Feedback, by: User) -> str:
    """What an answer by `by` is signed with now."""
    return signature_text(feedback, by, signature_of(feedback, by))


def signed(text: str, signature: str) -> str:
    """A text as it goes out."""
    return f"{text}\n\n{MARK}\n{signature}" if signature else text
