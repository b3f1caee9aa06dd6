"""What staff enter about negative feedback and quality traces."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from feedback.enums import NegativePointKind, TraceState
from feedback.models import NegativeRule, Product, QualityTrace


class PointForm(forms.Form):
    kind = forms.ChoiceField(choices=NegativePointKind.choices)
    text = forms.CharField(max_length=5000, required=False)
    done = forms.BooleanField(required=False)


class NegativeRuleForm(forms.ModelForm):
    required = forms.MultipleChoiceField(
        label=_("Required before it is resolved"),
        choices=NegativePointKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = NegativeRule
        fields = ["condition", "required", "is_active"]


class TraceForm(forms.ModelForm):
    product = forms.ModelChoiceField(
        Product.objects.active(), label=_("Product"), required=False, empty_label="–"
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label="–"
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("how it stands", "State"), choices=TraceState.choices
    )

    class Meta:
        model = QualityTrace
        fields = [
            "state", "owner", "product", "batch", "order_number", "defect", "cause", "measure",
        ]  # fmt: skip
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("defect", "cause", "measure")}

    def offer(self, people: QuerySet[User], **more: Any) -> None:
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = people
