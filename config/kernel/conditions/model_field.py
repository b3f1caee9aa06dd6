from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from config.kernel.conditions.condition import always
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.form_field import ConditionFormField
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary


class ConditionField(models.JSONField):
    """A kept condition about `subject`: the tree, as JSON. `needs` says what is there where it
    runs ("actor", "event"); what asks for more is refused.

    Whoever runs it reads it first (reading.read_tree): fields and rows may have gone since.
    """

    empty_values: list[Any] = []  # "everything fits" is ["and"]; nothing at all is a mistake

    def __init__(
        self,
        *args: Any,
        subject: str,
        needs: tuple[str, ...] = ("actor",),
        **options: Any,
    ) -> None:
        self.subject = subject
        self.needs = tuple(needs)
        options.setdefault("default", always)
        options.setdefault("blank", True)
        super().__init__(*args, **options)

    @property
    def allowed(self) -> frozenset[Needs]:
        return frozenset(Needs(need) for need in self.needs)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"subject": self.subject, "needs": self.needs}

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        try:
            read_tree(value, vocabulary(self.subject), allowed=self.allowed)
        except ConditionInvalid as invalid:
            raise ValidationError(
                [problem.message for problem in invalid.problems], code="invalid"
            ) from None

    def formfield(self, **options: Any) -> Any:
        # Not JSONField's own, which wants a text area of JSON.
        ours: dict[str, Any] = {
            "form_class": ConditionFormField,
            "subject": self.subject,
            "allowed": self.allowed,
        }
        return models.Field.formfield(self, **(ours | options))
