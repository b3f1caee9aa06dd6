from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import PrivacyKind
from accounts.models import Customer


class PrivacyForm(forms.Form):
    """Its cleaned data are `kind` and `reason`; whatever forgets asks for the name as well."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        choices=PrivacyKind.choices,
        widget=forms.RadioSelect,
        initial=PrivacyKind.EXPORT,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("For example how and when they asked. Kept with the request."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the customer, to confirm"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only to anonymise or erase: neither can be taken back."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        wanted = str(self.customer)
        if self.cleaned_data.get("kind") != PrivacyKind.EXPORT and name != wanted:
            raise ValidationError(
                _("Type the name exactly as it stands: %(name)s") % {"name": wanted}
            )
        return name
