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

    # Through our own login, which limits guesses and asks for the second factor.
    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):  # type: ignore[no-untyped-def]
        return super().login(request, extra_context)
