"""A survey's definition as objects. The JSON is described in docs/surveys.md; `flow.checks`
says whether it can be used, `parse` takes one that can."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.enums import QuestionRole
from surveys.questions.base import Element, Leaf, Option, Texts
from surveys.questions.registry import type_of

SCHEMA = 1
ELEMENT_KEYS = frozenset({"code", "type", "role", "required", "text", "hint", "choices"})
# "when" is not among them yet: conditions come with the one language that both the server
# and the browser evaluate, and walk.is_shown is where they will be asked.


@dataclass(frozen=True, slots=True)
class Page:
    code: str
    elements: tuple[Element, ...]
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    languages: tuple[str, ...]
    pages: tuple[Page, ...]
    title: Texts = field(default_factory=dict)
    intro: Texts = field(default_factory=dict)
    thanks: Texts = field(default_factory=dict)

    def elements(self) -> Iterator[Element]:
        for page in self.pages:
            yield from page.elements

    def leaves(self) -> Iterator[Leaf]:
        for element in self.elements():
            yield from type_of(element).leaves(element)


def parse(raw: Mapping[str, Any]) -> Definition:
    """The objects behind a definition in which `find_faults` finds nothing."""
    texts = raw.get("texts", {})
    return Definition(
        languages=tuple(raw["languages"]),
        pages=tuple(
            Page(
                code=page["code"],
                title=page.get("title", {}),
                elements=tuple(parse_element(element) for element in page["elements"]),
            )
            for page in raw["pages"]
        ),
        title=texts.get("title", {}),
        intro=texts.get("intro", {}),
        thanks=texts.get("thanks", {}),
    )


def parse_element(raw: Mapping[str, Any]) -> Element:
    return Element(
        code=raw["code"],
        type=raw["type"],
        text=raw["text"],
        role=QuestionRole(raw.get("role", QuestionRole.NONE)),
        required=raw.get("required", False),
        hint=raw.get("hint", {}),
        choices=tuple(_parse_option(choice) for choice in raw.get("choices", ())),
        settings={name: value for name, value in raw.items() if name not in ELEMENT_KEYS},
    )


def _parse_option(raw: Mapping[str, Any]) -> Option:
    return Option(
        code=raw["code"],
        text=raw["text"],
        score=raw.get("score"),
        is_other=raw.get("other", False),
        is_exclusive=raw.get("exclusive", False),
        is_missing=raw.get("missing", False),
    )


def text_in(texts: Texts, language: str) -> str:
    """The wording in `language`; in another one when it has none; "" when there is no wording."""
    return texts.get(language) or next((text for text in texts.values() if text), "")
