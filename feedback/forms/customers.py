from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import ConsentChannel, ConsentPurpose, ContactKind, Tier
from accounts.errors import FilterNotKnown
from accounts.models import Customer, CustomerTag, User
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_filters import OF_CUSTOMERS, read_field_filters
from accounts.selectors.customer_lists import NOBODY, SORTS, consent_choices
from accounts.services.customers import state_of_customer
from feedback.forms.custom_filters import CustomFilters
from feedback.forms.custom_inputs import add_inputs, inputs_in_groups, values_in
from feedback.selectors.custom_fields import fields_of_customer
from feedback.selectors.customer_columns import find_customer_columns
from feedback.selectors.customers import CustomerQuery

_ASIDE = frozenset({"page", "export"})  # say nothing about which customers are meant


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


def manager_choices() -> list[tuple[str, Any]]:
    """Whose customers a list is narrowed to; in one query."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    return [
        ("", pgettext_lazy("managers", "Anybody")),
        ("me", _("Me")),
        (NOBODY, _("Nobody")),
        *((str(pk), name) for pk, name in people.values_list("pk", "name")),
    ]


def tier_choices() -> list[tuple[str, Any]]:
    return [("", pgettext_lazy("tiers", "Any")), *Tier.choices]


class CustomerFilterForm(forms.Form):
    """What the list of customers can be narrowed by, as its address has it: a QueryDict. Custom
    fields stand in it under the names of their filters; `custom` draws them."""

    q = forms.CharField(required=False, max_length=100)
    tag = forms.ModelChoiceField(
        CustomerTag.objects.filter(archived_at=None).order_by("name"),
        to_field_name="name",
        label=_("Tag"),
        required=False,
        empty_label=pgettext_lazy("tags", "Any"),
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    manager = forms.ChoiceField(label=_("Success manager"), required=False)
    tier = forms.ChoiceField(
        label=_("Tier"),
        choices=tier_choices(),
        required=False,
    )
    consent = forms.ChoiceField(
        label=_("What they agreed to"),
        choices=lambda: [("", pgettext_lazy("consents", "Anything")), *consent_choices()],
        required=False,
    )
    sort = forms.ChoiceField(label=_("Order"), choices=list(SORTS.items()), required=False)
    columns = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given: dict[str, list[str]] = dict(cast("QueryDict", self.data).lists())
        self.fields["manager"].choices = manager_choices()  # type: ignore[attr-defined]

    def clean_columns(self) -> tuple[str, ...]:
        names = tuple(one for one in self.cleaned_data["columns"].split(",") if one)
        known = {one.name for one in find_customer_columns(names)}
        for name in names:
            if name not in known:
                raise ValidationError(str(FilterNotKnown("columns", name[:60]).message))
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["fields"] = tuple(read_field_filters(self.given, OF_CUSTOMERS).values())
        except FilterNotKnown as unknown:
            self.add_error(None, str(unknown.message))
        return data

    @cached_property
    def custom(self) -> CustomFilters:
        drawn = forms.Form()
        filters = CustomFilters(drawn, [OF_CUSTOMERS])
        drawn.initial = {
            name: texts if name in filters.many else texts[-1]
            for name, texts in self.given.items()
        }
        return filters

    @property
    def carried(self) -> list[tuple[str, str]]:
        """All that narrows the list but its words, for the form that asks for other words."""
        left = {name: texts for name, texts in self.given.items() if name not in {"q", *_ASIDE}}
        return [(name, text) for name, texts in left.items() for text in texts]

    @property
    def undrawn(self) -> list[tuple[str, str]]:
        """Filters by fields that are archived: the form has no inputs for them and keeps them."""
        return [
            (name, text)
            for name, text in self.carried
            if name.startswith(OF_CUSTOMERS.prefix) and name not in self.custom.form.fields
        ]

    @property
    def wanted(self) -> CustomerQuery:
        """Of a valid form."""
        given = self.cleaned_data
        return CustomerQuery(
            words=given["q"].strip(),
            tag=given["tag"].name if given["tag"] else "",
            organisation=given["organisation"].strip(),
            manager=given["manager"],
            tier=given["tier"],
            consent=given["consent"],
            sort=given["sort"] or "newest",
            fields=given["fields"],
            columns=given["columns"],
        )


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices)
    value = forms.CharField(label=_("Contact"), max_length=254)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(choices=ConsentPurpose.choices)
    given = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda text: text == "1")
    channel = forms.ChoiceField(choices=ConsentChannel.choices, required=False)
