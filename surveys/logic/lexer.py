"""The words and marks of an expression, with their places. One pass, no going back."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.kernel.conditions.errors import Problem
from surveys.logic.expression import LONGEST, LogicInvalid, Span

# Word or mark, in lower case → operator of the tree.
OPERATORS = (
    {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "≠": "!=", "*=": "contains"}
    | {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
    | {"equal": "=", "equals": "=", "notequal": "!=", "notequals": "!="}
    | {"less": "<", "lessorequal": "<=", "greater": ">", "greaterorequal": ">="}
    | {"contain": "contains", "contains": "contains"}
    | {"notcontain": "notcontains", "notcontains": "notcontains"}
    | {"anyof": "anyof", "allof": "allof", "noneof": "noneof"}
    | {"empty": "empty", "notempty": "notempty"}
    | {"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "!", "negate": "!"}
)
LITERALS: dict[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
}
# Marks as a Chinese keyboard or a word processor gives them mean the same.
_SAME = {"（": "(", "）": ")", "，": ",", "＝": "=", "＜": "<", "＞": ">", "！": "!"} | {
    "！＝": "!=",
    "！=": "!=",
    "!＝": "!=",
    "−": "-",
    "×": "*",
    "÷": "/",
}
_TOKEN = re.compile(
    r"(?P<white>[\s\u3000\ufeff]+)"
    r"|\{(?P<name>[^{}]*)\}"
    r"|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|“[^“”]*”|‘[^‘’]*’)"
    r"|(?P<number>[0-9.](?:[0-9A-Za-z_.]|(?<=[eE])[+-])*)"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<mark>[!！][=＝]|[<>]=|==|<>|&&|\|\||\*=|[-+*/%^(),=<>!\[\]≤≥≠（），＝＜＞！−×÷])",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+")
_ESCAPED = re.compile(r"\\(['\"\\])")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # name, string, number, word, mark, end
    text: str  # without braces and quotation marks
    span: Span

    @property
    def operator(self) -> str:
        """The operator that it is; empty for everything else."""
        return OPERATORS.get(self.text.lower(), "") if self.kind in {"word", "mark"} else ""

    def is_mark(self, mark: str) -> bool:
        return self.kind == "mark" and self.text == mark


def refusal(message: str, span: Span) -> LogicInvalid:
    return LogicInvalid([Problem(message, span=span)])


def tokens_of(text: str) -> list[Token]:
    """The last one is the end. Raises LogicInvalid."""
    if len(text) > LONGEST:
        message = _("An expression has at most %(number)s characters; this one has %(length)s.")
        raise refusal(message % {"number": LONGEST, "length": len(text)}, (LONGEST, len(text)))
    tokens = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text, at)
        at = found.end()
        kind = str(found.lastgroup)
        if kind != "white":
            tokens.append(Token(kind, _content(kind, found[kind], found.span()), found.span()))
    tokens.append(Token("end", "", (len(text), len(text))))
    return tokens


def _content(kind: str, raw: str, span: Span) -> str:
    match kind:
        case "name":
            if not raw.strip():
                raise refusal(_("Write the code of a question between { and }."), span)
            return raw.strip()
        case "string":
            inner = raw[1:-1]
            return _ESCAPED.sub(r"\1", inner) if raw[0] in "'\"" else inner
        case "number" if not _NUMBER.fullmatch(raw):
            message = _("“%(word)s” is no number. If it is a code or a text, write '%(word)s'.")
            raise refusal(message % {"word": raw[:40]}, span)
        case "mark":
            return _SAME.get(raw, raw)
    return raw


def _unreadable(text: str, at: int) -> LogicInvalid:
    mark = text[at]
    if mark in "'\"“‘":
        return refusal(_("The quotation mark is not closed."), (at, len(text)))
    if mark == "{":
        return refusal(_("The brace { is not closed."), (at, len(text)))
    return refusal(_("“%(mark)s” has no meaning here.") % {"mark": mark}, (at, at + 1))
