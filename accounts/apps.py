from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from django.core import checks

        from accounts.outbox.signing import check_keys
        from accounts.selectors import webhook_events
        from accounts.selectors.conditions import asked_customer_vocabulary, customer_vocabulary
        from accounts.selectors.watching import mail_can_leave, mail_is_sent, outgoing_gauges
        from accounts.services.customer_privacy import ACCOUNTS
        from accounts.services.privacy_keepers import register_keeper
        from accounts.services.setting_models import ACCOUNT_SETTINGS
        from config.kernel.conditions.vocabulary import register
        from config.kernel.health import register_check, register_gauges
        from config.kernel.settings_models import register_setting_model

        checks.register(check_keys)
        register(customer_vocabulary())
        register_keeper(ACCOUNTS)
        register(asked_customer_vocabulary())
        webhook_events.register_webhook_events(
            webhook_events.CUSTOMER,
            webhook_events.read_customers,
            webhook_events.CUSTOMER_EVENTS,
        )
        register_check("outbox", mail_is_sent())
        register_check("mail_server", mail_can_leave)
        register_gauges("outgoing", outgoing_gauges)
        for setting in ACCOUNT_SETTINGS:
            register_setting_model(setting)
