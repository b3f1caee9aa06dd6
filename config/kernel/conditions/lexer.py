"""The words and marks of a text, with their places."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from django.utils.translation import gettext as _

from config.kernel.conditions.errors import ConditionInvalid, Problem

LONGEST = 150_000  # more than the longest tree has (reading.MOST_…)

_WHITE = re.compile(r"[\s\u3000]+")
# Marks as a Chinese keyboard gives them mean the same.
_MARK = re.compile(r"<=|>=|!=|<>|[(),=<>≤≥≠（），、＝＜＞]|！＝|!＝|！=")
_SAME = {"（": "(", "）": ")", "，": ",", "、": ",", "＝": "=", "＜": "<", "＞": ">"} | {
    "<>": "!=",
    "！＝": "!=",
    "!＝": "!=",
    "！=": "!=",
}
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|“([^”]*)”', re.DOTALL)
_WORD = re.compile(r"""[^\s\u3000(),=<>≤≥≠（），、＝＜＞!！"“”]+""")


class Kind(Enum):
    WORD = "word"
    STRING = "string"
    MARK = "mark"
    END = "end"


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @cached_property
    def word(self) -> str:
        """As words of the language are compared; empty for what stands in quotes."""
        return self.text.lower() if self.kind in {Kind.WORD, Kind.MARK} else ""


def tokens_of(text: str) -> list[Token]:
    """The last one is END. Raises ConditionInvalid."""
    if len(text) > LONGEST:
        raise ConditionInvalid([Problem(_("The condition is too long: split it in two."))])
    tokens = []
    at = 0
    while at < len(text):
        if white := _WHITE.match(text, at):
            at = white.end()
            continue
        token = _token_at(text, at)
        tokens.append(token)
        at = token.end
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _token_at(text: str, at: int) -> Token:
    if found := _STRING.match(text, at):
        inner = found[1] if found[1] is not None else found[2]
        if found[1] is not None:
            inner = re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)
        return Token(Kind.STRING, inner, at, found.end())
    if text[at] in '"“':
        message = _("The quotation mark is not closed.")
        raise ConditionInvalid([Problem(message, span=(at, len(text)))])
    if found := _MARK.match(text, at):
        return Token(Kind.MARK, _SAME.get(found[0], found[0]), at, found.end())
    if found := _WORD.match(text, at):
        return Token(Kind.WORD, found[0], at, found.end())
    message = _("“%(mark)s” has no meaning here.") % {"mark": text[at]}
    raise ConditionInvalid([Problem(message, span=(at, at + 1))])
