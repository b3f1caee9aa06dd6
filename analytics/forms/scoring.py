"""The inputs of each scheme, with what each of their numbers means."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.enums import ScoreScheme
from analytics.rules.scoring import MOST_EFFORT, MOST_REACH


def _tens(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=1, max_value=10)


class RiceForm(forms.Form):
    reach = forms.IntegerField(
        label=pgettext_lazy("of a problem", "Reach"),
        min_value=0,
        max_value=MOST_REACH,
        help_text=_("Customers in a quarter; proposed from the evidence."),
    )
    impact = forms.TypedChoiceField(
        label=pgettext_lazy("of a problem", "Impact"),
        coerce=float,
        choices=[
            ("3.0", pgettext_lazy("impact", "3 – massive")),
            ("2.0", pgettext_lazy("impact", "2 – high")),
            ("1.0", pgettext_lazy("impact", "1 – medium")),
            ("0.5", pgettext_lazy("impact", "0.5 – low")),
            ("0.25", pgettext_lazy("impact", "0.25 – minimal")),
        ],
        help_text=_("On each of them."),
    )
    confidence = forms.TypedChoiceField(
        label=pgettext_lazy("in a score", "Confidence"),
        coerce=float,
        choices=[
            ("1.0", pgettext_lazy("confidence", "100 % – high")),
            ("0.8", pgettext_lazy("confidence", "80 % – medium")),
            ("0.5", pgettext_lazy("confidence", "50 % – low")),
        ],
        help_text=_("How sure these numbers are."),
    )
    effort = forms.FloatField(
        label=pgettext_lazy("in a score", "Effort"),
        min_value=0.01,
        max_value=MOST_EFFORT,
        help_text=_("Person-months of everybody who works on it, more than nothing."),
    )


class IceForm(forms.Form):
    impact = _tens(pgettext_lazy("of a problem", "Impact"), _("1 hardly any to 10 massive."))
    confidence = _tens(pgettext_lazy("in a score", "Confidence"), _("1 a guess to 10 certain."))
    ease = _tens(pgettext_lazy("in a score", "Ease"), _("1 very hard to 10 done at once."))


class FmeaForm(forms.Form):
    severity = _tens(
        _("Severity"),
        _(
            "1 nobody notices to 10 dangerous. With 9 or 10 it comes first whatever the"
            " product is."
        ),
    )
    occurrence = _tens(
        pgettext_lazy("in a score", "Occurrence"), _("1 hardly ever to 10 all the time.")
    )
    detection = _tens(
        pgettext_lazy("in a score", "Detection"),
        _("1 found for certain before a customer notices to 10 found by nobody."),
    )


_FORMS: dict[ScoreScheme, type[forms.Form]] = {
    ScoreScheme.RICE: RiceForm,
    ScoreScheme.ICE: IceForm,
    ScoreScheme.FMEA: FmeaForm,
}


def form_for(scheme: ScoreScheme, data: Any, *, initial: dict[str, Any]) -> forms.Form:
    known = _FORMS[scheme].base_fields
    choices = {"impact", "confidence"} if scheme == ScoreScheme.RICE else set()
    first = {
        name: str(float(value)) if name in choices else value
        for name, value in initial.items()
        if name in known
    }
    return _FORMS[scheme](data, initial=first)
