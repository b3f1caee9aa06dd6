"""What is turned away before any page sees it, or because no page can do anything with it."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)


class ReadableRequestMiddleware:
    """Nobody types a NUL byte and PostgreSQL stores none, so an address or a cookie with one is
    refused here, for every page at once. In a form it is the form that says so: nothing typed
    may be lost."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request):
            raise BadRequest("NUL byte")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What the database could not even read (a number beyond every column, text of no
        encoding) is the sender's mistake. It is logged, because a form should have said so."""
        if isinstance(exception, DataError):
            _log.warning("Unreadable input reached the database.", exc_info=exception)
            raise BadRequest("unreadable") from exception


def _holds_nul(request: HttpRequest) -> bool:
    if "\0" in request.path_info:
        return True
    # Cookies are asked last: a quoted one may hold the byte as an octal escape.
    return _in_query(request) or any("\0" in value for value in request.COOKIES.values())


def _in_query(request: HttpRequest) -> bool:
    if request.path_info.startswith("/api/"):
        return False  # there every filter refuses it itself, in a problem document that names it
    # Decoding costs something, so only where there is anything to decode.
    if "%00" not in request.META.get("QUERY_STRING", "") and "\0" not in request.META.get(
        "QUERY_STRING", ""
    ):
        return False
    return any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts))


class BodyLimit:
    """In front of Django's ASGI application, which would write a body of any size to the disk
    before anybody looks at it: what exceeds settings.MAX_REQUEST_BYTES is answered with 413."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = settings.MAX_REQUEST_BYTES
        if _declared_length(scope) > limit:
            await _too_large(send)
            return
        counted, is_refused = 0, False

        async def counting() -> Message:
            nonlocal counted, is_refused
            message = await receive()
            counted += len(message.get("body", b""))
            if counted <= limit:
                return message
            is_refused = True
            # To Django it looks as if the sender had gone away: it drops what it has.
            return {"type": "http.disconnect"}

        await self.app(scope, counting, send)
        if is_refused:
            await _too_large(send)


def _declared_length(scope: MutableMapping[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _too_large(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    text = "文件太大，请分几次发送。 These files are too large; please send them in parts.\n"
    await send({"type": "http.response.body", "body": text.encode()})
