from typing import Any

from config.kernel.conditions.condition import GROUPS, Condition, Tree, leaves
from config.kernel.conditions.operators import NOT, Shape
from config.kernel.conditions.rows import Rows
from config.kernel.conditions.spans import Spans


def write(condition: Condition) -> str:
    """The condition as text. `parse` makes the same tree of it, for whatever tree."""
    _look_up(condition)
    if condition.is_always:
        return ""
    return _written(condition, condition.tree)


def _look_up(condition: Condition) -> None:
    """Ask for all names at once: whether they are the name of one row only."""

    names: dict[Rows, set[str]] = {}
    for leaf in leaves(condition.tree) if not condition.is_always else ():
        test = condition.test(leaf)
        source = getattr(test.field, "source", None)
        if source is None or not source.by_number or test.operator.shape is Shape.NONE:
            continue
        keys = test.wanted if test.operator.shape is Shape.MANY else [test.wanted]
        for row in condition.lookup.by_key(source, keys).values():
            names.setdefault(source, set()).update(source.names_of(row))
    for source, called in names.items():
        condition.lookup.by_name(source, called)


def _written(condition: Condition, tree: Tree) -> str:
    head, *children = tree
    if head in GROUPS:
        return f" {head} ".join(_inner(condition, child) for child in children)
    if head == NOT:
        return f"{NOT} {_inner(condition, children[0])}"
    return _test(condition, tree)


def _inner(condition: Condition, tree: Tree) -> str:
    text = _written(condition, tree)
    return f"({text})" if tree[0] in GROUPS else text


def _test(condition: Condition, leaf: Tree) -> str:
    test = condition.test(leaf)
    field, operator, wanted = test.field, test.operator, test.wanted
    phrase = "=" if operator.code == "is" else operator.phrases[0]
    phrase = "!=" if operator.code == "is_not" else phrase
    start = f"{field.name} {phrase}"

    def one(value: Any) -> str:
        return field.to_text(value, condition.lookup)

    match operator.shape:
        case Shape.NONE:
            return start
        case Shape.ONE:
            return f"{start} {one(wanted)}"
        case Shape.PAIR:
            return f"{start} {one(wanted[0])} and {one(wanted[1])}"
        case Shape.SPAN:
            return f"{start} {Spans.to_text(wanted)}"
    if len(wanted) == 1 and operator.code not in {"in", "not_in"}:
        return f"{start} {one(wanted[0])}"
    return f"{start} ({', '.join(map(one, wanted))})"
