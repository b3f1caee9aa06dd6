"""The OpenAPI document: what drf-spectacular cannot see by itself."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from config.kernel.api import PROBLEM
from config.kernel.idempotency import HEADER, LONGEST, PATTERN

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; the thing to test for."},
        "detail": {"type": "string", "description": "For people, in their language."},
        "errors": {
            "type": "object",
            "description": "With code “invalid”: what is wrong with which field.",
            "additionalProperties": True,
        },
        "request_id": {"type": "string"},
    },
    "additionalProperties": True,
}
_READING = {
    "400": "A parameter was not understood.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token lacks the scope, or its owner the permission.",
    "404": "There is nothing here that you may see.",
    "406": "Only JSON is spoken here.",
    "429": "Too many requests; see Retry-After.",
}
_WRITING = {
    "409": "A rule said no, or a request with this Idempotency-Key is still at work.",
    "413": "The body is too large.",
    "415": "Send the body as it is described here.",
    "422": "This Idempotency-Key was used for a different request.",
}
# Marks a view's method that takes an Idempotency-Key; see config.kernel.idempotency.
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": PATTERN},
    OpenApiParameter.HEADER,
    description="Any unique text, such as a UUID. The same key gets the same answer for 24 hours.",
)


# What drf-spectacular puts beside a pattern when nothing may be given, too.
NOTHING = {"type": "string", "maxLength": 0}


class ProductSchema(AutoSchema):
    """Names every operation after its address, so that generated clients read well."""

    def get_operation_id(self) -> str:
        return super().get_operation_id().removeprefix("api_v1_")


def let_patterns_be_empty(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:
    """An empty text is right by whichever of two schemas: `oneOf` would forbid it where the
    pattern allows it as well."""
    for component in result["components"]["schemas"].values():
        for field in component.get("properties", {}).values():
            if NOTHING in field.get("oneOf", ()):
                field["anyOf"] = field.pop("oneOf")
    return result


def declare_problems(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:
    """Every operation may refuse, and says how."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    body = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            refusals = _READING if method == "get" else _READING | _WRITING
            for status, description in refusals.items():
                operation["responses"].setdefault(status, {"description": description, **body})
    return result
