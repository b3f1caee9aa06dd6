"""One JSON object a line, with the request's id and without anybody's personal data."""

import json
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Whoever logs a message should not put an address in it; this is the net below.
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def current_request_id() -> str:
    return _request_id.get()


# The address of a customer's page is the key to it: whatever in a path nobody could guess.
_KEY = re.compile(r"(?<=/)(?=[\w-]*\d)[\w-]{20,}(?=[/?\s]|$)")


def _without_secrets(text: str) -> str:
    return _KEY.sub("[key]", _ADDRESS.sub("[address]", text))


class RequestIdMiddleware:
    """Takes X-Request-ID from the proxy or makes one; the response carries it back."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_async:
            return self._acall(request)  # type: ignore[return-value]
        token = _request_id.set(self._choose(request))
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = _request_id.get()
        finally:
            _request_id.reset(token)
        return response

    async def _acall(self, request: HttpRequest) -> HttpResponse:
        token = _request_id.set(self._choose(request))
        try:
            response = await self.get_response(request)  # type: ignore[misc]
            response["X-Request-ID"] = _request_id.get()
        finally:
            _request_id.reset(token)
        return response

    @staticmethod
    def _choose(request: HttpRequest) -> str:
        given = request.headers.get("X-Request-ID", "")
        return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": _without_secrets(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
