from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import SuppressionReason
from accounts.models import MailLimits


class MailLimitsForm(forms.ModelForm):
    class Meta:
        model = MailLimits
        fields = [
            "acknowledgements", "to_address", "about_record", "overall", "overall_minutes",
            "too_old_hours", "bounces", "bounced_days", "dead_days",
        ]  # fmt: skip


class BlockForm(forms.Form):
    """An address to which no automatic mail goes any more; cleaned `until` is a moment or None."""

    address = forms.EmailField(label=_("E-mail address"), max_length=254)
    note = forms.CharField(label=_("Why"), max_length=300)
    days = forms.IntegerField(
        label=_("For how many days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("Empty: until somebody lifts it."),
    )

    def arguments(self) -> dict[str, Any]:
        days = self.cleaned_data["days"]
        until: datetime | None = timezone.now() + timedelta(days=days) if days else None
        return {
            "address": self.cleaned_data["address"],
            "note": self.cleaned_data["note"],
            "until": until,
        }


class LiftForm(forms.Form):
    note = forms.CharField(max_length=300, error_messages={"required": _("Say why.")})


class BlockedFilterForm(forms.Form):
    q = forms.CharField(
        label=_("A piece of the address or name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search"}),
    )
    reason = forms.ChoiceField(label=_("Because"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Any")), *SuppressionReason.choices]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]
