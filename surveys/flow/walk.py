"""The way of one person through a survey: what is asked, and what their answers are.

Going through the elements once, in order, is all there is: an element is asked or not by the
answers before it, so that what is hidden can never show something else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.flow.definition import Definition
from surveys.questions.base import Element, Misfit, Value
from surveys.questions.registry import type_of

Read = dict[str, tuple[Value, ...]]  # element code → what it holds


@dataclass(slots=True)
class Walk:
    """What came of reading somebody's answers."""

    values: Read = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # element code → what to do
    shown: list[str] = field(default_factory=list)  # codes of the leaves that were asked

    def of(self, code: str) -> Value | None:
        """The one value of a question; None when it was left out."""
        return next(iter(self.values.get(code, ())), None)


def is_shown(element: Element, before: Read) -> bool:
    """Whether `element` is asked, given the answers `before` it. The only place that decides:
    the page, the validation, the stored answers and the bases of all shares follow it."""
    return True


def shown_elements(definition: Definition, answers: Mapping[str, Any]) -> Iterator[Element]:
    """What to put on the page while the answers are as they are, mistakes included."""
    before: Read = {}
    for element in definition.elements():
        if not is_shown(element, before):
            continue
        yield element
        try:
            before[element.code] = type_of(element).read(element, answers.get(element.code))
        except Misfit:
            before[element.code] = ()


def read_answers(definition: Definition, answers: Mapping[str, Any]) -> Walk:
    """Read `answers` ({code: raw value}) as the server understands them. What was not asked is
    ignored, whatever was sent for it; a code that no question has is an error."""
    walk = Walk()
    elements = list(definition.elements())
    for code in sorted(set(answers) - {element.code for element in elements}):
        walk.errors[code] = _("There is no such question.")
    for element in elements:
        if not is_shown(element, walk.values):
            continue
        kind = type_of(element)
        walk.shown.extend(leaf.code for leaf in kind.leaves(element))
        try:
            values = kind.read(element, answers.get(element.code))
        except Misfit as misfit:
            walk.errors[element.code] = str(misfit.message)
            continue
        if values:
            walk.values[element.code] = values
        elif element.required:
            walk.errors[element.code] = kind.missing(element)
    return walk


def answers_in_form(definition: Definition, posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """{code: raw answer} out of the fields of a form (or of a query string)."""
    found = {
        element.code: type_of(element).from_form(element, posted)
        for element in definition.elements()
    }
    return {code: raw for code, raw in found.items() if raw is not None}


def presets(definition: Definition, query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What an address chooses beforehand, as far as it fits: {code: raw answer}."""
    found = {}
    for element in definition.elements():
        kind = type_of(element)
        raw = kind.from_form(element, query) if kind.can_be_preset else None
        try:
            if kind.read(element, raw):
                found[element.code] = raw
        except Misfit:
            continue
    return found
