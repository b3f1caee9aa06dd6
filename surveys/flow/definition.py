"""A survey's definition as objects. The JSON is described in docs/surveys.md; `flow.checks`
says whether it can be used, `parse` takes one that can."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import Check, Element, Leaf, Option, Row, Texts
from surveys.questions.registry import TYPES, type_of

SCHEMA = 1
ELEMENT_KEYS = frozenset(
    {
        "code", "type", "role", "required", "required_when", "text", "hint", "when", "checks",
        "choices", "rows", "columns", "shuffle",
    }
)  # fmt: skip
END = "end:"  # a jump leads to a page, or to "end:CODE"


@dataclass(frozen=True, slots=True)
class Jump:
    to: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    code: str
    elements: tuple[Element, ...]
    title: Texts = field(default_factory=dict)
    when: str = ""
    jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """How it ends for some: other words, another address, or that they were not meant. Without
    a condition it is only reached by a jump or a full quota."""

    code: str
    outcome: str = "complete"  # or "screened_out"
    when: str = ""
    text: Texts = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` responses of which `when` holds; who comes later is shown `end`."""

    code: str
    when: str
    limit: int
    end: str


@dataclass(frozen=True, slots=True)
class Definition:
    languages: tuple[str, ...]
    pages: tuple[Page, ...]
    title: Texts = field(default_factory=dict)
    intro: Texts = field(default_factory=dict)
    thanks: Texts = field(default_factory=dict)
    ends: tuple[End, ...] = ()
    quotas: tuple[Quota, ...] = ()
    shuffle_pages: tuple[tuple[str, ...], ...] = ()

    def elements(self) -> Iterator[Element]:
        for page in self.pages:
            yield from page.elements

    def leaves(self) -> Iterator[Leaf]:
        for element in self.elements():
            yield from type_of(element).leaves(element)

    def dictionary(self) -> Iterator[Leaf]:
        """The leaves, each group of them headed by the question they are parts of."""
        for element in self.elements():
            leaves = type_of(element).leaves(element)
            if any(leaf.part_of for leaf in leaves):
                yield Leaf(element.code, DataType.GROUP, QuestionRole.NONE, element.text)
            yield from leaves

    def page_named(self, code: str) -> Page:
        """The first one when there is none of that name."""
        return next((page for page in self.pages if page.code == code), self.pages[0])

    def end(self, code: str) -> End | None:
        return next((end for end in self.ends if end.code == code), None)


def parse(raw: Mapping[str, Any]) -> Definition:
    """The objects behind a definition in which `find_faults` finds nothing."""
    texts = raw.get("texts", {})
    return Definition(
        languages=tuple(raw["languages"]),
        pages=tuple(_parse_page(page) for page in raw["pages"]),
        title=texts.get("title", {}),
        intro=texts.get("intro", {}),
        thanks=texts.get("thanks", {}),
        ends=tuple(_parse_end(end) for end in raw.get("ends", ())),
        quotas=tuple(
            Quota(quota["code"], quota["when"], quota["limit"], quota["end"])
            for quota in raw.get("quotas", ())
        ),
        shuffle_pages=tuple(tuple(codes) for codes in raw.get("shuffle_pages", ())),
    )


def _parse_page(raw: Mapping[str, Any]) -> Page:
    return Page(
        code=raw["code"],
        title=raw.get("title") or {},
        when=raw.get("when") or "",
        jumps=tuple(Jump(jump["to"], jump.get("when") or "") for jump in raw.get("jumps", ())),
        elements=tuple(parse_element(element) for element in raw["elements"]),
    )


def _parse_end(raw: Mapping[str, Any]) -> End:
    return End(
        code=raw["code"],
        outcome=raw.get("outcome", "complete"),
        when=raw.get("when") or "",
        text=raw.get("text") or {},
        url=raw.get("url") or "",
    )


def parse_element(raw: Mapping[str, Any]) -> Element:
    return Element(
        code=raw["code"],
        type=raw["type"],
        text=raw["text"],
        role=QuestionRole(raw.get("role", TYPES[raw["type"]].usual_role)),
        required=raw.get("required", False),
        required_when=raw.get("required_when") or "",
        when=raw.get("when") or "",
        hint=raw.get("hint") or {},
        checks=tuple(Check(check["that"], check["text"]) for check in raw.get("checks", ())),
        choices=tuple(_parse_option(choice) for choice in raw.get("choices", ())),
        rows=tuple(
            Row(row["code"], row["text"], row.get("when") or "", row.get("fixed", False))
            for row in raw.get("rows", ())
        ),
        columns=tuple(_parse_option(column) for column in raw.get("columns", ())),
        shuffle=raw.get("shuffle", ""),
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
        when=raw.get("when") or "",
        is_fixed=raw.get("fixed", False),
    )


def text_in(texts: Texts, language: str) -> str:
    """The wording in `language`; in another one when it has none; "" when there is no wording."""
    return texts.get(language) or next((text for text in texts.values() if text), "")
