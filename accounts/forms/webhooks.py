from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import WebhookState
from accounts.models import WebhookEndpoint
from accounts.selectors.webhook_events import event_choices


class WebhookForm(forms.ModelForm):
    """A webhook; its cleaned data are the arguments of create_webhook and change_webhook."""

    event_types = forms.MultipleChoiceField(
        label=_("Events"), widget=forms.CheckboxSelectMultiple, choices=event_choices
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["name", "url", "event_types", "condition"]
        help_texts = {
            "name": _("Who is told, so that colleagues know what stops when it is paused."),
            "url": _("Begins with https:// and leads to another system, not into this network."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].widget.input_type = "url"


class DeliveryFilterForm(forms.Form):
    """What the log is narrowed to. Anything that does not exist is an error."""

    state = forms.ChoiceField(label=pgettext_lazy("how it stands", "State"), required=False)
    event = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, *args: Any, events: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = ("", _("Any"))
        self.fields["state"].choices = [some, *WebhookState.choices]  # type: ignore[attr-defined]
        self.fields["event"].choices = [some, *events]  # type: ignore[attr-defined]


class ResendForm(forms.Form):
    """Since when what was given up is sent again."""

    days = forms.TypedChoiceField(
        label=_("Given up within"),
        coerce=int,
        widget=forms.Select({"class": "input"}),
        choices=[(1, _("the last day")), (7, _("the last 7 days")), (30, _("the last 30 days"))],
    )
