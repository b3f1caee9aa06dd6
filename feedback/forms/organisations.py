from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, User
from feedback.forms.customers import manager_choices, tier_choices
from feedback.selectors.organisations import OrganisationQuery


class OrganisationForm(forms.ModelForm):
    """Its cleaned data are the fields of accounts.services.organisations.change_organisation."""

    for_people = forms.BooleanField(
        label=_("Success manager and tier also for everybody who belongs to it"), required=False
    )

    class Meta:
        model = Organisation
        fields = ["name", "domain", "tier", "owner", "note"]
        help_texts = {
            "domain": _("Such as example.com: who writes from there is suggested as one of them.")
        }
        widgets = {"note": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(is_active=True).order_by("name")
        owner.empty_label = "–"
        if self.instance.pk is None:
            del self.fields["for_people"]


class OrganisationFilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    manager = forms.ChoiceField(label=_("Success manager"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    use = forms.ChoiceField(choices=[("", ""), ("archived", "")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The labels are hidden in the row above the list: what is not chosen names itself.
        managers, tiers = manager_choices(), tier_choices()
        managers[0] = ("", pgettext_lazy("managers", "Any success manager"))
        tiers[0] = ("", pgettext_lazy("tiers", "Any tier"))
        for name, choices in (("manager", managers), ("tier", tiers)):
            field: Any = self.fields[name]
            field.choices = choices
            field.widget.attrs["class"] = "input"

    @property
    def wanted(self) -> OrganisationQuery:
        """Of a valid form."""
        given = self.cleaned_data
        return OrganisationQuery(
            words=given["q"].strip(),
            manager=given["manager"],
            tier=given["tier"],
            is_archive=given["use"] == "archived",
        )
