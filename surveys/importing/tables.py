"""Sheets of an XLSForm: out of a workbook, a CSV or a table in Markdown. Values only: formulas
are not worked out, what the workbook shows for them is read."""

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from surveys.importing.bounded import Package
from surveys.importing.source import FileRefused

Sheet = list[dict[str, str]]  # a row: head in small letters → cell
NAMES = frozenset({"survey", "choices", "settings"})
MOST_ROWS = 20_000
MOST_COLUMNS = 500
LONGEST_CELL = 10_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")


def sheets_of_workbook(raw: bytes) -> dict[str, Sheet]:
    package = Package(raw)
    strings = (
        [_words(one) for one in package.xml("xl/sharedStrings.xml").iter(f"{_MAIN}si")]
        if "xl/sharedStrings.xml" in package.names
        else []
    )
    links = {
        one.get("Id"): one.get("Target", "") for one in package.xml("xl/_rels/workbook.xml.rels")
    }
    found = {}
    for one in package.xml("xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links.get(one.get(_LINK), "")
        name = one.get("name", "").strip().lower()
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in NAMES and part in package.names:
            found[name] = table_of(_cells(package.xml(part), strings))
    return found


def _words(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_MAIN}t"))


def _cells(sheet: Element, strings: list[str]) -> Iterable[list[str]]:
    for row in sheet.iter(f"{_MAIN}row"):
        cells: dict[int, str] = {}
        for at, cell in enumerate(row):
            place = _PLACE.match(cell.get("r", ""))
            column = _number(place[1]) if place else at
            if column < MOST_COLUMNS:
                cells[column] = _cell(cell, strings)
        yield [cells.get(at, "") for at in range(max(cells, default=-1) + 1)]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: Element, strings: list[str]) -> str:
    value = cell.findtext(f"{_MAIN}v") or ""
    match cell.get("t"):
        case "s":
            return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
        case "inlineStr":
            return _words(cell)
        case "b":
            return "TRUE" if value == "1" else "FALSE"
    return value.removesuffix(".0")


def sheets_of_csv(text: str) -> dict[str, Sheet]:
    """The sheets one below the other: the name of a sheet alone in the first column."""
    csv.field_size_limit(LONGEST_CELL * 20)
    try:
        return _sheets(islice(csv.reader(io.StringIO(text)), MOST_ROWS + 1))
    except csv.Error as wrong:
        raise FileRefused(
            _("This file is no table that can be read: %(why)s.") % {"why": wrong}
        ) from wrong


def sheets_of_markdown(text: str) -> dict[str, Sheet]:
    lines = (line.strip() for line in text.splitlines())
    rows = (re.split(r"(?<!\\)\|", line.strip("|")) for line in lines if line.startswith("|"))
    return _sheets(row for row in rows if not all(set(cell.strip()) <= set("-:") for cell in row))


def _sheets(rows: Iterable[list[str]]) -> dict[str, Sheet]:
    found: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if cells and cells[0]:
            current = found.setdefault(cells[0].lower(), [])
        if len(cells) > 1 and any(cells[1:]):
            current.append(cells[1:])
    return {name: table_of(rows) for name, rows in found.items()}


def table_of(rows: Iterable[list[str]]) -> Sheet:
    """Rows under their head; empty cells are left out. Raises FileRefused."""
    head: list[str] = []
    found: Sheet = []
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise FileRefused(_("This file has too many rows."))
        cells = [_clean(cell) for cell in row[:MOST_COLUMNS]]
        if not head:
            head = [re.sub(r"\s*::?\s*", "::", cell) for cell in cells] if any(cells) else []
            # Only names of ours are in small letters; that of a language stays.
            head = ["::".join([one.split("::")[0].lower(), *one.split("::")[1:]]) for one in head]
        elif any(cells):
            found.append(
                {name: cell for name, cell in zip(head, cells, strict=False) if name and cell}
            )
    return found


def _clean(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise FileRefused(
            _("A cell of this file is longer than %(most)s characters.") % {"most": LONGEST_CELL}
        )
    return "".join(one for one in cell if one == "\n" or one.isprintable()).strip()
