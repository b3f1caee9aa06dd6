"""Kinds of fields with a list of possible values: written in the code, or rows of a table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.kernel.conditions.column import Column
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import Misfit
from config.kernel.conditions.fields import LONGEST_TEXT, Field, is_plain, quoted
from config.kernel.conditions.operators import RESERVED
from config.kernel.conditions.rows import Key, Lookup, Named, Rows

_BARE = re.compile(r"\w[\w.@+-]*")


def bare_or_quoted(text: str) -> str:
    safe = _BARE.fullmatch(text) and text.lower() not in RESERVED
    return text if safe else quoted(text)


@dataclass(frozen=True, slots=True)
class Option:
    """`code` stands in trees, `value` in the column, `label` before people."""

    code: str
    value: Any
    label: Promise | str


def options_of(choices: type[models.Choices] | Iterable[tuple[Any, Any]]) -> tuple[Option, ...]:
    """Of an enumeration, or of pairs (value, label). What is kept as a number goes by its name:
    Priority.HIGH is "high"."""
    if isinstance(choices, type) and issubclass(choices, Enum):
        return tuple(
            Option(
                one.value if isinstance(one.value, str) else one.name.lower(),
                one.value,
                one.label,
            )
            for one in choices
        )
    return tuple(Option(str(value), value, label) for value, label in choices)


class OfOptions:
    """How one of a few options is read, written and said; several stand in their order."""

    options: tuple[Option, ...]

    def read_one(self, code: str, raw: Any) -> str:
        return read_option(self.options, raw)

    def arranged(self, values: list[Any]) -> list[Any]:
        return in_order_of(self.options, values)

    def to_text(self, value: str, lookup: Lookup) -> str:
        return bare_or_quoted(value)

    def say(self, value: str, lookup: Lookup) -> str:
        return str(next(one.label for one in self.options if one.code == value))


@dataclass(frozen=True, kw_only=True)
class Choice(OfOptions, Field):
    """One of a few. With `in_order` they rise from first to last and can be compared."""

    options: tuple[Option, ...]
    in_order: bool = False

    @property
    def codes(self) -> tuple[str, ...]:  # type: ignore[override]
        order = ("lt", "le", "gt", "ge") if self.in_order else ()
        return ("is", "is_not", "in", "not_in", *order, "empty", "not_empty")

    def values(self, code: str, wanted: Any) -> list[Any]:
        """What the column has when `code` is true."""
        codes = [option.code for option in self.options]
        if code in {"is", "in"}:
            fitting = {wanted} if code == "is" else set(wanted)
        else:
            at = codes.index(wanted)
            fitting = set(
                {
                    "lt": codes[:at],
                    "le": codes[: at + 1],
                    "gt": codes[at + 1 :],
                    "ge": codes[at:],
                }[code]
            )
        return [option.value for option in self.options if option.code in fitting]

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        if code == "empty":
            return value is None or value == ""
        return value in self.values(code, wanted)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return nothing_in(self.column, text=isinstance(self.options[0].value, str))
        return self.column.where("in", self.values(code, wanted))


def in_order_of(options: tuple[Option, ...], codes: list[str]) -> list[str]:
    return [option.code for option in options if option.code in codes]


def nothing_in(column: Column, *, text: bool) -> Q:
    return column.is_null() | column.where("exact", "") if text else column.is_null()


def read_option(options: tuple[Option, ...], raw: Any) -> str:
    codes = [option.code for option in options]
    if isinstance(raw, str):
        if raw in codes:
            return raw
        # As people call it, in whichever language the page has.
        called = [one.code for one in options if str(one.label).casefold() == raw.casefold()]
        if len(called) == 1:
            return called[0]
        close = get_close_matches(raw[:60], codes, n=1)
        if close:
            raise Misfit(
                _("“%(value)s” is no value here. Did you mean %(close)s?")
                % {"value": raw[:60], "close": close[0]}
            )
    raise Misfit(_("Write one of: %(values)s.") % {"values": ", ".join(codes[:30])})


class OfRows:
    """How a row of a table is read, written and said."""

    source: Rows

    def read_one(self, code: str, raw: Any) -> Any:
        return read_row(self.source, raw)

    def from_words(self, words: Sequence[str], *, in_quotes: bool = False) -> Any:
        return row_from_words(self.source, words[0], in_quotes=in_quotes)

    def to_text(self, value: Key, lookup: Lookup) -> str:
        return row_to_text(self.source, value, lookup)

    def say(self, value: Key, lookup: Lookup) -> str:
        return say_row(self.source, value, lookup)


@dataclass(frozen=True, kw_only=True)
class Reference(OfRows, Field):
    """A row of another table. `path` leads to the column that `source.key` names. `holds_user`
    and `holds_team` let it be asked whether it is me, or one of my teams."""

    source: Rows
    holds_user: bool = False
    holds_team: bool = False

    @property
    def codes(self) -> tuple[str, ...]:  # type: ignore[override]
        return (
            "is",
            "is_not",
            "in",
            "not_in",
            *(("under", "not_under") if self.source.below else ()),
            *(("is_me", "is_not_me") if self.holds_user else ()),
            *(("is_my_team", "is_not_my_team") if self.holds_team else ()),
            "empty",
            "not_empty",
        )

    def keys(self, code: str, wanted: Any, context: Context) -> list[Key]:
        """What the column has when `code` is true."""
        actor = context.actor
        if code == "is_me":
            return [actor.user_id] if actor else []
        if code == "is_my_team":
            return sorted(actor.team_ids) if actor else []
        if code == "under":
            return keys_below(self.source, wanted, context)
        return [wanted] if code == "is" else list(wanted)

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        if code == "empty":
            return value is None or value == ""
        return value in self.keys(code, wanted, context)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return nothing_in(self.column, text=not self.source.by_number)
        return self.column.where("in", self.keys(code, wanted, context))


def keys_below(source: Rows, wanted: list[Key], context: Context) -> list[Key]:
    about = ("below", source, tuple(wanted))
    if about not in context.memo and source.below is not None:
        context.memo[about] = list(source.below(wanted))
    found: list[Key] = context.memo[about]
    return found


def read_row(source: Rows, raw: Any) -> Any:
    """A key, or the Named row whose key is looked up later."""
    if isinstance(raw, Named):
        if not 0 < len(raw.name) <= LONGEST_TEXT or not is_plain(raw.name):
            raise Misfit(_("Give the name of something that exists."))
        return raw
    if source.fits(raw):
        return raw
    if source.by_number:
        raise Misfit(_("Give the number of something that exists."))
    raise Misfit(_("Give the code of something that exists."))


def row_from_words(source: Rows, word: str, *, in_quotes: bool) -> Any:
    """A number without quotes is a key, everything else a name."""
    if not in_quotes and source.by_number and word.isascii() and word.isdigit() and len(word) < 19:
        return int(word)
    return Named(word)


LONGEST_NAME = 60  # what is called longer than this is written by its number


def row_to_text(source: Rows, key: Key, lookup: Lookup) -> str:
    name = row_to_word(source, key, lookup)
    if name == str(key) and source.by_number:
        return name
    return bare_or_quoted(name)


def row_to_word(source: Rows, key: Key, lookup: Lookup) -> str:
    """What `row_from_words` takes for this row: its code or name, its number where no name is
    its own."""
    if not source.by_number:
        return str(key)
    row = lookup.by_key(source, [key]).get(key)
    for name in source.names_of(row) if row is not None else ():
        if len(name) <= LONGEST_NAME and is_plain(name) and not name.isdigit():
            called = lookup.by_name(source, [name])[name]
            if [source.key_of(one) for one in called] == [key]:
                return name
    return str(key)


def say_row(source: Rows, key: Key, lookup: Lookup) -> str:
    row = lookup.by_key(source, [key]).get(key)
    return source.label(row) if row is not None else str(key)
