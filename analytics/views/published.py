"""“You said, we did” for everybody: by quarter, in a language that the address names. No login, no
cookie, no script; caches keep it, and ask each time whether it is still so."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from accounts.access import public
from analytics.models import PublicPage
from analytics.selectors.public_page import public_page
from analytics.selectors.published import (
    Item,
    newest_published,
    published_in,
    published_quarters,
    withdrawn_in,
)
from config.kernel.bilingual import is_chinese
from config.kernel.kept import settings_at
from config.kernel.site import site_name

LANGUAGES = {"zh": "zh-hans", "en": "en"}
# Kept by caches, but asked for each time: what is withdrawn is gone at once.
CACHE = "public, no-cache"
EMBEDDED = 5
View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """In the language of the address (`short`: zh or en); there while the page is open."""

    @wraps(view)
    def shown(request: HttpRequest, short: str, **parts: Any) -> HttpResponse:
        if short not in LANGUAGES:
            raise Http404
        with settings_at(), override(LANGUAGES[short]):
            if not public_page().is_on:
                raise Http404
            response = view(request, LANGUAGES[short], **parts)
        response["Content-Language"] = LANGUAGES[short]
        return response

    return shown


def kept_by_caches(view: View) -> View:
    """Nothing on it is of whoever asks."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        response = view(request, *args, **parts)
        response.headers.setdefault("Cache-Control", CACHE)
        return response

    made: View = conditional_page(kept)
    return made


def short_of(language: str) -> str:
    return "zh" if is_chinese(language) else "en"


@public
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """To the page in the visitor's language."""
    if not public_page().is_on:
        raise Http404
    target = reverse("analytics:published_page", args=[short_of(get_language() or "")])
    response = HttpResponseRedirect(target)
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@public
@require_safe
@kept_by_caches
@for_everybody
def published_page(
    request: HttpRequest, language: str, year: int = 0, quarter: int = 0
) -> HttpResponse:
    """A quarter; without one the newest in which something stands."""
    quarters = published_quarters()
    if year and not 1 <= quarter <= 4:
        raise Http404
    if not year and quarters:
        year, quarter = quarters[0]
    context = {
        **frame(language, "published_quarter" if year else "published_page", year, quarter),
        "items": published_in(year, quarter, language) if year else [],
        "withdrawn": withdrawn_in(year, quarter) if year else [],
        "quarters": quarters,
        "year": year,
        "quarter": quarter,
    }
    return render(request, "analytics/public/page.html", context)


@public
@require_safe
@kept_by_caches
@for_everybody
def embedded(request: HttpRequest, language: str) -> HttpResponse:
    """The newest few, for a frame in a page of the company's own site; nowhere else."""
    page = public_page()
    context = {**frame(language, "published_embed"), "items": newest_published(language, EMBEDDED)}

    def inside(request: HttpRequest) -> HttpResponse:
        return render(request, "analytics/public/embed.html", context)

    if not page.origins:
        return inside(request)
    framed: HttpResponse = csp_replace({"frame-ancestors": page.origins})(inside)(request)
    framed.xframe_options_exempt = True
    framed["Cross-Origin-Resource-Policy"] = "cross-origin"
    return framed


@public
@require_safe
@kept_by_caches
@for_everybody
def published_json(request: HttpRequest, language: str) -> HttpResponse:
    """The same for programs; any site may read it."""
    found = [_as_json(one, language) for one in newest_published(language)]
    response = JsonResponse(
        {"language": language, "company": site_name(language), "items": found},
        json_dumps_params={"ensure_ascii": False},
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _as_json(one: Item, language: str) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": "plan" if one.is_plan else "done",
        "year": one.year,
        "quarter": one.quarter,
        "language": one.words.language,
        "title": one.words.title,
        "said": one.words.said,
        "did": one.words.did,
        "result": one.words.result,
        "quotes": [words for _language, words in one.quotes],
        "votes": one.votes if one.is_plan else None,
        "published": one.published_at.isoformat(),
        "url": settings.SITE_URL + one.path,
    }


def frame(language: str, name: str, *parts: Any) -> dict[str, Any]:
    """What every public page needs. Nothing of the session: no messages, no theme."""
    page: PublicPage = public_page()
    short = short_of(language)
    other = "zh" if short == "en" else "en"
    given = [one for one in parts if one]
    return {
        "settings": page,
        "heading": page.title or _("You said, we did"),
        "short": short,
        "other_short": other,
        "other_language": LANGUAGES[other],
        "other_url": reverse(f"analytics:{name}", args=[other, *given]),
        "messages": (),
        "theme": "",
    }
