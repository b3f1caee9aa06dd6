"""What people enter about promised times and working hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from feedback.enums import DayKind, EscalateOn, EscalationKind, Metric, Priority
from feedback.models import BusinessCalendar, SLAPolicy
from feedback.rules.business_time import Spans
from feedback.rules.chinese_holidays import YEARS
from feedback.rules.ical import MAX_BYTES
from feedback.rules.working_hours import HoursNotReadable, read_spans, spans_in_words
from feedback.selectors.service_levels import week_of
from feedback.services.calendars import hours_refused
from feedback.services.sla_policies import Escalation, Promise

HOUR = 3600
MAX_HOURS = 366 * 24
ESCALATE = {
    EscalateOn.WARNING: _("Before the time is over"),
    EscalateOn.BREACH: _("When the time is over"),
}
# In the order in which a table shows them.
PRIORITIES = tuple(sorted(Priority, reverse=True))
METRICS = tuple(Metric)


class HoursField(forms.CharField):
    """The windows of a day: "09:00-12:00, 13:30-18:00"; empty = none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return read_spans(super().to_python(value) or "")
        except HoursNotReadable as refusal:
            raise forms.ValidationError(hours_refused(refusal)) from refusal

    def validate(self, value: Any) -> None: ...

    def run_validators(self, value: Any) -> None: ...

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else spans_in_words(value)


class CalendarForm(forms.ModelForm):
    """A calendar with one line of hours for each weekday."""

    # Not a field of the model form: that would refuse a second default, and a new default takes
    # the place of the old one.
    is_default = forms.BooleanField(label=_("used when nothing else is said"), required=False)

    class Meta:
        model = BusinessCalendar
        fields = ["name_zh", "name_en", "code", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        week = week_of(self.instance) if self.instance.pk else [()] * 7
        for number in range(7):
            self.fields[f"day_{number}"] = HoursField(
                label=WEEKDAYS[number], initial=spans_in_words(week[number])
            )
        self.fields["is_default"].initial = self.instance.is_default
        zone = cast("forms.CharField", self.fields["time_zone"])
        zone.widget.attrs["list"] = "time-zones"

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(7)]

    @property
    def week(self) -> list[Spans]:
        return [self.cleaned_data[f"day_{number}"] for number in range(7)]


class SpecialDayForm(forms.Form):
    date = forms.DateField(label=_("Date"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    spans = HoursField(
        label=_("Hours"), help_text=_("Empty on a working day: as on other working days.")
    )
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120, required=False)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)


