"""Responses as files: CSV, XLSX, JSON, SPSS with its syntax, and the codebook to them."""

import csv
import io
import json
import logging
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.selectors.personal_data import cover_in_lists
from config.kernel.spreadsheets import csv_lines, looks_like_a_formula, write_xlsx
from surveys.enums import DataType
from surveys.models import Choice, Survey
from surveys.models.response import ResponseQuerySet
from surveys.rules import spss
from surveys.selectors.response_table import Column, Several, Table, rows_of, table_of

SEES_CUSTOMERS = "accounts.view_customer"
AS_CODES = {"values": "codes", "several": Several.COLUMNS.value}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileKind:
    """One format: the end of its name, its media type, whether it is written line by line."""

    ending: str
    media: str
    is_streamed: bool = True


_CSV = FileKind("csv", "text/csv; charset=utf-8")
KINDS = {
    "csv": _CSV,
    "codebook": _CSV,
    "json": FileKind("json", "application/json"),
    "xlsx": FileKind(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        is_streamed=False,
    ),
    "spss": FileKind("zip", "application/zip", is_streamed=False),
}


def note_export(survey: Survey, by: User, format_: str) -> None:
    """Whoever takes answers out of the house leaves a line in the log."""
    _log.info("User %s exports responses of survey %s as %s.", by.pk, survey.pk, format_)


def table_for(survey: Survey, by: User, options: Mapping[str, str] = AS_CODES) -> Table:
    """As `by` may see it. `options`: values (codes, labels), several, and customers = no where a
    program may not read them."""
    return table_of(
        survey,
        several=Several(options["several"]),
        with_labels=options["values"] == "labels",
        with_customers=by.has_perm(SEES_CUSTOMERS) and options.get("customers") != "no",
        cover=cover_in_lists(by),
    )


def csv_of(table: Table, responses: ResponseQuerySet) -> Iterator[str]:
    """Line by line: with labels the head has words, else the codes."""
    return csv_lines(_head(table), rows_of(table, responses))


def _head(table: Table) -> list[str]:
    return [one.label if table.with_labels else one.name for one in table.columns]


def write_workbook(file: IO[bytes], table: Table, responses: ResponseQuerySet, title: str) -> None:
    write_xlsx(file, _head(table), rows_of(table, responses), title=title)


def write_file(
    file: IO[bytes],
    survey: Survey,
    by: User,
    responses: ResponseQuerySet,
    options: Mapping[str, str],
) -> None:
    """All of one file: `options` are format, values (codes, labels) and several."""
    format_ = options["format"]
    if format_ == "spss":
        write_spss(file, survey, table_for(survey, by, {**options, **AS_CODES}), responses)
        return
    if format_ == "xlsx":
        write_workbook(file, table_for(survey, by, options), responses, str(survey))
        return
    for block in blocks_of(survey, by, responses, options):
        file.write(block)


def blocks_of(
    survey: Survey, by: User, responses: ResponseQuerySet, options: Mapping[str, str]
) -> Iterator[bytes]:
    """What is written line by line: csv, json and the codebook."""
    if options["format"] == "codebook":
        return buffered(csv_lines(*codebook_of(survey, by)))
    table = table_for(survey, by, options)
    is_csv = options["format"] == "csv"
    return buffered(csv_of(table, responses) if is_csv else json_of(table, responses))


def json_of(table: Table, responses: ResponseQuerySet) -> Iterator[str]:
    """A list of {column: value}, one response in each line; what was not answered is left out."""
    yield "["
    comma = ""
    names = [one.name for one in table.columns]
    for row in rows_of(table, responses):
        values = {
            name: cell.isoformat() if isinstance(cell, date | datetime) else cell
            for name, cell in zip(names, row, strict=True)
            if cell is not None
        }
        yield f"{comma}\n{json.dumps(values, ensure_ascii=False)}"
        comma = ","
    yield "\n]\n"


