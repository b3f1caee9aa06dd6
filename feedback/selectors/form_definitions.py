"""The forms for customers, from memory (`config.kernel.kept`): they change a few times a year and
stand before everything that comes in."""

from collections.abc import Mapping, Sequence

from django.db.models import Count

from accounts.enums import FieldSubject
from accounts.models import Team
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_fields import Book, field_book
from config.kernel.kept import Kept
from feedback.models import Category, Feedback, FormDefinition, Product
from feedback.selectors.custom_fields import Imagined, fields_of_feedback
from feedback.selectors.kept_settings import categories


def _forms() -> Mapping[int, FormDefinition]:
    return {one.pk: one for one in FormDefinition.objects.select_related("team").in_order()}


# All of them by their id, archived ones too.
forms = Kept(_forms, FormDefinition, Team)


def _products() -> Mapping[int, Product]:
    return {one.pk: one for one in Product.objects.all()}


products = Kept(_products, Product)


def usual_form() -> FormDefinition:
    """The one behind the address that names none; an empty one before `setup` made it."""
    usual = next((one for one in forms().values() if one.is_default), None)
    return usual or FormDefinition(code="feedback", is_default=True)


def form_at(code: str) -> FormDefinition | None:
    return next((one for one in forms().values() if one.code == code), None)


def categories_of_form(form: FormDefinition) -> list[Category]:
    """What customers choose from, or the one that it is. Those that went are left out."""
    used = [one for one in categories().values() if one.archived_at is None]
    if not form.categories:
        return [one for one in used if one.is_public and one.parent_id is None]
    found = {one.code: one for one in used}
    return [found[code] for code in form.categories if code in found]


def products_of_form(form: FormDefinition) -> list[Product]:
    """What customers choose from."""
    if not form.asks_product:
        return []
    return [one for one in products().values() if one.archived_at is None]


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


def uses_of_forms(rows: Sequence[FormDefinition]) -> dict[int, int]:
    """Form → how many records came through it, in one query."""
    records = Feedback.objects.filter(form__in=[one.pk for one in rows]).order_by()
    return dict(records.values("form").annotate(n=Count("pk")).values_list("form", "n"))
