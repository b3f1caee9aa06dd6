"""Lists of addresses as people paste and upload them. Pure."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from accounts.rules.contact import is_email, normalise_contact

MOST_ROWS = 5000
MOST_FIELDS, LONGEST_VALUE = 20, 200
_ADDRESS = {"address", "email", "e-mail", "mail", "邮箱", "电子邮箱", "地址", "邮件"}
_NAME = {"name", "姓名", "名字", "客户"}
_LANGUAGE = {"language", "lang", "语言"}
_LANGUAGES = {
    "en": "en", "english": "en", "英文": "en", "英语": "en", "zh": "zh-hans",
    "zh-hans": "zh-hans", "zh-cn": "zh-hans", "cn": "zh-hans", "中文": "zh-hans",
    "chinese": "zh-hans", "汉语": "zh-hans",
}  # fmt: skip
_WITH_NAME = re.compile(r"^\s*\"?([^<\"]*)\"?\s*<([^<>]+)>\s*$")


class Fault(Enum):
    """Why a row of a list invites nobody."""

    NO_ADDRESS = "no_address"
    NOT_AN_ADDRESS = "not_an_address"
    TWICE = "twice"
    UNKNOWN_LANGUAGE = "unknown_language"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody to invite: a normalised address; language "" means that nobody said."""

    address: str
    name: str = ""
    language: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    text: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class AddressList:
    people: Sequence[Addressee]
    bad: Sequence[BadRow]


def read_addresses(text: str) -> AddressList:
    """Rows with comma, semicolon or tab between the columns. With a first line that names the
    columns (one of them is the address) they may be in any order, and others become values for
    the text; without one they are address, name, language. Every row is in one of both lists."""
    people: dict[str, Addressee] = {}
    bad: list[BadRow] = []
    columns: list[str] | None = None
    for line, cells, row in _rows(text):
        if columns is None:
            columns = _columns(cells)
            if columns is not None:
                continue
            columns = ["address", "name", "language"]
        read = _read(dict(zip(columns, cells, strict=False)))
        if isinstance(read, Addressee) and read.address in people:
            read = Fault.TWICE
        if isinstance(read, Addressee) and len(people) >= MOST_ROWS:
            read = Fault.TOO_MANY
        if isinstance(read, Fault):
            bad.append(BadRow(line, row[:200], read))
        else:
            people[read.address] = read
    return AddressList(list(people.values()), bad)


def _rows(text: str) -> Iterator[tuple[int, list[str], str]]:
    lines = text.lstrip("\ufeff").replace("\0", "").splitlines()
    first = next((one for one in lines if one.strip()), "")
    mark = max(",;\t", key=first.count)
    for number, line in enumerate(lines, 1):
        if line.strip():
            cells = next(csv.reader([line], delimiter=mark), [])
            yield number, [one.strip() for one in cells], line


def _columns(cells: Sequence[str]) -> list[str] | None:
    """What the columns are, if these cells name them."""
    names = []
    for cell in cells:
        plain = cell.lower()
        if plain in _ADDRESS:
            names.append("address")
        elif plain in _NAME:
            names.append("name")
        elif plain in _LANGUAGE:
            names.append("language")
        else:
            names.append(f"field.{re.sub(r'[^A-Za-z0-9_]+', '_', cell).strip('_')[:40]}")
    return names if "address" in names else None


def _read(row: Mapping[str, str]) -> Addressee | Fault:
    given, name = row.get("address", ""), row.get("name", "")
    if match := _WITH_NAME.match(given):
        name, given = name or match.group(1).strip(), match.group(2)
    if not given:
        return Fault.NO_ADDRESS
    address = normalise_contact("email", given)
    if not is_email(address):
        return Fault.NOT_AN_ADDRESS
    said = row.get("language", "").lower()
    if said and said not in _LANGUAGES:
        return Fault.UNKNOWN_LANGUAGE
    more = {
        key.removeprefix("field."): value[:LONGEST_VALUE]
        for key, value in row.items()
        if key.startswith("field.") and key != "field." and value
    }
    return Addressee(
        address, name[:200], _LANGUAGES.get(said, ""), dict(list(more.items())[:MOST_FIELDS])
    )
