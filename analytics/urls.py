from django.urls import path

from analytics.views import home, setup, survey_crosstab, survey_results, survey_sharing

app_name = "analytics"

urlpatterns = [
    # Parts of the dashboard, which is the home page (config.urls).
    path("dashboard/now/", home.dashboard_now, name="dashboard_now"),
    path("dashboard/period/", home.dashboard_period, name="dashboard_period"),
    path("setup/", setup.setup, name="setup"),
    path("setup/remove-demo/", setup.remove_demo_company, name="remove_demo"),
    path("setup/make-demo/", setup.make_demo_company, name="make_demo"),
    # Pages of a survey (analytics.apps registers them).
    path("surveys/<uuid:slug>/results/", survey_results.results, name="survey_results"),
    path(
        "surveys/<uuid:slug>/results/condition/",
        survey_results.results_condition,
        name="survey_results_condition",
    ),
    path(
        "surveys/<uuid:slug>/results/news/",
        survey_results.results_news,
        name="survey_results_news",
    ),
    path("surveys/<uuid:slug>/results/share/", survey_sharing.share, name="survey_share"),
    path(
        "surveys/<uuid:slug>/results/share/<int:pk>/withdraw/",
        survey_sharing.withdraw,
        name="withdraw_share",
    ),
    # Where these pages were before.
    path("surveys/<uuid:slug>/analysis/", survey_results.moved, name="survey_analysis"),
    path(
        "surveys/<uuid:slug>/analysis/condition/",
        survey_results.moved,
        {"page": "condition"},
        name="survey_analysis_condition",
    ),
    path(
        "surveys/<uuid:slug>/analysis/share/",
        survey_results.moved,
        {"page": "share"},
        name="survey_analysis_share",
    ),
    path("surveys/<uuid:slug>/crosstab/", survey_crosstab.crosstab, name="survey_crosstab"),
    path("results/<str:token>/", survey_sharing.shared_results, name="shared_results"),
]
