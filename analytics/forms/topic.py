"""The name of a topic."""

from django import forms

from analytics.models import Topic


class TopicNameForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["name_zh", "name_en"]
