"""What the development mail server does with a mail (settings.DEV_MAIL_HANDLER)."""

from accounts.services.caught_mail import keep_mail
from feedback.channels.email.receive import MailboxUnknown, MailTooLarge, receive_raw_mail


def take_mail(envelope_from: str, recipients: list[str], raw: bytes) -> None:
    """Show it in the outbox, and let it in where it is for one of our mailboxes: so a newcomer
    can write to the demo mailbox, and answer a mail, with nothing else installed."""
    keep_mail(envelope_from=envelope_from, recipients=recipients, raw=raw)
    for address in recipients:
        try:
            receive_raw_mail(address, raw)
        except (MailboxUnknown, MailTooLarge):
            continue
