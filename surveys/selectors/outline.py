"""A draft as its builder shows it: pages, questions, what is wrong with each, in words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled
from surveys.enums import QuestionRole
from surveys.flow.checks_of_elements import element_faults
from surveys.flow.checks_of_logic import GIVEN, held_by
from surveys.flow.definition import END, parse_element, text_in
from surveys.flow.editing import Raw, elements_of
from surveys.logic.checks import Holds
from surveys.logic.expression import LogicInvalid
from surveys.logic.reading import parse
from surveys.logic.sentences import Label, say
from surveys.questions.base import Element
from surveys.questions.registry import TYPES, type_of
from surveys.questions.words import KINDS, KindWords

CODES = re.compile(r"[“「]([A-Za-z0-9_.:-]+)[”」]")


@dataclass(frozen=True, slots=True)
class Fault:
    text: str
    element: str = ""  # code of the question it is about
    page: str = ""


@dataclass(frozen=True, slots=True)
class ElementLine:
    code: str
    kind: KindWords
    text: str
    other_text: str  # in the second language
    choices: list[str]
    required: bool
    when: str  # as a sentence; "" = always
    required_when: str
    checks: int  # how many conditions its answer must fulfil
    role: Promise | str
    number: int | None  # of those that are asked
    faults: list[str] = field(default_factory=list)
    comments: int = 0  # open ones


@dataclass(frozen=True, slots=True)
class PageLine:
    code: str
    number: int
    title: str
    when: str
    jumps: list[str]
    elements: list[ElementLine]
    faults: list[str] = field(default_factory=list)
    comments: int = 0


def wording(texts: Any, language: str | None = None) -> str:
    """The wording in a language, of whatever stands in a draft."""
    if not isinstance(texts, Mapping):
        return ""
    found = text_in(texts, language or get_language() or "en")
    return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Names:
    """What conditions of a draft may name: leaf code → what it holds and how it is called."""

    holds: dict[str, Holds]
    labels: dict[str, Label]

    def say(self, text: Any) -> str:
        """A condition as a sentence; as it is written when it cannot be read."""
        if not text or not isinstance(text, str):
            return ""
        try:
            return say(parse(text, set(self.holds)).tree, self.labels)
        except LogicInvalid:
            return text


def given_labels() -> dict[str, Label]:
    return {
        "today": Label(_("today")),
        "language": Label(_("language of the page")),
        "customer.name": Label(_("name of the customer")),
        "customer.organisation": Label(_("organisation of the customer")),
        "customer.tier": Label(_("tier of the customer")),
    }


def names_before(
    raw: Raw, stop: str | None = None, *, page: str | None = None, and_itself: bool = False
) -> Names:
    """What may be named in front of the question `stop` (of the page `page`), or with it
    (`and_itself`); everything when both are None."""
    holds: dict[str, Holds] = dict(GIVEN)
    labels = given_labels()
    for one in raw["pages"]:
        if page is not None and one["code"] == page:
            break
        for written in one["elements"]:
            if written["code"] == stop and not and_itself:
                return Names(holds, labels)
            element = readable(written, raw["languages"])
            if element is not None:
                _name(element, holds, labels)
            if written["code"] == stop:
                return Names(holds, labels)
    return Names(holds, labels)


def elements_before(raw: Raw, stop: str) -> list[Element]:
    """The questions in front of one, those that can be read."""
    found: list[Element] = []
    for written in elements_of(raw):
        if written["code"] == stop:
            break
        element = readable(written, raw["languages"])
        found += [element] if element is not None else []
    return found


def readable(raw: Mapping[str, Any], languages: Iterable[str]) -> Element | None:
    """The question as an object, with words where they are still missing; None when something
    else is wrong with it."""
    filled = _filled(dict(raw), list(languages))
    if any(element_faults(filled, list(languages))):
        return None
    return parse_element(filled)


def _filled(raw: Raw, languages: list[str]) -> Raw:
    found = dict(raw)
    for name in ("text", "hint"):
        if name in found or name == "text":
            found[name] = filled_in(found.get(name), languages)
    for name in ("choices", "rows", "columns", "checks"):
        if isinstance(found.get(name), list):
            found[name] = [
                dict(one) | {"text": filled_in(one.get("text"), languages)}
                if isinstance(one, Mapping)
                else one
                for one in found[name]
            ]
    for name, form in TYPES[found["type"]].settings.items():
        if isinstance(found.get(name), Mapping) and "texts" in form:
            found[name] = filled_in(found[name], languages)
    return found


def filled_in(texts: Any, languages: list[str]) -> dict[str, str]:
    """The wording in each language; where it has none, that of another."""
    texts = texts if isinstance(texts, Mapping) else {}
    usual = next((one for one in texts.values() if isinstance(one, str) and one.strip()), "…")
    return {
        one: texts[one] if isinstance(texts.get(one), str) and texts[one].strip() else usual
        for one in languages
    }


def _name(element: Element, holds: dict[str, Holds], labels: dict[str, Label]) -> None:
    own = wording(element.text)
    for leaf in type_of(element).leaves(element):
        holds[leaf.code] = held = held_by(leaf)
        text = labelled(own, wording(leaf.text)) if leaf.part_of else own
        choices = {one.code: wording(one.text) for one in leaf.choices}
        labels[leaf.code] = Label(text, choices, held.many)


NO_COMMENTS: Mapping[tuple[str, str], int] = {}


def outline_of(
    raw: Raw, faults: Iterable[str], comments: Mapping[tuple[str, str], int] = NO_COMMENTS
) -> tuple[list[PageLine], list[Fault]]:
    """The lines of the builder, and all `faults` with the places they are about. `comments`:
    how many are open, by (code of a page, code of a question)."""
    names = names_before(raw)
    found = [_placed(raw, text) for text in faults]
    pages, asked = [], 0
    for number, page in enumerate(raw["pages"], start=1):
        lines = []
        for element in page["elements"]:
            is_asked = TYPES[element["type"]].is_asked
            asked += is_asked
            own = [one.text for one in found if one.element == element["code"]]
            line = _line(element, names, asked if is_asked else None, own)
            lines.append(replace(line, comments=comments.get(("", element["code"]), 0)))
        own = [one.text for one in found if one.page == page["code"] and not one.element]
        whole = _page_line(raw, page, names, number=number, lines=lines, faults=own)
        pages.append(replace(whole, comments=comments.get((page["code"], ""), 0)))
    return pages, found


def _page_line(
    raw: Raw, page: Raw, names: Names, *, number: int, lines: list[ElementLine], faults: list[str]
) -> PageLine:
    jumps = page.get("jumps")
    return PageLine(
        code=page["code"],
        number=number,
        title=wording(page.get("title")),
        when=names.say(page.get("when")),
        jumps=[
            _jump(raw, one, names)
            for one in (jumps if isinstance(jumps, list) else ())
            if isinstance(one, Mapping)
        ],
        elements=lines,
        faults=faults,
    )


def destination(raw: Raw, to: str) -> str:
    """Where a jump leads, as people call it."""
    if to.startswith(END):
        return _("the end “%(code)s”") % {"code": to.removeprefix(END)}
    for number, page in enumerate(raw["pages"], start=1):
        if page["code"] == to:
            title = wording(page.get("title"))
            name = _("Page %(number)s") % {"number": number}
            return f"{name} “{title}”" if title else name
    return to


def _jump(raw: Raw, jump: Mapping[str, Any], names: Names) -> str:
    words = {"to": destination(raw, str(jump.get("to", "")))}
    when = names.say(jump.get("when"))
    if not when:
        return _("Then goes on to %(to)s") % words
    return _("Goes on to %(to)s if %(condition)s") % (words | {"condition": when})


def _line(element: Raw, names: Names, number: int | None, faults: list[str]) -> ElementLine:
    language = get_language() or "en"
    texts = element.get("text")
    texts = texts if isinstance(texts, Mapping) else {}
    own = texts.get(language)
    others = [one for code, one in texts.items() if code != language and isinstance(one, str)]
    role = element.get("role", TYPES[element["type"]].usual_role)
    parts = element.get("choices") or element.get("rows") or []
    return ElementLine(
        code=element["code"],
        kind=KINDS[element["type"]],
        text=own if isinstance(own, str) else "",
        other_text=next(iter(others), ""),
        choices=[wording(one.get("text")) for one in parts if isinstance(one, Mapping)]
        if isinstance(parts, list)
        else [],
        required=element.get("required") is True,
        when=names.say(element.get("when")),
        required_when=names.say(element.get("required_when")),
        checks=len(element.get("checks") or ()),
        role="" if role == "none" else _role_label(role),
        number=number,
        faults=faults,
    )


def _role_label(role: Any) -> Promise | str:
    return QuestionRole(role).label if role in QuestionRole.values else str(role)


def _placed(raw: Raw, text: str) -> Fault:
    """The question or page that a sentence names."""
    named = CODES.findall(text)
    elements = {element["code"] for element in elements_of(raw)}
    page = next((one for one in named if one in {page["code"] for page in raw["pages"]}), "")
    if not page:
        for number, one in enumerate(raw["pages"], start=1):
            if text.startswith(labelled(_("Page %(number)s") % {"number": number}, "")[:-1]):
                page = one["code"]
    return Fault(text, next((one for one in named if one in elements), ""), page)
