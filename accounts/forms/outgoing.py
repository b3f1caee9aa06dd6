from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import OutgoingState
from accounts.selectors.outgoing import CAME_BACK
from accounts.services.mail_queue import Waiting


class OutgoingFilterForm(forms.Form):
    """What the list is narrowed to."""

    state = forms.ChoiceField(label=pgettext_lazy("how it stands", "State"), required=False)
    q = forms.CharField(label=_("Address or subject"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            *OutgoingState.choices,
            (CAME_BACK, _("Came back")),
        ]


class ReleaseForm(forms.Form):
    """What becomes of the mail that waited."""

    waiting = forms.ChoiceField(
        label=_("Mail that waits"),
        widget=forms.RadioSelect,
        initial=Waiting.CANCEL_EARLIER,
        choices=[
            (Waiting.CANCEL_EARLIER, _("Cancel what was written before, send what came since")),
            (Waiting.SEND, _("Send all of it")),
            (Waiting.CANCEL, _("Cancel all of it")),
        ],
    )
