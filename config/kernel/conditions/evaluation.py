from collections.abc import Mapping
from typing import Any

from config.kernel.conditions.condition import Condition, Tree
from config.kernel.conditions.context import Context
from config.kernel.conditions.operators import AND, NOT, OR, Needs
from config.kernel.conditions.vocabulary import Vocabulary


class Facts:
    """One record with what was already read of it (`known`: field → value): many conditions ask
    for the same fields."""

    def __init__(self, record: Any, known: Mapping[str, Any] | None = None) -> None:
        self._record = record
        self._values: dict[str, Any] = dict(known or {})

    def value(self, vocabulary: Vocabulary, name: str) -> Any:
        if name not in self._values:
            self._values[name] = vocabulary.field(name).value(self._record)
        return self._values[name]


def evaluate(condition: Condition, record: Any, context: Context) -> bool:
    """Whether `record` (or its Facts) fits. It must be saved; what is prefetched is used.
    Raises NeedsEvent."""
    facts = record if isinstance(record, Facts) else Facts(record)
    return _holds(condition, condition.tree, facts, context)


def _holds(condition: Condition, tree: Tree, facts: Facts, context: Context) -> bool:
    head, *children = tree
    if head == AND:
        return all(_holds(condition, child, facts, context) for child in children)
    if head == OR:
        return any(_holds(condition, child, facts, context) for child in children)
    if head == NOT:
        return not _holds(condition, children[0], facts, context)
    test = condition.test(tree)
    about_event = test.operator.needs is Needs.EVENT  # then the record is not even looked at
    value = None if about_event else facts.value(condition.vocabulary, test.field.name)
    return test.field.holds(test.operator, value, test.wanted, context)
