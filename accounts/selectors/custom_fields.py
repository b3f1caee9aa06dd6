"""The custom fields that there are, remembered by each process.

They change a few times a year and are needed on every page, so asking the database each time
would be waste, and remembering them for minutes would show an admin the field of before. What
tells that they changed is their `stamp`: a page that reads a record anyway reads it along
(`fields_stamp`), everybody else asks for it at most once a second.

Not `config.kernel.kept`: this stamp comes along with each of a person's rights
(accounts.backends), so it is one short text and not those of all settings; where there are no
fields nothing is read; and a form that asks for the book ten times asks the database once.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Max, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.enums import FieldSubject
from accounts.models import CustomField
from accounts.rules.custom_values import Definition
from config.kernel.conditions.condition import Condition
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.evaluation import Facts, evaluate
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.vocabulary import vocabulary

_log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
NONE = "0"


@dataclass(frozen=True, slots=True)
class Book:
    """All fields at one moment, in their order, archived ones too."""

    stamp: str
    fields: Mapping[str, Mapping[str, Definition]]  # subject → code → field
    # What readers worked out from it and may keep as long as it is true.
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def all_of(self, subject: str) -> Mapping[str, Definition]:
        return self.fields.get(subject, {})

    def of(self, subject: str) -> list[Definition]:
        """Those in use."""
        return [one for one in self.all_of(subject).values() if not one.is_archived]

    def conditions(self, subject: str) -> Mapping[str, Condition | None]:
        """When each is asked for, for those that are not always; None where the condition does
        not fit its words any more: then it is asked for."""
        key = ("conditions", subject)
        if key not in self.memo:
            some = [one for one in self.of(subject) if one.shown_when != ["and"]]
            trees = [one.shown_when for one in some]
            read = read_trees(trees, vocabulary(f"asked_{subject}"), allowed=frozenset())
            found: dict[str, Condition | None] = {}
            for one, condition in zip(some, read, strict=True):
                if isinstance(condition, ConditionInvalid):
                    _log.warning("Field %s is always asked for: %s", one.code, condition)
                    found[one.code] = None
                else:
                    found[one.code] = condition
            self.memo[key] = found
        known: Mapping[str, Condition | None] = self.memo[key]
        return known

    def shown(self, subject: str, record: Any, context: Context) -> list[Definition]:
        """Those that are asked about this record."""
        conditions = self.conditions(subject)
        facts = Facts(record)
        return [
            one
            for one in self.of(subject)
            if (condition := conditions.get(one.code)) is None
            or evaluate(condition, facts, context)
        ]


class _Kept:
    book: Book | None = None
    checked_at = float("-inf")


def fields_stamp() -> Subquery:
    """For annotate(): what `book_at` wants, without a query of its own."""
    rows = CustomField.objects.order_by().values(all=Value(1)).annotate(stamp=_STAMP)
    return Subquery(rows.values("stamp"), output_field=CharField())


_STAMP = Concat(
    Cast(Count("pk"), CharField()),
    Value(" "),
    Coalesce(Cast(Max("changed_at"), CharField()), Value("")),
    output_field=CharField(),
)


def book_at(stamp: str | None) -> Book:
    """The book of a stamp that was just read; a query only when it is not the one we know."""
    stamp = NONE if stamp is None or stamp.startswith("0 ") else stamp
    if _Kept.book is None or _Kept.book.stamp != stamp:
        _Kept.book = _load(stamp)
    _Kept.checked_at = time.monotonic()
    return _Kept.book


def field_book() -> Book:
    """The fields as they are, or as they were a second ago."""
    if _Kept.book is None or time.monotonic() - _Kept.checked_at > CHECK_SECONDS:
        return book_at(CustomField.objects.aggregate(stamp=_STAMP)["stamp"])
    return _Kept.book


def forget_book() -> None:
    """After a change in this process."""
    _Kept.book, _Kept.checked_at = None, float("-inf")


def _load(stamp: str) -> Book:
    fields: dict[str, dict[str, Definition]] = {one: {} for one in FieldSubject.values}
    if stamp != NONE:
        for row in CustomField.objects.in_order():
            fields[row.subject][row.code] = row.definition
    return Book(stamp, fields)


def searched_codes(subject: str) -> list[str]:
    """The fields whose texts the search looks at."""
    return [one.code for one in field_book().of(subject) if one.is_searchable]


def groups_of(definitions: Iterable[Definition]) -> list[tuple[str, list[Definition]]]:
    """By the name of their group, those without one first."""
    found: dict[str, list[Definition]] = {"": []}
    for one in definitions:
        found.setdefault(one.group, []).append(one)
    return [(name, those) for name, those in found.items() if those]
