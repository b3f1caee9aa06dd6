"""Kinds of fields whose value stands in a JSON column, under a key: custom fields.

Whoever asks for a value asks whether the column holds it (@>), which an index answers; the rest
reads the value out, where it has the type that the kind writes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import (
    Field as Column,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, Regex

from config.kernel.conditions.choices import Choice
from config.kernel.conditions.context import Context
from config.kernel.conditions.fields import Field, Text, YesNo, any_of
from config.kernel.conditions.ordered import Day, Moment, Number
from config.kernel.conditions.sets import ChoiceSet, set_fits

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\+00:00$"


def stored(column: str, key: str) -> Callable[[Any], Any]:
    """Reads the value of one record."""
    return lambda record: getattr(record, column).get(key)


def has_value(path: str, key: str, value: Any) -> Q:
    """Said so that the index over rows that have any value is of use."""
    return Q(**{f"{path}__contains": {key: value}}) & ~Q(**{path: {}})


def has_none(path: str, key: str) -> Q:
    return ~Q(**{f"{path}__has_key": key})


def text_in_json(name: str, label: Any, column: str, key: str) -> Text:
    return Text(
        name=name,
        label=label,
        expression=lambda prefix: KeyTextTransform(key, f"{prefix}{column}"),
        get=stored(column, key),
    )


def number_in_json(name: str, label: Any, column: str, key: str, decimals: int) -> Number:
    return Number(
        name=name,
        label=label,
        decimals=decimals,
        expression=lambda prefix: _cast(
            prefix + column, key, "number", None, DecimalField(max_digits=30, decimal_places=9)
        ),
        get=stored(column, key),
    )


def day_in_json(name: str, label: Any, column: str, key: str) -> Day:
    def get(record: Any) -> date | None:
        value = getattr(record, column).get(key)
        return date.fromisoformat(value) if value else None

    return Day(
        name=name,
        label=label,
        expression=lambda prefix: _cast(prefix + column, key, "string", _DAY, DateField()),
        get=get,
    )


def moment_in_json(name: str, label: Any, column: str, key: str) -> Moment:
    def get(record: Any) -> datetime | None:
        value = getattr(record, column).get(key)
        return datetime.fromisoformat(value) if value else None

    return Moment(
        name=name,
        label=label,
        expression=lambda prefix: _cast(prefix + column, key, "string", _MOMENT, DateTimeField()),
        get=get,
    )


def _cast(
    path: str, key: str, json_type: str, pattern: str | None, to: "Column[Any, Any]"
) -> Case:
    """The value as its type; NULL where something else stands there."""
    text = KeyTextTransform(key, path)
    kind: Any = Func(KeyTransform(key, F(path)), function="jsonb_typeof", output_field=CharField())
    fits = Q(Exact(kind, Value(json_type)))
    if pattern is not None:
        fits &= Q(Regex(text, Value(pattern)))
    return Case(When(fits, then=Cast(text, to)), output_field=to)


@dataclass(frozen=True, kw_only=True)
class InJson(Field):
    """`json` is the column, `key` where the value stands in it."""

    json: str = "custom"
    key: str

    @property
    def json_path(self) -> str:
        return f"{self.prefix}{self.json}"

    def value(self, record: Any) -> Any:
        holder = self.holder(record)
        return None if holder is None else getattr(holder, self.json).get(self.key)

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        if code == "empty":
            return self.if_there(code, has_none(self.json_path, self.key))
        return self.if_there(code, self.stored_where(code, wanted))

    def stored_where(self, code: str, wanted: Any) -> Q:
        """What asks for a value that is there."""
        raise NotImplementedError

    def any_value(self, values: Collection[Any]) -> Q:
        return any_of(has_value(self.json_path, self.key, one) for one in values)


@dataclass(frozen=True, kw_only=True)
class YesNoInJson(InJson, YesNo):
    def stored_where(self, code: str, wanted: Any) -> Q:
        return has_value(self.json_path, self.key, wanted)


@dataclass(frozen=True, kw_only=True)
class ChoiceInJson(InJson, Choice):
    def stored_where(self, code: str, wanted: Any) -> Q:
        return self.any_value(self.values(code, wanted))


def _no_rows() -> QuerySet[Any]:
    raise NotImplementedError("The values stand in the record itself.")


@dataclass(frozen=True, kw_only=True)
class ChoiceSetInJson(InJson, ChoiceSet):
    """A list of options."""

    rows: Callable[[], QuerySet[Any]] = field(default=_no_rows)
    link: str = ""
    value_at: str = ""

    def value(self, record: Any) -> Any:
        return InJson.value(self, record) or []

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        return set_fits(code, set(value), wanted)

    def stored_where(self, code: str, wanted: Any) -> Q:
        if code == "has_all":
            return has_value(self.json_path, self.key, list(wanted))
        return self.any_value([[one] for one in wanted])
