"""Bytes of a row that are large: sent and read as they are.

Django writes a value into the text of its statement, where bytes stand as hexadecimal digits: one
mail of 50 MB is then held six to eight times. A prepared statement takes and gives it once.
"""

import psycopg
from django.db import connection, models
from psycopg import sql

LARGE = 1024 * 1024  # smaller ones are not worth a statement of their own


def write_bytes(row: models.Model, field: str, value: bytes) -> None:
    """Store `value` in that field of a row that exists, in the present transaction."""
    _execute("UPDATE {table} SET {column} = %b WHERE {key} = %s", row, field, [value, row.pk])


def read_bytes(row: models.Model, field: str) -> bytes:
    """What is stored there; b"" when the row is gone."""
    found = _execute("SELECT {column} FROM {table} WHERE {key} = %s", row, field, [row.pk])
    return bytes(found[0][0]) if found else b""


def _execute(
    statement: str, row: models.Model, field: str, values: list[object]
) -> list[tuple[bytes]]:
    table = row._meta.db_table
    columns = {one.name: str(one.column) for one in row._meta.concrete_fields}
    key = next(str(one.column) for one in row._meta.concrete_fields if one.primary_key)
    query = sql.SQL(statement).format(
        table=sql.Identifier(table),
        column=sql.Identifier(columns[field]),
        key=sql.Identifier(key),
    )
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # not Django's, which sends text
        cursor.execute(query, values, binary=True)
        return cursor.fetchall() if cursor.description else []
