from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.access import among_the_toasts
from config.kernel.http import is_htmx, typed_text


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session (settings.CSRF_FAILURE_VIEW): explain it and hand back
    what was written. `reason` is Django's, for developers, and not shown."""
    if is_htmx(request):
        words = {"text": _("This page is too old: reload it, then try again."), "tone": "warning"}
        return among_the_toasts(render(request, "components/toast.html", words, status=409))
    kept = {"typed": typed_text(request.POST)}
    return render(request, "403_csrf.html", kept, status=403)
