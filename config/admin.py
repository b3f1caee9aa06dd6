from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class HuiyinAdminSite(admin.AdminSite):
    site_header = _("Huiyin settings")
    site_title = _("Huiyin settings")
    index_title = _("Everything that can be configured")
    site_url = "/"
    enable_nav_sidebar = True

    def get_urls(self) -> list[Any]:
        # Django's "view on site" opens rows of any table by number; our links are our own.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    # Through our own login, which limits guesses and asks for the second factor.
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):  # type: ignore[no-untyped-def]
        return super().login(request, extra_context)
