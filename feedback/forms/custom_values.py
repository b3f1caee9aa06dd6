"""The custom fields of a record, changed on its page."""

from typing import Any, cast

from django import forms

from accounts.selectors.custom_fields import field_book
from feedback.forms.custom_inputs import add_inputs, inputs_in_groups
from feedback.forms.record import SeenForm
from feedback.models import Feedback
from feedback.selectors.custom_fields import fields_of_feedback


class FieldsForm(SeenForm):
    """The custom fields of a record that is there."""

    def __init__(self, *args: Any, record: Feedback, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = fields_of_feedback(record, field_book())
        add_inputs(cast("forms.Form", self), self.asked, record.custom)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return inputs_in_groups(self, self.asked)
