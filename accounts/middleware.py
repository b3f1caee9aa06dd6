"""Which language a page speaks: ?lang= > the visitor's choice > the user > the browser."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

KNOWN = dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The language code (one of settings.LANGUAGES) to answer `request` in."""
    user = getattr(request, "user", None)
    wishes = (
        request.GET.get("lang"),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        getattr(user, "language", "") if user is not None and user.is_authenticated else "",
    )
    for wish in wishes:
        if wish in KNOWN:
            return str(wish)
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
