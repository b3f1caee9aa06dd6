"""Mail in development: kept instead of delivered, so that its links can be clicked."""

from django.db import transaction

from accounts.models import CaughtMail
from accounts.rules.mail_reading import read_mail
from config.kernel.live import tell_pages

KEPT = 1000


@transaction.atomic
def keep_mail(*, envelope_from: str, recipients: list[str], raw: bytes) -> CaughtMail:
    """Store a mail for the outbox page; the oldest beyond KEPT are forgotten."""
    mail = read_mail(raw)
    caught = CaughtMail.objects.create(
        envelope_from=envelope_from[:254],
        recipients=[address[:254] for address in recipients],
        sender=mail.sender[:254],
        subject=mail.subject[:255],
        raw=raw,
    )
    CaughtMail.objects.filter(pk__lte=caught.pk - KEPT).delete()
    tell_pages("outbox", id=caught.pk)
    return caught
