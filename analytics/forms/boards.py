"""What people type about dashboards and notes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import Team
from analytics.enums import BoardScope, MailRhythm
from analytics.forms.share_results import DAYS
from analytics.models import TimelineNote
from analytics.selectors.choice import PRESETS


class NewBoardForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a dashboard", "Name"), max_length=80)


class BoardForm(forms.Form):
    """Its name, for whom it is, and where it begins."""

    name = forms.CharField(label=pgettext_lazy("of a dashboard", "Name"), max_length=80)
    scope = forms.ChoiceField(label=gettext_lazy("For"), choices=BoardScope.choices)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"), queryset=Team.objects.none(), required=False
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Period"), coerce=int)
    compares = forms.BooleanField(label=gettext_lazy("Beside the period before"), required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(n, ngettext("%(n)d day", "%(n)d days", n) % {"n": n}) for n in PRESETS]
        if not may_share:
            del self.fields["scope"], self.fields["team"]
            return
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(pk__in=[one.pk for one in teams])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("scope") == BoardScope.TEAM and not found.get("team"):
            self.add_error("team", _("Say which team it is for."))
        return found


class NoteForm(forms.ModelForm):
    link = forms.URLField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        model = TimelineNote
        fields = ["day", "kind", "text", "link", "team"]
        widgets = {"day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(pk__in=[one.pk for one in teams])
        team.empty_label = _("Everybody")


class LinkForm(forms.Form):
    """For how long."""

    days = forms.TypedChoiceField(label=gettext_lazy("The link works for"), coerce=int, initial=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(n, ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in DAYS]


class MailForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[("", gettext_lazy("Not by mail")), *MailRhythm.choices],
        required=False,
    )
