"""Custom fields as columns of lists: those of a record as `field.colour`, those of its customer
as `customer.field.size`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.enums import FieldKind, FieldSubject
from accounts.rules.custom_values import NUMBERS, Definition, plain_value
from accounts.selectors.custom_conditions import made_fields
from accounts.selectors.custom_fields import field_book
from accounts.selectors.custom_filters import Place
from config.kernel.conditions.vocabulary import MADE
from config.kernel.punctuation import with_aside
from feedback.models import Feedback
from feedback.selectors.columns import Column, register_column_source

_WRITTEN = {FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT}
_UNORDERED = {FieldKind.LONG_TEXT, FieldKind.CHOICES}


@dataclass(frozen=True)
class Where(Place):
    """Where the fields of a subject stand in a list of records."""

    group: Promise
    values: Callable[[Feedback], dict[str, Any]]

    def label(self, about: Definition) -> str:
        name = super().label(about)
        return name if self.subject == FieldSubject.FEEDBACK else with_aside(name, _("customer"))


OF_RECORD = Where(
    FieldSubject.FEEDBACK,
    MADE,
    "",
    "feedback",
    pgettext_lazy("group of columns", "Custom fields"),
    lambda feedback: feedback.custom,
)
OF_CUSTOMER = Where(
    FieldSubject.CUSTOMER,
    f"customer.{MADE}",
    "customer__",
    "feedback",
    pgettext_lazy("group of columns", "Custom fields of the customer"),
    lambda feedback: feedback.customer.custom,
)
PLACES = (OF_RECORD, OF_CUSTOMER)


class Label:
    """The name of a field in the language of whoever reads it."""

    def __init__(self, about: Definition, where: Where) -> None:
        self.about, self.where = about, where

    def __str__(self) -> str:
        return self.where.label(self.about)


def columns_of_fields(where: Where) -> list[Column]:
    """One column for each field in use; the same objects as long as no field changes."""
    book = field_book()
    key = ("columns", where.prefix)
    if key not in book.memo:
        book.memo[key] = [_column(one, where) for one in book.of(where.subject)]
    found: list[Column] = book.memo[key]
    return found


def _column(about: Definition, where: Where) -> Column:
    return Column(
        name=f"{where.prefix}{about.code}",
        label=lazystr(Label(about, where)),
        group=where.group,
        value=lambda feedback: plain_value(about, where.values(feedback).get(about.code)),
        only=(f"{where.path}custom",),
        order=None if about.kind in _UNORDERED else lambda: _order(about, where),
        css="numbers" if about.kind in NUMBERS else "",
        is_written=about.kind in _WRITTEN,
    )


def _order(about: Definition, where: Where) -> Sequence[Any]:
    column = f"{where.path}custom"
    if about.kind == FieldKind.CHOICE:
        # As the options stand on the settings page.
        places = [
            When(**{f"{column}__contains": {about.code: one.code}}, then=Value(at))
            for at, one in enumerate(about.options)
        ]
        return [Case(*places, output_field=IntegerField())] if places else []
    if about.kind == FieldKind.YES_NO:
        return [KeyTextTransform(about.code, column)]
    made: Any = made_fields(where.subject)()[f"{MADE}{about.code}"]
    return [made.expression(where.path)]


def register_custom_columns() -> None:
    register_column_source("field", lambda: columns_of_fields(OF_RECORD))
    register_column_source("customer", lambda: columns_of_fields(OF_CUSTOMER))
