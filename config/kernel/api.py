"""What every endpoint of the API shares: problem documents, strict filters, cursor pages."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from config.kernel.errors import DomainError
from config.kernel.logs import current_request_id

PROBLEM = "application/problem+json"


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as an RFC 9457 problem document with a code and the request's id."""
    if isinstance(exc, DomainError):
        return _problem(status.HTTP_409_CONFLICT, exc.code, str(exc.message))
    if isinstance(exc, DjangoValidationError):
        exc = exceptions.ValidationError(getattr(exc, "message_dict", exc.messages))
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        detail = "Some fields were not understood." if isinstance(exc.detail, dict) else "Invalid."
        body = _problem(response.status_code, "invalid", detail, errors=response.data)
    else:
        error = exc if isinstance(exc, exceptions.APIException) else exceptions.NotFound()
        code = error.get_codes()
        body = _problem(
            response.status_code, code if isinstance(code, str) else "error", str(error)
        )
    for name, value in response.headers.items():
        if name.lower() in {"www-authenticate", "retry-after"}:
            body[name] = value
    return body


def _problem(status_code: int, code: str, detail: str, **more: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": code.replace("_", " "),
        "status": status_code,
        "code": code,
        "detail": detail,
        **more,
        "request_id": current_request_id(),
    }
    return Response(body, status=status_code, content_type=PROBLEM)


class StrictFilterBackend(DjangoFilterBackend):
    """Like django-filter, but a parameter nobody knows is an error and not silence."""

    always_known = frozenset({"cursor", "page_size", "format", "lang"})

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        known = set(self.always_known)
        if filterset is not None:
            for name, declared in filterset.filters.items():
                suffixes = getattr(declared.field.widget, "suffixes", None)
                known |= {f"{name}_{end}" for end in suffixes} if suffixes else {name}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise exceptions.ValidationError(
                {name: [f"There is no filter named “{name}”."] for name in unknown}
            )
        return super().filter_queryset(request, queryset, view)


class NewestFirst(CursorPagination):
    """Pages by cursor: stable while rows are added, and as fast on page 200 as on page 1."""

    ordering: Any = "-id"
    page_size_query_param = "page_size"
    max_page_size = 200
