from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import LinkSide


class RecordNumberField(forms.Field):
    """The number of a record as people write it: 1041 or #1041."""

    default_error_messages = {"no_number": _("Give the number of a record, such as #1041.")}

    def to_python(self, value: object) -> int | None:
        words = str(value or "").strip().removeprefix("#")
        if not words:
            return None
        if not (words.isascii() and words.isdigit() and len(words) <= 18):
            raise forms.ValidationError(self.error_messages["no_number"], code="no_number")
        return int(words)


class MergeForm(forms.Form):
    into = RecordNumberField(label=_("Number of the record that stays"))
    different = forms.BooleanField(required=False)


class LinkForm(forms.Form):
    other = RecordNumberField(label=_("Number of the other record"))
    side = forms.ChoiceField(
        label=_("The other record"), choices=LinkSide.choices, initial=LinkSide.RELATED
    )


class SplitForm(forms.Form):
    subject = forms.CharField(label=_("Subject of the new record"), max_length=255)
