from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from config.kernel.conditions.fields import Field
from config.kernel.conditions.operators import AND, NOT, OPERATORS, OR, Needs, Operator
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.vocabulary import Vocabulary

# A tree is JSON: ["and", tree, tree …], ["or", …], ["not", tree], or a test
# [operator, field] or [operator, field, value]. ["and"] alone is true of everything.
Tree = list[Any]
GROUPS = (AND, OR)


def always() -> Tree:
    """The condition that everything fits."""
    return [AND]


@dataclass(frozen=True, slots=True)
class Test:
    """A leaf of the tree, understood."""

    field: Field
    operator: Operator
    wanted: Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A tree that was checked against a vocabulary: only these can be run. Made by reading and
    parsing. `needs` says what its context must have."""

    vocabulary: Vocabulary
    tree: Tree
    lookup: Lookup = field(default_factory=Lookup, compare=False, repr=False)

    @property
    def is_always(self) -> bool:
        return self.tree == [AND]

    @property
    def needs(self) -> frozenset[Needs]:
        tests = (OPERATORS[leaf[0]].needs for leaf in leaves(self.tree))
        return frozenset(need for need in tests if need is not None)

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields it asks for."""
        return frozenset(leaf[1] for leaf in leaves(self.tree))

    def test(self, leaf: Tree) -> Test:
        code, name, *rest = leaf
        return Test(self.vocabulary.field(name), OPERATORS[code], rest[0] if rest else None)


_IN_TEXTS = frozenset({"contains", "contains_all", "contains_none", "starts_with"})


def words_looked_for(condition: Condition) -> list[str]:
    """What texts have to contain, or not: the words of all its tests for pieces of texts."""
    return [
        word
        for code, _name, *rest in leaves(condition.tree)
        if code in _IN_TEXTS
        for value in rest
        for word in (value if isinstance(value, list) else [value])
        if isinstance(word, str)
    ]


def leaves(tree: Tree) -> Iterator[Tree]:
    if tree[0] in GROUPS or tree[0] == NOT:
        for child in tree[1:]:
            yield from leaves(child)
    else:
        yield tree
