from django.urls import path

from analytics.views import home, setup, survey_analysis, survey_crosstab, survey_sharing

app_name = "analytics"

urlpatterns = [
    # Parts of the dashboard, which is the home page (config.urls).
    path("dashboard/now/", home.dashboard_now, name="dashboard_now"),
    path("dashboard/period/", home.dashboard_period, name="dashboard_period"),
    path("setup/", setup.setup, name="setup"),
    path("setup/remove-demo/", setup.remove_demo_company, name="remove_demo"),
    path("setup/make-demo/", setup.make_demo_company, name="make_demo"),
    # Pages of a survey (analytics.apps registers them).
    path("surveys/<uuid:slug>/analysis/", survey_analysis.analysis, name="survey_analysis"),
    path(
        "surveys/<uuid:slug>/analysis/condition/",
        survey_analysis.analysis_condition,
        name="survey_analysis_condition",
    ),
    path("surveys/<uuid:slug>/analysis/share/", survey_sharing.share, name="survey_share"),
    path("surveys/<uuid:slug>/crosstab/", survey_crosstab.crosstab, name="survey_crosstab"),
    path("results/<str:token>/", survey_sharing.shared_results, name="shared_results"),
]
