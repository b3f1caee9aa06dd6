from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ELEMENT, PAGE = "q:", "page:"


class CommentForm(forms.Form):
    """A comment and what it is about: "" (the whole), "page:CODE" or "q:CODE"."""

    about = forms.ChoiceField(label=pgettext_lazy("of a comment", "About"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("of a colleague", "Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("@ and a name tells that colleague."),
    )

    def __init__(self, *args: Any, titles: Mapping[tuple[str, str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        about.choices = [
            (_written(page, element), words if len(words) <= 80 else f"{words[:79]}…")
            for (page, element), words in titles.items()
        ]

    @property
    def place(self) -> tuple[str, str]:
        """(code of the page, code of the question); at most one of them."""
        about = self.cleaned_data["about"]
        if about.startswith(ELEMENT):
            return "", about.removeprefix(ELEMENT)
        return about.removeprefix(PAGE), ""


def _written(page: str, element: str) -> str:
    if element:
        return f"{ELEMENT}{element}"
    return f"{PAGE}{page}" if page else ""
