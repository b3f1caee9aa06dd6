"""Kinds of fields of which a record has any number of values: tags, contacts, messages.

In queries each question is an EXISTS of its own: a join would give a record once per value.
A set is never NULL, only empty.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from config.kernel.conditions.choices import (
    OfOptions,
    OfRows,
    Option,
)
from config.kernel.conditions.column import Column
from config.kernel.conditions.context import Context
from config.kernel.conditions.fields import (
    Field,
    OfWords,
    all_of,
    text_fits,
    text_where,
)
from config.kernel.conditions.fold import fold
from config.kernel.conditions.rows import Rows


@dataclass(frozen=True, kw_only=True)
class SetField(Field):
    """`rows` are those that hold the values: `link` is their column that points to the record,
    `value_at` the column with the value. `get` gives the values of one record, from what is
    prefetched if it can; without it they are asked for."""

    rows: Callable[[], QuerySet[Any]]
    link: str
    value_at: str
    changing = ("changed",)

    def same(self, before: Any, after: Any) -> bool:
        return set(before or ()) == set(after or ())

    def value(self, record: Any) -> Collection[Any]:
        found = self.holder(record)
        if found is None:
            return ()
        if self.get is not None:
            values: Collection[Any] = self.get(found)
            return values
        mine = self.rows().filter(**{self.link: found.pk})
        return list(mine.values_list(self.value_at, flat=True))

    def any_where(self, condition: Q | None = None) -> Q:
        """Records with a row for which `condition` holds."""
        mine = self.rows().order_by().filter(**{self.link: OuterRef(f"{self.prefix}pk")})
        return Q(Exists(mine.filter(condition) if condition is not None else mine))

    def any_of(self, values: Collection[Any]) -> Q:
        return self.any_where(Q(**{f"{self.value_at}__in": list(values)}))


@dataclass(frozen=True, kw_only=True)
class TextSet(OfWords, SetField):
    """Texts; the question is whether one of them fits. "contains all" wants each word in one of
    them, not all in the same."""

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        texts = [fold(one) for one in value if one]
        if code == "empty":
            return not texts
        if code == "contains_all":
            return all(any(fold(one) in text for text in texts) for one in wanted)
        return any(text_fits(code, text, wanted) for text in texts)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        column = Column(self.value_at)
        if code == "empty":
            return ~self.any_where(column.where("gt", ""))
        if code == "contains_all":
            return all_of(self.any_where(text_where(column, "contains", [one])) for one in wanted)
        return self.any_where(text_where(column, code, wanted))


_SETS = ("has_any", "has_all", "has_none", "empty", "not_empty")


@dataclass(frozen=True, kw_only=True)
class ChoiceSet(OfOptions, SetField):
    """Some of a few options."""

    options: tuple[Option, ...]
    codes = _SETS

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        mine = {one.code for one in self.options if one.value in value}
        return set_fits(code, mine, wanted)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        values = {one.code: one.value for one in self.options}
        if code == "empty":
            return ~self.any_of(values.values())
        if code == "has_all":
            return all_of(self.any_of([values[one]]) for one in wanted)
        return self.any_of([values[one] for one in wanted])


@dataclass(frozen=True, kw_only=True)
class ReferenceSet(OfRows, SetField):
    """Rows of another table, such as tags."""

    source: Rows
    codes = _SETS

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        return set_fits(code, set(value), wanted)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return ~self.any_where()
        if code == "has_all":
            return all_of(self.any_of([one]) for one in wanted)
        return self.any_of(wanted)


def set_fits(code: str, mine: set[Any], wanted: Any) -> bool:
    match code:
        case "empty":
            return not mine
        case "has_any":
            return not mine.isdisjoint(wanted)
        case "has_all":
            return mine.issuperset(wanted)
    raise ValueError(code)
