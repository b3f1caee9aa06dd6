from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from surveys.models import QuestionBankItem, Survey
from surveys.questions.words import KINDS


class SurveyForm(forms.ModelForm):
    """What a survey is called, what it is for, and whose it is."""

    class Meta:
        model = Survey
        fields = ["title_zh", "title_en", "kind", "default_language", "team", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.filter(archived_at=None)
        people: Any = self.fields["owner"]
        people.queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        for name in ("title_zh", "title_en"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """One title is enough; it stands for both until somebody writes the other."""
        given = super().clean() or {}
        zh, en = given.get("title_zh", ""), given.get("title_en", "")
        if not zh and not en and not self.errors:
            self.add_error("title_zh", _("Write a title, in one language at least."))
        return given | {"title_zh": zh or en, "title_en": en or zh}


class NewSurveyForm(SurveyForm):
    """With what it begins with: `start` is the code of a template, "empty", "copy" or "bank"."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages it is asked in"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, start: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].initial = [code for code, _name in settings.LANGUAGES]
        if start == "copy":
            self.fields["source"] = forms.ModelChoiceField(
                Survey.objects.kept(), label=_("Survey whose questions are copied")
            )
        if start == "bank":
            items = [one for one in QuestionBankItem.objects.all()[:200] if _is_usable(one)]
            self.fields["items"] = forms.MultipleChoiceField(
                label=_("Questions of the bank"),
                choices=[(str(one.pk), one.name) for one in items],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def first(self) -> list[forms.BoundField]:
        """What has to be chosen for this way to begin."""
        return [self[name] for name in ("source", "items") if name in self.fields]


def _is_usable(item: QuestionBankItem) -> bool:
    return isinstance(item.element, dict) and item.element.get("type") in KINDS
