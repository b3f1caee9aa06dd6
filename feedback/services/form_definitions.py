"""The forms for customers: made, changed, archived; and what comes through one."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import FieldSubject
from accounts.models import Customer
from accounts.rules.custom_values import missing
from accounts.selectors.custom_fields import field_book
from accounts.services.custom_values import ValuesRefused
from config.kernel.errors import DomainError
from config.kernel.punctuation import listed
from feedback.enums import Channel, Priority
from feedback.models import Category, Feedback, FormDefinition
from feedback.selectors.custom_fields import Imagined
from feedback.selectors.form_definitions import categories_of_form, fields_of_form
from feedback.services.intake import receive_feedback
from feedback.services.shared_settings import give_both_names

MOST_FORMS = 100
USUAL = "feedback"
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TAKEN = frozenset({"thanks"})  # other pages below the same address


class FormRefused(DomainError):
    """`field`: which input is wrong."""

    code = "form_refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def save_form(form: FormDefinition) -> FormDefinition:
    """Store a new or changed form. Raises NameMissing, FormRefused."""
    stored = FormDefinition.objects.select_for_update().filter(pk=form.pk).first()
    ensure_form(form, stored)
    if stored is None:
        if FormDefinition.objects.count() >= MOST_FORMS:
            raise FormRefused("code", _("There are too many forms: archive some first."))
        form.order = (FormDefinition.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    form.save()
    return form


def ensure_form(form: FormDefinition, stored: FormDefinition | None) -> None:
    """Raises NameMissing and FormRefused, saying why."""
    give_both_names(form)
    _ensure_code(form, stored)
    for name in ("intro_zh", "intro_en", "thanks_zh", "thanks_en"):
        setattr(form, name, getattr(form, name).strip())
    form.categories = _unique(form.categories)
    known = set(Category.objects.active().values_list("code", flat=True))
    _ensure_known("categories", form.categories, known | set(stored.categories if stored else []))
    form.priorities = sorted(set(form.priorities))
    _ensure_known("priorities", form.priorities, set(Priority.values))
    _ensure_fields(form, stored)


def _unique(values: Any) -> list[Any]:
    return list(dict.fromkeys(values))


def _ensure_code(form: FormDefinition, stored: FormDefinition | None) -> None:
    form.code = form.code.strip().lower()
    if not _CODE.fullmatch(form.code) or form.code in _TAKEN:
        raise FormRefused("code", _("An address is small letters, digits and “-”."))
    if FormDefinition.objects.filter(code=form.code).exclude(pk=form.pk).exists():
        raise FormRefused("code", _("Another form has this address already."))
    if stored is not None and stored.code != form.code and was_used(stored):
        raise FormRefused(
            "code",
            _("Feedback came through this address: links and printed codes lead to it. Make "
              "another form instead."),
        )  # fmt: skip


def was_used(form: FormDefinition) -> bool:
    return Feedback.objects.filter(form=form.pk).exists()


def _ensure_known(field: str, given: list[Any], known: set[Any]) -> None:
    gone = [one for one in given if one not in known]
    if gone:
        raise FormRefused(field, _("Not known: %(names)s") % {"names": listed(gone)})


def _ensure_fields(form: FormDefinition, stored: FormDefinition | None) -> None:
    if form.shows_every_field:
        form.fields = []
        return
    public = {one.code for one in field_book().of(FieldSubject.FEEDBACK) if one.is_public}
    kept = {row["code"] for row in stored.fields} if stored else set()
    rows = {}
    for row in form.fields:
        code = str(row.get("code", "")) if isinstance(row, Mapping) else ""
        rows[code] = {"code": code, "required": bool(code and row.get("required"))}
    unknown = [code for code in rows if code not in public | kept]
    if unknown:
        raise FormRefused(
            "fields",
            _("Not among the fields that customers see: %(names)s") % {"names": listed(unknown)},
        )
    form.fields = list(rows.values())


@transaction.atomic
def archive_form(form: FormDefinition) -> bool:
    """Its page says that it is gone; what came through it stays. True when it was deleted,
    because nothing did. Raises FormRefused for the usual form."""
    if not form.is_default and not was_used(form):
        form.delete()
        return True
    put_away_form(form)
    return False


@transaction.atomic
def put_away_form(form: FormDefinition) -> None:
    """Archive it even where nothing came through it. Raises FormRefused for the usual form."""
    if form.is_default:
        raise FormRefused("code", _("Make another form the usual one first."))
    form.archived_at = form.archived_at or timezone.now()
    form.save(update_fields=["archived_at"])


@transaction.atomic
def bring_back_form(form: FormDefinition) -> None:
    form.archived_at = None
    form.save(update_fields=["archived_at"])


@transaction.atomic
def make_usual(form: FormDefinition) -> None:
    """The form behind the address that names none. Raises FormRefused for an archived one."""
    if form.archived_at is not None:
        raise FormRefused("code", _("This form is archived."))
    for other in FormDefinition.objects.select_for_update().filter(is_default=True):
        if other.pk != form.pk:
            other.is_default = False
            other.save(update_fields=["is_default"])
    form.is_default = True
    form.save(update_fields=["is_default"])


def ensure_usual_form() -> None:
    """Part of `setup`: there is always one."""
    if not FormDefinition.objects.filter(is_default=True).exists():
        FormDefinition.objects.get_or_create(
            code=USUAL,
            defaults={"name_zh": "反馈表", "name_en": "Feedback form", "is_default": True},
        )


def receive_through_form(
    form: FormDefinition,
    *,
    channel: Channel,
    customer: Customer,
    text: str,
    language: str,
    category: Category | None = None,
    priority: int | None = None,
    custom: Mapping[str, Any] | None = None,
    **more: Any,
) -> Feedback:
    """receive_feedback with what the form decides: a category or priority that it does not
    offer, a field that must be filled in here and is not, and a form that is archived are refused
    (FormRefused, ValuesRefused); what it presets is set. `more`: as receive_feedback takes it."""
    if form.archived_at is not None:
        raise FormRefused("form", _("This form is not in use any more."))
    category = _category_through(form, category)
    priority = _priority_through(form, priority)
    record = Imagined(
        category=category,
        product=more.get("product"),
        channel=channel,
        priority=priority,
        language=language,
        customer=customer,
    )
    values = dict(custom or {})
    asked = fields_of_form(form, record)
    needed = [one for one in asked if one.required_for_customer or one.code in form.required_here]
    gaps = missing(needed, {one.code: one.default for one in asked} | _given(values))
    if gaps:
        definitions = field_book().all_of(FieldSubject.FEEDBACK)
        raise ValuesRefused({one.code: ValuesRefused.required() for one in gaps}, definitions)
    if more.get("team") is None:
        more["team"] = form.team
    return receive_feedback(
        channel=channel,
        customer=customer,
        text=text,
        language=language,
        category=category,
        priority=priority,
        custom=values,
        form=form if form.pk else None,
        **more,
    )


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value if value not in ("", []) else None for code, value in values.items()}


def _category_through(form: FormDefinition, category: Category | None) -> Category | None:
    if not form.categories:
        return category
    offered = categories_of_form(form)
    if category is None:
        return offered[0] if len(offered) == 1 else None
    if all(one.pk != category.pk for one in offered):
        raise FormRefused("category", _("This form does not offer this category."))
    return category


def _priority_through(form: FormDefinition, priority: int | None) -> int:
    if priority is None:
        return form.priorities[0] if len(form.priorities) == 1 else Priority.NORMAL
    if form.priorities and priority not in form.priorities:
        raise FormRefused("priority", _("This form does not offer this priority."))
    return priority
