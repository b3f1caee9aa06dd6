"""Putting choices in order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.enums import DataType
from surveys.questions.base import Element, Misfit, QuestionType, Value, parts_in_form
from surveys.questions.reading import is_nothing, whole_number


class Ranking(QuestionType):
    """The best `places` choices in order (all of them unless said otherwise). Raw: a list of
    codes, the first one first; or {choice: place}, as a form without a script has it."""

    name = "ranking"
    data_type = DataType.RANK
    has_choices = True
    can_be_preset = False
    settings = {"places": "number"}

    @staticmethod
    def places(element: Element) -> int:
        offered = len(element.choices)
        return min(int(element.settings.get("places", offered)), offered)

    def faults(self, element: Element) -> Iterator[str]:
        if len(element.choices) < 2:
            yield _("give at least two choices.")
        elif element.settings.get("places", 1) > len(element.choices):
            yield _("“places” asks for more choices than there are.")

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        return parts_in_form(element.code, [one.code for one in element.choices], posted)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        codes = self._in_order(element, raw)
        if not codes:
            return ()
        if len(codes) != self.places(element):
            raise Misfit(self.missing(element))
        return tuple(
            Value(leaf=element.code, choice=code, number=float(place))
            for place, code in enumerate(codes, start=1)
        )

    def _in_order(self, element: Element, raw: Any) -> list[str]:
        if isinstance(raw, Mapping):
            raw = self._by_place(raw)
        known = {choice.code for choice in element.choices}
        if not isinstance(raw, list | tuple) or not all(isinstance(one, str) for one in raw):
            raise Misfit(self.missing(element))
        codes = [code for code in raw if code not in element.hidden]
        if set(codes) - known or len(set(codes)) != len(codes):
            raise Misfit(self.missing(element))
        return codes

    @staticmethod
    def _by_place(raw: Mapping[str, Any]) -> list[str]:
        places = {code: whole_number(place) for code, place in raw.items() if place != ""}
        taken = [place for place in places.values() if place is not None]
        if len(taken) != len(places) or sorted(taken) != list(range(1, len(taken) + 1)):
            raise Misfit(_("Please give each place once: 1, 2, 3 and so on."))
        return sorted(places, key=lambda code: places[code] or 0)

    def missing(self, element: Element) -> str:
        places = self.places(element)
        if places == len(element.choices):
            return _("Please give each of them a place.")
        return ngettext(
            "Please choose the first place.",
            "Please choose the first %(count)s places.",
            places,
        ) % {"count": places}
