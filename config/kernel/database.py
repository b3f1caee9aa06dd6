"""A connection to the database beside Django's, for what Django's cannot do (LISTEN, session
locks that outlive a request)."""

from typing import Any

from django.db import connection

# Options of Django's backend, which libpq does not know.
OF_DJANGO = {"pool", "isolation_level", "server_side_binding", "assume_role"}


def connection_parameters() -> dict[str, Any]:
    """Keyword arguments for psycopg.connect() to the same database."""
    settings = connection.settings_dict
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    options = {name: value for name, value in settings["OPTIONS"].items() if name not in OF_DJANGO}
    return {name: value for name, value in named.items() if value} | options
