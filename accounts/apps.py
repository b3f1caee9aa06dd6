from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.selectors.watching import outgoing_gauges
        from config.kernel.health import register_gauges

        register_gauges("outgoing", outgoing_gauges)
