"""What staff enter about commitments."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import CommitmentKind, Decision
from feedback.models import Commitment
from feedback.rules.commitments import Said

# What only one kind has.
_OF_KIND = {
    CommitmentKind.DECISION: ("decision",),
    CommitmentKind.COMPENSATION: ("goods", "amount"),
}


class CommitmentForm(forms.Form):
    """A commitment of one kind; fields that this kind has not are left out."""

    decision = forms.ChoiceField(
        label=_("What was decided"), choices=[("", "–"), *Decision.choices]
    )
    goods = forms.CharField(
        label=_("What we offer"),
        max_length=200,
        required=False,
        help_text=_("In words: a refund, a new filter, a year of warranty. Empty: money."),
    )
    amount = forms.DecimalField(
        label=_("Amount, or what it is worth"),
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
    )
    staff_text = forms.CharField(
        label=_("What we do"), max_length=5000, widget=forms.Textarea({"rows": 3})
    )
    customer_text = forms.CharField(
        label=_("For the customer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    is_visible = forms.BooleanField(label=_("Show it on the customer's page"), required=False)
    due_on = forms.DateField(
        label=_("Promised for"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("News for the customer are due on the working day before."),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), required=False, empty_label="–"
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: CommitmentKind,
        people: QuerySet[User],
        language: str,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        self.kind = kind
        for of, names in _OF_KIND.items():
            if of != kind:
                for name in names:
                    del self.fields[name]
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = people
        text = self.fields["customer_text"]
        text.widget.attrs["lang"] = language
        if kind == CommitmentKind.DECISION:
            text.required = True
            text.help_text = _("Why, and what happens now: in the customer's language.")
        else:
            text.help_text = _("In the customer's language.")

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(
            kind=self.kind,
            staff_text=data["staff_text"],
            customer_text=data["customer_text"],
            is_visible=data["is_visible"],
            due_on=data["due_on"],
            decision=data.get("decision", ""),
            amount=data.get("amount"),
            goods=data.get("goods", ""),
        )


def as_it_is(commitment: Commitment) -> dict[str, Any]:
    """What the form shows of a commitment that exists."""
    names = (
        "decision", "goods", "amount", "staff_text", "customer_text", "is_visible", "due_on",
        "owner",
    )  # fmt: skip
    return {name: getattr(commitment, name) for name in names}


class OutcomeOfCommitmentForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
