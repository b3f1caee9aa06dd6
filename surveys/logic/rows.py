"""Simple conditions as rows of a builder: all or any of “question, comparison, value”."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from surveys.logic.checks import Holds, Kind
from surveys.logic.expression import Tree

AND, OR = "and", "or"
UNARY = frozenset({"empty", "notempty"})
_WITH_LIST = frozenset({"anyof", "allof", "noneof"})
_OPPOSITE = {"=": "!=", "empty": "notempty", "contains": "notcontains", "anyof": "noneof"}
_NEGATED = _OPPOSITE | {other: one for one, other in _OPPOSITE.items()}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

LABELS: dict[str, Promise] = {
    "=": pgettext_lazy("condition", "is"),
    "!=": pgettext_lazy("condition", "is not"),
    "<": pgettext_lazy("condition", "is below"),
    "<=": pgettext_lazy("condition", "is at most"),
    ">": pgettext_lazy("condition", "is above"),
    ">=": pgettext_lazy("condition", "is at least"),
    "contains": pgettext_lazy("condition", "contains"),
    "notcontains": pgettext_lazy("condition", "does not contain"),
    "anyof": pgettext_lazy("condition", "is one of"),
    "allof": pgettext_lazy("condition", "contains all of"),
    "noneof": pgettext_lazy("condition", "is none of"),
    "empty": pgettext_lazy("condition", "was not answered"),
    "notempty": pgettext_lazy("condition", "was answered"),
}
_ORDER = ("<=", ">=", "=", "!=", "<", ">")
_ANSWERED = ("notempty", "empty")


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is a literal, with anyof, allof and noneof a list of them, with empty and notempty
    nothing."""

    name: str
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Rows:
    joint: str  # AND: all of them, OR: any of them
    rows: tuple[Row, ...]


def operators_for(holds: Holds) -> tuple[str, ...]:
    """The comparisons that a builder offers for what `holds` says, the usual one first."""
    if holds.many:
        return ("contains", "notcontains", "anyof", "allof", "noneof", *_ANSWERED)
    return {
        Kind.CODE: ("=", "!=", "anyof", "noneof", *_ANSWERED),
        Kind.NUMBER: (*_ORDER, *_ANSWERED),
        Kind.DATE: (*_ORDER, *_ANSWERED),
        Kind.TRUTH: ("=", *_ANSWERED),
        Kind.TEXT: ("contains", "notcontains", "=", "!=", *_ANSWERED),
        Kind.ANYTHING: ("=", "!=", *_ANSWERED),
    }[holds.kind]


def to_rows(tree: Tree) -> Rows | None:
    """None when rows cannot show all of it: then it stays text."""
    if isinstance(tree, list) and tree[0] in {AND, OR}:
        joint, parts = tree[0], tree[1:]
    else:
        joint, parts = AND, [tree]
    rows = [_row(part) for part in parts]
    found = tuple(row for row in rows if row is not None)
    return Rows(joint, found) if len(found) == len(rows) else None


def to_tree(rows: Rows) -> Tree:
    """Raises ValueError when there is no row."""
    trees = [_tree(row) for row in rows.rows]
    if not trees:
        raise ValueError("a condition has at least one row")
    return trees[0] if len(trees) == 1 else [rows.joint, *trees]


def _tree(row: Row) -> Tree:
    name = ["var", row.name]
    if row.operator in UNARY:
        return [row.operator, name]
    is_list = isinstance(row.value, list | tuple)
    return [row.operator, name, ["list", *row.value] if is_list else row.value]


def _row(tree: Tree) -> Row | None:
    if not isinstance(tree, list):
        return None
    read = _READ.get(tree[0], _comparison)
    return read(tree)


def _question(tree: Tree) -> Row:
    return Row(tree[1], "=", True)


def _opposite(tree: Tree) -> Row | None:
    inner = _row(tree[1])
    # “not {a}” is not “{a} is no”: it also holds where nobody answered.
    if inner is None or inner.operator not in _NEGATED or tree[1][0] == "var":
        return None
    return Row(inner.name, _NEGATED[inner.operator], inner.value)


def _comparison(tree: Tree) -> Row | None:
    operator, *operands = tree
    if operator not in LABELS:
        return None
    if _is_literal(operands[0]) and operator in _MIRRORED:
        operator, operands = _MIRRORED[operator], operands[::-1]
    name, *values = operands
    if not _is_named(name) or not all(map(_is_literal, values)):
        return None
    if not values:
        return Row(name[1], operator)
    value = values[0][1:] if isinstance(values[0], list) else values[0]
    if isinstance(value, list) != (operator in _WITH_LIST):
        return None
    return Row(name[1], operator, value)


_READ: dict[str, Callable[[Tree], Row | None]] = {"var": _question, "not": _opposite}


def _is_named(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "var"


def _is_literal(tree: Tree) -> bool:
    """A value, or a list of values."""
    if not isinstance(tree, list):
        return tree is not None
    return tree[0] == "list" and not any(isinstance(item, list) for item in tree[1:])
