"""Custom fields in conditions: `field.colour = red`, of a record's customer
`customer.field.size > 10`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import lazystr

from accounts.enums import FieldKind, FieldSubject
from accounts.rules.custom_values import NUMBERS, OPTIONS, Definition
from accounts.selectors.custom_fields import field_book
from config.kernel.conditions.choices import Option
from config.kernel.conditions.fields import Field
from config.kernel.conditions.in_json import (
    ChoiceInJson,
    ChoiceSetInJson,
    YesNoInJson,
    day_in_json,
    moment_in_json,
    number_in_json,
    text_in_json,
)
from config.kernel.conditions.vocabulary import MADE

COLUMN = "custom"


def made_fields(subject: str) -> Callable[[], Mapping[str, Field]]:
    """For Vocabulary(made=…): the custom fields about `subject` as conditions ask for them, by
    name. Archived ones are known and not offered."""

    def fields() -> Mapping[str, Field]:
        book = field_book()
        key = ("vocabulary", subject)
        if key not in book.memo:
            # What a record has is written by one service, whose line in the story says what
            # changed; nobody hears of what changes about a customer.
            tracked = subject == FieldSubject.FEEDBACK
            made = [replace(_field(one), tracked=tracked) for one in book.all_of(subject).values()]
            book.memo[key] = {field.name: field for field in made}
        found: Mapping[str, Field] = book.memo[key]
        return found

    return fields


def offered_fields(subject: str) -> Callable[[], list[Field]]:
    """Those in use, in their order."""

    def fields() -> list[Field]:
        known = made_fields(subject)()
        return [known[f"{MADE}{one.code}"] for one in field_book().of(subject)]

    return fields


def _field(about: Definition) -> Field:
    named: dict[str, Any] = {"name": f"{MADE}{about.code}", "label": lazystr(_Named(about))}
    if about.is_text:
        return text_in_json(**named, column=COLUMN, key=about.code)
    if about.kind in OPTIONS:
        options = tuple(Option(one.code, one.code, lazystr(_Named(one))) for one in about.options)
        choice = ChoiceInJson if about.kind == FieldKind.CHOICE else ChoiceSetInJson
        return choice(**named, json=COLUMN, key=about.code, options=options)
    if about.kind in NUMBERS:
        decimals = about.decimals if about.kind == FieldKind.DECIMAL else 0
        return number_in_json(**named, column=COLUMN, key=about.code, decimals=decimals)
    if about.kind == FieldKind.YES_NO:
        return YesNoInJson(**named, json=COLUMN, key=about.code)
    when = day_in_json if about.kind == FieldKind.DATE else moment_in_json
    return when(**named, column=COLUMN, key=about.code)


class _Named:
    """Its name in the language of whoever reads it."""

    def __init__(self, named: Any) -> None:
        self.named = named

    def __str__(self) -> str:
        return str(self.named.name)
