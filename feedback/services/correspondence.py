"""How mail about a record is addressed, so that every answer finds its way back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from config.kernel.mail_ids import reply_address
from config.kernel.site import site_name
from feedback.models import Feedback, Mailbox, MailReference
from feedback.selectors.kept_settings import mailboxes

REFERENCES_SENT = 10


def mailbox_for(feedback: Feedback) -> Mailbox | None:
    """The mailbox it came to, else the team's, else any active one."""
    if feedback.mailbox is not None:
        return feedback.mailbox
    active = [one for one in mailboxes().values() if one.is_active]
    return min(active, key=lambda one: (one.team_id != feedback.team_id, one.pk), default=None)


def answers_to_mailbox(mailbox: Mailbox, tag: str) -> str:
    """Where an answer about `tag` is sent; the plain address, where one with a tag would never
    arrive: then its Message-ID alone leads to the record."""
    tagged = mailbox.has_tagged_addresses
    return reply_address(mailbox.address, tag) if tagged else mailbox.address


def envelope(
    feedback: Feedback,
    *,
    mailbox: Mailbox | None = None,
    known: Sequence[MailReference] | None = None,
) -> dict[str, Any]:
    """from, reply-to and threading headers for `queue_mail`. `mailbox`: that of `mailbox_for`,
    from a caller who has it. `known`: all references that the record has, oldest first, from a
    caller who has just made it."""
    mailbox = mailbox or mailbox_for(feedback)
    address = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    tag = f"t{feedback.pk}"
    reply_to = answers_to_mailbox(mailbox, tag) if mailbox else reply_address(address, tag)
    kept = MailReference.objects.filter(feedback=feedback).order_by("-pk")
    newest = list(reversed(known)) if known is not None else list(kept[:REFERENCES_SENT])
    seen = newest[:REFERENCES_SENT]
    theirs = next((one for one in newest if not one.is_ours), None)
    if theirs is None and len(seen) == REFERENCES_SENT:
        theirs = kept.filter(is_ours=False).first()
    return {
        "from_address": address,
        "from_name": mailbox.name if mailbox else site_name(feedback.language),
        "reply_to": reply_to,
        "in_reply_to": theirs.message_id if theirs else "",
        "references": [one.message_id for one in reversed(seen)],
    }
