"""Answers in the person's own words, long or in one line."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.questions.base import Element, Misfit, QuestionType, Value
from surveys.questions.reading import clean_line, clean_text

USUAL_LENGTH = 2000
USUAL_LINE = 250
LONGEST = 10_000
FORMATS = ("any", "email", "phone", "url")
_WEB = URLValidator(schemes=["http", "https"])


class LongText(QuestionType):
    name = "long_text"
    data_type = DataType.TEXT
    can_be_preset = False  # nobody puts words into people's mouths
    settings = {"max_length": "number", "placeholder": "texts", "examples": "texts_list"}
    usual_length = USUAL_LENGTH

    def max_length(self, element: Element) -> int:
        return int(element.settings.get("max_length", self.usual_length))

    def faults(self, element: Element) -> Iterator[str]:
        if self.max_length(element) > LONGEST:
            yield _("“max_length” must be at most %(limit)s.") % {"limit": LONGEST}

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, str):
            raise Misfit(_("Please answer with a text."))
        text = self.clean(raw)
        if not text:
            return ()
        limit = self.max_length(element)
        if len(text) > limit:
            raise Misfit(
                _("Please shorten this to %(limit)s characters; it has %(length)s.")
                % {"limit": limit, "length": len(text)}
            )
        return (Value(leaf=element.code, text=self.fit(element, text)),)

    def clean(self, raw: str) -> str:
        return clean_text(raw)

    def fit(self, element: Element, text: str) -> str:
        """The text in the form it is kept in; raises Misfit when it has not the right one."""
        return text

    def missing(self, element: Element) -> str:
        return _("Please write a few words.")


class ShortText(LongText):
    """One line, if wanted of a certain `format`."""

    name = "short_text"
    settings = {**LongText.settings, "format": "one_of:any,email,phone,url"}
    usual_length = USUAL_LINE

    def clean(self, raw: str) -> str:
        return clean_line(raw)

    def fit(self, element: Element, text: str) -> str:
        return fitting(str(element.settings.get("format", "any")), text)

    def missing(self, element: Element) -> str:
        return _("Please fill this in.")


def fitting(kind: str, text: str) -> str:
    """`text` as a mail address, a phone number or a web address. Raises Misfit."""
    if kind == "email":
        try:
            validate_email(text)
        except ValidationError:
            raise Misfit(_("Please write an e-mail address such as name@example.com.")) from None
    elif kind == "phone":
        digits = sum(char.isdigit() for char in text)
        if not 5 <= digits <= 20 or not all(c.isdigit() or c in "+-()/. " for c in text):
            raise Misfit(_("Please write a phone number such as +86 138 0000 0000."))
    elif kind == "url":
        text = text if "://" in text else f"https://{text}"
        try:
            _WEB(text)
        except ValidationError:
            raise Misfit(_("Please write a web address such as https://example.com.")) from None
    return text
