from typing import Any

from django import forms

from accounts.models import User
from feedback.enums import MAILED_UNLESS_CHOSEN, NoticeKind
from feedback.selectors.following import choices_of


class NotificationChoicesForm(forms.Form):
    """One box per kind and way; `chosen` is what choose_notifications takes."""

    def __init__(self, user: User, data: Any = None) -> None:
        known = choices_of([user.pk])
        initial = {}
        for kind in NoticeKind:
            choice = known.get((user.pk, kind))
            initial[f"{kind}_list"] = choice.in_product if choice else True
            initial[f"{kind}_mail"] = choice.by_mail if choice else kind in MAILED_UNLESS_CHOSEN
        super().__init__(data, initial=initial)
        for kind in NoticeKind:
            for way in ("list", "mail"):
                self.fields[f"{kind}_{way}"] = forms.BooleanField(label=kind.label, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"label": kind.label, "list": self[f"{kind}_list"], "mail": self[f"{kind}_mail"]}
            for kind in NoticeKind
        ]

    @property
    def chosen(self) -> dict[str, tuple[bool, bool]]:
        data = self.cleaned_data
        return {kind.value: (data[f"{kind}_list"], data[f"{kind}_mail"]) for kind in NoticeKind}
