"""What the conditions of the policies ask of many records and that does not stand in them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Subquery

from config.kernel import among  # noqa: F401 - registers `among`
from config.kernel.conditions.fields import Field
from config.kernel.conditions.sets import SetField
from feedback.models import Feedback
from feedback.selectors.sla_policies import policy_book


def facts_of_many(records: Mapping[int, Feedback]) -> dict[int, dict[str, Any]]:
    """Record → field → value: texts, files, contacts … of all records in one query for each
    field, no query where no policy asks for such. What stands in a record itself may change
    before it is stored, and is not here."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for field in _fields_elsewhere():
        values = _set_values if isinstance(field, SetField) else _subquery_values
        for pk, value in values(field, records).items():
            found[pk][field.name] = value
    return found


def fields_asked() -> frozenset[str]:
    """The names of the fields that policies ask for."""
    conditions = (policy.condition for policy in policy_book().policies)
    return frozenset().union(*(one.fields for one in conditions if one is not None))


def _fields_elsewhere() -> list[Field]:
    asked: dict[str, Field] = {}
    for policy in policy_book().policies:
        if policy.condition is not None:
            vocabulary = policy.condition.vocabulary
            asked |= {name: vocabulary.field(name) for name in policy.condition.fields}
    return [field for field in asked.values() if _is_elsewhere(field)]


def _is_elsewhere(field: Field) -> bool:
    if isinstance(field, SetField):
        return bool(field.prefix) or field.get is None  # tags may change before
    expression = field.expression and field.expression(field.prefix)
    return isinstance(expression, Subquery)


def _set_values(field: Any, records: Mapping[int, Feedback]) -> dict[int, list[Any]]:
    holders = {pk: field.holder(record).pk for pk, record in records.items()}
    rows = field.rows().filter(**{f"{field.link}__among": set(holders.values())})
    values: dict[int, list[Any]] = defaultdict(list)
    for holder, value in rows.values_list(field.link, field.value_at):
        values[holder].append(value)
    return {pk: values.get(holder, []) for pk, holder in holders.items()}


def _subquery_values(field: Any, records: Mapping[int, Feedback]) -> dict[int, Any]:
    rows = Feedback.objects.filter(pk__among=records).order_by()
    asked = rows.annotate(asked=field.expression(field.prefix))
    return dict(asked.values_list("pk", "asked"))
