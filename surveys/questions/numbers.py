"""Numbers, days, and a sum shared out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import Element, Leaf, Misfit, QuestionType, Value, parts_in_form
from surveys.questions.reading import day, decimal_number, decimals_of, is_nothing

MOST_DECIMALS = 6
USUAL_TOTAL = 100


class Number(QuestionType):
    """Raw: a number, or one as people type it."""

    name = "number"
    data_type = DataType.NUMBER
    settings = {
        "min": "decimal",
        "max": "decimal",
        "decimals": "count",
        "unit": "texts",
        "placeholder": "texts",
    }

    def faults(self, element: Element) -> Iterator[str]:
        low, high = element.settings.get("min"), element.settings.get("max")
        if low is not None and high is not None and high < low:
            yield _("“max” must not be less than “min”.")
        if element.settings.get("decimals", 0) > MOST_DECIMALS:
            yield _("“decimals” must be at most %(most)s.") % {"most": MOST_DECIMALS}

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        number = decimal_number(raw)
        if number is None:
            raise Misfit(_("Please give a number, such as 12."))
        self._ensure_fits(element, number)
        return (Value(leaf=element.code, number=number),)

    def _ensure_fits(self, element: Element, number: float) -> None:
        low, high = element.settings.get("min"), element.settings.get("max")
        if low is not None and high is not None and not low <= number <= high:
            raise Misfit(
                _("Please give a number from %(low)s to %(high)s.")
                % {"low": f"{low:g}", "high": f"{high:g}"}
            )
        if low is not None and number < low:
            raise Misfit(_("Please give a number of at least %(low)s.") % {"low": f"{low:g}"})
        if high is not None and number > high:
            raise Misfit(_("Please give a number of at most %(high)s.") % {"high": f"{high:g}"})
        decimals = element.settings.get("decimals", 0)
        if decimals_of(number) > decimals:
            if not decimals:
                raise Misfit(_("Please give a whole number."))
            raise Misfit(
                ngettext(
                    "Please give at most one digit after the point.",
                    "Please give at most %(count)s digits after the point.",
                    decimals,
                )
                % {"count": decimals}
            )

    def missing(self, element: Element) -> str:
        return _("Please give a number.")


class Date(QuestionType):
    """Raw: YYYY-MM-DD."""

    name = "date"
    data_type = DataType.DATE
    settings = {"min": "date", "max": "date"}

    def faults(self, element: Element) -> Iterator[str]:
        low, high = element.settings.get("min"), element.settings.get("max")
        if low is not None and high is not None and high < low:
            yield _("“max” must not be before “min”.")

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        given = day(raw)
        if given is None:
            raise Misfit(_("Please give a day as year-month-day, such as 2026-11-23."))
        low, high = element.settings.get("min"), element.settings.get("max")
        if low is not None and given.isoformat() < low:
            raise Misfit(_("Please give a day from %(low)s on.") % {"low": low})
        if high is not None and given.isoformat() > high:
            raise Misfit(_("Please give a day up to %(high)s.") % {"high": high})
        return (Value(leaf=element.code, date=given.isoformat()),)

    def missing(self, element: Element) -> str:
        return _("Please choose a day.")


class ConstantSum(QuestionType):
    """`total` shared out among the choices, a leaf for each. Raw: {choice: number}."""

    name = "constant_sum"
    data_type = DataType.NUMBER
    has_choices = True
    settings = {"total": "number", "unit": "texts"}

    @staticmethod
    def total(element: Element) -> int:
        return int(element.settings.get("total", USUAL_TOTAL))

    def faults(self, element: Element) -> Iterator[str]:
        if len(element.choices) < 2:
            yield _("give at least two choices.")
        for choice in element.choices:
            if "-" in choice.code:
                yield _("the code “%(code)s” must not have a hyphen here.") % {"code": choice.code}

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        return tuple(
            Leaf(
                code=f"{element.code}_{choice.code}",
                data_type=self.data_type,
                role=QuestionRole.NONE,
                text=choice.text,
                part_of=element.code,
            )
            for choice in element.choices
        )

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        return parts_in_form(element.code, [one.code for one in element.choices], posted)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        if not isinstance(raw, Mapping):
            raise Misfit(self.missing(element))
        codes = [choice.code for choice in element.choices]
        given = {code: one for code, one in raw.items() if not is_nothing(one)}
        if set(given) - set(codes) - element.hidden:
            raise Misfit(self.missing(element))
        if not given:
            return ()
        numbers = {code: decimal_number(given.get(code, 0)) for code in codes}
        if any(one is None or one < 0 or decimals_of(one) > 0 for one in numbers.values()):
            raise Misfit(_("Please give whole numbers from 0 on."))
        shared, total = sum(one or 0 for one in numbers.values()), self.total(element)
        if shared != total:
            raise Misfit(
                _("Please share out exactly %(total)s; it is %(sum)s so far.")
                % {"total": total, "sum": f"{shared:g}"}
            )
        return tuple(
            Value(leaf=f"{element.code}_{code}", number=float(number or 0))
            for code, number in numbers.items()
        )

    def missing(self, element: Element) -> str:
        return _("Please share out %(total)s.") % {"total": self.total(element)}
