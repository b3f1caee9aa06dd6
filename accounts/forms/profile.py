from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.enums import AfterReply, WeeklyMail
from accounts.models import User


class ProfileForm(forms.Form):
    """What people set for themselves; its fields are the arguments of change_profile."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser says")), *settings.LANGUAGES],
    )
    after_reply = forms.ChoiceField(
        label=_("After sending a reply"), choices=AfterReply.choices, widget=forms.RadioSelect
    )
    shortcuts_on = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        help_text=_("Single letters such as r for reply; press ? for the list."),
        required=False,
    )
    weekly_mail = forms.ChoiceField(
        label=_("Mail about last week"),
        help_text=_("On the first working day of a week, when something happened."),
        choices=WeeklyMail.choices,
    )
    on_board = forms.BooleanField(
        label=_("Show me on the recognition board"),
        help_text=_("Without it colleagues see neither what you are thanked for nor by whom."),
        required=False,
    )

    @classmethod
    def of(cls, user: User, data: Any = None) -> "ProfileForm":
        return cls(data, initial={name: getattr(user, name) for name in cls.base_fields})
