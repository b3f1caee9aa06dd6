"""What is asked when the effect of a measure is measured."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from analytics.enums import EffectDesign
from analytics.rules.effects import AGAIN_AFTER, USUAL_WEEKS, WINDOWS
from analytics.selectors.category_names import category_names
from analytics.selectors.effect_asked import EffectAsked, metrics_for
from analytics.selectors.facts.dimension import DIMENSIONS
from feedback.enums import CUSTOMER_CHANNELS
from feedback.models import Product
from feedback.selectors.kept_settings import categories

# The dimensions that the page offers; programs may use all that a figure knows.
OFFERED = ("category", "team", "channel", "product")
USUAL_AGAIN = 12


class EffectForm(forms.Form):
    metric = forms.ChoiceField(label=_("Figure"))
    category = forms.ChoiceField(label=_("Category"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    in_force = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day on which customers could notice."),
    )
    weeks_before = forms.TypedChoiceField(label=_("Weeks before"), coerce=int)
    weeks_after = forms.TypedChoiceField(label=_("Weeks after"), coerce=int)
    design = forms.ChoiceField(
        label=_("How it is told from what would have happened anyhow"),
        choices=EffectDesign.choices,
        widget=forms.RadioSelect,
    )
    untouched = forms.ChoiceField(
        label=_("Left untouched"),
        required=False,
        help_text=_("Only for the comparison with what was left untouched."),
    )
    again_weeks = forms.TypedChoiceField(
        label=_("Remind the owner to measure again"), coerce=int, initial=USUAL_AGAIN
    )

    def offer(self, user: User) -> None:
        """What this person may ask for."""
        values = offered_values()
        self._choices("metric", [(key, one.name) for key, one in metrics_for(user).items()])
        for name in OFFERED:
            self._choices(name, [("", _("Any")), *values[name]])
        groups = [
            (str(DIMENSIONS[name].label), [(f"{name}:{key}", label) for key, label in rows])
            for name, rows in values.items()
        ]
        self._choices("untouched", [("", "—"), *groups])
        weeks = [(n, ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}) for n in WINDOWS]
        self._choices("weeks_before", weeks)
        self._choices("weeks_after", weeks)
        again = [
            (n, ngettext("in %(n)s week", "in %(n)s weeks", n) % {"n": n} if n else _("never"))
            for n in AGAIN_AFTER
        ]
        self._choices("again_weeks", again)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def asked(self) -> EffectAsked:
        data = self.cleaned_data
        kind, _colon, value = data["untouched"].partition(":")
        is_controlled = data["design"] == EffectDesign.CONTROLLED
        return EffectAsked(
            data["metric"],
            EffectDesign(data["design"]),
            data["in_force"],
            data["weeks_before"],
            data["weeks_after"],
            {name: data[name] for name in OFFERED if data[name]},
            (kind, value) if value and is_controlled else None,
        )


def initial_of(wanted: EffectAsked) -> dict[str, Any]:
    untouched = ":".join(wanted.untouched) if wanted.untouched else ""
    return {
        **{name: wanted.filters.get(name, "") for name in OFFERED},
        "metric": wanted.metric,
        "design": wanted.design,
        "in_force": wanted.in_force,
        "weeks_before": _offered(wanted.weeks_before),
        "weeks_after": _offered(wanted.weeks_after),
        "untouched": untouched,
    }


def _offered(weeks: int) -> int:
    return weeks if weeks in WINDOWS else USUAL_WEEKS


def offered_values() -> dict[str, list[tuple[str, Any]]]:
    """Of each dimension of OFFERED: values as addresses write them, with their names."""
    known = categories()
    names = sorted(category_names().items(), key=lambda one: known[one[0]].path)
    return {
        "category": [(known[pk].code, name) for pk, name in names],
        "team": [(str(team.pk), str(team)) for team in Team.objects.order_by("pk")],
        "channel": [(one.value, one.label) for one in CUSTOMER_CHANNELS],
        "product": [(one.code, str(one)) for one in Product.objects.order_by("code")],
    }
