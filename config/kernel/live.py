"""Telling open pages that something changed: PostgreSQL NOTIFY, ids only.

A notification is sent when the transaction commits, so a page that then asks for the record
sees the change; what it may see is decided by its own request.
"""

import json

from django.db import connection

CHANNEL = "huiyin_live"


def tell_pages(topic: str, **ids: int | str) -> None:
    """Announce to every open page that `topic` changed, e.g. ("feedback", id=12)."""
    payload = json.dumps({"topic": topic, **ids})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
