from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.enums import ConsentPurpose, ContactKind, Tier
from accounts.models import Customer, User
from accounts.rules.custom_values import Definition
from accounts.services.customers import state_of_customer
from feedback.forms.custom_inputs import add_inputs, inputs_in_groups, values_in
from feedback.selectors.custom_fields import fields_of_customer


class CustomerForm(forms.Form):
    """Its cleaned data are the arguments of accounts.services.customers.update_customer; `seen`
    is how the customer was when the form was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "organisations", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"),
        label=_("Success manager"),
        required=False,
        empty_label="–",
    )
    preferred_channel = forms.ChoiceField(
        label=_("Likes to be reached by"),
        choices=[("", "–"), *ContactKind.choices],
        required=False,
    )
    note = forms.CharField(
        label=_("Note for staff"), required=False, widget=forms.Textarea({"rows": 4})
    )

    @classmethod
    def of(cls, customer: Customer, data: Any = None) -> "CustomerForm":
        form = cls(data, initial=values_of(customer) | {"seen": state_of_customer(customer)})
        form.asked = fields_of_customer(customer)
        add_inputs(form, form.asked, customer.custom)
        return form

    asked: Sequence[Definition] = ()

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return inputs_in_groups(self, self.asked)

    @property
    def wanted(self) -> dict[str, Any]:
        """The cleaned data as the service takes them."""
        own = {name: self.cleaned_data[name] for name in self.base_fields}
        return own | {"custom": values_in(self.cleaned_data)}


def values_of(customer: Customer) -> dict[str, Any]:
    """How the fields of the form stand for a customer."""
    return {
        "name": customer.name,
        "organisation": customer.organisation.name if customer.organisation else "",
        "language": customer.language,
        "tier": customer.tier,
        "owner": customer.owner,
        "preferred_channel": customer.preferred_channel,
        "note": customer.note,
    }


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices)
    value = forms.CharField(label=_("Contact"), max_length=254)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=ConsentPurpose.choices)
    given = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda text: text == "1")
