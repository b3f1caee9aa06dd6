"""What the shell of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.selectors.demo_logins import demo_logins
from config.kernel.site import site_name

THEMES = {"light", "dark"}


def shell(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": site_name(),
        "debug": settings.DEBUG,
        "version": settings.VERSION,
        # Empty: as the system says; static/js/theme.js then fills in before the first paint.
        "theme": theme if theme in THEMES else "",
        # Called by the page on which one signs in.
        "demo_logins": demo_logins,
    }
