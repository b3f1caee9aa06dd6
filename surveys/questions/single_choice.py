"""One of several answers, chosen by its code."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.questions.base import Element, Misfit, QuestionType, Value


class SingleChoice(QuestionType):
    name = "single_choice"
    data_type = DataType.SINGLE
    has_choices = True

    def faults(self, element: Element) -> Iterator[str]:
        if len(element.choices) < 2:
            yield _("give at least two choices.")

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw is None or raw == "":
            return ()
        codes = {choice.code for choice in element.choices}
        if not isinstance(raw, str) or raw not in codes:
            raise Misfit(self.missing(element))
        return (Value(leaf=element.code, choice=raw),)

    def missing(self, element: Element) -> str:
        return _("Please choose one of the answers.")
