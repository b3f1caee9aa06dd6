import ipaddress
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

_UNDO = "undo:"
_NOT_WRITTEN = re.compile(r"^_|^next$|token|password|secret|key|code", re.IGNORECASE)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether somebody at this very machine asks. A proxy on it makes everybody look local, so
    what came through one never counts."""
    marks = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
    if settings.BEHIND_PROXY or any(mark in request.headers for mark in marks):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket, which is what proxies use
        return False


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The page to go back to as named by `next`, if it is one of ours; else `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash is no page: redirect() would take it for the name of a view.
    is_page = wanted.startswith(("/", "http://", "https://"))
    if is_page and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    ):
        return wanted
    return fallback


def without_parameter(url: str, name: str) -> str:
    """`url` without the query parameter `name`, everything else as it was."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def toast(request: HttpRequest, text: str | Promise, *, undo_url: str = "") -> None:
    """Tell the person what happened, on this page or the next one, for 8 seconds.

    With `undo_url` the toast has an Undo button that POSTs there (with `next` = the page it
    was shown on).
    """
    messages.success(request, str(text), extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def undo_url_of(extra_tags: str | None) -> str:
    """The address that `toast` put into a message; empty when there is none."""
    tags = extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""


def typed_text(data: QueryDict) -> list[str]:
    """What a person wrote into a form that we cannot accept now, to show it back to them:
    the longer values, without secrets and technical fields, longest first."""
    texts = {
        text.strip()
        for name, values in data.lists()
        if not _NOT_WRITTEN.search(name)
        for text in values
        if isinstance(text, str) and (" " in text.strip() or len(text.strip()) > 12)
    }
    return sorted(texts, key=lambda text: (-len(text), text))
