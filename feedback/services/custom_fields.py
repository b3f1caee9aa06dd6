"""Custom fields themselves: made, changed, put in order, archived. What would change the meaning
of values that are there is refused, with the reason."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import FieldKind, FieldSubject
from accounts.models import CustomField
from accounts.rules.custom_values import (
    MOST_DECIMALS,
    NUMBERS,
    OPTIONS,
    TEXTS,
    WIDENS,
    ValueNotFit,
    read_day,
    read_value,
)
from accounts.rules.value_patterns import PatternRefused, compiled
from accounts.selectors.custom_fields import forget_book
from config.kernel.conditions.condition import always
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import NAME, vocabulary
from config.kernel.errors import DomainError
from config.kernel.punctuation import clauses, listed
from feedback.selectors.custom_field_use import times_used, uses_of_options
from feedback.services.search_index import ask_for_rebuild

MOST_OPTIONS = 100
MOST_FIELDS = 200  # of one subject


class FieldRefused(DomainError):
    """`field`: which input is wrong."""

    code = "field_refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def save_custom_field(field: CustomField) -> CustomField:
    """Store a new or changed field. Raises FieldRefused."""
    stored = CustomField.objects.select_for_update().filter(pk=field.pk).first()
    ensure_custom_field(field, stored)
    if stored is None:
        of_subject = CustomField.objects.of(field.subject)
        if of_subject.count() >= MOST_FIELDS:
            raise FieldRefused("code", _("There are too many fields: archive some first."))
        if not field.order:
            field.order = max([0, *of_subject.values_list("order", flat=True)]) + 1
    _save(field)
    if stored is not None and stored.is_searchable != field.is_searchable:
        ask_for_rebuild()
    return field


def _save(field: CustomField) -> None:
    field.save()
    forget_book()
    transaction.on_commit(forget_book)


def ensure_custom_field(field: CustomField, stored: CustomField | None) -> None:
    """Raises FieldRefused, saying why."""
    _ensure_code(field, stored)
    if stored is not None:
        _ensure_same_meaning(field, stored)
    _tidy(field)
    _ensure_options(field, stored)
    _ensure_bounds(field)
    _ensure_pattern(field)
    _ensure_sense(field)
    _ensure_condition(field)
    if field.default is not None:
        try:
            field.default = read_value(field.definition, field.default)
        except ValueNotFit as misfit:
            raise FieldRefused("default", misfit.message) from misfit


def _ensure_code(field: CustomField, stored: CustomField | None) -> None:
    if stored is not None and (stored.code, stored.subject) != (field.code, field.subject):
        raise FieldRefused(
            "code",
            _("The code stays: values, conditions and templates name the field by it."),
        )
    if not NAME.fullmatch(field.code):
        raise FieldRefused(
            "code", _("A code is small letters, digits and _, and begins with a letter.")
        )
    same = CustomField.objects.of(field.subject).filter(code=field.code).exclude(pk=field.pk)
    if same.exists():
        raise FieldRefused("code", _("There is a field with this code already."))
    if field.kind not in FieldKind.values or field.subject not in FieldSubject.values:
        raise FieldRefused("kind", _("Choose a kind."))


def _ensure_same_meaning(field: CustomField, stored: CustomField) -> None:
    before, after = FieldKind(stored.kind), FieldKind(field.kind)
    if before == after or after in WIDENS.get(before, ()):
        return
    used = times_used(stored)
    if used:
        raise FieldRefused(
            "kind",
            ngettext(
                "%(n)d has a value here, which would mean something else. Archive this field and"
                " make a new one.",
                "%(n)d have a value here, which would mean something else. Archive this field and"
                " make a new one.",
                used,
            )
            % {"n": used},
        )


def _tidy(field: CustomField) -> None:
    """What the kind has no use for goes."""
    kind = FieldKind(field.kind)
    if kind not in OPTIONS:
        field.options = []
    if kind not in NUMBERS:
        field.unit_zh = field.unit_en = ""
    if kind not in NUMBERS | {FieldKind.DATE}:
        field.minimum = field.maximum = ""
    if kind not in TEXTS:
        field.pattern, field.max_length = "", None


def _ensure_options(field: CustomField, stored: CustomField | None) -> None:
    if field.kind not in OPTIONS:
        return
    if not isinstance(field.options, list) or not field.options:
        raise FieldRefused("options", _("Give at least one option."))
    if len(field.options) > MOST_OPTIONS:
        raise FieldRefused("options", _("At most %(most)d options.") % {"most": MOST_OPTIONS})
    codes = [one.get("code") for one in field.options]
    for one in field.options:
        if not NAME.fullmatch(str(one.get("code") or "")):
            raise FieldRefused(
                "options", _("A code is small letters, digits and _, and begins with a letter.")
            )
        if not one.get("name_zh") or not one.get("name_en"):
            raise FieldRefused(
                "options",
                _("Name each option in both languages: %(code)s") % {"code": one["code"]},
            )
        if codes.count(one["code"]) > 1:
            raise FieldRefused(
                "options", _("Two options have the code “%(code)s”.") % {"code": one["code"]}
            )
    if all(one.get("archived") for one in field.options):
        raise FieldRefused("options", _("Leave at least one option in use."))
    if stored is not None and stored.kind in OPTIONS:
        _ensure_options_stay(field, stored, set(codes))


def _ensure_options_stay(field: CustomField, stored: CustomField, codes: set[Any]) -> None:
    gone = [one["code"] for one in stored.options if one["code"] not in codes]
    if not gone:
        return
    used = uses_of_options(stored)
    still = [f"{code} ({used[code]})" for code in gone if used.get(code)]
    if still:
        raise FieldRefused(
            "options",
            _("Still chosen somewhere: %(codes)s. Archive these options instead.")
            % {"codes": listed(still)},
        )


def _ensure_bounds(field: CustomField) -> None:
    if field.kind == FieldKind.DECIMAL and not 1 <= field.decimals <= MOST_DECIMALS:
        raise FieldRefused(
            "decimals", _("1 to %(most)d digits after the point.") % {"most": MOST_DECIMALS}
        )
    read: dict[str, Any] = {}
    for name in ("minimum", "maximum"):
        text = getattr(field, name).strip()
        setattr(field, name, text)
        if text:
            read[name] = _bound(field, name, text)
    if len(read) == 2 and read["minimum"] > read["maximum"]:
        raise FieldRefused("maximum", _("The largest is below the smallest: nothing would fit."))


def _bound(field: CustomField, name: str, text: str) -> Any:
    if field.kind == FieldKind.DATE:
        try:
            return read_day(text)
        except ValueNotFit as misfit:
            raise FieldRefused(name, misfit.message) from misfit
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise FieldRefused(name, _("Write a number."))
    return number


def _ensure_pattern(field: CustomField) -> None:
    field.pattern = field.pattern.strip()
    if not field.pattern:
        return
    try:
        compiled(field.pattern)
    except PatternRefused as refusal:
        raise FieldRefused("pattern", refusal.message) from refusal
    if field.example:
        try:
            read_value(field.definition, field.example)
        except ValueNotFit as misfit:
            raise FieldRefused(
                "example", _("The example does not fit the pattern itself.")
            ) from misfit


def _ensure_sense(field: CustomField) -> None:
    if field.required_for_customer and not field.is_public:
        raise FieldRefused(
            "required_for_customer", _("Customers cannot fill in what they do not see.")
        )
    if field.subject == FieldSubject.CUSTOMER and field.required_to_resolve:
        raise FieldRefused(
            "required_to_resolve", _("Only fields of feedback can be needed before resolving.")
        )
    if field.is_searchable and field.kind not in TEXTS:
        raise FieldRefused("is_searchable", _("Only texts and numbers of orders are searched."))


def _ensure_condition(field: CustomField) -> None:
    about = vocabulary(f"asked_{field.subject}")
    try:
        condition = read_tree(field.shown_when or always(), about, allowed=frozenset())
    except ConditionInvalid as invalid:
        words = clauses(problem.message for problem in invalid.problems)
        raise FieldRefused("shown_when", words) from invalid
    field.shown_when = condition.tree


@transaction.atomic
def archive_custom_field(field: CustomField) -> bool:
    """Asked for no more; values stay. True when it was deleted, because it has none."""
    if times_used(field) == 0:
        field.delete()
        forget_book()
        transaction.on_commit(forget_book)
        return True
    put_away_custom_field(field)
    return False


@transaction.atomic
def put_away_custom_field(field: CustomField) -> None:
    """Asked for no more, even when it never had a value."""
    field.archived_at = field.archived_at or timezone.now()
    _save(field)


@transaction.atomic
def bring_back_custom_field(field: CustomField) -> None:
    field.archived_at = None
    _save(field)


@transaction.atomic
def move_custom_field(field: CustomField, *, earlier: bool) -> None:
    """One place up or down among those in use about the same."""
    rows = list(CustomField.objects.select_for_update().of(field.subject).active().in_order())
    keys = [row.pk for row in rows]
    if field.pk not in keys:
        return
    at = keys.index(field.pk)
    other = at - 1 if earlier else at + 1
    if 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
    _number(rows)


def _number(rows: Sequence[CustomField]) -> None:
    for order, row in enumerate(rows, 1):
        if row.order != order:
            row.order = order
            _save(row)