class ImportForm(forms.Form):
    """Holidays from a file, or those of a year that we know."""

    file = forms.FileField(
        label=_("iCalendar file (.ics)"),
        required=False,
        widget=forms.ClearableFileInput({"accept": ".ics,text/calendar"}),
    )
    year = forms.TypedChoiceField(
        label=_("Public holidays of mainland China"),
        choices=[("", "–"), *((year, str(year)) for year in YEARS)],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is too big."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("year")):
            raise forms.ValidationError(_("Choose a file or a year."))
        return data


class FeedForm(forms.Form):
    """An address from which special days are fetched."""

    url = forms.CharField(
        label=_("Address of a calendar (.ics)"),
        max_length=1000,
        help_text=_(
            "Begins with https:// or webcal://. It is fetched now and every day; what you "
            "entered or switched off yourself stays."
        ),
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
    )


class PreviewForm(forms.Form):
    """If a message arrives then, and so many working hours are promised …"""

    at = forms.DateTimeField(
        label=_("A message arrives"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    hours = forms.DecimalField(
        label=_("Promised working hours"), min_value=0, max_value=MAX_HOURS, max_digits=8,
        decimal_places=2,
    )  # fmt: skip

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not date(2000, 1, 1) <= at.date() <= date(2100, 1, 1):
            raise forms.ValidationError(_("Choose a date of this century."))
        return at

    @staticmethod
    def usual() -> dict[str, Any]:
        return {"at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "hours": 8}


@dataclass(frozen=True, slots=True)
class Row:
    """What is promised of one kind: a cell for each priority, and how it is counted."""

    metric: Metric
    cells: list[forms.BoundField]
    business: forms.BoundField
    warn: forms.BoundField


class PolicyForm(forms.ModelForm):
    """A policy with a table of times: kinds down, priorities across. Hours; empty = nothing is
    promised. Whether they are working hours is said once for a kind."""

    class Meta:
        model = SLAPolicy
        fields = ["name_zh", "name_en", "code", "calendar", "is_active", "condition"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_calendars()
        targets, escalations = self._stored()
        for metric in METRICS:
            of_metric = {p: targets[p, metric] for p in PRIORITIES if (p, metric) in targets}
            some = next(iter(of_metric.values()), None)
            for priority in PRIORITIES:
                stored = of_metric.get(priority)
                self.fields[f"{metric}_{priority}"] = forms.DecimalField(
                    label=f"{metric.label}, {priority.label}",
                    required=False,
                    min_value=0,
                    max_value=MAX_HOURS,
                    max_digits=8,
                    decimal_places=4,
                    initial=None if stored is None else _plain(stored.seconds / HOUR),
                    widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
                )
            self.fields[f"{metric}_business"] = forms.BooleanField(
                label=_("in working hours"),
                required=False,
                initial=bool(some and some.business_time),
            )
            self.fields[f"{metric}_warn"] = forms.IntegerField(
                label=_("warn after (%)"),
                min_value=1,
                max_value=99,
                required=False,
                initial=some.warn_at_pct if some else 75,
            )
        for on in EscalateOn:
            for kind in EscalationKind:
                self.fields[f"{on}_{kind}"] = forms.BooleanField(
                    label=kind.label,
                    required=False,
                    initial=(on, kind) in escalations,
                )
        self.fields["move_to"] = forms.ModelChoiceField(
            Team.objects.active(),
            label=_("The other team"),
            required=False,
            empty_label="–",
            initial=next((team for team in escalations.values() if team is not None), None),
        )

    def _offer_calendars(self) -> None:
        field = cast("forms.ModelChoiceField[BusinessCalendar]", self.fields["calendar"])
        field.queryset = BusinessCalendar.objects.active()
        if not self.instance.pk:
            field.initial = BusinessCalendar.objects.filter(is_default=True).first()

    def _stored(self) -> tuple[dict[Any, Any], dict[Any, Any]]:
        if not self.instance.pk:
            return {}, {}
        targets = {
            (Priority(one.priority), Metric(one.metric)): one
            for one in self.instance.targets.all()
        }
        plain = self.instance.escalations.filter(metric="").select_related("team")
        return targets, {(one.on, one.kind): one.team for one in plain}

    @property
    def rows(self) -> Iterator[Row]:
        for metric in METRICS:
            yield Row(
                metric,
                [self[f"{metric}_{priority}"] for priority in PRIORITIES],
                self[f"{metric}_business"],
                self[f"{metric}_warn"],
            )

    @property
    def actions(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        for on in EscalateOn:
            yield ESCALATE[on], [self[f"{on}_{kind}"] for kind in EscalationKind]

    @property
    def promises(self) -> list[Promise]:
        data = self.cleaned_data
        return [
            Promise(
                priority,
                metric,
                round(data[f"{metric}_{priority}"] * HOUR),
                data[f"{metric}_business"],
                data[f"{metric}_warn"] or 75,
            )
            for metric in METRICS
            for priority in PRIORITIES
            if data[f"{metric}_{priority}"]
        ]

    @property
    def escalations(self) -> list[Escalation]:
        """Those that are ticked; those for one kind of promise only, which this form does not
        show, stay as they are."""
        data, found = self.cleaned_data, []
        for on in EscalateOn:
            for kind in EscalationKind:
                if data[f"{on}_{kind}"]:
                    to = data["move_to"] if kind == EscalationKind.MOVE_TEAM else None
                    found.append(Escalation(on, kind, team=to))
        if self.instance.pk:
            for one in self.instance.escalations.exclude(metric="").select_related("team"):
                kept = Escalation(EscalateOn(one.on), EscalationKind(one.kind), one.metric)
                found.append(
                    Escalation(kept.on, kept.kind, kept.metric, one.team) if one.team else kept
                )
        return found


def _plain(hours: float) -> str:
    """24 and not 24.0; 0.5."""
    return f"{hours:.4f}".rstrip("0").rstrip(".")
