"""Databases to measure in, beside the real one and never it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

from config.kernel.database import connection_parameters

# What the database begins as: PostgreSQL's own, which is empty.
TEMPLATE = "template1"


class NoScratchDatabase(Exception):
    """The database's user may not create databases; the sentence says what to do."""


@contextmanager
def scratch_database(kept: str | None = None) -> Iterator[str]:
    """Create an empty database on the configured server and point this process at it; drop it
    in the end, whatever happened. The one that is `kept` under a name is taken as it was left,
    and left again. Raises NoScratchDatabase."""
    real = connection.settings_dict["NAME"]
    scratch = f"{real[:40]}_bench_{os.getpid() if kept is None else f'of_{kept}'}"
    server = connection_parameters()
    connection.close()
    with psycopg.connect(**server, autocommit=True) as own:
        try:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            if kept is None or not _is_there(own, scratch):
                own.execute(create.format(sql.Identifier(scratch), sql.Identifier(TEMPLATE)))
        except psycopg.errors.InsufficientPrivilege as refusal:
            raise NoScratchDatabase(
                "The database's user may not create databases: give it CREATEDB, or set "
                "DATABASE_URL to a server where it may."
            ) from refusal
        connection.settings_dict["NAME"] = scratch
        try:
            yield scratch
        finally:
            connection.close()
            connection.settings_dict["NAME"] = real
            if kept is None:
                drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                own.execute(drop.format(sql.Identifier(scratch)))


def _is_there(server: psycopg.Connection[Any], name: str) -> bool:
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def url_of_database() -> str:
    """DATABASE_URL of what this process is connected to, for a process of its own."""
    parameters = connection_parameters()
    user, password, name = (
        quote(str(parameters.get(key, "")), safe="") for key in ("user", "password", "dbname")
    )
    rest = "&".join(
        f"{key}={quote(str(value), safe='')}"
        for key, value in parameters.items()
        if key not in {"user", "password", "dbname"} and value
    )
    return f"postgres://{user}:{password}@/{name}?{rest}"
