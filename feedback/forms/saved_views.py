from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team, User
from feedback.enums import ViewScope
from feedback.forms.columns import ColumnsField
from feedback.models import SavedView
from feedback.selectors.columns import columns_offered
from feedback.selectors.queue import SORTS, VIEWS, QueueState, columns_of, may_sort
from feedback.selectors.saved_views import SHARE

USUAL_ORDER = ("", _("As usual for the list"))
ASCENDING, DESCENDING = _("%(column)s, rising"), _("%(column)s, falling")


class SavedViewForm(forms.ModelForm):
    """A view with everything but its filters, which come from the list it was made of."""

    view = forms.ChoiceField(label=pgettext_lazy("which list", "Show"))
    sort = forms.ChoiceField(label=_("Order of rows"), required=False)
    columns = ColumnsField(label=_("Columns"), required=False)

    class Meta:
        model = SavedView
        fields = [
            "name_zh", "name_en", "scope", "team", "view", "condition", "sort", "columns",
            "is_pinned",
        ]  # fmt: skip
        widgets = {"scope": forms.RadioSelect}
        help_texts = {
            "name_zh": _("One of the two names is enough."),
            "condition": _("What the filters cannot say. Both must hold."),
        }

    def __init__(
        self, data: Any = None, *, instance: SavedView, user: User, state: QueueState
    ) -> None:
        super().__init__(data, instance=instance)
        self.user, self.state = user, state
        shares = user.has_perm(SHARE)
        scope = cast("forms.ChoiceField", self.fields["scope"])
        scope.choices = [one for one in ViewScope.choices if shares or one[0] == instance.scope]
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        teams = Team.objects.active()
        if not user.has_perm("accounts.view_every_team"):
            teams = teams.filter(pk__in=user.memberships.values("team"))
        team.queryset = teams if shares else Team.objects.none()
        team.empty_label = "–"
        if not shares:
            del self.fields["team"]
        cast("forms.ChoiceField", self.fields["view"]).choices = [
            (name, one.label) for name, one in VIEWS.items()
        ]
        self.initial["view"] = state.view
        self.initial["sort"] = state.sort or (instance.sort if instance.pk else "")
        self.initial["columns"] = [one.name for one in columns_of(state, user)]
        self._offer_orders()
        columns = cast("ColumnsField", self.fields["columns"])
        columns.offer_to(user, everything=VIEWS[state.view].everything)

    def _offer_orders(self) -> None:
        offered: list[tuple[str, Any]] = [USUAL_ORDER]
        offered += [(name, label) for name, (label, _steps) in SORTS.items()]
        for column in columns_offered(self.user):
            if column.order is not None:
                words = {"column": column.label}
                offered.append((f"{column.name}.asc", ASCENDING % words))
                offered.append((f"{column.name}.desc", DESCENDING % words))
        cast("forms.ChoiceField", self.fields["sort"]).choices = offered

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("name_zh", "").strip() or data.get("name_en", "").strip()):
            self.add_error("name_zh", _("Give the view a name in at least one language."))
        if data.get("scope") == ViewScope.TEAM and data.get("team") is None:
            self.add_error("team" if "team" in self.fields else None, _("Say which team."))
        if data.get("scope") != ViewScope.TEAM:
            data["team"] = None
        view, sort = data.get("view", ""), data.get("sort", "")
        if view in VIEWS and sort and not may_sort(view, sort):
            self.add_error("sort", _("This list cannot have that order: it would take too long."))
        return data
