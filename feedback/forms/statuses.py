from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError
from feedback.enums import State
from feedback.models import Status
from feedback.services.statuses import ensure_status_usable

# Where a refusal is shown.
_FIELD_OF = {
    "state_is_fixed": "state",
    "last_of_its_kind": "state",
    "next_status_loops": "next_status",
    "step_not_allowed": "next_status",
}


class StatusForm(forms.ModelForm):
    """A status, refused with the service's own reasons before anything is written."""

    class Meta:
        model = Status
        fields = [
            "name_zh", "name_en", "code", "state", "customer_label_zh", "customer_label_en",
            "pauses_clock", "next_status", "is_default_create", "is_default_reopen", "order",
        ]  # fmt: skip
        help_texts = {
            "customer_label_zh": _("Empty: hidden, the customer sees the step before."),
            "pauses_clock": _("Promised times stand still as long as a record has this status."),
            "next_status": _(
                "What a snoozed record becomes when its time has come. Empty: what waited is "
                "open again, anything else stays as it is."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = cast("forms.ModelChoiceField[Status]", self.fields["next_status"])
        following.queryset = Status.objects.active().exclude(state=State.MERGED)
        following.empty_label = "–"
        self.fields["order"].required = False

    def clean_order(self) -> int:
        order = self.cleaned_data["order"]
        return int(self.instance.order if order is None else order)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            ensure_status_usable(self.instance)
        except DomainError as refusal:
            self.add_error(_FIELD_OF.get(refusal.code), str(refusal.message))

    def validate_constraints(self) -> None:
        """A new default takes the place of the one before; the service sees to it."""
