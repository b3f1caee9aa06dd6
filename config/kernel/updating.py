"""Writing many rows by one statement, each with values of its own.

The values travel as one JSON document that PostgreSQL reads as a table. Django's own ways prepare
each value by itself (bulk_create) or make a CASE with a branch for each row (bulk_update); for
hundreds of rows that costs several times what PostgreSQL does with them.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> int:
    """Write the named fields of `rows`, all of one model, as they stand in memory; gives how many
    rows were found."""
    if not rows or not fields:
        return 0
    meta = type(rows[0])._meta
    key, *columns = _columns([meta.pk, *(meta.get_field(one) for one in fields)])
    sets = ", ".join(f"{one} = given.{one}" for one in columns)
    table, given = _given([meta.pk, *(meta.get_field(one) for one in fields)], rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_quoted(meta.db_table)} row SET {sets} FROM {table}"  # noqa: S608 - our names
            f" WHERE row.{key} = given.{key}",
            [given],
        )
        return cursor.rowcount


def insert_rows(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Add new rows of one model, in this order. They do not learn their keys: where those are
    needed, bulk_create() tells them."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [one for one in meta.concrete_fields if not one.primary_key]
    columns = ", ".join(_columns(fields))
    table, given = _given(fields, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(meta.db_table)} ({columns}) SELECT {columns} FROM {table}"  # noqa: S608
            + (" ON CONFLICT DO NOTHING" if ignore_conflicts else ""),
            [given],
        )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _columns(fields: Sequence[Any]) -> list[str]:
    return [_quoted(one.column) for one in fields]


def _given(fields: Sequence[Any], rows: Sequence[Model]) -> tuple[str, str]:
    """The table as SQL, and the document that it reads."""
    names = [one.column for one in fields]
    values = [one.attname for one in fields]
    document = [
        {name: getattr(row, at) for name, at in zip(names, values, strict=True)} for row in rows
    ]
    types = ", ".join(f"{_quoted(one.column)} {_type(one)}" for one in fields)
    return f"json_to_recordset(%s) given ({types})", json.dumps(document, default=_in_json)


def _type(field: "Field[Any, Any]") -> str:
    return field.cast_db_type(connection) or "text"


def _in_json(value: Any) -> str:
    """Moments and days as PostgreSQL reads them, exactly."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
