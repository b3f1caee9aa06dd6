"""Prepared answers: checked when they are written, shown as they will read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from config.kernel.archiving import bring_back, remove
from config.kernel.errors import DomainError
from config.kernel.punctuation import listed
from feedback.models import Feedback, ReplyTemplate
from feedback.rules.placeholders import MADE, brackets_match, fill, unknown_in
from feedback.selectors.custom_fields import made_variables
from feedback.services.acknowledgement import status_url
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
    unfilled: list[str]


class PartNotClosed(DomainError):
    code = "part_not_closed"

    def __init__(self) -> None:
        super().__init__(_("Every [[ needs its ]], and optional parts cannot be nested."))


class TextMissing(DomainError):
    code = "text_missing"

    def __init__(self) -> None:
        super().__init__(_("Write the text in one language at least."))


def ensure_readable(text: str) -> None:
    """Raises VariablesUnknown for a {{ word }} that no record could ever fill, and PartNotClosed
    for an optional part without an end."""
    made = made_variables() if any(prefix in text for prefix in MADE) else {}
    if unknown := unknown_in(text, made):
        raise VariablesUnknown(unknown)
    if not brackets_match(text):
        raise PartNotClosed


@transaction.atomic
def save_template(template: ReplyTemplate) -> ReplyTemplate:
    """Raises VariablesUnknown, PartNotClosed, TextMissing."""
    if not (template.body_zh.strip() or template.body_en.strip()):
        raise TextMissing
    ensure_readable(template.body_zh)
    ensure_readable(template.body_en)
    template.save()
    return template


@transaction.atomic
def remove_template(template: ReplyTemplate) -> bool:
    """True when deleted, False when archived."""
    return remove(template)


@transaction.atomic
def bring_back_template(template: ReplyTemplate) -> None:
    bring_back(template)


def previews(template: ReplyTemplate, feedback: Feedback, *, by: User) -> Iterator[Preview]:
    """How the template would read as an answer to `feedback`, in each language."""
    values = template_values(feedback, by) | {"status_link": status_url(feedback)}
    for language, _name in settings.LANGUAGES:
        filled = fill(template.body_in(language), values)
        yield Preview(language, filled.text, filled.unfilled)
