"""Of a mail that is too large, what its beginning says: enough to tell whoever sent it."""

import logging

from feedback.channels.email.filing import language_of, own_addresses, verdict_on
from feedback.channels.email.parse import parse_mail
from feedback.enums import InboundState, Quarantined
from feedback.models import InboundMail
from feedback.services.oversized_mail import tell_of_oversized_mail

logger = logging.getLogger(__name__)


def read_beginning(inbound_id: int) -> None:
    """Tell its sender and the admins, once each. Safe to run twice."""
    inbound = InboundMail.objects.select_related("mailbox").get(pk=inbound_id)
    if inbound.state != InboundState.QUARANTINED or inbound.reason != Quarantined.TOO_LARGE:
        return
    try:
        mail = parse_mail(bytes(inbound.raw))
        verdict = verdict_on(mail, own_addresses())
    except Exception:  # cut anywhere, it may be anything; the admins hear of it all the same
        logger.exception("the beginning of mail %s could not be read", inbound_id)
        tell_of_oversized_mail(
            inbound_id, message_id="", subject="", sender="", sender_name="", language="",
            may_be_answered=False,
        )  # fmt: skip
        return
    tell_of_oversized_mail(
        inbound_id,
        message_id=mail.message_id,
        subject=mail.subject,
        sender=mail.from_address,
        sender_name=mail.from_name,
        language=language_of(mail, inbound.mailbox),
        may_be_answered=verdict.may_be_answered,
    )
