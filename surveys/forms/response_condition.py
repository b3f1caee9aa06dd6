from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.kernel.conditions.condition import Tree
from config.kernel.conditions.form_field import ConditionFormField
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.conditions.writing import write
from surveys.selectors.conditions import OF_LISTS, RESPONSE

# A condition stands in the address of the list; proxies refuse addresses above 8 KB.
LONGEST_IN_ADDRESS = 6000


class ResponseConditionForm(forms.Form):
    """Which responses a list shows. `cleaned_data["condition"]` is the text for its address."""

    condition = ConditionFormField(
        subject=RESPONSE,
        allowed=OF_LISTS,
        label=_("Condition"),
        help_text=_(
            "Scores, words, times and people; the customer; and the record that was rated. "
            "“Me” is whoever looks at the list."
        ),
        error_messages={
            "open": _("Not shown yet: finish the condition, then press “Show the responses”.")
        },
    )

    @classmethod
    def of_text(cls, text: str) -> "ResponseConditionForm":
        """As if somebody had written `text` into it, with its mistakes marked."""
        return cls({"condition-mode": "text", "condition-text": text})

    tree: Tree

    def clean_condition(self) -> str:
        self.tree = self.cleaned_data["condition"]
        text = write(read_tree(self.tree, vocabulary(RESPONSE), allowed=OF_LISTS))
        if len(urlencode({"condition": text})) > LONGEST_IN_ADDRESS:
            raise ValidationError(
                _("This is too long for the address of a list: leave something out.")
            )
        return text
