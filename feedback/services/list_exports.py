"""Lists as files. Short ones are made while one waits, long ones in the background."""

import logging
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.selectors.personal_data import cover_in_lists
from config.kernel.jobs import enqueue
from config.kernel.spreadsheets import csv_lines, write_xlsx
from feedback.enums import ExportFormat, JobState
from feedback.errors import FilterNotKnown
from feedback.models import ListExport
from feedback.selectors.columns import columns_named
from feedback.selectors.list_rows import ids_in_order, rows_of
from feedback.selectors.queue import QueueState, read_query

KEPT = timedelta(days=1)
_log = logging.getLogger(__name__)


def write_list(
    file: IO[bytes],
    state: QueueState,
    *,
    by: User,
    columns: Sequence[str],
    format_: str,
) -> int:
    """Write what `by` may see of a list, personal data covered unless they may see it; how many
    rows that were."""
    shown = columns_named(columns, by)
    cover = cover_in_lists(by)
    rows = (values for _record, values in rows_of(ids_in_order(state, by), shown, cover=cover))
    return write_table(
        file, [one.label for one in shown], rows, format_=format_, title=_("Feedback")
    )


def write_table(
    file: IO[bytes],
    head: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    format_: str,
    title: str,
) -> int:
    """Any table as a file of this format (ExportFormat); how many rows it has."""
    if format_ == ExportFormat.XLSX:
        return write_xlsx(file, head, rows, title=title)
    lines = 0
    for lines, line in enumerate(csv_lines(head, rows)):  # noqa: B007 - the head is line 0
        file.write(line.encode())
    return lines


@transaction.atomic
def order_export(
    state: QueueState, *, by: User, columns: Sequence[str], format_: str, language: str
) -> ListExport:
    """Have a list made into a file in the background, as `by` sees it then."""
    export = ListExport.objects.create(
        key=uuid4(),
        by=by,
        list_query=state.query,
        columns=list(columns),
        language=language,
        format=format_,
    )
    enqueue("feedback.tasks.make_list_export", export_id=export.pk)
    return export


def make_export(export_id: int) -> None:
    """Safe to run twice: the second file takes the place of the first."""
    export = ListExport.objects.select_related("by").filter(pk=export_id).first()
    if export is None or export.state == JobState.DONE:
        return
    with override(export.language), tempfile.TemporaryFile() as file:
        try:
            state = read_query(export.list_query, export.by)
        except FilterNotKnown:
            _settle(export, JobState.FAILED)
            return
        rows = write_list(file, state, by=export.by, columns=export.columns, format_=export.format)
        file.seek(0)
        export.file.save("", File(file), save=False)
        export.rows = rows
        _settle(export, JobState.DONE)


@transaction.atomic
def _settle(export: ListExport, state: JobState) -> None:
    if not ListExport.objects.select_for_update().filter(pk=export.pk).exists():
        if export.file:  # taken away meanwhile: somebody in it was forgotten
            export.file.delete(save=False)
        return
    export.state, export.finished_at = state, timezone.now()
    export.save(update_fields=["state", "finished_at", "file", "rows"])


def remove_old_exports(now: datetime) -> int:
    """Files that were made more than a day ago; how many that were."""
    old = list(ListExport.objects.filter(created_at__lt=now - KEPT))
    for export in old:
        if export.file:
            with suppress(OSError):
                export.file.delete(save=False)
        export.delete()
    return len(old)
