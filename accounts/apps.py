from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.selectors.watching import mail_is_sent, outgoing_gauges
        from config.kernel.health import register_check, register_gauges

        register_check("outbox", mail_is_sent())
        register_gauges("outgoing", outgoing_gauges)
