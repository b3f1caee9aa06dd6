"""Which fields a condition names, before anything is known or looked up: who may not ask for some
of them must not learn from a refusal what there is."""

from collections.abc import Iterator
from typing import Any

from config.kernel.conditions.condition import GROUPS
from config.kernel.conditions.lexer import Kind, tokens_of
from config.kernel.conditions.operators import AND, NOT, OR

_BEFORE_A_FIELD = {"(", AND, OR, NOT}


def names_in_text(text: str) -> Iterator[str]:
    """Every word that stands where a field can: all fields, and now and then a value of a list
    in parentheses. Raises ConditionInvalid where there are no words."""
    before = AND
    for token in tokens_of(text):
        if token.kind is Kind.WORD and before in _BEFORE_A_FIELD:
            yield token.word
        before = token.word


def names_in_tree(raw: Any) -> Iterator[str]:
    """Every field of a tree of whatever origin."""
    left = [raw]
    while left:
        node = left.pop()
        if not isinstance(node, list) or not node:
            continue
        if isinstance(node[0], str) and (node[0] in GROUPS or node[0] == NOT):
            left += node[1:]
        elif len(node) > 1 and isinstance(node[1], str):
            yield node[1]
