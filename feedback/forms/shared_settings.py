"""For whom a template or a macro is: everybody, a team, or oneself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.models.shared_setting import SharedSetting
from feedback.selectors.shared_settings import may_keep_for_all, teams_kept_by

EVERYBODY, MINE = "all", "me"


class ForWhomForm(forms.ModelForm):
    """A model form with the field `for_whom`: "all", "me" or the id of a team; offered is what
    this person may choose. Without a name in one of the languages the other one counts."""

    def __init__(self, data: Any = None, *, user: User, instance: Any) -> None:
        super().__init__(data, instance=instance)
        self.user = user
        model: type[SharedSetting] = type(instance)
        self.teams = {str(team.pk): team for team in teams_kept_by(user, model)}
        choices: list[tuple[str, Any]] = [(MINE, _("Only I"))]
        choices += [(key, team.name) for key, team in self.teams.items()]
        if may_keep_for_all(user, model):
            choices.insert(0, (EVERYBODY, _("Everybody")))
        self.fields["for_whom"] = forms.ChoiceField(
            label=_("Who uses it"), choices=choices, initial=_now(instance, choices)
        )
        for name in ("name_zh", "name_en"):
            self.fields[name].required = False

    def _post_clean(self) -> None:
        whom = self.cleaned_data.get("for_whom", "")
        self.instance.team = self.teams.get(whom)
        self.instance.owner = self.user if whom == MINE else None
        super()._post_clean()  # type: ignore[misc]


def _now(instance: SharedSetting, choices: list[tuple[str, Any]]) -> str:
    if instance.owner_id is not None:
        return MINE
    if instance.team_id is not None:
        return str(instance.team_id)
    return EVERYBODY if instance.pk else choices[0][0]
