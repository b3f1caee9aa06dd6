"""When the machine decides alone."""

from django import forms

from analytics.models import ReadingRules


class ReadingRulesForm(forms.ModelForm):
    class Meta:
        model = ReadingRules
        fields = ["decides_alone", "accuracy", "sample_percent", "learns_by_itself"]
