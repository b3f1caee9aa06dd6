"""How many records and customers have a value in a custom field."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.enums import FieldKind, FieldSubject
from accounts.models import Customer, CustomField
from feedback.models import Feedback

_MODELS: Mapping[str, Any] = {FieldSubject.FEEDBACK: Feedback, FieldSubject.CUSTOMER: Customer}


def times_used(field: CustomField) -> int:
    rows = _MODELS[field.subject].objects.exclude(custom={})
    return int(rows.filter(custom__has_key=field.code).count())


def uses_of_options(field: CustomField) -> dict[str, int]:
    """Option → how many have it."""
    rows = _MODELS[field.subject].objects.exclude(custom={})
    is_list = field.kind == FieldKind.CHOICES
    found = {}
    for option in field.options:
        code = option["code"]
        wanted = {field.code: [code] if is_list else code}
        found[code] = int(rows.filter(custom__contains=wanted).count())
    return found


def uses_of_fields(subject: str) -> dict[str, int]:
    """Code → how many have a value, for all fields of a subject in one pass over the table."""
    table = _MODELS[subject]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, count(*) FROM {table}, jsonb_object_keys(custom) AS key"  # noqa: S608
            " WHERE custom <> '{}' GROUP BY key"
        )
        return {code: int(number) for code, number in cursor.fetchall()}
