"""The form for what staff write down for a customer."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Customer
from accounts.rules.contact import is_email
from config.kernel.tokens import new_secret
from feedback.enums import Channel, Priority
from feedback.forms.custom_inputs import (
    AsksMore,
    add_inputs,
    values_in,
)
from feedback.forms.public import SeveralFiles
from feedback.forms.queue import category_choices
from feedback.models import Category, Product
from feedback.selectors.custom_fields import Imagined, fields_of_feedback

# By these somebody speaks to a person of ours; the others come in by themselves.
TAKEN_DOWN = (
    Channel.PHONE,
    Channel.VISIT,
    Channel.PAPER,
    Channel.WECHAT,
    Channel.WEIBO,
    Channel.FACEBOOK,
    Channel.CHAT,
    Channel.EMAIL,
)


class NewFeedbackForm(AsksMore):
    """Its cleaned data are the arguments of services.take_down.take_down_feedback."""

    submission_key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    customer = forms.ModelChoiceField(
        Customer.objects.known(), required=False, widget=forms.HiddenInput
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.CharField(
        label=pgettext_lazy("a contact", "E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"type": "email"}),
    )
    channel = forms.ChoiceField(
        label=_("How"),
        choices=[(one.value, one.label) for one in TAKEN_DOWN],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What they said"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("In their words, as far as you can."),
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=255,
        required=False,
        help_text=_("Empty: the first words of the text."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=list(reversed(Priority.choices)),
        coerce=int,
        initial=Priority.NORMAL,
    )
    product = forms.ModelChoiceField(
        Product.objects.active(), label=_("Product"), required=False, empty_label="–"
    )
    order_number = forms.CharField(label=_("Order number"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    files = SeveralFiles(label=_("Files"), required=False)  # type: ignore[assignment]
    take_it = forms.BooleanField(label=_("I take care of it"), required=False, initial=True)
    acknowledge = forms.BooleanField(
        label=_("Send the customer an acknowledgement by e-mail"), required=False, initial=True
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        initial = {"submission_key": new_secret(24)} | kwargs.pop("initial", {})
        super().__init__(data, files, initial=initial, **kwargs)
        categories = category_choices(Category.objects.active())
        cast("forms.ChoiceField", self.fields["category"]).choices = [("", "–"), *categories]
        self._ask_more()

    def _ask_more(self) -> None:
        """Inputs of custom fields, as far as is known what it is about."""
        chosen = str(self["category"].value() or "")
        category = Category.objects.active().filter(code=chosen).first() if chosen else None
        channel, language = (str(self[name].value() or "") for name in ("channel", "language"))
        record = Imagined(category=category, channel=channel, language=language)
        self.more = fields_of_feedback(record)
        add_inputs(self, self.more, {one.code: one.default for one in self.more})

    @property
    def wanted(self) -> dict[str, Any]:
        """The cleaned data as the service takes them."""
        own = {name: self.cleaned_data[name] for name in self.base_fields}
        return own | {"custom": values_in(self.cleaned_data)}

    def clean_email(self) -> str:
        value: str = self.cleaned_data["email"].strip()
        if value and not is_email(value):
            raise forms.ValidationError(_("This is not an address that mail can be sent to."))
        return value

    def clean_category(self) -> Category | None:
        code = self.cleaned_data["category"]
        return Category.objects.active().filter(code=code).first() if code else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known = data.get("customer") or any(data.get(one) for one in ("name", "phone", "email"))
        if not known and "email" not in self.errors:
            self.add_error("name", _("Say who it was: choose a customer, or give a name."))
        return data
