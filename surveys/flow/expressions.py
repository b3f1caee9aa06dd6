"""Expressions of a definition, asked while somebody walks through it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from surveys.logic.evaluation import evaluate
from surveys.logic.expression import LogicInvalid, Tree, names_in
from surveys.logic.reading import parse

_NEVER: Tree = None


@lru_cache(maxsize=4096)
def tree_of(text: str, names: frozenset[str]) -> Tree:
    """The tree of an expression; null when it cannot be read."""
    try:
        return parse(text, names).tree
    except LogicInvalid:
        # Publishing refuses what cannot be read; a draft that is only looked at may hold it.
        return _NEVER


def holds(condition: str, known: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether a condition is true with what is `known`; one that is not there holds. `names` are
    all that the definition has."""
    return not condition or evaluate(tree_of(condition, names), known) is True


def worked_out(expression: str, known: Mapping[str, Any], names: frozenset[str]) -> Any:
    """What an expression comes to; null when it cannot be read."""
    return evaluate(tree_of(expression, names), known)


def names_of(expression: str, names: frozenset[str]) -> set[str]:
    """What an expression depends on."""
    return set(names_in(tree_of(expression, names))) if expression else set()
