from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from surveys.views.tabs import SurveyPage, register_survey_page

        seen = "surveys.view_response"
        register_survey_page(SurveyPage("analytics:survey_results", _("Results"), seen))
        register_survey_page(
            SurveyPage("analytics:survey_crosstab", _("Cross-tab"), seen),
            after="analytics:survey_results",
        )
