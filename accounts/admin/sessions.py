from allauth.usersessions.admin import UserSessionAdmin as AllauthAdmin
from allauth.usersessions.models import UserSession
from django.contrib import admin

admin.site.unregister(UserSession)


@admin.register(UserSession)
class UserSessionAdmin(AllauthAdmin):
    """allauth would search by a user name, which nobody here has."""

    search_fields = ["user__email", "user__name"]
