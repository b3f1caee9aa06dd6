from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from accounts.selectors.own_addresses import register_own_addresses
        from feedback.selectors.own_addresses import mailbox_addresses

        register_own_addresses(mailbox_addresses)
