"""The first sheet of a workbook as rows of texts, read piece by piece: memory does not grow with
the rows. Formulas are not worked out, what the workbook shows for them is read."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from surveys.importing.bounded import Package
from surveys.importing.source import FileRefused

LARGEST_UNPACKED = 400 * 1024 * 1024
MOST_COLUMNS = 900  # a form has at most 1,000 fields
MOST_STRINGS = 1_000_000
LONGEST_CELL = 200_000  # characters; a spreadsheet takes 32,767
LONGEST_ROW = 2_000_000  # one text may stand in many cells, which the size of a file does not show
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - no zone
_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Row = tuple[int, list[str]]  # its number as the program shows it, its cells


class _Reader:
    """What an XML part is read by: subclasses note what they want between `begins` and `ends`."""

    def begins(self, name: str, given: dict[str, str]) -> None:
        """An element; names are without their namespace."""

    def ends(self, name: str) -> None:
        """Its end."""

    def says(self, text: str) -> None:
        """Characters between."""


class _Texts(_Reader):
    """One that puts texts together, none of which is longer than a cell may be."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def take(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_CELL:
            raise FileRefused(
                _("A cell of this file is longer than %(most)s characters.")
                % {"most": LONGEST_CELL}
            )
        self.pieces.append(text)

    def whole(self) -> str:
        """What came since the last time."""
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


def _read(package: Package, part: str, reader: _Reader) -> Iterator[None]:
    """Feed a part to a reader, one block at each step."""
    parser = expat.ParserCreate(namespace_separator="}")

    def refuse(*_anything: Any) -> None:
        raise FileRefused(_("This file defines entities of its own (DOCTYPE); that is refused."))

    parser.StartElementHandler = lambda name, given: reader.begins(name.rpartition("}")[2], given)
    parser.EndElementHandler = lambda name: reader.ends(name.rpartition("}")[2])
    parser.CharacterDataHandler = reader.says
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        for block in package.blocks(part):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, LookupError, ValueError) as wrong:
        raise FileRefused(
            _("This workbook is damaged. Open it, save it again, and try once more.")
        ) from wrong


class _Strings(_Texts):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_text = self.is_reading_aid = False

    def begins(self, name: str, given: dict[str, str]) -> None:
        self.is_text = name == "t"
        self.is_reading_aid = self.is_reading_aid or name == "rPh"

    def says(self, text: str) -> None:
        if self.is_text and not self.is_reading_aid:
            self.take(text)

    def ends(self, name: str) -> None:
        self.is_text = False
        if name == "rPh":
            self.is_reading_aid = False
        if name == "si":
            self.found.append(self.whole())
            if len(self.found) > MOST_STRINGS:
                raise FileRefused(_("This workbook is too large. Save it as CSV and try again."))


class _Styles(_Reader):
    """Which styles of cells are days and moments."""

    def __init__(self) -> None:
        self.days = set(_DAYS)
        self.of_cells: list[bool] = []
        self.is_in_cells = False

    def begins(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt" and _says_a_day(given.get("formatCode", "")):
            self.days.add(int(given.get("numFmtId", "0")))
        elif name == "cellXfs":
            self.is_in_cells = True
        elif name == "xf" and self.is_in_cells:
            self.of_cells.append(int(given.get("numFmtId", "0")) in self.days)

    def ends(self, name: str) -> None:
        if name == "cellXfs":
            self.is_in_cells = False


def _says_a_day(code: str) -> bool:
    return bool(re.search(r"[ymdhs]", _QUOTED.sub("", code.lower())))


class _Sheets(_Reader):
    def __init__(self) -> None:
        self.links: list[str] = []
        self.is_1904 = False

    def begins(self, name: str, given: dict[str, str]) -> None:
        if name == "sheet" and given.get("state", "visible") == "visible":
            self.links.append(given.get(_LINK, ""))
        if name == "workbookPr":
            self.is_1904 = given.get("date1904") in {"1", "true"}


class _Targets(_Reader):
    def __init__(self) -> None:
        self.parts: dict[str, str] = {}

    def begins(self, name: str, given: dict[str, str]) -> None:
        target = given.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        self.parts[given.get("Id", "")] = part


class _Rows(_Texts):
    def __init__(self, strings: list[str], days: list[bool], epoch: datetime) -> None:
        super().__init__()
        self.strings, self.days, self.epoch = strings, days, epoch
        self.ready: list[Row] = []
        self.number = 0
        self.cells: dict[int, str] = {}
        self.column = -1
        self.kind = self.style = ""
        self.is_value = False
        self.row_length = self.all_length = 0

    def begins(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            said = given.get("r", "")
            self.number = int(said) if said.isdecimal() else self.number + 1
            self.cells, self.column, self.row_length = {}, -1, 0
        elif name == "c":
            place = _PLACE.match(given.get("r", ""))
            self.column = _number(place[1]) if place else self.column + 1
            self.kind, self.style = given.get("t", ""), given.get("s", "")
            self.whole()
        self.is_value = name in {"v", "t"}

    def says(self, text: str) -> None:
        if self.is_value:
            self.take(text)

    def ends(self, name: str) -> None:
        self.is_value = False
        if name == "c" and 0 <= self.column <= MOST_COLUMNS:
            self.cells[self.column] = self._within(self._text(self.whole()))
        elif name == "row":
            last = max(self.cells, default=-1)
            self.ready.append((self.number, [self.cells.get(at, "") for at in range(last + 1)]))

    def _within(self, text: str) -> str:
        self.row_length += len(text)
        self.all_length += len(text)
        if self.row_length > LONGEST_ROW:
            raise FileRefused(
                _("Row %(number)s of this file holds more than %(most)s characters.")
                % {"number": self.number, "most": f"{LONGEST_ROW:,}"}
            )
        if self.all_length > LARGEST_UNPACKED:
            raise FileRefused(_("Unpacked this file is larger than it may be."))
        return text

    def _text(self, value: str) -> str:
        match self.kind:
            case "s":
                known = value.isdecimal() and int(value) < len(self.strings)
                return self.strings[int(value)] if known else ""
            case "b":
                return "TRUE" if value == "1" else "FALSE"
            case "e":  # #N/A and its like say nothing
                return ""
            case "" | "n":
                return self._number_or_day(value)
        return value

    def _number_or_day(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if (
            self.style.isdecimal()
            and int(self.style) < len(self.days)
            and self.days[int(self.style)]
        ):
            return _moment(self.epoch, number)
        return f"{number:.15g}"


def _moment(epoch: datetime, days: float) -> str:
    try:
        found = epoch + timedelta(seconds=round(days * 86400))
    except OverflowError:
        return f"{days:.15g}"
    return f"{found:%Y-%m-%d}" if days.is_integer() else f"{found:%Y-%m-%d %H:%M:%S}"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def rows_of_workbook(raw: bytes) -> Iterator[Row]:
    """The rows of the first sheet that is not hidden. Raises FileRefused."""
    package = Package(raw, LARGEST_UNPACKED)
    sheets, targets, strings, styles = _Sheets(), _Targets(), _Strings(), _Styles()
    for part, reader in (
        ("xl/workbook.xml", sheets),
        ("xl/_rels/workbook.xml.rels", targets),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ):
        if part in package.names:
            for _step in _read(package, part, reader):
                pass
    name = next((targets.parts.get(link, "") for link in sheets.links), "")
    if name not in package.names:
        raise FileRefused(_("There is no sheet in this workbook."))
    rows = _Rows(strings.found, styles.of_cells, _EPOCHS[sheets.is_1904])
    for _step in _read(package, name, rows):
        yield from rows.ready
        rows.ready = []
