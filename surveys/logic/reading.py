"""From text to a tree.

    or       = and { "or" and }
    and      = not { "and" not }
    not      = "not" not | test
    test     = sum [ operator sum ]                  = != < <= > >= contains … anyof …
    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/" | "%") signed }
    signed   = ("-" | "!") signed | single [ "empty" | "notempty" ]
    single   = "(" or ")" | "[" list "]" | name "(" list ")" | {name} | 'text' | number | true …

The surface is that of SurveyJS, so that what people wrote there can be brought along; what it
leaves to chance (a missing parenthesis, words without quotation marks) is refused.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NoReturn

from django.utils.translation import gettext as _

from config.kernel.conditions.errors import Path
from surveys.logic.arithmetic import is_number, number
from surveys.logic.expression import (
    DEEPEST,
    MOST_NODES,
    Expression,
    Span,
    Tree,
    first_operand,
    resolve,
)
from surveys.logic.lexer import LITERALS, Token, refusal, tokens_of

_TESTS = frozenset({"=", "!=", "<", "<=", ">", ">=", "contains", "notcontains"}) | {
    "anyof",
    "allof",
    "noneof",
}
# Function → how many operands it takes, at least and at most.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "iif": (3, 3),
    "sum": (1, MOST_NODES),
    "min": (1, MOST_NODES),
    "max": (1, MOST_NODES),
    "avg": (1, MOST_NODES),
    "count": (1, MOST_NODES),
    "round": (1, 2),
    "length": (1, 1),
    "today": (0, 0),
}


def parse(text: str, known: Collection[str] = ()) -> Expression:
    """Read `text`. With the codes that are `known`, `{element.row}` becomes `element_row` and
    `{code.length}` is the length only if nothing has that code. Raises LogicInvalid, whose
    problems have a sentence and a span."""
    parser = _Parser(text, known)
    part = parser.whole()
    spans: dict[Path, Span] = {}
    return Expression(text, part.tree(spans), spans)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the tree that still knows where it stands."""

    span: Span
    head: tuple[object, ...] | None  # ("and",), ("call", "sum"), ("var", "q1"); None: a literal
    value: Tree = None
    parts: tuple["_Part", ...] = ()
    deep: int = 1

    def tree(self, spans: dict[Path, Span], path: Path = ()) -> Tree:
        spans[path] = self.span
        if self.head is None:
            return self.value
        tree: list[Tree] = list(self.head)
        begin = first_operand(tree)
        for at, part in enumerate(self.parts, start=begin):
            tree.append(part.tree(spans, (*path, at)))
        return tree


