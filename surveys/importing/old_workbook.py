"""Workbooks of before 2007 (.xls), as many forms of Kobo and ODK still are. By xlrd, which reads
values only: no macros, no formulas, nothing of elsewhere."""

import io

import xlrd
from django.utils.translation import gettext as _
from xlrd.sheet import Cell

from surveys.importing.source import FileRefused
from surveys.importing.tables import NAMES, Sheet, table_of


def sheets_of_old_workbook(raw: bytes) -> dict[str, Sheet]:
    """The sheets of an XLSForm. Raises FileRefused for what is damaged or no workbook."""
    try:
        book = xlrd.open_workbook(
            file_contents=raw, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        return {
            name.strip().lower(): table_of(
                [_value(cell) for cell in row] for row in book.sheet_by_name(name).get_rows()
            )
            for name in book.sheet_names()
            if name.strip().lower() in NAMES
        }
    except FileRefused:
        raise
    except Exception as damaged:  # xlrd raises whatever a damaged record leads to
        raise FileRefused(
            _("This workbook is damaged. Open it, save it again, and try once more.")
        ) from damaged


def _value(cell: Cell) -> str:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return str(cell.value).removesuffix(".0")
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else str(cell.value)
