"""The mail that the development server took: read it here, click its links here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.models import CaughtMail
from accounts.rules.mail_reading import read_mail, showable_html
from config.kernel.http import is_from_this_machine, is_htmx

PER_PAGE = 50
View = Callable[..., HttpResponse]


def in_development(view: View) -> View:
    """Where mail is caught, for those who sit at the machine or have signed in; else the page
    does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_here = is_from_this_machine(request)
        if not settings.DEV_OUTBOX or not (is_here or request.user.is_authenticated):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@in_development
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    mails = CaughtMail.objects.defer("raw")
    page = Paginator(mails, PER_PAGE).get_page(request.GET.get("page"))
    template = "accounts/outbox.html#mails" if is_htmx(request) else "accounts/outbox.html"
    return render(request, template, {"page": page})


@public
@in_development
@require_safe
def caught_mail(request: HttpRequest, pk: int) -> HttpResponse:
    caught = get_object_or_404(CaughtMail, pk=pk)
    found = {"caught": caught, "mail": read_mail(bytes(caught.raw))}
    return render(request, "accounts/caught_mail.html", found)


@public
@in_development
@require_safe
@xframe_options_sameorigin
@csp(
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "frame-ancestors": [SELF],
        "form-action": [NONE],
    }
)
def caught_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a mail as the document of the frame in which it is shown."""
    caught = get_object_or_404(CaughtMail, pk=pk)
    return HttpResponse(showable_html(read_mail(bytes(caught.raw)).html))


@public
@in_development
@require_safe
def caught_source(request: HttpRequest, pk: int) -> HttpResponse:
    caught = get_object_or_404(CaughtMail, pk=pk)
    return HttpResponse(bytes(caught.raw), content_type="text/plain; charset=utf-8")
