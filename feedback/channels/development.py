"""What the development mail server does with a mail (settings.DEV_MAIL_HANDLER)."""

from accounts.services.caught_mail import keep_mail


def take_mail(envelope_from: str, recipients: list[str], raw: bytes) -> None:
    """Show it in the outbox."""
    keep_mail(envelope_from=envelope_from, recipients=recipients, raw=raw)
