"""What every endpoint of the API shares: problem documents, strict filters, cursor pages."""

import json
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, status
from rest_framework.filters import OrderingFilter
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from config.kernel.errors import DomainError
from config.kernel.logs import current_request_id

PROBLEM = "application/problem+json"
_CURSOR = re.compile(r"[A-Za-z0-9+/=_-]{1,500}")
_SIZE = re.compile(r"[0-9]{1,4}")
_KEPT_HEADERS = {"www-authenticate", "retry-after"}


class Refusal(exceptions.APIException):
    """A refusal with a status and code of its own, raised by views."""

    def __init__(
        self, status_code: int, code: str, detail: str, *, wait: int | None = None
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        if wait is not None:
            self.wait = wait  # seconds; DRF makes a Retry-After of it


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as an RFC 9457 problem document with a stable code and the request's id.

    What a DomainError knows beside its sentence (the version that is there now, the names that
    are missing …) is told under its own name.
    """
    if isinstance(exc, DomainError):
        said = {"message", "code"}
        facts = {name: value for name, value in vars(exc).items() if name not in said}
        return _problem(status.HTTP_409_CONFLICT, exc.code, str(exc.message), **facts)
    if isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(getattr(exc, "message_dict", exc.messages))
    elif isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = exception_handler(exc, context)
    if response is None or not isinstance(exc, exceptions.APIException):
        return None
    if isinstance(exc, exceptions.ValidationError):
        detail = _("Some fields were not understood.")
        errors = exc.detail if isinstance(exc.detail, dict) else {"body": exc.detail}
        body = _problem(response.status_code, "invalid", detail, errors=errors)
    else:
        code = exc.get_codes()
        body = _problem(
            response.status_code, code if isinstance(code, str) else "error", str(exc.detail)
        )
    for name, value in response.headers.items():
        if name.lower() in _KEPT_HEADERS:
            body[name] = value
    return body


def problem(status_code: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem document."""
    return {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status_code,
        "code": code,
        "detail": detail,
        **more,
        "request_id": current_request_id(),
    }


def _problem(status_code: int, code: str, detail: str, **more: Any) -> Response:
    body = problem(status_code, code, detail, **more)
    return Response(body, status=status_code, content_type=PROBLEM)


def plain_problem(request: HttpRequest, status_code: int, code: str, detail: str) -> HttpResponse:
    """The same for addresses that no API view answers."""
    body = json.dumps(problem(status_code, code, detail), ensure_ascii=False)
    return HttpResponse(body, status=status_code, content_type=PROBLEM)


class StrictOrdering(OrderingFilter):
    """`?ordering=` by one of the view's `ordering_fields`; anything else is an error."""

    def remove_invalid_fields(
        self, queryset: Any, fields: Any, view: Any, request: Request
    ) -> list[str]:
        allowed = list(getattr(view, "ordering_fields", []))
        for field in fields:
            if field.removeprefix("-") not in allowed:
                known = ", ".join(allowed)
                sentence = _("Cannot order by “%(field)s”. Possible: %(known)s.")
                raise exceptions.ValidationError(
                    {"ordering": [sentence % {"field": field, "known": known}]}
                )
        return list(fields)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        allowed = list(getattr(view, "ordering_fields", None) or [])
        if not allowed:
            return []
        both = [name for field in allowed for name in (field, f"-{field}")]
        schema = {"type": "string", "enum": both}
        return [{"name": "ordering", "required": False, "in": "query", "schema": schema}]


class StrictFilterBackend(DjangoFilterBackend):
    """Like django-filter, but a parameter nobody knows is an error and not silence."""

    always_known = frozenset({"cursor", "page_size", "format", "lang"})

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = set(self.always_known)
        if getattr(view, "ordering_fields", None):
            known.add("ordering")
        if filterset is not None:
            for name, declared in filterset.filters.items():
                suffixes = getattr(declared.field.widget, "suffixes", None)
                known |= {f"{name}_{end}" for end in suffixes} if suffixes else {name}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            sentence = _("There is no filter named “%(name)s”.")
            raise exceptions.ValidationError(
                {name: [sentence % {"name": name}] for name in unknown}
            )
        # "?tier=" by a program means that a variable was empty, not that everything is wanted.
        empty = sorted(name for name in request.query_params if not request.query_params[name])
        if empty:
            sentence = _("Give a value, or leave it out.")
            raise exceptions.ValidationError({name: [sentence] for name in empty})
        return super().filter_queryset(request, queryset, view)


class NewestFirst(CursorPagination):
    """Pages by cursor: stable while rows are added, and as fast on page 200 as on page 1."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not _SIZE.fullmatch(given) or not 1 <= int(given) <= self.max_page_size:
            sentence = _("A page holds 1 to %(most)d.") % {"most": self.max_page_size}
            raise exceptions.ValidationError({"page_size": [sentence]})
        return int(given)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, *_others = super().get_schema_operation_parameters(view)
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return [
            cursor,
            {"name": "page_size", "required": False, "in": "query", "schema": size},
        ]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, DjangoValidationError) as broken:  # a position that no row can have
            raise self._no_cursor() from broken

    def decode_cursor(self, request: Request) -> Cursor | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is not None and not _CURSOR.fullmatch(given):
            raise self._no_cursor()
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound as broken:
            raise self._no_cursor() from broken

    @staticmethod
    def _no_cursor() -> exceptions.ValidationError:
        return exceptions.ValidationError({"cursor": [_("This is no cursor of ours.")]})


class InOrder(NewestFirst):
    """For lists that have an order of their own and hardly change."""

    ordering: Any = "id"
