from django.urls import path

from analytics.views import home

app_name = "analytics"

urlpatterns = [
    # Parts of the dashboard, which is the home page (config.urls).
    path("dashboard/now/", home.dashboard_now, name="dashboard_now"),
    path("dashboard/period/", home.dashboard_period, name="dashboard_period"),
]
