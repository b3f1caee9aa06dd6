"""The forms for customers, remembered by each process for a second: they change a few times a
year and stand before everything that comes in."""

import time
from collections.abc import Sequence

from django.db.models import Count

from accounts.enums import FieldSubject
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_fields import Book, field_book
from feedback.models import Category, Feedback, FormDefinition
from feedback.selectors.custom_fields import Imagined, fields_of_feedback

CHECK_SECONDS = 1.0


class _Kept:
    forms: dict[str, FormDefinition] | None = None
    checked_at = float("-inf")


def forget_forms() -> None:
    """After a change in this process."""
    _Kept.forms, _Kept.checked_at = None, float("-inf")


def known_forms() -> dict[str, FormDefinition]:
    """All forms by their code, archived ones too, as they are or were a second ago."""
    if _Kept.forms is None or time.monotonic() - _Kept.checked_at > CHECK_SECONDS:
        rows = FormDefinition.objects.select_related("team").in_order()
        _Kept.forms = {one.code: one for one in rows}
        _Kept.checked_at = time.monotonic()
    return _Kept.forms


def usual_form() -> FormDefinition:
    """The one behind the address that names none; an empty one before `setup` made it."""
    usual = next((one for one in known_forms().values() if one.is_default), None)
    return usual or FormDefinition(code="feedback", is_default=True)


def form_at(code: str) -> FormDefinition | None:
    return known_forms().get(code)


def categories_of_form(form: FormDefinition) -> list[Category]:
    """What customers choose from, or the one that it is. Those that went are left out."""
    if not form.categories:
        return list(Category.objects.public())
    found = {one.code: one for one in Category.objects.active().filter(code__in=form.categories)}
    return [found[code] for code in form.categories if code in found]


def fields_of_form(
    form: FormDefinition, record: Imagined | Feedback, book: Book | None = None
) -> list[Definition]:
    """The custom fields that it asks about this record, in its order."""
    book = book or field_book()
    asked = [one for one in fields_of_feedback(record, book) if one.is_public]
    if form.shows_every_field:
        return asked
    found = {one.code: one for one in asked}
    return [found[row["code"]] for row in form.fields if row["code"] in found]


def may_ask_more(form: FormDefinition) -> bool:
    """Whether any of its custom fields is asked under a condition only."""
    book = field_book()
    conditions = book.conditions(FieldSubject.FEEDBACK)
    chosen = {row["code"] for row in form.fields}
    return any(
        one.is_public and one.code in conditions
        for one in book.of(FieldSubject.FEEDBACK)
        if form.shows_every_field or one.code in chosen
    )


def uses_of_forms(forms: Sequence[FormDefinition]) -> dict[int, int]:
    """Form → how many records came through it, in one query."""
    rows = Feedback.objects.filter(form__in=[one.pk for one in forms]).order_by()
    return dict(rows.values("form").annotate(n=Count("pk")).values_list("form", "n"))
