"""Mail to those who look after the installation."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from accounts.enums import OutgoingKind, Role
from accounts.models import User
from accounts.services.outbox import queue_mail


def mail_admins(
    words: Callable[[], tuple[str, str]],
    *,
    once: str | None = None,
    kind: OutgoingKind = OutgoingKind.NOTIFICATION,
) -> None:
    """Inside another service: a mail to each admin. `words` gives subject and text and is asked
    in the language of each. With `once` (a key of up to 60 characters) nobody gets it twice."""
    is_admin = Q(is_superuser=True) | Q(groups__name=Role.ADMIN)
    for person in User.objects.filter(is_admin, is_active=True).distinct().order_by("pk"):
        language = person.language or settings.LANGUAGE_CODE
        with translation.override(language):
            subject, text = words()
        queue_mail(
            kind=kind,
            tag=f"u{person.pk}",
            to_address=person.email,
            to_name=person.name,
            subject=subject,
            body_text=text,
            language=language,
            dedupe_key=f"{once}:{person.pk}" if once else None,
        )
