from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import OnAnswer
from feedback.models import ReopenPolicy
from feedback.services.reopening import MAX_DAYS


class ReopeningForm(forms.Form):
    """The rule of a team; its names are those of services.reopening.set_reopening."""

    on_answer = forms.ChoiceField(
        label=_("When the customer writes to a resolved record"),
        choices=OnAnswer.choices,
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("Within how many days"), required=False, min_value=1, max_value=MAX_DAYS
    )
    keeps_assignee = forms.BooleanField(
        label=_("Whoever took care of it goes on"),
        required=False,
        help_text=_("Otherwise it waits for somebody to take it."),
    )
    close_after_days = forms.IntegerField(
        label=_("Close for good how many days after it was resolved"),
        required=False,
        min_value=1,
        max_value=MAX_DAYS,
        help_text=_("Empty: nothing is closed by itself."),
    )

    def __init__(self, data: Any = None, *, row: ReopenPolicy) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in self.base_fields})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("on_answer") == OnAnswer.WITHIN and not data.get("days"):
            self.add_error("days", _("Say within how many days."))
        return data
