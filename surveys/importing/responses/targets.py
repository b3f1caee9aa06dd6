"""What a column of a table can be: a fact about a response, or an answer. Named exactly as our
own exports name their columns (selectors.response_table), so that they come back by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.enums import DataType
from surveys.flow.definition import Definition, text_in
from surveys.questions.base import Element, Leaf, Option
from surveys.questions.files import File
from surveys.questions.registry import type_of
from surveys.questions.unasked import Calculated, Hidden


class Part(StrEnum):
    """Which part of a response a column holds."""

    FACT = "fact"
    ANSWER = "answer"  # all of a leaf
    CHOICE = "choice"  # whether one choice was picked, or its place in a ranking
    WORDS = "words"  # those of “other”


@dataclass(frozen=True, slots=True)
class Target:
    """`labels` are the words of the question in each language, as exports with words have them.
    What is not `is_read` is recognised and passed over: it is worked out anew."""

    name: str
    labels: Mapping[str, str]
    part: Part = Part.FACT
    element: str = ""
    leaf: str = ""
    choice: str = ""
    is_read: bool = True


FACTS = {
    "_response": gettext_lazy("Number of the response (so that it comes in once)"),
    "_completed": gettext_lazy("Completed"),
    "_started": gettext_lazy("Begun"),
    "_seconds": gettext_lazy("Seconds spent"),
    "_language": gettext_lazy("Language"),
    "_collector": gettext_lazy("Way"),
    "_version": gettext_lazy("Version"),
    "_weight": gettext_lazy("Weight"),
    "_feedback": gettext_lazy("Feedback"),
    "_email": gettext_lazy("E-mail address of the customer"),
    "_customer_number": gettext_lazy("Number of the customer"),
}
# Columns of our exports that say nothing new.
PASSED_OVER = ("_status", "_channel", "_customer")


def targets_of(definitions: Sequence[Definition]) -> list[Target]:
    """Everything that any of the versions can take, those of the first one first."""
    found = {name: Target(name, {"": str(label)}) for name, label in FACTS.items()} | {
        name: Target(name, {}, is_read=False) for name in PASSED_OVER
    }
    for definition in definitions:
        for element in definition.elements():
            for target in _of_element(element, definition.languages):
                found.setdefault(target.name, target)
    return list(found.values())


def _of_element(element: Element, languages: Sequence[str]) -> Iterator[Target]:
    kind = type_of(element)
    is_read = not (
        isinstance(kind, Calculated | File)
        or (isinstance(kind, Hidden) and kind.source(element) != "link")
    )
    for leaf in kind.leaves(element):
        words = {language: _words(element, leaf, language) for language in languages}
        usual = (leaf.code, words, Part.ANSWER, element.code, leaf.code)
        yield Target(*usual, is_read=is_read)
        for choice in leaf.choices:
            yield from _of_choice(element, leaf, choice, languages)


def _words(element: Element, leaf: Leaf, language: str) -> str:
    own = text_in(leaf.text, language)
    return f"{text_in(element.text, language)} – {own}" if leaf.part_of else own


def _of_choice(
    element: Element, leaf: Leaf, choice: Option, languages: Sequence[str]
) -> Iterator[Target]:
    labels = {
        language: f"{_words(element, leaf, language)} – {text_in(choice.text, language)}"
        for language in languages
    }
    name = f"{leaf.code}_{choice.code}"
    if leaf.data_type in {DataType.MULTI, DataType.RANK}:
        yield Target(name, labels, Part.CHOICE, element.code, leaf.code, choice.code)
    if choice.is_other:
        yield Target(f"{name}_text", labels, Part.WORDS, element.code, leaf.code, choice.code)


def said_of(target: Target, language: str) -> str:
    """What a person reads for a target."""
    if target.part == Part.FACT:
        return str(FACTS.get(target.name, target.name))
    words = text_in(target.labels, language) or target.name
    return _("%(words)s (in words)") % {"words": words} if target.part == Part.WORDS else words
