from django.db.models import Q

from config.kernel.conditions.condition import Condition, Tree
from config.kernel.conditions.context import Context
from config.kernel.conditions.operators import AND, NOT, OR


def to_q(condition: Condition, context: Context) -> Q:
    """The condition for a list: `Model.objects.filter(to_q(…))` gives exactly the records that
    `evaluate` accepts, each once. Raises NeedsEvent when it asks for a change."""
    return _q(condition, condition.tree, context)


def _q(condition: Condition, tree: Tree, context: Context) -> Q:
    head, *children = tree
    if head in {AND, OR}:
        parts = [_q(condition, child, context) for child in children]
        return Q(*parts, _connector=Q.AND if head == AND else Q.OR)
    if head == NOT:
        return ~_q(condition, children[0], context)
    test = condition.test(tree)
    return test.field.q(test.operator, test.wanted, context)
