"""What people say about alerts and their rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Tier
from accounts.models import Organisation, Team, User
from accounts.selectors.people import holds
from analytics.enums import AlertKind, AlertSides, Dismissal, Sensitivity
from analytics.metrics.daily import WATCHABLE
from analytics.models import AlertRule
from analytics.models.alert_rule import OF_CUSTOMERS
from analytics.rules.alerts import SERIES
from analytics.selectors.choice import teams_of
from analytics.selectors.facts.dimension import DIMENSIONS, MOODS
from feedback.enums import Channel, JourneyStage, Priority
from feedback.models import Category, Product
from feedback.selectors.further_filters import SEES_CUSTOMERS

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
# Fields that a kind has no use for.
_WITHOUT: dict[str, set[str]] = {
    AlertKind.METRIC: set(),
    AlertKind.NEGATIVE: {"metric", "sides"},
    AlertKind.TOPIC: {"metric", "sides", "each"},
    AlertKind.CUSTOMER: {"metric", "sides", "each", "sensitivity"},
}


class DismissForm(forms.Form):
    why = forms.ChoiceField(
        label=pgettext_lazy("of an alert", "Why"),
        choices=Dismissal.choices,
        widget=forms.RadioSelect,
        initial=Dismissal.FALSE_ALARM,
    )
    note = forms.CharField(
        label=_("Cause, or what was wrong with it"), max_length=300, required=False
    )


class AlertRuleForm(forms.Form):
    """A rule of one kind. What it is narrowed by are fields `only_…`, one value each; filters
    with several values, which programs may make, stay as they are."""

    name = forms.CharField(
        label=pgettext_lazy("of a rule", "Name"),
        max_length=80,
        required=False,
        help_text=_("Without one it is called by what it watches."),
    )
    metric = forms.ChoiceField(
        label=_("Metric"), choices=lambda: [(key, one.name) for key, one in WATCHABLE.items()]
    )
    each = forms.ChoiceField(
        label=_("Each by itself"),
        required=False,
        choices=lambda: [
            ("", _("no, all together")),
            *((one, DIMENSIONS[one].label) for one in SERIES),
        ],
        help_text=_("However many are watched: false alarms are counted for all together."),
    )
    sides = forms.ChoiceField(label=_("Which way"), choices=AlertSides.choices)
    sensitivity = forms.ChoiceField(
        label=_("Sensitivity"), choices=Sensitivity.choices, initial=Sensitivity.QUARTER
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Only a team"),
        required=False,
        help_text=_(
            "Only its records are watched, and its members see the alerts. Without a team, only "
            "people who see every team do."
        ),
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who is told: people"),
        required=False,
        help_text=_("Nobody and no team: everybody who may acknowledge alerts and see this one."),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("Who is told: all of these teams"), required=False
    )
    by_mail = forms.BooleanField(
        label=_("By mail too, for those who have not chosen otherwise"),
        required=False,
        initial=True,
    )
    quiet_from = forms.TypedChoiceField(
        label=_("No mail from"), choices=HOURS, coerce=int, initial=21
    )
    quiet_to = forms.TypedChoiceField(
        label=pgettext_lazy("hour", "Until"), choices=HOURS, coerce=int, initial=8
    )
    snoozed_until = forms.DateField(
        label=_("Tell nobody until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Alerts are raised all the same, and stand in the list."),
    )
    is_active = forms.BooleanField(label=_("At work"), required=False, initial=True)

    def __init__(self, *args: Any, rule: AlertRule, user: User, **kwargs: Any) -> None:
        self.rule = rule
        kwargs.setdefault("initial", self._initial(rule) if rule.pk else None)
        super().__init__(*args, **kwargs)
        for name in _WITHOUT[rule.kind]:
            del self.fields[name]
        mine: Any = self.fields["team"]
        mine.queryset = Team.objects.filter(pk__in=[one.pk for one in teams_of(user)])
        mine.required = not user.has_perm("accounts.view_every_team")
        told: Any = self.fields["people"]
        people = User.objects.filter(holds("view_alert"), is_active=True)
        told.queryset = people.distinct().order_by("name", "pk")
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.active()
        told_of_customers = user.has_perm(SEES_CUSTOMERS)
        for name, choices in _narrowing(rule.kind).items():
            if told_of_customers or name not in OF_CUSTOMERS:
                self._offer(name, choices)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        kept = self.rule.filters.get(name, [])
        known = {str(value) for value, _words in choices}
        if not choices or len(kept) > 1 or not known.issuperset(kept):
            return
        self.fields[f"only_{name}"] = forms.ChoiceField(
            label=str(DIMENSIONS[name].label),
            choices=[("", _("All")), *choices],
            required=False,
            initial=kept[0] if kept else "",
        )

    @staticmethod
    def _initial(rule: AlertRule) -> dict[str, Any]:
        names = (
            "name", "metric", "each", "sides", "sensitivity", "by_mail", "quiet_from", "quiet_to",
            "snoozed_until", "is_active",
        )  # fmt: skip
        return {
            **{name: getattr(rule, name) for name in names},
            "team": rule.team_id,
            "people": list(rule.people.values_list("pk", flat=True)),
            "teams": list(rule.teams.values_list("pk", flat=True)),
        }

    @property
    def narrowing(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("only_")]

    @property
    def given(self) -> dict[str, Any]:
        """As services.alert_rules wants it."""
        cleaned = dict(self.cleaned_data)
        filters = dict(self.rule.filters)
        for name in [one for one in cleaned if one.startswith("only_")]:
            value = cleaned.pop(name)
            filters[name.removeprefix("only_")] = [value] if value else []
        return {**cleaned, "filters": filters}


def _narrowing(kind: str) -> dict[str, list[tuple[Any, Any]]]:
    if kind == AlertKind.TOPIC:
        return {}
    if kind == AlertKind.CUSTOMER:
        organisations = Organisation.objects.order_by("name")[:500]
        return {
            "tier": list(Tier.choices),
            "organisation": [(str(one.pk), str(one)) for one in organisations],
        }
    found: dict[str, list[tuple[Any, Any]]] = {
        "branch": [(one.code, one.name) for one in Category.objects.filter(parent=None)],
        "channel": list(Channel.choices),
        "product": [(one.code, one.name) for one in Product.objects.all()],
        "tier": list(Tier.choices),
        "stage": list(JourneyStage.choices),
        "priority": [(str(value), words) for value, words in Priority.choices],
    }
    if kind == AlertKind.METRIC:
        found["mood"] = [(one.value, one.label) for one in MOODS]
    return found
