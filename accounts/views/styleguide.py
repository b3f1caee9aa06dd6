"""Every component on one page: to look at, to photograph, to test with axe. Development only."""

from datetime import timedelta
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.forms.specimen import SpecimenForm
from config.kernel.templatetags.ui import DUE_SOON

TONES = ["gray", "brand", "green", "blue", "amber", "red", "violet"]


@public
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    _only_in_development()
    wrong = SpecimenForm({"name": "", "email": "wang at example", "product": "a"})
    pages = Paginator(range(1, 1285), 50)
    context = {
        "tones": TONES,
        "rows": _rows(),
        "form": SpecimenForm(),
        "wrong_form": wrong,
        "page": pages.page(3),
        "tabs": [
            {"label": _("Conversation"), "url": "#tabs", "current": True, "count": 4},
            {"label": _("Timeline"), "url": "#tabs", "current": False, "count": None},
        ],
    }
    return render(request, "accounts/styleguide.html", context)


@public
def styleguide_public(request: HttpRequest) -> HttpResponse:
    """What customers see; a POST shows the form with mistakes and in the language asked for."""
    _only_in_development()
    form = SpecimenForm(request.POST or None)
    with translation.override(request.POST.get("switch_language") or translation.get_language()):
        status = 422 if form.is_bound and not form.is_valid() else 200
        return render(request, "accounts/styleguide_public.html", {"form": form}, status=status)


# Mail clients know nothing but inline styles; this page shows what they draw.
@public
@require_safe
@csp_replace({"style-src": ["'unsafe-inline'"]})
def styleguide_mail(request: HttpRequest) -> HttpResponse:
    _only_in_development()
    context = {"tones": TONES[:5], "language": translation.get_language(), "subject": "…"}
    return render(request, "accounts/styleguide_mail.html", context)


def _only_in_development() -> None:
    if not settings.DEBUG:
        raise Http404


def _rows() -> list[dict[str, Any]]:
    now = timezone.now()
    people = [("王敏", "敏"), ("Ada King", "AK"), ("李雷", "雷"), ("", "")]
    subjects = [
        ("净水器漏水，第二次联系你们了", "上周换过滤芯以后，接口处一直在滴水……"),
        ("Where is my order 20261102-8841?", "The tracking page has not moved for six days now."),
        ("安装师傅很专业，表扬一下", "从预约到安装只用了一天。"),
        ("Rice cooker smells burnt", "Since last Friday, each time it keeps the rice warm."),
    ]
    due = [timedelta(hours=-2), DUE_SOON / 3, timedelta(hours=7), None]
    states = [("red", _("New")), ("blue", _("Open")), ("green", _("Resolved")), ("amber", "")]
    return [
        {
            "number": 10234 - i,
            "subject": subjects[i][0],
            "more": subjects[i][1],
            "tone": states[i][0],
            "status": states[i][1] or _("Waiting for the customer"),
            "hollow": not states[i][1],
            "person": people[i][0],
            "initials": people[i][1],
            "due_at": now + due[i] if due[i] is not None else None,  # type: ignore[operator]
            "received_at": now - timedelta(hours=5 * i * i, minutes=3),
        }
        for i in range(len(subjects))
    ]