class _Parser:
    def __init__(self, text: str, known: Collection[str]) -> None:
        self.tokens = tokens_of(text)
        self.known = known
        self.at = 0
        self.depth = 0
        self.made = 0

    # --- words --------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.at += 1
        return token

    def took(self, mark: str) -> bool:
        if self.token.is_mark(mark):
            self.at += 1
            return True
        return False

    def refuse(self, message: str, span: Span | None = None) -> NoReturn:
        raise refusal(message, span or self.token.span)

    def here(self) -> str:
        """The word that stands here, for a message."""
        begin, end = self.token.span
        return self.token.text[:40] if end > begin else _("the end")

    def closed(self, mark: str, opening: Token) -> Token:
        if self.token.is_mark(mark):
            return self.take()
        if self.token.kind == "end":
            self.refuse(
                _("This “%(mark)s” is not closed.") % {"mark": "([{"[")]}".index(mark)]},
                opening.span,
            )
        return self.refuse(
            _("Here I expected “%(mark)s”, not “%(word)s”.") % {"mark": mark, "word": self.here()}
        )

    # --- pieces of the tree -------------------------------------------------------------------

    def literal(self, value: Tree, span: Span) -> _Part:
        return self.counted(_Part(span, None, value))

    def joined(self, head: tuple[object, ...], parts: list[_Part], span: Span) -> _Part:
        deep = 1 + max((part.deep for part in parts), default=0)
        return self.counted(_Part(span, head, None, tuple(parts), deep))

    def counted(self, part: _Part) -> _Part:
        self.made += 1
        if self.made > MOST_NODES:
            message = _(
                "An expression has at most %(number)s parts. Split it: a calculated "
                "question can hold one half."
            )
            self.refuse(message % {"number": MOST_NODES}, part.span)
        if part.deep > DEEPEST:
            self.too_deep(part.span)
        return part

    def too_deep(self, span: Span) -> NoReturn:
        message = _(
            "This is nested more than %(number)s levels deep. Split it: a calculated "
            "question can hold one half."
        )
        self.refuse(message % {"number": DEEPEST}, span)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.too_deep(self.token.span)

    # --- the grammar --------------------------------------------------------------------------

    def whole(self) -> _Part:
        if self.token.kind == "end":
            self.refuse(_("There is nothing here. Write for example {overall} <= 2."))
        part = self.either()
        if self.token.kind != "end":
            self.unexpected_behind()
        return part

    def unexpected_behind(self) -> NoReturn:
        if self.token.operator in _TESTS:
            self.refuse(
                _("Two comparisons in a row: put “and” between them, or parentheses around one.")
            )
        if self.token.is_mark("^"):
            self.refuse(_("Powers (^) are not known here; multiply instead."))
        self.refuse(
            _("Here I expected “and”, “or” or the end, not “%(word)s”.") % {"word": self.here()}
        )

    def either(self) -> _Part:
        return self.chain("or", self.both)

    def both(self) -> _Part:
        return self.chain("and", self.negated)

    def chain(self, operator: str, below: Callable[[], _Part]) -> _Part:
        parts = [below()]
        while self.token.operator == operator:
            self.take()
            parts.append(below())
        if len(parts) == 1:
            return parts[0]
        return self.joined((operator,), parts, (parts[0].span[0], parts[-1].span[1]))

    def negated(self) -> _Part:
        if self.token.operator != "not":
            return self.test()
        start = self.take()
        self.deeper()
        part = self.negated()
        self.depth -= 1
        return self.joined(("not",), [part], (start.span[0], part.span[1]))

    def test(self) -> _Part:
        left = self.sum()
        operator = self.token.operator
        if operator not in _TESTS:
            return left
        self.take()
        right = self.sum()
        return self.joined((operator,), [left, right], (left.span[0], right.span[1]))

    def sum(self) -> _Part:
        return self.calculation("+-", self.product)

    def product(self) -> _Part:
        return self.calculation("*/%", self.signed)

    def calculation(self, marks: str, below: Callable[[], _Part]) -> _Part:
        """From left to right; neighbours of the same operator are one list."""
        left = below()
        while self.token.kind == "mark" and self.token.text in tuple(marks):
            mark = self.token.text
            parts = [left]
            while self.took(mark):
                parts.append(below())
            left = self.joined((mark,), parts, (parts[0].span[0], parts[-1].span[1]))
        return left

    def signed(self) -> _Part:
        is_minus = self.token.is_mark("-")
        if not is_minus and self.token.operator != "!":
            return self.asked()
        start = self.take()
        self.deeper()
        part = self.signed()
        self.depth -= 1
        span = (start.span[0], part.span[1])
        if not is_minus:
            return self.joined(("not",), [part], span)
        if part.head is None and is_number(part.value):
            return replace(part, span=span, value=number(-part.value))
        return self.joined(("neg",), [part], span)

    def asked(self) -> _Part:
        part = self.single()
        while self.token.operator in {"empty", "notempty"}:
            operator = self.take()
            part = self.joined((operator.operator,), [part], (part.span[0], operator.span[1]))
        return part

    def single(self) -> _Part:
        token = self.take()
        read = {
            "name": self.name,
            "string": self.string,
            "number": self.number,
            "word": self.word,
            "(": self.group,
            "[": self.items,
        }.get(token.text if token.kind == "mark" else token.kind)
        if read is not None:
            return read(token)
        self.at -= token.kind != "end"
        return self.refuse(
            _(
                "Here I expected a question in braces, a text in quotation marks or a number, "
                "not “%(word)s”."
            )
            % {"word": self.here()}
        )

    def group(self, opening: Token) -> _Part:
        self.deeper()
        part = self.either()
        self.depth -= 1
        end = self.closed(")", opening)
        return replace(part, span=(opening.span[0], end.span[1]))

    def items(self, opening: Token) -> _Part:
        parts, end = self.sequence("]", opening)
        return self.joined(("list",), parts, (opening.span[0], end.span[1]))

    def sequence(self, mark: str, opening: Token) -> tuple[list[_Part], Token]:
        self.deeper()
        parts: list[_Part] = []
        if not self.token.is_mark(mark):
            parts.append(self.either())
            while self.took(","):
                parts.append(self.either())
        self.depth -= 1
        return parts, self.closed(mark, opening)

    # --- single things ------------------------------------------------------------------------

    def string(self, token: Token) -> _Part:
        return self.literal(token.text, token.span)

    def number(self, token: Token) -> _Part:
        value = number(float(token.text))
        if value is None:
            self.refuse(_("This number is too big."), token.span)
        return self.literal(value, token.span)

    def name(self, token: Token) -> _Part:
        name = token.text
        found = resolve(name, self.known)
        if found is None:
            # “#” in front says in SurveyJS what is always so here: nothing is converted.
            name = name.removeprefix("#").strip() or name
            inner, dot, word = name.rpartition(".")
            if dot and word == "length" and inner:
                inner = resolve(inner, self.known) or inner
                part = self.joined(("var", inner), [], token.span)
                return self.joined(("call", "length"), [part], token.span)
            found = resolve(name, self.known) or name
        return self.joined(("var", found), [], token.span)

    def word(self, token: Token) -> _Part:
        if self.token.is_mark("("):
            return self.call(token)
        small = token.text.lower()
        if small in LITERALS:
            return self.literal(LITERALS[small], token.span)
        if token.operator:
            message = _("Before “%(word)s” something is missing.") % {"word": token.text[:40]}
            self.refuse(message, token.span)
        message = _(
            "“%(word)s” stands alone: write {%(word)s} for a question and '%(word)s' for "
            "a code or a text."
        )
        return self.refuse(message % {"word": token.text[:40]}, token.span)

    def call(self, token: Token) -> _Part:
        name = token.text if token.text in FUNCTIONS else token.text.lower()
        if name not in FUNCTIONS:
            message = _("There is no function “%(name)s”. There are: %(known)s.")
            words = {"name": token.text[:40], "known": ", ".join(FUNCTIONS)}
            self.refuse(message % words, token.span)
        parts, end = self.sequence(")", self.take())
        span = (token.span[0], end.span[1])
        least, most = FUNCTIONS[name]
        if not least <= len(parts) <= most:
            self.refuse(self.wrong_number(name, least, most), span)
        if name == "today":
            return self.joined(("var", "today"), [], span)
        return self.joined(("call", name), parts, span)

    @staticmethod
    def wrong_number(name: str, least: int, most: int) -> str:
        if most == 0:
            return _("%(name)s() takes nothing between the parentheses.") % {"name": name}
        if name == "iif":
            return _("iif needs three things: iif(condition, value if so, value if not).")
        if least == most:
            return _("%(name)s needs exactly one thing between the parentheses.") % {"name": name}
        if most == 2:
            return _("round takes a number, and behind a comma the decimal places if wanted.")
        return _("%(name)s needs at least one thing between the parentheses.") % {"name": name}
