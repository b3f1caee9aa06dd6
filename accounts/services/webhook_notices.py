"""Webhooks that are paused by themselves, and mail to those who look after them."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.enums import PausedBecause
from accounts.models import WebhookEndpoint
from accounts.services.admin_mail import mail_admins


def pause_by_itself(endpoint: WebhookEndpoint, why: PausedBecause) -> None:
    """Inside another service: nothing is sent to it until a person switches it on again, and
    each admin gets one mail. Nothing happens to one that is paused already."""
    active = WebhookEndpoint.objects.active().filter(pk=endpoint.pk)
    if active.update(is_active=False, paused_because=why):
        endpoint.is_active, endpoint.paused_because = False, why
        _tell_admins(endpoint, why)


def _tell_admins(endpoint: WebhookEndpoint, why: PausedBecause) -> None:

    def words() -> tuple[str, str]:
        values = {
            "name": endpoint.name,
            "reason": PausedBecause(why).label,
            "link": settings.SITE_URL + endpoint.get_absolute_url(),
        }
        text = _(
            "%(reason)s.\n\nNothing is sent to it until somebody switches it on again:\n%(link)s\n"
        )
        return _("The webhook “%(name)s” was paused") % values, text % values

    mail_admins(words)
