"""From a tree back to text, for what was put together by hand or brought from elsewhere."""

import re
from typing import Any

from surveys.logic.arithmetic import is_number
from surveys.logic.expression import Tree

# How tightly operators bind; what binds less stands in parentheses inside what binds more.
_BINDS = (
    {"or": 1, "and": 2, "not": 3}
    | dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 4)
    | dict.fromkeys(("contains", "notcontains", "anyof", "allof", "noneof"), 4)
    | {"+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "neg": 7, "empty": 8, "notempty": 8}
)
_SINGLE = 9


def write(tree: Tree) -> str:
    """Text that reads as `tree`."""
    if not isinstance(tree, list):
        return _literal(tree)
    head, *rest = tree
    match head:
        case "var":
            text = f"{{{rest[0]}}}"
        case "list":
            text = f"[{', '.join(map(write, rest))}]"
        case "call":
            text = f"{rest[0]}({', '.join(map(write, rest[1:]))})"
        case "not":
            text = f"not {_inside(rest[0], _BINDS[head])}"
        case "neg":
            text = f"-{_inside(rest[0], _SINGLE)}"
        case "empty" | "notempty":
            text = f"{_inside(rest[0], _SINGLE)} {head}"
        case _:
            text = _between(head, rest)
    return text


def _between(head: str, operands: list[Tree]) -> str:
    first, *others = operands
    binds = _BINDS[head]
    # Reading calculates from left to right and joins neighbours of the same operator in a list.
    is_calculated = binds > _BINDS["="] and not (isinstance(first, list) and first[0] == head)
    parts = [_inside(first, binds if is_calculated else binds + 1)]
    parts += [_inside(operand, binds + 1) for operand in others]
    return f" {head} ".join(parts)


def _inside(tree: Tree, at_least: int) -> str:
    binds = _BINDS.get(tree[0], _SINGLE) if isinstance(tree, list) else _SINGLE
    if is_number(tree) and tree < 0:
        binds = _BINDS["neg"]
    return write(tree) if binds >= at_least else f"({write(tree)})"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"
    return repr(value)
