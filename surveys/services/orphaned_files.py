"""Files of tables and exports that no row names: whoever wrote them died before the row was
stored, or after it went."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from surveys.models import ResponseExport, ResponseImport

AT_LEAST = timedelta(hours=1)  # until then a row may follow
_FOLDERS = {"response-imports": ResponseImport, "response-exports": ResponseExport}


def remove_orphaned_files(now: datetime) -> int:
    """Those older than an hour; how many that were."""
    count = 0
    for folder, model in _FOLDERS.items():
        try:
            names = default_storage.listdir(folder)[1]
        except FileNotFoundError:  # nothing was ever kept there
            continue
        known = set(model._default_manager.exclude(file="").values_list("file", flat=True))
        for name in (f"{folder}/{one}" for one in names):
            if name not in known:
                count += _remove_old(name, now)
    return count


def _remove_old(name: str, now: datetime) -> bool:
    with suppress(OSError):  # gone meanwhile
        if default_storage.get_modified_time(name) < now - AT_LEAST:
            default_storage.delete(name)
            return True
    return False
