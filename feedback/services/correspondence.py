"""How mail about a record is addressed, so that every answer finds its way back."""

from typing import Any

from django.conf import settings

from config.kernel.mail_ids import reply_address
from config.kernel.site import site_name
from feedback.models import Feedback, Mailbox, MailReference

REFERENCES_SENT = 10


def mailbox_for(feedback: Feedback) -> Mailbox | None:
    """The mailbox it came to, else the team's, else any active one."""
    if feedback.mailbox is not None:
        return feedback.mailbox
    active = Mailbox.objects.filter(is_active=True).order_by("pk")
    return active.filter(team=feedback.team).first() or active.first()


def envelope(feedback: Feedback) -> dict[str, Any]:
    """from, reply-to and threading headers for `queue_mail`."""
    mailbox = mailbox_for(feedback)
    address = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    seen = list(
        MailReference.objects.filter(feedback=feedback)
        .order_by("-pk")
        .values_list("message_id", flat=True)[:REFERENCES_SENT]
    )
    theirs = MailReference.objects.filter(feedback=feedback, is_ours=False).order_by("-pk").first()
    return {
        "from_address": address,
        "from_name": mailbox.name if mailbox else site_name(feedback.language),
        "reply_to": reply_address(address, f"t{feedback.pk}"),
        "in_reply_to": theirs.message_id if theirs else "",
        "references": list(reversed(seen)),
    }
