"""What an expression comes to, given the answers.

Total: any tree that reading made and any answers give a value and no exception. Nothing is
converted. What does not fit (text + number, a division by zero) is null, and what is compared
with null is not so. static/js/logic.js is the twin; tests/surveys/test_logic_twins.py compares.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from surveys.logic import arithmetic
from surveys.logic.arithmetic import is_number
from surveys.logic.expression import Tree

Values = Mapping[str, Any]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STEP = re.compile(r"[^.\[\]]+")


def evaluate(tree: Tree, values: Values) -> Any:
    """The value of `tree`: null, true or false, a number, a text or a list. `values` holds what
    was answered by code: what is not in it is null. Numbers may be Decimal, dates date."""
    if not isinstance(tree, list):
        return tree
    head, *rest = tree
    if head == "var":
        return look_up(rest[0], values)
    if head == "call":
        head, *rest = rest
        return FUNCTIONS[head](*(evaluate(operand, values) for operand in rest))
    return OPERATORS[head](*(evaluate(operand, values) for operand in rest))


def is_true(tree: Tree, values: Values) -> bool:
    """Whether the condition holds: only true is true."""
    return evaluate(tree, values) is True


def look_up(name: str, values: Values) -> Any:
    """The answer to `name`: by this code, by `element_row` for `element.row`, or inside a value
    that has parts (`a.b`, `a[0].b`)."""
    for code in (name, name.replace(".", "_")):
        if code in values:
            return plain(values[code])
    first, *steps = _STEP.findall(name) or [name]
    value = values.get(first) if steps else None
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return plain(value)


def plain(value: Any) -> Any:
    """`value` as JSON would carry it."""
    match value:
        case None | bool() | str():
            return value
        case int() | float():
            return arithmetic.number(value)
        case Decimal():
            return arithmetic.number(float(value))
        case date():
            return value.isoformat()[:10]
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value]


# --- comparing --------------------------------------------------------------------------------


def same(one: Any, other: Any) -> bool:
    """Equal in kind and in value; lists whatever their order."""
    if isinstance(one, list) and isinstance(other, list):
        left = list(other)
        return len(one) == len(left) and all(_took_out(left, item) for item in one)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_number(one) and is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _took_out(items: list[Any], wanted: Any) -> bool:
    for at, item in enumerate(items):
        if same(item, wanted):
            del items[at]
            return True
    return False


def is_empty(value: Any) -> bool:
    """Nothing was said. Zero and false are something."""
    return value is None or value in ("", [], {})


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Numbers with numbers and dates with dates have an order, nothing else."""

    def compare(one: Any, other: Any) -> bool:
        numbers = is_number(one) and is_number(other)
        return (numbers or (_is_date(one) and _is_date(other))) and test(one, other)

    return compare


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def contains(whole: Any, part: Any) -> bool:
    """A text has another one in it, or a list has a value, or all of several. Nothing has
    nothing in it."""
    if is_empty(whole) or is_empty(part):
        return False
    if isinstance(whole, list):
        return all(_is_in(whole, item) for item in _as_list(part))
    return isinstance(whole, str) and isinstance(part, str) and part in whole


def any_of(chosen: Any, wanted: Any) -> bool:
    return any(_is_in(_as_list(wanted), item) for item in _as_list(chosen))


def all_of(chosen: Any, wanted: Any) -> bool:
    if is_empty(chosen) or is_empty(wanted):
        return False
    return all(_is_in(_as_list(chosen), item) for item in _as_list(wanted))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_in(items: list[Any], wanted: Any) -> bool:
    return any(same(item, wanted) for item in items)


# --- calculating ------------------------------------------------------------------------------


def _folded(step: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """From left to right, null as soon as something is no number."""

    def calculate(one: Any, other: Any) -> Any:
        return step(one, other) if is_number(one) and is_number(other) else None

    return lambda *operands: reduce(calculate, operands)


def _plus(*operands: Any) -> Any:
    def both(one: Any, other: Any) -> Any:
        if isinstance(one, str) and isinstance(other, str):
            return one + other
        return arithmetic.add(one, other) if is_number(one) and is_number(other) else None

    return reduce(both, operands)


def _flat(operands: Any) -> list[Any]:
    """All values, also those in lists; null and empty ones are left out."""
    found = []
    for value in operands:
        if isinstance(value, list):
            found += _flat(value)
        elif not is_empty(value):
            found.append(value)
    return found


def _of_numbers(work: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """Nulls are left out; null when something else than numbers is there."""

    def function(*operands: Any) -> Any:
        numbers = _flat(operands)
        return work(numbers) if all(map(is_number, numbers)) else None

    return function


def _sum(numbers: list[Any]) -> Any:
    # A sum that left the range of numbers stays out of it.
    return _folded(arithmetic.add)(0, *numbers)


def _average(numbers: list[Any]) -> Any:
    total = _sum(numbers)
    return None if total is None else arithmetic.divide(total, len(numbers))


def _round(value: Any, places: Any = 0) -> Any:
    if not is_number(value) or not is_number(places):
        return None
    return arithmetic.rounded(value, places)


def _length(value: Any) -> int | None:
    """Characters (not bytes) of a text, items of a list."""
    return len(value) if isinstance(value, str | list) else None


OPERATORS: dict[str, Callable[..., Any]] = {
    "and": lambda *operands: all(operand is True for operand in operands),
    "or": lambda *operands: any(operand is True for operand in operands),
    "not": lambda operand: operand is not True,
    "=": same,
    "!=": lambda one, other: not same(one, other),
    "<": _ordered(lambda one, other: one < other),
    "<=": _ordered(lambda one, other: one <= other),
    ">": _ordered(lambda one, other: one > other),
    ">=": _ordered(lambda one, other: one >= other),
    "contains": contains,
    "notcontains": lambda whole, part: not contains(whole, part),
    "anyof": any_of,
    "allof": all_of,
    "noneof": lambda chosen, wanted: not any_of(chosen, wanted),
    "empty": is_empty,
    "notempty": lambda value: not is_empty(value),
    "+": _plus,
    "-": _folded(arithmetic.subtract),
    "*": _folded(arithmetic.multiply),
    "/": _folded(arithmetic.divide),
    "%": _folded(arithmetic.remainder),
    "neg": lambda value: arithmetic.subtract(0, value) if is_number(value) else None,
    "list": lambda *items: list(items),
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "iif": lambda condition, one, other: one if condition is True else other,
    "sum": _of_numbers(_sum),
    "min": _of_numbers(lambda numbers: min(numbers, default=None)),
    "max": _of_numbers(lambda numbers: max(numbers, default=None)),
    "avg": _of_numbers(_average),
    "count": lambda *operands: len(_flat(operands)),
    "round": _round,
    "length": _length,
}
