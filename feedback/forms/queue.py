"""The filter form of the queue. It only draws: what it sends is read by selectors.queue."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from feedback.enums import Channel, Priority, QualityBand
from feedback.forms.custom_filters import CustomFilters
from feedback.models import Category, FormDefinition, Product, Status
from feedback.selectors.queue import VIEWS, QueueState
from feedback.selectors.queue_filters import ME, NONE, WORDS_LENGTH

_ANY = ("", _("Any"))
_FROM = pgettext_lazy("a day", "from")
_DAY = {"type": "date"}
# Fields in which one value is chosen; more of them in the URL travel as hidden inputs.
SINGLE = ("category", "team", "assignee", "product", "form", "tag", "customer")
# Fields with a box for each value.
MANY = ("status", "priority", "channel", "score", "quality")
PERIODS = ("received", "answered", "resolved", "rated")


def category_choices(categories: Iterable[Category]) -> list[tuple[str, str]]:
    """The tree as a list: each branch below its parent, moved in by its depth."""
    children: dict[int | None, list[Category]] = {}
    for category in categories:
        children.setdefault(category.parent_id, []).append(category)
    listed: list[tuple[str, str]] = []

    def walk(parent: int | None, depth: int) -> None:
        for category in children.get(parent, []):
            listed.append((category.code, "\u2003" * depth + category.name))
            walk(category.pk, depth + 1)

    walk(None, 0)
    return listed


def _checks(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class QueueFilterForm(forms.Form):
    """Everything a list can be narrowed by, filled in as the list is now."""

    view = forms.ChoiceField(label=pgettext_lazy("which list", "Show"), required=False)
    q = forms.CharField(label=_("Words"), required=False, max_length=WORDS_LENGTH)
    status = _checks(_("Status"))
    priority = _checks(_("Priority"))
    channel = _checks(_("Channel"))
    category = forms.ChoiceField(label=_("Category"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False)
    tag = forms.CharField(label=_("Tag"), required=False)
    score = _checks(_("Rating"))
    quality = _checks(_("Quality"))
    received_from = forms.DateField(label=_FROM, required=False, widget=forms.DateInput(_DAY))
    received_to = forms.DateField(label=_("until"), required=False, widget=forms.DateInput(_DAY))
    answered_from = forms.DateField(label=_FROM, required=False, widget=forms.DateInput(_DAY))
    answered_to = forms.DateField(label=_("until"), required=False, widget=forms.DateInput(_DAY))
    resolved_from = forms.DateField(label=_FROM, required=False, widget=forms.DateInput(_DAY))
    resolved_to = forms.DateField(label=_("until"), required=False, widget=forms.DateInput(_DAY))
    rated_from = forms.DateField(label=_FROM, required=False, widget=forms.DateInput(_DAY))
    rated_to = forms.DateField(label=_("until"), required=False, widget=forms.DateInput(_DAY))

    def __init__(self, state: QueueState) -> None:
        chosen = {name: [one.text for one in values] for name, values in state.chosen.items()}
        super().__init__()
        self.custom = CustomFilters(cast("forms.Form", self))
        first = {name: texts[0] for name, texts in chosen.items()}
        many = {name: chosen.get(name, []) for name in (*MANY, *self.custom.many)}
        self.initial = first | many | {"view": state.view}
        self.carried = [
            (name, text)
            for name, texts in chosen.items()
            if name not in many
            for text in (texts if name not in self.fields else texts[1:])
        ]
        if state.sort:
            self.carried.append(("sort", state.sort))
        if state.kept:
            self.carried += [("saved", str(state.kept.pk)), ("edited", "1")]
        if state.columns:
            self.carried.append(("columns", ",".join(state.columns)))
        self._offer()

    def _offer(self) -> None:
        statuses = Status.objects.active()
        categories = Category.objects.active()
        people = User.objects.filter(is_active=True).order_by("name")
        choices: dict[str, list[tuple[Any, Any]]] = {
            "view": [(name, view.label) for name, view in VIEWS.items()],
            "status": [(one.code, one.name) for one in statuses],
            "priority": list(reversed(Priority.choices)),
            "channel": list(Channel.choices),
            "score": [(n, "★" * n) for n in range(5, 0, -1)],
            "quality": list(QualityBand.choices),
            "category": [_ANY, (NONE, _("No category")), *category_choices(categories)],
            "team": [
                _ANY,
                (NONE, _("No team")),
                *((str(one.pk), one.name) for one in Team.objects.active()),
            ],
            "assignee": [
                _ANY,
                (ME, _("Me")),
                (NONE, _("Nobody")),
                *((str(one.pk), one.name) for one in people),
            ],
            "product": [
                _ANY,
                (NONE, _("No product")),
                *((one.code, one.name) for one in Product.objects.active()),
            ],
        }
        known = FormDefinition.objects.in_order()
        choices["form"] = [_ANY, (NONE, _("No form")), *((one.code, one.name) for one in known)]
        for name, offered in choices.items():
            cast("forms.ChoiceField", self.fields[name]).choices = offered

    @property
    def periods(self) -> list[tuple[Any, Any, Any]]:
        """Heading and the two fields of each period."""
        headings = {
            "received": pgettext_lazy("when", "Received"),
            "answered": pgettext_lazy("when", "First answered"),
            "resolved": pgettext_lazy("when", "Resolved"),
            "rated": pgettext_lazy("when", "Rated"),
        }
        return [(headings[name], self[f"{name}_from"], self[f"{name}_to"]) for name in PERIODS]