def write_spss(file: IO[bytes], survey: Survey, table: Table, responses: ResponseQuerySet) -> None:
    """A ZIP of data.csv and the syntax that reads it. The data are written first: how wide a text
    is, is known only then."""
    names = spss.names_for(one.name for one in table.columns)
    numbers = {one.name: _numbers(one) for one in table.columns}
    widths = [1] * len(names)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as data:
        writer = csv.writer(data)
        writer.writerow(names)
        for row in rows_of(table, responses):
            cells = [
                _spss_cell(column, cell, numbers[column.name])
                for column, cell in zip(table.columns, row, strict=True)
            ]
            widths = [
                max(width, len(cell.encode())) if isinstance(cell, str) else width
                for width, cell in zip(widths, cells, strict=True)
            ]
            writer.writerow(cells)
        data.seek(0)
        variables = [
            _variable(column, name, width, numbers[column.name])
            for column, name, width in zip(table.columns, names, widths, strict=True)
        ]
        with ZipFile(file, "w", ZIP_DEFLATED) as package:
            with package.open("data.csv", "w", force_zip64=True) as part:
                while block := data.read(1 << 16):
                    part.write(block.encode())
            text = spss.syntax(variables, data="data.csv", title=str(survey))
            package.writestr("data.sps", text)


def _numbers(column: Column) -> dict[str, int]:
    """Numbers of the choices of a column that holds one of them, or a number or one of them."""
    if column.question is None or column.choice is not None:
        return {}
    choices = _in_time(column)
    if column.question.data_type == DataType.SINGLE:
        return spss.numbers_for([one.code for one in choices])
    if column.question.data_type == DataType.NUMBER:
        lowest = int(min(column.question.minimum or 0, 0))
        return {one.code: lowest - place for place, one in enumerate(choices, start=1)}
    return {}


def _in_time(column: Column) -> list[Choice]:
    """In the order in which they came to be, so that numbers stay when others are added."""
    if column.question is None:
        return []
    return sorted(column.question.choices.all(), key=lambda one: one.pk)


def _spss_cell(column: Column, cell: Any, numbers: dict[str, int]) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell in numbers:
            return numbers[cell]
        # Opened in a spreadsheet, an answer must not become a formula.
        safe = f"'{cell}" if looks_like_a_formula(cell) else cell
        return spss.cut(safe, spss.WIDEST).replace('"', "'")
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}"
    return f"{cell:%Y/%m/%d}" if isinstance(cell, date) else cell


def _variable(column: Column, name: str, width: int, numbers: dict[str, int]) -> spss.Variable:
    labels: dict[int, str] = {}
    missing: list[int] = []
    for choice in _in_time(column) if numbers else ():
        labels[numbers[choice.code]] = choice.text or choice.code
        if choice.is_missing:
            missing.append(numbers[choice.code])
    kinds = {"code": "whole", "tick": "whole", "place": "whole", "number": "number",
             "day": "day", "moment": "moment"}  # fmt: skip
    is_tick = column.holds == "tick"
    if is_tick:
        labels = {0: _("no"), 1: _("yes")}
    belongs = column.question.code if is_tick and column.question else ""
    kind = kinds.get(column.holds, "text")
    return spss.Variable(name, column.label, kind, width, labels, missing, belongs)


def codebook_of(survey: Survey, by: User) -> tuple[list[str], Iterator[list[Any]]]:
    """What each column and each value means: head and rows, one for each value."""
    table = table_for(survey, by)
    head = [
        _("Column"), _("In SPSS"), pgettext("of a column", "Words"), _("Kind"), _("Value"),
        _("Number in SPSS"),
        _("Words of the value"), _("No opinion"), _("Since version"), _("Retired in version"),
    ]  # fmt: skip
    return head, _codebook(table)


def _codebook(table: Table) -> Iterator[list[Any]]:
    names = spss.names_for(one.name for one in table.columns)
    for column, name in zip(table.columns, names, strict=True):
        question = column.question
        kind = question.get_data_type_display() if question else ""
        ends = [question.first_version, question.retired_in] if question else [None, None]
        begin = [column.name, name, column.label, kind]
        numbers = _numbers(column)
        if not numbers:
            yield [*begin, None, None, None, None, *ends]
        for choice in _in_time(column) if numbers else ():
            since = [ends[0], choice.retired_in or ends[1]]
            number = numbers[choice.code]
            yield [*begin, choice.code, number, choice.text, choice.is_missing, *since]


def buffered(lines: Iterator[str], size: int = 1 << 16) -> Iterator[bytes]:
    """Lines in blocks: a response of 100,000 lines is not 100,000 pieces."""
    buffer = io.StringIO()
    for line in lines:
        buffer.write(line)
        if buffer.tell() > size:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
