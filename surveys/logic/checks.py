"""What cannot work in an expression, before anybody answers: names that are not there, codes that
are no choice, numbers compared with texts. In plain words, with the place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import Enum
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kernel.conditions.errors import Path, Problem
from surveys.logic.arithmetic import is_number
from surveys.logic.expression import Expression, Tree, first_operand, resolve


class Kind(Enum):
    """What a value is. Text and code fit each other; `ANYTHING` is not known beforehand."""

    CODE = "code"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TRUTH = "truth"
    ANYTHING = "anything"


_WORDS: dict[Kind, str | Promise] = {
    Kind.CODE: gettext_lazy("a choice"),
    Kind.NUMBER: gettext_lazy("a number"),
    Kind.TEXT: gettext_lazy("a text"),
    Kind.DATE: gettext_lazy("a date"),
    Kind.TRUTH: gettext_lazy("yes or no"),
    Kind.ANYTHING: gettext_lazy("anything"),
}


@dataclass(frozen=True, slots=True)
class Holds:
    """What a name holds: values of a kind, one or (`many`) a list of them. Of choices `codes`
    are those there are; None when they are not known."""

    kind: Kind
    many: bool = False
    codes: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        if self.many and self.kind is Kind.CODE:
            return _("several choices")
        return _("a list") if self.many else str(_WORDS[self.kind])


@dataclass(frozen=True, slots=True)
class _Found(Holds):
    """What a part of the tree comes to; `literal` is its value if it stands in the text."""

    path: Path = ()
    literal: Any = None
    items: tuple["_Found", ...] = ()  # of a list in the text

    @property
    def is_open(self) -> bool:
        """Fits everything: null, or not known."""
        return self.kind is Kind.ANYTHING


def check(
    expression: Expression,
    names: Mapping[str, Holds],
    *,
    wants: Kind | None = Kind.TRUTH,
    later: Collection[str] = (),
) -> list[Problem]:
    """Everything that is wrong, in the order of the text; empty when nothing. `names` are the
    codes that may be asked here, `later` those that come only afterwards. `wants` is the kind
    that the whole must have (a condition: yes or no); None takes any."""
    checker = _Checker(names, later)
    found = checker.found(expression.tree, ())
    if wants is not None and not checker.problems:
        checker.must_be(found, wants)
    problems = [replace(one, span=expression.span(one.path)) for one in checker.problems]
    return sorted(problems, key=lambda one: one.span or (0, 0))


def unknown_name(name: str, known: Collection[str], later: Collection[str] = ()) -> str:
    """The sentence about a name that nothing has here."""
    if resolve(name, later) is not None:
        message = _("{%(name)s} comes later: only what was asked before can be named here.")
        return message % {"name": name}
    folded = {code.casefold(): code for code in known}
    close = get_close_matches(name[:80].casefold().replace(".", "_"), folded, n=1)
    if close:
        message = _("There is no {%(name)s}. Did you mean {%(like)s}?")
        return message % {"name": name[:80], "like": folded[close[0]]}
    return _("There is no {%(name)s} here.") % {"name": name[:80]}


class _Checker:
    def __init__(self, names: Mapping[str, Holds], later: Collection[str]) -> None:
        self.names = names
        self.later = later
        self.problems: list[Problem] = []

    def refuse(self, message: str, path: Path) -> None:
        self.problems.append(Problem(message, path=path))

    # --- what things are ----------------------------------------------------------------------

    def found(self, tree: Tree, path: Path) -> _Found:
        if not isinstance(tree, list):
            return _Found(_kind_of(tree), path=path, literal=tree)
        head = tree[0]
        if head == "var":
            return self.named(tree[1], path)
        begin = first_operand(tree)
        inner = [self.found(one, (*path, at)) for at, one in enumerate(tree[begin:], start=begin)]
        if head == "list":
            return self.listed(inner, path)
        rule = _CALLS[tree[1]] if head == "call" else _RULES[head]
        return replace(rule(self, head, inner), path=path)

    def named(self, name: str, path: Path) -> _Found:
        code = resolve(name, self.names)
        if code is None:
            self.refuse(unknown_name(name, self.names, self.later), path)
            return _Found(Kind.ANYTHING, path=path)
        holds = self.names[code]
        return _Found(holds.kind, holds.many, holds.codes, path=path)

    def listed(self, items: list[_Found], path: Path) -> _Found:
        known = [item for item in items if not item.is_open]
        for one, other in pairwise(known):
            self.must_fit(one, other)
        kind = known[0].kind if known else Kind.ANYTHING
        return _Found(kind, many=True, path=path, items=tuple(items))

    # --- what must be -------------------------------------------------------------------------

    def must_be(self, found: _Found, wanted: Kind, *, many: bool = False) -> bool:
        """Whether it is; a list passes only where `many` may be."""
        right_form = many or not found.many
        if found.is_open or (right_form and _alike(found.kind, wanted)):
            return True
        if wanted is Kind.TRUTH and found.literal is None:
            message = _("This is %(kind)s, not yes or no: compare it with something.")
        else:
            message = _("Here %(wanted)s is needed, not %(kind)s.")
        words = {"kind": found.words, "wanted": _WORDS[wanted]}
        self.refuse(message % words, found.path)
        return False

    def must_fit(self, one: _Found, other: _Found) -> None:
        """Both must be of kinds that can be equal."""
        if one.is_open or other.is_open:
            return
        if Kind.DATE in {one.kind, other.kind} and {one.kind, other.kind} <= {
            Kind.DATE,
            Kind.TEXT,
        }:
            self.dates(one, other)
        elif not _alike(one.kind, other.kind):
            message = _("%(one)s and %(other)s can never be the same.")
            words = {"one": _capital(one.words), "other": other.words}
            self.refuse(message % words, other.path)
        else:
            self.choices(one, other)
            self.choices(other, one)

    def dates(self, one: _Found, other: _Found) -> None:
        for text in (one, other):
            for item in text.items or [text]:
                if item.kind is Kind.TEXT and not _is_date(item.literal):
                    self.refuse(_("Write the date as '2026-01-31'."), item.path)

    def choices(self, asked: _Found, said: _Found) -> None:
        """The codes that are said must be choices of what is asked."""
        if asked.codes is None:
            return
        for item in said.items or [said]:
            code = item.literal
            if not isinstance(code, str) or code in asked.codes:
                continue
            close = get_close_matches(code[:60], asked.codes, n=1)
            message = (
                _("“%(code)s” is no choice here. Did you mean “%(like)s”?")
                if close
                else _("“%(code)s” is no choice here. There are: %(known)s.")
            )
            words = {"code": code[:60], "like": "".join(close)}
            self.refuse(message % (words | {"known": ", ".join(asked.codes[:12])}), item.path)

    # --- operators ----------------------------------------------------------------------------

    def logical(self, head: str, operands: list[_Found]) -> _Found:
        for operand in operands:
            self.must_be(operand, Kind.TRUTH)
        return _Found(Kind.TRUTH)

    def equal(self, head: str, operands: list[_Found]) -> _Found:
        one, other = operands
        if one.many != other.many and not (one.is_open or other.is_open):
            message = _("Several answers are compared with one: write “contains” or “anyof”.")
            self.refuse(message, other.path)
        else:
            self.must_fit(one, other)
        return _Found(Kind.TRUTH)

    def ordered(self, head: str, operands: list[_Found]) -> _Found:
        one, other = operands
        if Kind.DATE in {one.kind, other.kind}:
            if not (one.many or other.many):
                self.must_fit(one, other)
                return _Found(Kind.TRUTH)
        elif {one.kind, other.kind} == {Kind.TEXT} and all(_is_date(o.literal) for o in operands):
            return _Found(Kind.TRUTH)
        for operand in operands:
            if operand.kind in {Kind.TEXT, Kind.CODE} and not operand.many:
                self.refuse(
                    _("Only numbers and dates are smaller or bigger, not %(kind)s.")
                    % {"kind": operand.words},
                    operand.path,
                )
            else:
                self.must_be(operand, Kind.NUMBER)
        return _Found(Kind.TRUTH)

    def contained(self, head: str, operands: list[_Found]) -> _Found:
        whole, part = operands
        if whole.is_open:
            return _Found(Kind.TRUTH)
        if whole.many:
            self.must_fit(whole, part)
        elif whole.kind is Kind.CODE:
            self.refuse(_("This has one answer: write = or “anyof” instead."), whole.path)
        elif self.must_be(whole, Kind.TEXT):
            self.must_be(part, Kind.TEXT)
        return _Found(Kind.TRUTH)

    def among(self, head: str, operands: list[_Found]) -> _Found:
        chosen, wanted = operands
        if not wanted.many and not wanted.is_open:
            message = _("Behind “%(operator)s” stands a list, such as ['a', 'b'].")
            self.refuse(message % {"operator": head}, wanted.path)
        else:
            self.must_fit(chosen, wanted)
        return _Found(Kind.TRUTH)

    def answered(self, head: str, operands: list[_Found]) -> _Found:
        return _Found(Kind.TRUTH)

    def calculated(self, head: str, operands: list[_Found]) -> _Found:
        for operand in operands:
            self.must_be(operand, Kind.NUMBER)
        return _Found(Kind.NUMBER)

    def added(self, head: str, operands: list[_Found]) -> _Found:
        texts = [one for one in operands if one.kind in {Kind.TEXT, Kind.CODE, Kind.DATE}]
        if not texts:
            return self.calculated(head, operands)
        for operand in operands:
            if operand.kind is not Kind.DATE:
                self.must_be(operand, Kind.TEXT)
        return _Found(Kind.TEXT)

    # --- functions ----------------------------------------------------------------------------

    def numbers(self, head: str, operands: list[_Found]) -> _Found:
        for operand in operands:
            self.must_be(operand, Kind.NUMBER, many=True)
        return _Found(Kind.NUMBER)

    def counted(self, head: str, operands: list[_Found]) -> _Found:
        return _Found(Kind.NUMBER)

    def measured(self, head: str, operands: list[_Found]) -> _Found:
        (operand,) = operands
        if not operand.many:
            self.must_be(operand, Kind.TEXT)
        return _Found(Kind.NUMBER)

    def chosen(self, head: str, operands: list[_Found]) -> _Found:
        condition, one, other = operands
        self.must_be(condition, Kind.TRUTH)
        if one.is_open or other.is_open:
            return other if one.is_open else one
        if one.many != other.many or not _alike(one.kind, other.kind):
            message = _("Both values of iif must be alike, not %(one)s and %(other)s.")
            self.refuse(message % {"one": one.words, "other": other.words}, other.path)
        return _Found(one.kind, one.many)


_Rule = Callable[[_Checker, str, list[_Found]], _Found]
_BY_RULE: list[tuple[_Rule, Iterable[str]]] = [
    (_Checker.logical, ("and", "or", "not")),
    (_Checker.equal, ("=", "!=")),
    (_Checker.ordered, ("<", "<=", ">", ">=")),
    (_Checker.contained, ("contains", "notcontains")),
    (_Checker.among, ("anyof", "allof", "noneof")),
    (_Checker.answered, ("empty", "notempty")),
    (_Checker.calculated, ("-", "*", "/", "%", "neg")),
    (_Checker.added, ("+",)),
]
_RULES: dict[str, _Rule] = {head: rule for rule, heads in _BY_RULE for head in heads}
_CALLS: dict[str, _Rule] = {
    "iif": _Checker.chosen,
    "sum": _Checker.numbers,
    "min": _Checker.numbers,
    "max": _Checker.numbers,
    "avg": _Checker.numbers,
    "round": _Checker.calculated,
    "count": _Checker.counted,
    "length": _Checker.measured,
}


def _kind_of(literal: Any) -> Kind:
    if literal is None:
        return Kind.ANYTHING
    if isinstance(literal, bool):
        return Kind.TRUTH
    return Kind.NUMBER if is_number(literal) else Kind.TEXT


def _alike(one: Kind, other: Kind) -> bool:
    return one is other or {one, other} == {Kind.CODE, Kind.TEXT}


def _is_date(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
