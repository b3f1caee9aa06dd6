from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from accounts.selectors.own_addresses import (
            register_own_addresses,
            register_untagged_addresses,
        )
        from accounts.selectors.webhook_events import register_webhook_events
        from accounts.services.privacy_keepers import register_keeper
        from config.kernel.archiving import register_names
        from config.kernel.conditions.vocabulary import register
        from config.kernel.health import register_check, register_gauges
        from config.kernel.settings_models import register_setting_model
        from feedback.panels import register_composer_check
        from feedback.selectors import webhook_events
        from feedback.selectors.conditions import (
            asked_feedback_vocabulary,
            feedback_vocabulary,
        )
        from feedback.selectors.custom_columns import register_custom_columns
        from feedback.selectors.custom_filters import register_custom_filters
        from feedback.selectors.further_filters import register_further_filters
        from feedback.selectors.own_addresses import mailbox_addresses, untagged_addresses
        from feedback.selectors.record_columns import register_record_columns
        from feedback.selectors.tone import tone_hints
        from feedback.selectors.watching import inbound_gauges, mail_is_polled
        from feedback.services.customer_privacy import FEEDBACK
        from feedback.services.rule_actions import register_actions
        from feedback.services.setting_models import FEEDBACK_SETTINGS
        from feedback.services.setting_names import naming_in_words

        register(feedback_vocabulary())
        register_names(naming_in_words)
        register_keeper(FEEDBACK)
        register_record_columns()
        register_custom_columns()
        register_custom_filters()
        register_further_filters()
        register(asked_feedback_vocabulary())
        register_own_addresses(mailbox_addresses)
        register_untagged_addresses(untagged_addresses)
        register_check("mail poll", mail_is_polled())
        register_gauges("inbound", inbound_gauges)
        _register_panels()
        register_actions()
        register_webhook_events(
            webhook_events.TIMELINE, webhook_events.read_timeline, webhook_events.FEEDBACK_EVENTS
        )
        for setting in FEEDBACK_SETTINGS:
            register_setting_model(setting)
        register_composer_check(tone_hints)


def _register_panels() -> None:
    from feedback.panels import register_panel
    from feedback.views.clock_panel import clock_panel
    from feedback.views.suggestion_panel import suggestion_panel

    register_panel(suggestion_panel)
    register_panel(clock_panel)
