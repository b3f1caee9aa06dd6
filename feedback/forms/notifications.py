from typing import Any

from django import forms

from accounts.models import User
from feedback.enums import MailWhen, NoticeKind
from feedback.selectors.following import choices_of, usual_mail


class NotificationChoicesForm(forms.Form):
    """For each kind a box for the list and a choice for mail; `chosen` is what
    choose_notifications takes."""

    def __init__(self, user: User, data: Any = None) -> None:
        known = choices_of([user.pk])
        initial: dict[str, Any] = {}
        for kind in NoticeKind:
            choice = known.get((user.pk, kind))
            initial[f"{kind}_list"] = choice.in_product if choice else True
            initial[f"{kind}_mail"] = choice.mail if choice else usual_mail(kind)
        super().__init__(data, initial=initial)
        for kind in NoticeKind:
            self.fields[f"{kind}_list"] = forms.BooleanField(label=kind.label, required=False)
            self.fields[f"{kind}_mail"] = forms.ChoiceField(
                label=kind.label,
                choices=MailWhen.choices,
                widget=forms.Select({"class": "input"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"label": kind.label, "list": self[f"{kind}_list"], "mail": self[f"{kind}_mail"]}
            for kind in NoticeKind
        ]

    @property
    def chosen(self) -> dict[str, tuple[bool, str]]:
        data = self.cleaned_data
        return {kind.value: (data[f"{kind}_list"], data[f"{kind}_mail"]) for kind in NoticeKind}
