from django.contrib import admin
from django.urls import include, path

from analytics.views.home import home
from config.kernel.health import healthz, metrics, readyz
from config.kernel.live import live

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("live/", live, name="live"),
    path("", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
    path("", include("feedback.urls")),
    path("", include("surveys.urls")),
    path("", include("analytics.urls")),
]

handler500 = "config.api.server_error"
