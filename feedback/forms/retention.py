from typing import Any, cast

from django import forms

from config.kernel.errors import DomainError
from feedback.enums import RetentionAction
from feedback.models import RetentionRule
from feedback.services.retention import ensure_rule_usable


class RetentionRuleForm(forms.ModelForm):
    class Meta:
        model = RetentionRule
        fields = ["name_zh", "name_en", "condition", "after_days", "basis", "action"]
        widgets = {"action": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["action"]).choices = RetentionAction.choices

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            ensure_rule_usable(self.instance)
        except DomainError as refusal:
            self.add_error(None, str(refusal.message))
