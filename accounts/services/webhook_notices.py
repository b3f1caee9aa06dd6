"""Mail to those who look after webhooks."""

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import OutgoingKind, PausedBecause, Role
from accounts.models import User, WebhookEndpoint
from accounts.services.outbox import queue_mail


def tell_admins(endpoint: WebhookEndpoint, why: PausedBecause) -> None:
    """Inside another service: a webhook was paused by itself; each admin gets one mail."""
    is_admin = Q(is_superuser=True) | Q(groups__name=Role.ADMIN)
    for person in User.objects.filter(is_admin, is_active=True).distinct().order_by("pk"):
        language = person.language or settings.LANGUAGE_CODE
        with translation.override(language):
            values = {
                "name": endpoint.name,
                "reason": PausedBecause(why).label,
                "link": settings.SITE_URL + endpoint.get_absolute_url(),
            }
            subject = _("The webhook “%(name)s” was paused") % values
            text = _(
                "%(reason)s.\n\nNothing is sent to it until somebody switches it on again:\n"
                "%(link)s\n"
            )
            queue_mail(
                kind=OutgoingKind.NOTIFICATION,
                tag=f"u{person.pk}",
                to_address=person.email,
                to_name=person.name,
                subject=subject,
                body_text=text % values,
                language=language,
            )
