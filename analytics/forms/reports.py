"""What people fill in about reports."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import ReportEvery, ReportLanguage
from analytics.selectors.choice import LONGEST, teams_of
from feedback.selectors.queue_filters import NONE


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class _AboutTeams(forms.Form):
    """Of which team: all that one may see, one of them, or what no team has."""

    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        teams = [(str(one.pk), one.name) for one in teams_of(user)]
        field.choices = [("", _("All teams")), *teams, (NONE, _("No team"))]

    @property
    def filters(self) -> dict[str, str]:
        team = self.cleaned_data.get("team", "")
        return {"team": team} if team else {}


class ReportForm(_AboutTeams):
    """What a report is called and about."""

    title = forms.CharField(label=_("Title"), max_length=200)
    first = _day(_("First day"))
    last = _day(_("Last day"))
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=ReportLanguage.choices,
        help_text=_("Its sentences are written in it, whatever its readers have chosen."),
    )
    field_order = ("title", "first", "last", "language", "team")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first: date | None = found.get("first")
        last: date | None = found.get("last")
        if first and last and first > last:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("first", _("A report is about ten years at most."))
        elif first and not 2000 <= first.year < 2200:
            self.add_error("first", _("Choose a day after the year 2000."))
        return found

    @property
    def given(self) -> dict[str, Any]:
        names = ("title", "language", "first", "last")
        return {**{name: self.cleaned_data[name] for name in names}, "filters": self.filters}


class ScheduleForm(_AboutTeams):
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("The month or quarter is written behind it."),
    )
    every = forms.ChoiceField(label=_("How often"), choices=ReportEvery.choices)
    language = forms.ChoiceField(label=_("Language of the report"), choices=ReportLanguage.choices)
    is_active = forms.BooleanField(label=_("At work"), required=False, initial=True)
    field_order = ("title", "every", "language", "team", "is_active")

    @property
    def given(self) -> dict[str, Any]:
        names = ("title", "every", "language", "is_active")
        return {**{name: self.cleaned_data[name] for name in names}, "filters": self.filters}


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


class IssueForm(forms.Form):
    """Whoever issues a report in which personal data was found says that it may be there."""

    has_looked = forms.BooleanField(
        label=_("I have looked at each of them: it may be in the report."), required=False
    )
