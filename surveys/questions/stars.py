"""A rating by stars: a whole number from 1 to `max` (5 unless said otherwise)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.questions.base import Element, Leaf, Misfit, QuestionType, Value

USUAL_MAXIMUM = 5
HIGHEST_MAXIMUM = 10


class Stars(QuestionType):
    name = "stars"
    data_type = DataType.NUMBER
    settings = {"max": "number", "low": "texts", "high": "texts"}

    @staticmethod
    def maximum(element: Element) -> int:
        return int(element.settings.get("max", USUAL_MAXIMUM))

    def faults(self, element: Element) -> Iterator[str]:
        if not 2 <= self.maximum(element) <= HIGHEST_MAXIMUM:
            yield _("“max” must be from 2 to %(highest)s.") % {"highest": HIGHEST_MAXIMUM}

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        (leaf,) = super().leaves(element)
        return (replace(leaf, minimum=1, maximum=self.maximum(element)),)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw is None or raw == "":
            return ()
        number = _whole_number(raw)
        if number is None or not 1 <= number <= self.maximum(element):
            raise Misfit(self.missing(element))
        return (Value(leaf=element.code, number=float(number)),)

    def missing(self, element: Element) -> str:
        return _("Please choose 1 to %(max)s stars.") % {"max": self.maximum(element)}


def _whole_number(raw: Any) -> int | None:
    """4, 4.0 and "4" are four; True, "4.5", "４" and everything else are nothing."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else None
    if isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer()):
        return int(raw)
    return None
