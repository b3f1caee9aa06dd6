from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError
from feedback.models import Signature
from feedback.services.reply_templates import ensure_readable


class SignatureForm(forms.Form):
    """Both languages of a signature; empty ones take it away."""

    body_zh = forms.CharField(
        label=_("Text (Chinese)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 5, "lang": "zh-hans"}),
    )
    body_en = forms.CharField(
        label=_("Text (English)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 5, "lang": "en"}),
        help_text=_("Where one language is empty, the other stands below every answer."),
    )

    @classmethod
    def of(cls, signature: Signature | None, data: Any = None) -> "SignatureForm":
        texts = {name: getattr(signature, name, "") for name in ("body_zh", "body_en")}
        return cls(data, initial=texts)

    def clean_body_zh(self) -> str:
        return self._readable("body_zh")

    def clean_body_en(self) -> str:
        return self._readable("body_en")

    def _readable(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            ensure_readable(text)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return text
