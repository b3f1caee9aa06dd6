"""What somebody keys in from a form on paper: numbers of boxes become answers. A question mark
stands for what nobody can read, an empty field for what was left empty. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.flow.definition import Definition
from surveys.flow.paper import Blank, Form, Printed
from surveys.questions.registry import type_of

UNREADABLE = "?"
_SEPARATORS = re.compile(r"[\s,;、，；/+]+")


@dataclass(slots=True)
class Keyed:
    """What somebody keyed in: fields as they are compared and kept, answers as the survey takes
    them, and what cannot be: {field: sentence}."""

    fields: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def unreadable(self) -> list[str]:
        return [name for name, typed in self.fields.items() if typed == UNREADABLE]


def read_keyed(form: Form, typed: Mapping[str, str]) -> Keyed:
    """The fields of a form on paper as somebody keyed them in."""
    keyed = Keyed()
    for question in form.questions:
        for blank in question.blanks:
            given = " ".join(str(typed.get(blank.name, "")).replace("？", "?").split())
            if question.element.type == "long_text":
                given = str(typed.get(blank.name, "")).strip()
            if not given:
                continue
            try:
                keyed.fields[blank.name] = _plain(question, blank, given)
            except ValueError as wrong:
                keyed.fields[blank.name] = given
                keyed.errors[blank.name] = str(wrong)
        raw = _raw(question, keyed.fields)
        if raw is not None and not any(one.name in keyed.errors for one in question.blanks):
            keyed.answers[question.element.code] = raw
    return keyed


def _plain(question: Printed, blank: Blank, given: str) -> str:
    """As it is kept: two people who mean the same keyed the same. Raises ValueError."""
    if given == UNREADABLE or blank.is_text:
        return given
    if not blank.boxes:
        return _day(given) if question.element.type == "date" else given
    keys = [box.key for box in blank.boxes]
    chosen = [one for one in _SEPARATORS.split(given.lower()) if one]
    if blank.is_many and len(keys) <= 9:
        chosen = [digit for one in chosen for digit in one]
    chosen = [one.lstrip("0") or "0" if one.isdigit() else one for one in chosen]
    for one in chosen:
        if one not in keys:
            raise ValueError(
                _("There is no %(typed)s here, only %(first)s to %(last)s.")
                % {"typed": one, "first": keys[0], "last": keys[-1]}
            )
    if len(set(chosen)) > 1 and not blank.is_many:
        raise ValueError(_("Only one can be right; key in ? if it cannot be told which."))
    return ",".join(sorted(set(chosen), key=keys.index))


def _day(given: str) -> str:
    digits = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", given)
    if digits is None:
        return given
    year, month, day = digits.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _raw(question: Printed, fields: Mapping[str, str]) -> Any:
    """The raw answer as the kind of question takes it; None for nothing, or for nothing that can
    be read."""
    element, name = question.element, question.kind

    def chosen(blank: Blank) -> list[str]:
        typed = fields.get(blank.name, "")
        codes = {box.key: box.code for box in blank.boxes}
        return [codes[one] for one in typed.split(",") if one in codes]

    if not question.blanks:
        return None
    if name in {"grid", "places", "parts"}:
        found: dict[str, Any] = {}
        for blank in question.blanks:
            typed = fields.get(blank.name, "")
            if not typed or typed == UNREADABLE:
                continue
            part = blank.name.partition(".")[2]
            picked = chosen(blank)
            found[part] = typed if name != "grid" else picked if blank.is_many else picked[0]
        return found or None
    first = question.blanks[0]
    typed = fields.get(first.name, "")
    if name not in {"choices", "steps"}:
        return typed if typed and typed != UNREADABLE else None
    codes = chosen(first)
    if element.type == "consent":
        return True if codes else None
    others = {
        box.code: fields[box.other]
        for box in question.boxes
        if box.other and fields.get(box.other, UNREADABLE) != UNREADABLE
    }
    if element.type == "multiple_choice":
        return {"choices": codes, "other": others} if others else codes or None
    code = codes[0] if codes else None
    return {"choice": code, "other": others} if others else code


def fields_of(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """The fields that would have been keyed in for raw answers of a program; what cannot be on
    paper is left out."""
    found: dict[str, str] = {}
    for question in form.questions:
        raw = answers.get(question.element.code)
        others: Mapping[str, Any] = {}
        if isinstance(raw, Mapping) and question.kind == "choices":
            others = raw.get("other") or {}
            raw = raw.get("choices", raw.get("choice"))
        for blank in question.blanks:
            part = blank.name.partition(".")[2]
            value = raw.get(part) if isinstance(raw, Mapping) else raw
            if part.startswith("other."):
                value = others.get(part.removeprefix("other."))
            if value is not None and value != "":
                found[blank.name] = _key_of(blank, value)
    return found


def _key_of(blank: Blank, value: Any) -> str:
    if not blank.boxes:
        return f"{value:g}" if isinstance(value, float) else str(value)
    keys = {box.code: box.key for box in blank.boxes}
    values = value if isinstance(value, list | tuple) else ["yes" if value is True else value]
    plain = [f"{one:g}" if isinstance(one, float) else str(one) for one in values]
    return ",".join(keys.get(one, one) for one in plain)


def not_asked(keyed: Keyed, shown: Iterable[str], definition: Definition) -> set[str]:
    """The codes of questions that hold an answer though their conditions say that they were not
    to be asked. `shown` are the codes of the leaves of the walk."""
    there = set(shown)
    return {
        element.code
        for element in definition.elements()
        if element.code in keyed.answers
        and not any(leaf.code in there for leaf in type_of(element).leaves(element))
    }


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """The names of fields in which two entries differ."""
    names = dict.fromkeys((*first, *second))
    return [name for name in names if first.get(name, "") != second.get(name, "")]
