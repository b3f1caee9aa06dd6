from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from accounts.selectors.webhook_events import register_webhook_events
        from accounts.services.privacy_keepers import register_keeper
        from config.kernel.conditions.vocabulary import register, vocabulary
        from config.kernel.settings_models import register_setting_model
        from feedback.enums import TimelineKind
        from feedback.panels import (
            register_customer_fact,
            register_panel,
            register_task_page,
        )
        from feedback.rules.actions import register_action
        from feedback.selectors.customer_story import register_story
        from feedback.selectors.sentences.registry import register_sentence
        from surveys.panels import (
            bookings_in_story,
            call_back_facts,
            call_back_panel,
            call_form,
            gathering_facts,
            gathering_panel,
            points_fact,
            questions_in_story,
            responses_in_story,
            rewards_in_story,
            survey_sentence,
        )
        from surveys.selectors.conditions import (
            answered_feedback_vocabulary,
            last_asked,
            response_vocabulary,
        )
        from surveys.services.customer_privacy import SURVEYS
        from surveys.services.rule_action import START_SURVEY
        from surveys.services.setting_models import SURVEY_SETTINGS

        register_keeper(SURVEYS)
        vocabulary("customer").add(last_asked())
        register(response_vocabulary())
        register(answered_feedback_vocabulary())
        from surveys.selectors.webhook_events import (
            IMPORT_EVENTS,
            INVITATION,
            INVITATION_EVENTS,
            RESPONSE,
            RESPONSE_IMPORT,
            SURVEY_EVENTS,
            read_imports,
            read_invitations,
            read_responses,
        )

        register_webhook_events(RESPONSE, read_responses, SURVEY_EVENTS)
        register_webhook_events(RESPONSE_IMPORT, read_imports, IMPORT_EVENTS)
        register_webhook_events(INVITATION, read_invitations, INVITATION_EVENTS)
        from surveys.selectors.gathering_webhooks import (
            BOOKING,
            BOOKING_EVENTS,
            GATHERING,
            GATHERING_EVENTS,
            read_bookings,
            read_gatherings,
        )
        from surveys.selectors.record_answers import register_answers_of_records

        register_answers_of_records()
        register_webhook_events(GATHERING, read_gatherings, GATHERING_EVENTS)
        register_webhook_events(BOOKING, read_bookings, BOOKING_EVENTS)
        register_panel(call_back_panel, call_back_facts)
        register_panel(gathering_panel, gathering_facts)
        register_story(bookings_in_story)
        register_action(START_SURVEY)
        register_story(responses_in_story)
        register_story(questions_in_story)
        register_story(rewards_in_story)
        register_customer_fact(points_fact)
        register_task_page(call_form)
        register_sentence(TimelineKind.SURVEY, survey_sentence)
        for setting in SURVEY_SETTINGS:
            register_setting_model(setting)
