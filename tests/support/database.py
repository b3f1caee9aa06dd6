"""The databases of the tests: none is migrated twice, and after a test that commits the next
begins with a fresh copy instead of an emptied one."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from config.env import BASE_DIR
from config.kernel.database import connection_parameters

T = TypeVar("T")
MIGRATED = "huiyin_migrated_"
LOCK = 0x7465_7374  # of whoever makes that database; "test"


def url_of_test_database(name: str = "") -> str:
    """DATABASE_URL for a process of its own that is to see what the test sees; or of another
    database beside it."""
    settings = connection.settings_dict
    user, password = (quote(str(settings[key]), safe="") for key in ("USER", "PASSWORD"))
    name = quote(name or settings["NAME"], safe="")
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}:{password}@/{name}?host={quote(host, safe='')}{port}"


# --- The beginning ------------------------------------------------------------------------------


def begin_migrated() -> None:
    """Have the test database made as a copy of one in which all migrations have run already.

    On our own server that one is kept, so that it is made anew only when a migration changed;
    on a server of somebody else (DATABASE_URL) nothing is left behind, and Django migrates.
    """
    if {"DATABASE_URL", "DATABASE_URL_FILE"} & set(os.environ):
        return
    name = MIGRATED + _hash_of_migrations()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        kept = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{MIGRATED}%"]
        ).fetchall()
        if (name,) not in kept:
            for (old,) in kept:
                _drop(server, old)
            _make_migrated(server, name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _hash_of_migrations() -> str:
    found = hashlib.sha256()
    for path in sorted(BASE_DIR.glob("**/migrations/*.py")):
        if not path.relative_to(BASE_DIR).parts[0].startswith("."):
            found.update(path.read_bytes())
    found.update((BASE_DIR / "requirements" / "base.txt").read_bytes())  # packages have some too
    return found.hexdigest()[:12]


def _make_migrated(server: psycopg.Connection, name: str) -> None:
    # Under another name until it is whole: who is interrupted leaves no half of it.
    unfinished = f"{MIGRATED}unfinished"
    _do(server, "CREATE DATABASE {}", unfinished)
    real = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = real
    _do(server, "ALTER DATABASE {} RENAME TO {}", unfinished, name)


# --- Copies -------------------------------------------------------------------------------------


def keep_for_renewal() -> None:
    """Keep the test database as it is now beside it, for `renew()` and for copies."""
    with _server() as server:
        _copy(server, _ours(), ready_database())


def drop_what_was_kept() -> None:
    """And send everybody away from the test's database, which Django drops next: a thread of a
    live server or of an asynchronous view may not have hung up."""
    with _server() as server:
        _drop(server, ready_database())
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [_ours()]
        )


def renew() -> None:
    """Put the database that was kept in the place of the one that a test has written into,
    whoever is still connected to it."""
    with _server() as server:
        _copy(server, ready_database(), _ours())


@contextmanager
def copy_of_ready_database(suffix: str) -> Iterator[str]:
    """The name of one more database beside the test's, which lives as long as this."""
    name = f"{_ours()}_{suffix}"
    with _server() as server:
        _copy(server, ready_database(), name)
    yield name
    with _server() as server:
        _drop(server, name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """This process is connected to the database of that name as long as this lasts."""
    real = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = real


@contextmanager
def made_once(suffix: str, make: Callable[[], T], blocker: Any) -> Iterator[T]:
    """For a fixture of a module: its tests begin in a database of their own, in which `make`
    has made what they all need, and each of them leaves it as it was."""
    with blocker.unblock():
        copy = ExitStack()
        copy.enter_context(using(copy.enter_context(copy_of_ready_database(suffix))))
    try:
        with blocker.unblock():
            made = make()
            connection.close()
        yield made
    finally:
        with blocker.unblock():
            copy.close()


def _ours() -> str:
    return connection.settings_dict["NAME"]


def ready_database() -> str:
    """The name of the database from which the test's is renewed: set up, and nobody uses it."""
    return f"{_ours()}_ready"


def _copy(server: psycopg.Connection, source: str, target: str) -> None:
    connection.close()
    _drop(server, target)
    _do(server, "CREATE DATABASE {} TEMPLATE {}", target, source)


def _drop(server: psycopg.Connection, name: str) -> None:
    _do(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        **connection_parameters() | {"dbname": "postgres"}, autocommit=True
    ) as server:
        yield server


def _do(server: psycopg.Connection, command: str, *names: str) -> None:
    server.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
