"""Prepared answers: checked when they are written, shown as they will read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from config.kernel.archiving import bring_back, remove
from config.kernel.errors import DomainError
from config.kernel.punctuation import listed
from feedback.models import Feedback, ReplyTemplate
from feedback.rules.placeholders import MADE, brackets_match, fill, in_words, unknown_in
from feedback.selectors.custom_fields import made_variables
from feedback.services.acknowledgement import status_url
from feedback.services.shared_settings import give_both_names, move_among
from feedback.services.template_values import template_values


class VariablesUnknown(DomainError):
    code = "variables_unknown"

    def __init__(self, names: list[str]) -> None:
        super().__init__(_("There are no such variables: %(names)s") % {"names": listed(names)})
        self.names = names


@dataclass(frozen=True, slots=True)
class Preview:
    language: str
    text: str
    # Variables that have no value on this record, and words that are no variables at all.
    unfilled: list[str]
    unknown: list[str]
    is_closed: bool

    @property
    def missing_in_words(self) -> list[str]:
        return in_words(self.unfilled)


class PartNotClosed(DomainError):
    code = "part_not_closed"

    def __init__(self) -> None:
        super().__init__(_("Every [[ needs its ]], and optional parts cannot be nested."))


class ShortcutTaken(DomainError):
    code = "shortcut_taken"

    def __init__(self, shortcut: str) -> None:
        super().__init__(
            _("There is a template with the shortcut “%(shortcut)s” already.")
            % {"shortcut": shortcut}
        )


class TextMissing(DomainError):
    code = "text_missing"

    def __init__(self) -> None:
        super().__init__(_("Write the text in one language at least."))


def ensure_readable(text: str) -> None:
    """Raises VariablesUnknown for a {{ word }} that no record could ever fill, and PartNotClosed
    for an optional part without an end."""
    if unknown := _unknown(text):
        raise VariablesUnknown(unknown)
    if not brackets_match(text):
        raise PartNotClosed


def _unknown(text: str) -> list[str]:
    made = made_variables() if any(prefix in text for prefix in MADE) else {}
    return unknown_in(text, made)


@transaction.atomic
def save_template(template: ReplyTemplate) -> ReplyTemplate:
    """A name in one language stands for both. Raises NameMissing, VariablesUnknown,
    PartNotClosed, TextMissing, ShortcutTaken."""
    give_both_names(template)
    if not (template.body_zh.strip() or template.body_en.strip()):
        raise TextMissing
    ensure_readable(template.body_zh)
    ensure_readable(template.body_en)
    same = ReplyTemplate.objects.filter(shortcut=template.shortcut, owner=template.owner)
    if same.exclude(pk=template.pk).exists():
        raise ShortcutTaken(template.shortcut)
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as twice:  # by somebody else, just now
        raise ShortcutTaken(template.shortcut) from twice
    return template


@transaction.atomic
def move_template(template: ReplyTemplate, *, earlier: bool) -> None:
    """Its place among those of its kind, as lists show them."""
    kind = ReplyTemplate.objects.active().filter(kind=template.kind)
    move_among(list(kind.select_for_update().in_order()), template, earlier=earlier)


@transaction.atomic
def remove_template(template: ReplyTemplate) -> bool:
    """True when deleted, False when archived."""
    return remove(template)


@transaction.atomic
def bring_back_template(template: ReplyTemplate) -> None:
    bring_back(template)


def previews(template: ReplyTemplate, feedback: Feedback, *, by: User) -> Iterator[Preview]:
    """How the template would read as an answer to `feedback`, in each language."""
    values = values_for_answer(feedback, by)
    for language, _name in settings.LANGUAGES:
        text = template.body_in(language)
        filled = fill(text, values)
        unknown = _unknown(text)
        missing = [name for name in filled.unfilled if name not in unknown]
        yield Preview(language, filled.text, missing, unknown, brackets_match(text))


def values_for_answer(feedback: Feedback, by: User) -> dict[str, str]:
    """What the variables of a template stand for, in an answer by `by`."""
    return template_values(feedback, by) | {"status_link": status_url(feedback)}
