"""Mail to those who look after webhooks."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.enums import PausedBecause
from accounts.models import WebhookEndpoint
from accounts.services.admin_mail import mail_admins


def tell_admins(endpoint: WebhookEndpoint, why: PausedBecause) -> None:
    """Inside another service: a webhook was paused by itself; each admin gets one mail."""

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
