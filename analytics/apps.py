from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from accounts.services.privacy_keepers import register_keeper
        from analytics.services.customer_privacy import ANALYTICS
        from analytics.services.setting_models import ANALYTICS_SETTINGS
        from analytics.views.problem_panel import problem_facts, problem_panel
        from analytics.views.reading_panel import reading_facts, reading_panel
        from analytics.views.thanks_panel import thanks_facts, thanks_panel
        from config.kernel.settings_models import register_setting_model
        from feedback.panels import register_panel
        from surveys.views.tabs import SurveyPage, register_survey_page

        register_keeper(ANALYTICS)
        for setting in ANALYTICS_SETTINGS:
            register_setting_model(setting)
        register_panel(reading_panel, reading_facts)
        register_panel(problem_panel, problem_facts)
        register_panel(thanks_panel, thanks_facts)
        seen = "surveys.view_response"
        register_survey_page(SurveyPage("analytics:survey_results", _("Results"), seen))
        register_survey_page(
            SurveyPage("analytics:survey_crosstab", _("Cross-tab"), seen),
            after="analytics:survey_results",
        )
