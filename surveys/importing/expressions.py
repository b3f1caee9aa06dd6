"""Conditions of LimeSurvey and XLSForm as trees of ours (docs/surveys.md). The names in them are
those of the file; `fitting` puts ours in their place."""

import re
from typing import Any

from django.utils.translation import gettext as _

from surveys.logic.expression import DEEPEST, LONGEST, LogicInvalid, Tree
from surveys.logic.reading import parse


class Untranslatable(ValueError):
    """Why an expression has no counterpart here, in plain words."""


_TOKEN = re.compile(
    r"\s+"
    r"|\$\{\s*(?P<braced>[^{}]+?)\s*\}"
    r"|(?P<string>'[^']*'|\"[^\"]*\"|‘[^‘’]*’|“[^“”]*”)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<word>[^\W\d][\w:-]*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<mark>==|!=|<=|>=|<>|&&|\|\||\.\.|[-+*/%(),=<>!.])"
)
_LIMESURVEY_TOKEN = re.compile(_TOKEN.pattern.replace(r"[\w:-]*", r"\w*"))
_WORDS = {
    "limesurvey": {
        "and": "and", "or": "or", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
        "ge": ">=",
    },
    "xpath": {"and": "and", "or": "or", "div": "/", "mod": "%"},
}  # fmt: skip
_MARKS = {"==": "=", "<>": "!=", "&&": "and", "||": "or"}
_BINDS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4} | {
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_SAME_NAME = frozenset({"sum", "min", "max", "count", "round"})
_OTHER_NAME = {"strlen": "length", "string-length": "length", "count-selected": "length"} | {
    "if": "iif", "avg": "avg", "iif": "iif",
}  # fmt: skip


def read(text: str, dialect: str) -> Tree:
    """The tree of an expression. Raises Untranslatable."""
    if len(text) > LONGEST:
        raise Untranslatable(_("The condition is too long."))
    if dialect == "surveyjs":
        try:
            return parse(text).tree
        except LogicInvalid as refusal:
            raise Untranslatable(refusal.problems[0].message) from refusal
    return _Reader(text, dialect).whole()


class _Reader:
    def __init__(self, text: str, dialect: str) -> None:
        self.dialect = dialect
        self.tokens = list(self.tokens_of(text))
        self.at = self.depth = 0

    def tokens_of(self, text: str) -> Any:
        at = 0
        pattern = _TOKEN if self.dialect == "xpath" else _LIMESURVEY_TOKEN
        while at < len(text):
            found = pattern.match(text, at)
            if found is None:
                raise Untranslatable(
                    _("“%(part)s” cannot be read.") % {"part": text[at : at + 20]}
                )
            at = found.end()
            kind = found.lastgroup
            if kind is None:
                continue
            value = found[kind]
            is_operator = kind == "word" and value.lower() in _WORDS[self.dialect]
            if is_operator and not (self.dialect == "xpath" and value != value.lower()):
                yield "mark", _WORDS[self.dialect][value.lower()]
            elif kind == "mark":
                yield kind, _MARKS.get(value, value)
            else:
                yield kind, value
        yield "end", ""

    def whole(self) -> Tree:
        tree = self.binary(1)
        if self.tokens[self.at][0] != "end":
            raise Untranslatable(
                _("“%(part)s” stands where nothing may follow.")
                % {"part": self.tokens[self.at][1]}
            )
        return tree

    def take(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1]

    def is_next(self, mark: str) -> bool:
        if self.tokens[self.at] == ("mark", mark):
            self.at += 1
            return True
        return False

    def binary(self, least: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST * 8:
            raise Untranslatable(_("The condition is nested too deeply."))
        left = self.single()
        while True:
            kind, mark = self.tokens[self.at]
            binds = _BINDS.get(mark, 0) if kind == "mark" else 0
            if binds < least:
                break
            self.at += 1
            right = self.binary(binds + 1)
            joins = mark in {"and", "or"} and isinstance(left, list) and left[0] == mark
            left = [*left, right] if joins else [mark, left, right]
        self.depth -= 1
        return left

    def single(self) -> Tree:  # noqa: PLR0911 - one line for each kind of word
        kind, value = self.take()
        if kind == "string":
            return value[1:-1]
        if kind == "number":
            number = float(value)
            return int(number) if number.is_integer() and "." not in value else number
        if kind == "braced":
            return ["var", value]
        if kind == "word":
            return self.call(value) if self.is_next("(") else ["var", value]
        if (kind, value) == ("mark", "("):
            tree = self.binary(1)
            self.close()
            return tree
        if (kind, value) == ("mark", "."):
            return ["var", "."]
        if (kind, value) == ("mark", "!"):
            return ["not", self.single()]
        if (kind, value) == ("mark", "-"):
            inner = self.single()
            is_number = isinstance(inner, int | float)
            return -inner if is_number else ["neg", inner]
        raise Untranslatable(_("Something is missing in the condition."))

    def close(self) -> None:
        if not self.is_next(")"):
            raise Untranslatable(_("A parenthesis is not closed."))

    def call(self, name: str) -> Tree:
        parts: list[Tree] = []
        if not self.is_next(")"):
            parts.append(self.binary(1))
            while self.is_next(","):
                parts.append(self.binary(1))
            self.close()
        return _call(name.lower(), parts)


def _call(name: str, parts: list[Tree]) -> Tree:  # noqa: PLR0911 - one line a function
    match name, parts:
        case "not", [one]:
            return ["not", one]
        case "is_empty", [one]:
            return ["empty", one]
        case ("selected", [one, choice]):
            return ["selected", one, choice]
        case "today", []:
            return ["var", "today"]
        case (("true" | "false"), []):
            return name == "true"
        case (("number" | "string" | "date"), [one]):
            return one
        case ("coalesce", [one, other]):
            return ["call", "iif", ["notempty", one], one, other]
        case ("boolean", [one]):
            return ["notempty", one]
    if name in _SAME_NAME or name in _OTHER_NAME:
        return ["call", _OTHER_NAME.get(name, name), *parts]
    raise Untranslatable(_("There is no function “%(name)s” here.") % {"name": name[:40]})
