"""Which language an answer page speaks: what was pressed on it > ?lang > the visitor's choice >
the language of whoever was invited > the browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

KNOWN = dict(settings.LANGUAGES)


def speaking(request: HttpRequest, usual: str, page: Callable[[], HttpResponse]) -> HttpResponse:
    """`page()` in the language that fits; `usual` is what the invitation says ("" = nothing)."""
    wishes = (
        request.POST.get("switch_language"),
        request.POST.get("language"),
        request.GET.get("lang"),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        usual,
        translation.get_language(),
    )
    language = next((wish for wish in wishes if wish in KNOWN), settings.LANGUAGE_CODE)
    with translation.override(language):
        response = page()
    response["Content-Language"] = str(language)
    return response


def chosen_language() -> str:
    """The active language as one of settings.LANGUAGES."""
    active = translation.get_language() or settings.LANGUAGE_CODE
    return active if active in KNOWN else settings.LANGUAGE_CODE
