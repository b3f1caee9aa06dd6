"""A table that somebody uploads: its head, and its rows as texts. Pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from config.kernel.spreadsheets import looks_like_a_formula
from surveys.importing.responses.workbook import (
    LONGEST_CELL,
    MOST_COLUMNS,
    Row,
    rows_of_workbook,
)
from surveys.importing.source import FileRefused
from surveys.rules.text_files import decoded

LARGEST = 32 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_HEAD = 2000
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
_MARKS = ",;\t|"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class UploadedTable:
    """`rows` can be gone through once; each has its number as a spreadsheet shows it."""

    head: list[str]
    rows: Iterator[Row]


def read_table(name: str, raw: bytes) -> UploadedTable:
    """A CSV with comma, semicolon, tab or bar between the cells (UTF-8, UTF-16 or GB 18030), or
    the first sheet of an .xlsx. The first row with something in it is the head. Raises FileRefused
    here or, for what is wrong further down, while the rows are read."""
    if len(raw) > LARGEST:
        raise FileRefused(_("The file is larger than 32 MB. Split it and import the parts."))
    ending = PurePath(name).suffix.lower()
    if raw.startswith(_OLD_WORKBOOK) or ending == ".xls":
        raise FileRefused(
            _("Workbooks of the old kind (.xls) are not read. Save it as .xlsx and try again.")
        )
    if raw.startswith(b"PK"):
        rows = _filled(rows_of_workbook(raw))
    elif ending in ENDINGS and ending != ".xlsx":
        rows = _filled(_rows_of_text(decoded(raw)))
    else:
        raise FileRefused(_("Only tables are read here: CSV or .xlsx."))
    _number, head = next(rows, (0, []))
    if not head:
        raise FileRefused(_("This file is empty."))
    if len(head) > MOST_COLUMNS:
        raise FileRefused(
            _("This file has more than %(most)s columns. Leave out those that are not needed.")
            % {"most": MOST_COLUMNS}
        )
    return UploadedTable([one[:LONGEST_HEAD] for one in head], rows)


def _rows_of_text(text: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    mark = ""
    first, _end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        mark, text = first.strip()[-1], rest
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark or _mark_of(text))
    number = 0
    try:
        for number, cells in enumerate(lines, 1):
            yield number, cells
    except csv.Error as wrong:
        raise FileRefused(
            _("Row %(number)s cannot be read: %(why)s.") % {"number": number + 1, "why": wrong}
        ) from wrong


def _mark_of(text: str) -> str:
    """What stands between the cells of the first line, outside of quotation marks."""
    counts = dict.fromkeys(_MARKS, 0)
    is_quoted = False
    for one in text.lstrip()[:65_536]:
        if one == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            if one in "\r\n":
                break
            if one in counts:
                counts[one] += 1
    return max(counts, key=lambda mark: counts[mark])


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    """Those with something in them, clean."""
    count = 0
    for number, row in rows:
        cells = [_clean(cell) for cell in row]
        if any(cells):
            count += 1
            if count > MOST_ROWS + 1:
                raise FileRefused(
                    _("This file has more than %(most)s rows. Split it and import the parts.")
                    % {"most": f"{MOST_ROWS:,}"}
                )
            yield number, cells


def _clean(cell: str) -> str:
    """Without what only protects: the apostrophe that our own exports put before a formula."""
    text = cell.replace("\0", "").strip()
    if text.startswith("'") and looks_like_a_formula(text[1:]):
        return text[1:]
    return text
