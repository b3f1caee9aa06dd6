"""An answer in the person's own words."""

import unicodedata
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.questions.base import Element, Misfit, QuestionType, Value

USUAL_LENGTH = 2000


class LongText(QuestionType):
    name = "long_text"
    data_type = DataType.TEXT
    can_be_preset = False  # nobody puts words into people's mouths
    settings = {"max_length": "number", "placeholder": "texts"}

    @staticmethod
    def max_length(element: Element) -> int:
        return int(element.settings.get("max_length", USUAL_LENGTH))

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, str):
            raise Misfit(_("Please answer with a text."))
        text = _clean(raw)
        if not text:
            return ()
        limit = self.max_length(element)
        if len(text) > limit:
            raise Misfit(
                _("Please shorten this to %(limit)s characters; it has %(length)s.")
                % {"limit": limit, "length": len(text)}
            )
        return (Value(leaf=element.code, text=text),)

    def missing(self, element: Element) -> str:
        return _("Please write a few words.")


def _clean(raw: str) -> str:
    """Line ends as \\n (a browser counts them so) and no control characters, which PostgreSQL
    (NUL) and spreadsheets do not take."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()
