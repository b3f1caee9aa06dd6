from django import forms

from feedback.models import ChecklistTemplate


class ChecklistForm(forms.ModelForm):
    class Meta:
        model = ChecklistTemplate
        fields = ["name_zh", "name_en", "kind", "steps_zh", "steps_en"]
        widgets = {
            "steps_zh": forms.Textarea({"rows": 8, "lang": "zh-hans"}),
            "steps_en": forms.Textarea({"rows": 8, "lang": "en"}),
        }
