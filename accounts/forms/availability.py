from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Availability
from accounts.models import User


class AvailabilityForm(forms.Form):
    """Its fields are the arguments of set_availability."""

    availability = forms.ChoiceField(
        label=_("New work"), choices=Availability.choices, widget=forms.RadioSelect
    )
    available_again_at = forms.DateTimeField(
        label=_("Back on"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=_("Empty: until you change it here."),
    )
    substitute = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Substitute"),
        required=False,
        empty_label="–",
        help_text=_("While you are out of office, they get what would be given to you."),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        back = user.available_again_at
        super().__init__(
            data,
            initial={
                "availability": user.availability,
                "available_again_at": f"{timezone.localtime(back):%Y-%m-%dT%H:%M}" if back else "",
                "substitute": user.substitute_id,
            },
        )
        others = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name", "pk")
        cast("forms.ModelChoiceField[User]", self.fields["substitute"]).queryset = others
