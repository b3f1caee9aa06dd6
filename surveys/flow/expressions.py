"""Expressions of a definition, asked while somebody walks through it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from surveys.logic.evaluation import evaluate
from surveys.logic.expression import LogicInvalid, Tree
from surveys.logic.reading import parse

_NEVER: Tree = None


@lru_cache(maxsize=4096)
def _tree(text: str, names: frozenset[str]) -> Tree:
    try:
        return parse(text, names).tree
    except LogicInvalid:
        # Publishing refuses what cannot be read; a draft that is only looked at may hold it.
        return _NEVER


def holds(condition: str, known: Mapping[str, Any], names: frozenset[str]) -> bool:
    """Whether a condition is true with what is `known`; one that is not there holds. `names` are
    all that the definition has."""
    return not condition or evaluate(_tree(condition, names), known) is True


def worked_out(expression: str, known: Mapping[str, Any], names: frozenset[str]) -> Any:
    """What an expression comes to; null when it cannot be read."""
    return evaluate(_tree(expression, names), known)
