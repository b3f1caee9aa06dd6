"""What people type to thank a colleague."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ThanksForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name", "pk"),
        label=_("Colleague"),
        empty_label="–",
    )
    text = forms.CharField(
        label=_("For what"),
        max_length=400,
        help_text=_("Colleagues read it on the board. Leave customers' names and numbers out."),
        widget=forms.Textarea({"rows": 3}),
    )

    def offer(self, user: User) -> None:
        """Everybody who works here but oneself."""
        to = cast("forms.ModelChoiceField[Any]", self.fields["to"])
        to.queryset = to.queryset.exclude(pk=user.pk)  # type: ignore[union-attr]
