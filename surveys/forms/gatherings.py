"""What staff fill in about events."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from accounts.rules.contact import is_email
from config.kernel.tokens import new_secret
from feedback.models import Category
from surveys.enums import GatheringState, SurveyStatus
from surveys.models import Booking, Gathering, Survey
from surveys.rules.gathering_times import faults_of_times
from surveys.rules.reminding import OFFERED

ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Europe/London",
    "Europe/Berlin", "Europe/Paris", "Europe/Moscow", "Africa/Johannesburg",
    "America/Sao_Paulo", "America/New_York", "America/Chicago", "America/Los_Angeles", "UTC",
)  # fmt: skip
_MOMENTS = ("begins_at", "ends_at", "opens_at", "closes_at")
_REMINDERS = {
    10080: _("1 week before"),
    2880: _("2 days before"),
    1440: _("1 day before"),
    180: _("3 hours before"),
    60: _("1 hour before"),
    15: _("15 minutes before"),
}


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class GatheringForm(forms.ModelForm):
    """Its moments are as the clocks of the chosen time zone show them."""

    time_zone = forms.ChoiceField(label=_("Time zone"))
    reminders = forms.TypedMultipleChoiceField(
        label=_("Reminders by mail"),
        coerce=int,
        required=False,
        choices=[(one, _REMINDERS[one]) for one in OFFERED],
        widget=forms.CheckboxSelectMultiple,
    )

    online_link = forms.URLField(
        label=_("Link to take part"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only whoever has a place sees it."),
        widget=forms.URLInput({"placeholder": "https://"}),
    )

    class Meta:
        model = Gathering
        fields = [
            "kind", "title_zh", "title_en", "description_zh", "description_en", "time_zone",
            "begins_at", "ends_at", "place_zh", "place_en", "online_link", "capacity",
            "has_waiting_list", "opens_at", "closes_at", "slug", "reminders", "survey",
            "asked_after", "survey_hours", "owner", "team",
        ]  # fmt: skip
        widgets = {
            **{name: _moment() for name in _MOMENTS},
            "description_zh": forms.Textarea({"rows": 4}),
            "description_en": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "title_zh": _("One of the two is enough."),
            "opens_at": _("Empty: as soon as it is published."),
            "survey": _("One that is running."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        one = self.instance
        zones = dict.fromkeys([one.time_zone, settings.TIME_ZONE, *ZONES])
        fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        for name in _MOMENTS:
            moment = getattr(one, name)
            if moment is not None:
                self.initial[name] = timezone.make_naive(moment, ZoneInfo(one.time_zone))
        others = sorted({*one.reminders} - {*OFFERED}, reverse=True)
        fields["reminders"].choices += [(n, _("%(n)s minutes before") % {"n": n}) for n in others]
        surveys = Survey.objects.filter(status=SurveyStatus.RUNNING)
        fields["survey"].queryset = surveys | Survey.objects.filter(pk=one.survey_id or 0)
        fields["survey"].empty_label = _("None")
        fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")
        fields["team"].queryset = Team.objects.active()
        for name in ("title_zh", "title_en"):  # one of them is enough
            fields[name].required = False
        if one.pk is not None and one.state != GatheringState.DRAFT:
            fields["slug"].disabled = True
            fields["slug"].help_text = _("Links lead to it: it stays.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        zone = cleaned.get("time_zone")
        for name in _MOMENTS:
            moment: datetime | None = cleaned.get(name)
            if moment is not None and not 2000 <= moment.year < 2100:
                self.add_error(name, _("Choose a date of this century."))
            elif moment is not None and zone:
                # Read as the clocks here show it; meant as those of the place do.
                cleaned[name] = timezone.make_naive(moment).replace(tzinfo=ZoneInfo(zone))
        # Asked here too so that all of them are shown at once, each at its field.
        for name, why in faults_of_times(**{name: cleaned.get(name) for name in _MOMENTS}).items():
            self.add_error(name, str(why))
        if not cleaned.get("title_zh") and not cleaned.get("title_en"):
            self.add_error("title_zh", _("Give it a title in one language at least."))
        return cleaned


class ParticipantForm(forms.Form):
    """Somebody whom staff sign up, or who just came in."""

    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    came = forms.BooleanField(label=_("Is here"), required=False)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if address and not is_email(address):
            raise forms.ValidationError(_("This is not an address that mail can be sent to."))
        return address


class CallOffForm(forms.Form):
    why_zh = forms.CharField(label=_("Why (Chinese)"), max_length=500, required=False)
    why_en = forms.CharField(label=_("Why (English)"), max_length=500, required=False)


class NoteForm(forms.Form):
    """What somebody said, or the group."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    booking = forms.ModelChoiceField(
        Booking.objects.none(),
        label=_("Who said it"),
        required=False,
        empty_label=_("The group, or nobody in particular"),
    )
    text = forms.CharField(
        label=pgettext_lazy("at an event", "What was said"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One thing in each note: each becomes feedback of its own."),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Category"),
        required=False,
        empty_label=pgettext_lazy("a category", "Chosen by itself"),
    )
    as_feedback = forms.BooleanField(label=_("Make feedback of it"), required=False, initial=True)

    def __init__(self, data: Any = None, *, gathering: Gathering) -> None:
        super().__init__(data, initial={"key": new_secret(18)})
        fields: dict[str, Any] = self.fields
        fields["booking"].queryset = gathering.bookings.booked().order_by("name")
        fields["booking"].label_from_instance = lambda one: one.called
        fields["category"].queryset = Category.objects.active()
