"""How texts are sorted into topics."""

from typing import Any

from django import forms

from analytics.enums import TopicMethod
from analytics.models import ReadingRules
from analytics.text.topic_methods import methods_here


class TopicMethodForm(forms.ModelForm):
    """Offers what is installed here, and what is chosen already."""

    class Meta:
        model = ReadingRules
        fields = ["topics_by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {*methods_here(), TopicMethod(self.instance.topics_by)}
        field = self.fields["topics_by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [choice for choice in TopicMethod.choices if choice[0] in offered]
