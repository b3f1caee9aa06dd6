"""Choices: one of several, several of several, and the words of “other”."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.enums import DataType
from surveys.questions.base import Element, Leaf, Misfit, Option, QuestionType, Value
from surveys.questions.reading import clean_line, is_nothing

LONGEST_OTHER = 500


def other_name(code: str, choice: str) -> str:
    """The field of a form that takes the words of one “other”."""
    return f"{code}.other.{choice}"


def others_in_form(element: Element, posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """{choice: words} as far as somebody wrote some."""
    found = {}
    for choice in element.choices:
        given = posted.get(other_name(element.code, choice.code)) if choice.is_other else None
        if given and given[-1].strip():
            found[choice.code] = given[-1]
    return found


def split(raw: Any, key: str) -> tuple[Any, dict[str, str]]:
    """What was chosen and the words of “other”: `raw` is the choice itself, or
    {key: choice, "other": {choice: words}}. Raises Misfit for another shape."""
    if not isinstance(raw, Mapping):
        return raw, {}
    others = raw.get("other") or {}
    if set(raw) - {key, "other"} or not isinstance(others, Mapping):
        raise Misfit(_("Please choose from the answers."))
    if not all(isinstance(one, str) for pair in others.items() for one in pair):
        raise Misfit(_("Please write the words of “other” as a text."))
    return raw.get(key), {code: words for code, words in others.items() if words.strip()}


def other_words(option: Option, others: Mapping[str, str]) -> str | None:
    words = clean_line(others.get(option.code, "")) if option.is_other else ""
    if len(words) > LONGEST_OTHER:
        raise Misfit(
            _("Please shorten this to %(limit)s characters; it has %(length)s.")
            % {"limit": LONGEST_OTHER, "length": len(words)}
        )
    return words or None


class SingleChoice(QuestionType):
    """Raw: a code, or {"choice": code, "other": {code: words}}."""

    name = "single_choice"
    data_type = DataType.SINGLE
    has_choices = True
    settings = {"shared": "flag"}

    def faults(self, element: Element) -> Iterator[str]:
        if len(element.choices) < 2:
            yield _("give at least two choices.")

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        chosen = super().from_form(element, posted)
        others = others_in_form(element, posted)
        return {"choice": chosen or None, "other": others} if others else chosen

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        chosen, others = split(raw, "choice")
        offered = {choice.code: choice for choice in element.choices}
        if is_nothing(chosen):
            # Words alone are an answer: without a script nobody ticks the box for them.
            chosen = next((code for code in others if code in offered), None)
        if chosen is None:
            return ()
        if not isinstance(chosen, str):
            raise Misfit(self.missing(element))
        if chosen in element.hidden:
            return ()
        if chosen not in offered:
            raise Misfit(self.missing(element))
        words = other_words(offered[chosen], others)
        return (Value(leaf=element.code, choice=chosen, text=words),)

    def missing(self, element: Element) -> str:
        return _("Please choose one of the answers.")


class Dropdown(SingleChoice):
    """The same out of a list that opens: for many choices."""

    name = "dropdown"


class MultipleChoice(QuestionType):
    """Raw: a list of codes (or one), or {"choices": […], "other": {code: words}}."""

    name = "multiple_choice"
    data_type = DataType.MULTI
    has_choices = True
    settings = {"min": "number", "max": "number", "shared": "flag"}

    def faults(self, element: Element) -> Iterator[str]:
        if len(element.choices) < 2:
            yield _("give at least two choices.")
        yield from pick_faults(element, len(element.choices))

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        chosen = list(dict.fromkeys(code for code in posted.get(element.code, ()) if code))
        others = others_in_form(element, posted)
        return {"choices": chosen, "other": others} if others else (chosen or None)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        chosen, others = split(raw, "choices")
        codes = chosen_codes(element, element.choices, chosen, self.missing(element))
        offered = {choice.code: choice for choice in element.choices}
        codes |= {code for code in others if code in offered and offered[code].is_other}
        picked = [choice for choice in element.choices if choice.code in codes]
        if not picked:
            return ()
        ensure_picks(element, picked)
        return tuple(
            Value(leaf=element.code, choice=one.code, text=other_words(one, others))
            for one in picked
        )

    def missing(self, element: Element) -> str:
        least = int(element.settings.get("min", 1))
        return ngettext(
            "Please choose at least one answer.",
            "Please choose at least %(count)s answers.",
            least,
        ) % {"count": least}


def pick_faults(element: Element, offered: int) -> Iterator[str]:
    """“min” and “max” picks that nobody can make."""
    least, most = element.settings.get("min"), element.settings.get("max")
    if least is not None and least > offered:
        yield _("“min” asks for more choices than there are.")
    if least is not None and most is not None and most < least:
        yield _("“max” must not be less than “min”.")


def chosen_codes(
    element: Element, options: Sequence[Option], chosen: Any, otherwise: str
) -> set[str]:
    """The codes in a raw list; those not offered now are passed over, unknown ones refused."""
    if is_nothing(chosen):
        return set()
    listed = [chosen] if isinstance(chosen, str) else chosen
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise Misfit(otherwise)
    codes = set(listed) - element.hidden
    if codes - {option.code for option in options}:
        raise Misfit(otherwise)
    return codes


def ensure_picks(element: Element, picked: Sequence[Option]) -> None:
    """Raise Misfit for too few, too many, or an exclusive answer among others."""
    alone = next((one for one in picked if one.is_exclusive or one.is_missing), None)
    if alone is not None:
        if len(picked) > 1:
            raise Misfit(_("One of the answers you chose stands only by itself."))
        return
    least, most = element.settings.get("min"), element.settings.get("max")
    if least is not None and len(picked) < least:
        raise Misfit(
            ngettext(
                "Please choose at least one answer.",
                "Please choose at least %(count)s answers.",
                least,
            )
            % {"count": least}
        )
    if most is not None and len(picked) > most:
        raise Misfit(
            ngettext(
                "Please choose one answer at most.",
                "Please choose %(count)s answers at most.",
                most,
            )
            % {"count": most}
        )


class Consent(QuestionType):
    """A box to tick. Raw: true, "yes" or nothing; stored as the choice "yes"."""

    name = "consent"
    data_type = DataType.SINGLE
    can_be_preset = False  # nobody agrees for somebody else
    settings = {"label": "texts"}
    AGREE = {"zh-hans": "我同意", "en": "I agree"}

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        (leaf,) = super().leaves(element)
        return (replace(leaf, choices=(Option("yes", self.label(element)),)),)

    def label(self, element: Element) -> Mapping[str, str]:
        given: Mapping[str, str] = element.settings.get("label") or self.AGREE
        return given

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if raw is False or is_nothing(raw):
            return ()
        if raw is not True and raw != "yes":
            raise Misfit(self.missing(element))
        return (Value(leaf=element.code, choice="yes"),)

    def missing(self, element: Element) -> str:
        return _("Please tick the box to go on.")
