from django.urls import path

from analytics.views import home, setup

app_name = "analytics"

urlpatterns = [
    # Parts of the dashboard, which is the home page (config.urls).
    path("dashboard/now/", home.dashboard_now, name="dashboard_now"),
    path("dashboard/period/", home.dashboard_period, name="dashboard_period"),
    path("setup/", setup.setup, name="setup"),
    path("setup/remove-demo/", setup.remove_demo_company, name="remove_demo"),
    path("setup/make-demo/", setup.make_demo_company, name="make_demo"),
]
