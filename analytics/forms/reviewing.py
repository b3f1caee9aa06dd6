"""What somebody says of how a record was read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from analytics.errors import NoCategorySaid
from analytics.selectors.category_names import category_called
from analytics.selectors.reading_card import ASKS_FOR_MOOD
from config.kernel.numbers import row_id
from feedback.enums import Doubt, Mood, Urgency
from feedback.models import Assessment, Category
from feedback.selectors.kept_settings import categories


class ReviewForm(forms.Form):
    """`choice`: the id of a category, from the button that was pressed; `other`: another one by
    its name, which then counts. What was not asked and not changed is not said."""

    choice = forms.CharField(required=False, max_length=20)
    other = forms.CharField(required=False, max_length=200)
    mood = forms.ChoiceField(choices=[("", ""), *Mood.choices], required=False)
    urgency = forms.TypedChoiceField(
        choices=[("", ""), *Urgency.choices], coerce=int, empty_value=None, required=False
    )
    # Further categories: such that it is about, too, and one that it is not.
    also = forms.TypedMultipleChoiceField(required=False, coerce=str)
    not_also = forms.CharField(required=False, max_length=20)
    tag = forms.CharField(required=False, max_length=60)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        data: Any,
        assessment: Assessment,
        *,
        settles: bool = False,
        is_drawn: bool = False,
    ) -> None:
        """`settles`: what is doubtful has to be said; `is_drawn`: everything has to."""
        super().__init__(data)
        self.assessment = assessment
        self.settles = settles
        known = {pk for pk, _sure in assessment.also} | {*assessment.feedback.also_categories}
        field: Any = self.fields["also"]
        field.choices = [(str(pk), str(pk)) for pk in known]
        self.is_drawn = is_drawn

    def clean_other(self) -> Category | None:
        words = self.cleaned_data["other"].strip()
        if not words:
            return None
        found = category_called(words)
        if found is None:
            sentence = _("There is no category called “%(name)s”.") % {"name": words}
            raise ValidationError(sentence)
        return found

    def clean_choice(self) -> Category | None:
        given = row_id(self.cleaned_data["choice"])
        if given is None:
            return None
        found = categories().get(given)
        if found is None or found.archived_at is not None:
            raise ValidationError(_("This category can no longer be chosen."))
        return found

    def clean_also(self) -> list[Category]:
        known = categories()
        keys = [int(one) for one in self.cleaned_data["also"]]
        return [known[pk] for pk in keys if pk in known and known[pk].archived_at is None]

    def clean_not_also(self) -> list[Category]:
        given = row_id(self.cleaned_data["not_also"])
        return [categories()[given]] if given is not None and given in categories() else []

    def further(self) -> dict[str, Any]:
        """What was said of further categories, as `reviewing.review` takes it."""
        return {"also": self.cleaned_data["also"], "not_also": self.cleaned_data["not_also"]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        category = data.get("other") or data.get("choice")
        asked = self.settles and self.assessment.doubt == Doubt.CATEGORY
        if (asked or self.is_drawn) and category is None and not self.errors:
            raise ValidationError(str(NoCategorySaid().message))
        return data

    def said(self) -> dict[str, Any]:
        """As `reviewing.review` takes it."""
        data, read = self.cleaned_data, self.assessment
        mood, urgency = data["mood"], data["urgency"]
        asked = (read.doubt in ASKS_FOR_MOOD or self.is_drawn) and mood != Mood.UNDETERMINED
        is_sample = read.doubt == Doubt.SAMPLE or self.is_drawn
        of_sample = is_sample and read.urgency is not None
        is_urgency_said = urgency is not None and (of_sample or urgency != read.urgency)
        return {
            "category": data["other"] or data["choice"],
            "mood": Mood(mood) if mood and (asked or mood != read.mood) else None,
            "urgency": Urgency(urgency) if is_urgency_said else None,
        }
