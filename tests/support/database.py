from urllib.parse import quote

from django.db import connection


def url_of_test_database() -> str:
    """DATABASE_URL for a process of its own that is to see what the test sees."""
    settings = connection.settings_dict
    name, user, password = (
        quote(str(settings[key]), safe="") for key in ("NAME", "USER", "PASSWORD")
    )
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}:{password}@/{name}?host={quote(host, safe='')}{port}"
