"""Scales: a whole or stepped number between two labelled ends."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import Element, Leaf, Misfit, Option, QuestionType, Texts, Value
from surveys.questions.reading import decimal_number, is_nothing, whole_number

DONT_KNOW = "dont_know"
DONT_KNOW_TEXT: Texts = {"zh-hans": "不清楚 / 不适用", "en": "Don't know / not applicable"}
MOST_STEPS = 21


class Rating(QuestionType):
    """A number between two ends that the kind itself fixes. Raw: the number."""

    data_type = DataType.NUMBER
    settings = {"low": "texts", "high": "texts", "shared": "flag"}
    ends: ClassVar[tuple[int, int]] = (1, 5)
    usual_low: ClassVar[Texts] = {}
    usual_high: ClassVar[Texts] = {}

    def low(self, element: Element) -> Texts:
        return element.settings.get("low") or self.usual_low

    def high(self, element: Element) -> Texts:
        return element.settings.get("high") or self.usual_high

    def steps(self, element: Element) -> list[int]:
        """What can be chosen, from low to high."""
        first, last = self.ends
        return list(range(first, last + 1))

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        (leaf,) = super().leaves(element)
        steps = self.steps(element)
        return (replace(leaf, minimum=steps[0], maximum=steps[-1]),)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        number = whole_number(raw)
        if number is None or number not in self.steps(element):
            raise Misfit(self.missing(element))
        return (Value(leaf=element.code, number=float(number)),)

    def missing(self, element: Element) -> str:
        steps = self.steps(element)
        return _("Please choose from %(low)s to %(high)s.") % {"low": steps[0], "high": steps[-1]}


class Scale(Rating):
    """From `from` to `to` by `step`, if wanted with a “don't know”. Raw: the number, or
    "dont_know"."""

    name = "scale"
    settings = {
        **Rating.settings,
        "from": "integer",
        "to": "integer",
        "step": "number",
        "dont_know": "flag_or_texts",
    }

    def ends_of(self, element: Element) -> tuple[int, int, int]:
        own = element.settings
        return own.get("from", 1), own.get("to", 5), own.get("step", 1)

    def faults(self, element: Element) -> Iterator[str]:
        first, last, step = self.ends_of(element)
        if first >= last:
            yield _("“to” must be greater than “from”.")
        elif (last - first) % step:
            yield _("“step” must lead exactly from “from” to “to”.")
        elif (last - first) // step + 1 > MOST_STEPS:
            yield _("a scale has at most %(most)s steps; a slider has room for more.") % {
                "most": MOST_STEPS
            }

    def steps(self, element: Element) -> list[int]:
        first, last, step = self.ends_of(element)
        return list(range(first, last + 1, step))

    def dont_know(self, element: Element) -> Texts:
        """The wording of “don't know”; empty when the scale has none."""
        own = element.settings.get("dont_know")
        return own if isinstance(own, Mapping) else (DONT_KNOW_TEXT if own else {})

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        (leaf,) = super().leaves(element)
        text = self.dont_know(element)
        choices = (Option(DONT_KNOW, text, is_missing=True),) if text else ()
        return (replace(leaf, choices=choices),)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw == DONT_KNOW and self.dont_know(element):
            return (Value(leaf=element.code, choice=DONT_KNOW),)
        return super().read(element, raw)


class Nps(Rating):
    name = "nps"
    ends = (0, 10)
    usual_role = QuestionRole.NPS
    usual_low = {"zh-hans": "完全不可能", "en": "Not at all likely"}
    usual_high = {"zh-hans": "非常可能", "en": "Extremely likely"}


class Csat(Rating):
    name = "csat"
    ends = (1, 5)
    usual_role = QuestionRole.OVERALL
    usual_low = {"zh-hans": "很不满意", "en": "Very dissatisfied"}
    usual_high = {"zh-hans": "非常满意", "en": "Very satisfied"}


class Ces(Rating):
    name = "ces"
    ends = (1, 7)
    usual_role = QuestionRole.CES
    usual_low = {"zh-hans": "非常不同意", "en": "Strongly disagree"}
    usual_high = {"zh-hans": "非常同意", "en": "Strongly agree"}


class Emoji(Rating):
    """Five faces, or three."""

    name = "emoji"
    settings = {**Rating.settings, "max": "number"}
    usual_low = {"zh-hans": "很糟糕", "en": "Awful"}
    usual_high = {"zh-hans": "非常好", "en": "Great"}

    def steps(self, element: Element) -> list[int]:
        return list(range(1, element.settings.get("max", 5) + 1))

    def faults(self, element: Element) -> Iterator[str]:
        if element.settings.get("max", 5) not in (3, 5):
            yield _("“max” must be 3 or 5: there are as many faces.")

    def missing(self, element: Element) -> str:
        return _("Please choose a face.")


class Slider(QuestionType):
    """A number that one slides to; without a script it is typed. Raw: the number."""

    name = "slider"
    data_type = DataType.NUMBER
    settings = {
        "from": "integer",
        "to": "integer",
        "step": "number",
        "low": "texts",
        "high": "texts",
        "unit": "texts",
    }

    def ends_of(self, element: Element) -> tuple[int, int, int]:
        own = element.settings
        return own.get("from", 0), own.get("to", 100), own.get("step", 1)

    def faults(self, element: Element) -> Iterator[str]:
        first, last, step = self.ends_of(element)
        if first >= last:
            yield _("“to” must be greater than “from”.")
        elif (last - first) % step:
            yield _("“step” must lead exactly from “from” to “to”.")

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        (leaf,) = super().leaves(element)
        first, last, _step = self.ends_of(element)
        return (replace(leaf, minimum=first, maximum=last),)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        first, last, step = self.ends_of(element)
        number = decimal_number(raw)
        if number is None or not first <= number <= last or (number - first) % step:
            raise Misfit(self.missing(element))
        return (Value(leaf=element.code, number=number),)

    def missing(self, element: Element) -> str:
        first, last, step = self.ends_of(element)
        if step == 1:
            return _("Please give a number from %(low)s to %(high)s.") % {
                "low": first,
                "high": last,
            }
        return _("Please give a number from %(low)s to %(high)s in steps of %(step)s.") % {
            "low": first,
            "high": last,
            "step": step,
        }
