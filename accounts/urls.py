from django.urls import path

from accounts.views import language, profile

app_name = "accounts"

urlpatterns = [
    path("language/", language.choose_language, name="language"),
    path("account/profile/", profile.profile, name="profile"),
]
