"""Tables as files: CSV and XLSX, written row by row, safe to open in a spreadsheet.

A cell whose text begins like a formula must not become one (CSV injection): in CSV it gets an
apostrophe before it, in XLSX it is text by its type and says so to whoever edits it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _

from config.kernel.punctuation import listed

BOM = "\ufeff"  # Excel takes a CSV without it for one in the machine's old encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets
_LONGEST = 32_767  # characters in a cell of Excel
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PLAIN, _BOLD, _DAY, _MOMENT, _QUOTED = range(5)  # places in cellXfs below


def looks_like_a_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA)


def plain(value: Any) -> Any:
    """What a cell holds: text, a number, a day or a local moment without its zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | date):
        return value
    if isinstance(value, list | tuple | set):
        return listed(value)
    return str(value)


def csv_lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, the byte order mark first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    mark = BOM
    for row in _with_head(head, rows):
        writer.writerow([_in_csv(plain(value)) for value in row])
        yield mark + buffer.getvalue()
        mark = ""
        buffer.seek(0)
        buffer.truncate()


def _with_head(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield [str(one) for one in head]
    yield from rows


def _in_csv(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        value = value.replace("\0", "")
        return f"'{value}" if looks_like_a_formula(value) else value
    return value


def write_xlsx(
    file: IO[bytes], head: Sequence[Any], rows: Iterable[Sequence[Any]], *, title: str
) -> int:
    """Write a workbook with one sheet; how many rows it has below its head."""
    count = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in _parts(title).items():
            package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_sheet_begins().encode())
            sheet.write(_row(1, [str(one) for one in head], bold=True).encode())
            for count, row in enumerate(rows, 1):
                sheet.write(_row(count + 1, row).encode())
            sheet.write(b"</sheetData></worksheet>")
    return count


def _row(number: int, values: Sequence[Any], *, bold: bool = False) -> str:
    cells = (_cell(f"{_column(at)}{number}", value, bold) for at, value in enumerate(values))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Any, bold: bool) -> str:
    value = plain(value)
    if value == "":
        return ""
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        days = (value.date() - _EPOCH).days + seconds / 86400
        return f'<c r="{place}" s="{_MOMENT}"><v>{days:.6f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    style = _BOLD if bold else _QUOTED if looks_like_a_formula(value) else _PLAIN
    text = escape("".join(one for one in value[:_LONGEST] if _may_stand_in_xml(one)))
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _may_stand_in_xml(one: str) -> bool:
    code = ord(one)
    if code in {9, 10, 13}:
        return True
    return 32 <= code < 0xD800 or (code >= 0xE000 and code not in {0xFFFE, 0xFFFF})


def _column(at: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet_begins() -> str:
    return (
        f'{_XML}<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews><sheetData>"
    )


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _parts(title: str) -> dict[str, str]:
    """Everything of the package but the sheet itself."""
    kept = "".join(" " if one in "[]:*?/\\" else one for one in title)[:31].strip() or "1"
    name = escape(kept, {'"': "&quot;"})
    relation = f"{_RELS}/"
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{_TYPES}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{relation}officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_RELS}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{relation}worksheet" '
            'Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{relation}styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": (
            f'{_XML}<styleSheet xmlns="{_SHEET}"><numFmts count="2">'
            '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
            '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
            '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
            '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/>'
            '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
            '<xf quotePrefix="1"/></cellXfs></styleSheet>'
        ),
    }
