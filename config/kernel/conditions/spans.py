"""Lengths of time: [3, "days"] in a tree, `3 days` in a text."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.kernel.conditions.errors import Misfit

Span = list[Any]  # a whole number above 0 and one of UNITS

# A day is 24 hours here, a week seven of them; days of the calendar are asked for by date.
UNITS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}
UNIT_LABELS = {
    "minutes": gettext_lazy("minutes"),
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "weeks": gettext_lazy("weeks"),
}
LONGEST = timedelta(days=36_525)


class Spans:
    """Reading, writing and saying them, for a field or for an operator."""

    @staticmethod
    def length(span: Span) -> timedelta:
        length: timedelta = span[0] * UNITS[span[1]]
        return length

    @staticmethod
    def read(raw: Any, units: Sequence[str] = tuple(UNITS)) -> Span:
        """Raises Misfit."""
        if not isinstance(raw, list) or len(raw) != 2 or raw[1] not in units:
            raise Misfit(
                _("Write a number and a unit (%(units)s), such as 3 %(unit)s.")
                % {"units": ", ".join(units), "unit": units[-2]}
            )
        number, unit = raw
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise Misfit(_("Write a whole number above 0 before the unit."))
        if number > LONGEST / UNITS[unit]:
            raise Misfit(_("That is longer than a hundred years."))
        return [number, unit]

    @staticmethod
    def from_words(words: Sequence[str]) -> Any:
        number, unit = words
        unit = unit.lower()
        unit = unit if unit.endswith("s") else f"{unit}s"
        return [int(number) if number.isascii() and number.isdigit() else number, unit]

    @staticmethod
    def to_text(span: Span) -> str:
        number, unit = span
        return f"{number} {unit[:-1] if number == 1 else unit}"

    @staticmethod
    def say(span: Span) -> str:
        number, unit = span
        words = {
            "minutes": ngettext("%(n)d minute", "%(n)d minutes", number),
            "hours": ngettext("%(n)d hour", "%(n)d hours", number),
            "days": ngettext("%(n)d day", "%(n)d days", number),
            "weeks": ngettext("%(n)d week", "%(n)d weeks", number),
        }
        return words[unit] % {"n": number}
