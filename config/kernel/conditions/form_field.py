from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.kernel.conditions.builder import ConditionBuilder
from config.kernel.conditions.condition import Tree, always
from config.kernel.conditions.draft import Draft
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import EVERYTHING, read_tree


class ConditionFormField(forms.Field):
    """A condition about `subject`; its cleaned value is the tree. `allowed` is what is there
    where it will run (see reading). A required one may not be the condition that all fits."""

    default_error_messages = {
        "open": _("Not saved yet: finish the condition, then save."),
        "damaged": _("The form did not arrive whole. Please try again."),
        "required": _("Add at least one row."),
    }

    def __init__(
        self, *, subject: str, allowed: frozenset[Needs] = EVERYTHING, **options: Any
    ) -> None:
        options.setdefault("widget", ConditionBuilder(subject, allowed))
        options.setdefault("required", False)
        super().__init__(**options)
        self.subject = subject
        self.allowed = allowed

    def clean(self, value: Any) -> Tree:
        tree = self._read(value)
        if self.required and tree == always():
            raise ValidationError(self.error_messages["required"], code="required")
        self.run_validators(tree)
        return tree

    def _read(self, value: Any) -> Tree:
        widget = self.widget
        if value is None:
            raise ValidationError(self.error_messages["damaged"], code="damaged")
        if isinstance(value, Draft) and value.is_open:
            raise ValidationError(self.error_messages["open"], code="open")
        try:
            if isinstance(value, Draft):
                return widget.read(value).tree
            if isinstance(value, str):
                return parse(value, widget.vocabulary, allowed=self.allowed).tree
            return read_tree(value, widget.vocabulary, allowed=self.allowed).tree
        except ConditionInvalid as invalid:
            messages = list(dict.fromkeys(problem.message for problem in invalid.problems))
            raise ValidationError(messages, code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return self._read(data) != (initial or always())
        except ValidationError:
            return True
