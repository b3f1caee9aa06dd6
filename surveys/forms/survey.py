from typing import Any

from django import forms

from accounts.models import Team, User
from surveys.models import Survey


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
