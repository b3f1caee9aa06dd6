"""Where expressions stand in a definition, and what may be named there."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled
from surveys.flow.definition import Definition
from surveys.questions.base import Element, Option, Row, Texts


class Wants(Enum):
    """What an expression must come to."""

    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """One expression: where it stands, in words, and which element is the first that it cannot
    name (None: it stands behind all of them)."""

    where: str
    expression: str
    before: str | None = None
    wants: Wants = Wants.TRUTH


@dataclass(frozen=True, slots=True)
class WordingPlace:
    """One wording with braces in it, in one language."""

    where: str
    text: str
    before: str | None = None


def wordings_of(definition: Definition) -> Iterator[WordingPlace]:
    """Every wording in which answers are filled in, in order."""
    for page in definition.pages:
        where = _("Page “%(code)s”") % {"code": page.code}
        yield from _braces(where, page.title, page.elements[0].code)
        for element in page.elements:
            where = _("Question “%(code)s”") % {"code": element.code}
            things: list[Option | Row] = [*element.choices, *element.columns, *element.rows]
            texts = [element.text, element.hint, *(thing.text for thing in things)]
            for one in texts:
                yield from _braces(where, one, element.code)
    for end in definition.ends:
        yield from _braces(_("End “%(code)s”") % {"code": end.code}, end.text, None)
    yield from _braces(_("Texts, “%(name)s”") % {"name": "thanks"}, definition.thanks, None)


def _braces(where: str, texts: Texts, before: str | None) -> Iterator[WordingPlace]:
    for text in texts.values():
        if isinstance(text, str) and ("{" in text or "}" in text):
            yield WordingPlace(where, text, before)


def places_of(definition: Definition) -> Iterator[Place]:
    """Every expression of the definition, in order."""
    elements = list(definition.elements())
    following = {
        element.code: elements[at + 1].code if at + 1 < len(elements) else None
        for at, element in enumerate(elements)
    }
    for page in definition.pages:
        where = _("Page “%(code)s”") % {"code": page.code}
        first, last = page.elements[0], page.elements[-1]
        if page.when:
            yield Place(labelled(where, "when"), page.when, first.code)
        for element in page.elements:
            yield from _of_element(element, following[element.code])
        for jump in page.jumps:
            if jump.when:
                place = labelled(where, _("jump to “%(to)s”") % {"to": jump.to})
                yield Place(place, jump.when, following[last.code])
    for end in definition.ends:
        if end.when:
            yield Place(_("End “%(code)s”") % {"code": end.code}, end.when)
    for quota in definition.quotas:
        yield Place(_("Quota “%(code)s”") % {"code": quota.code}, quota.when)


def _of_element(element: Element, following: str | None) -> Iterator[Place]:
    where = _("Question “%(code)s”") % {"code": element.code}
    if element.when:
        yield Place(labelled(where, "when"), element.when, element.code)
    things: list[Option | Row] = [*element.choices, *element.columns, *element.rows]
    for thing in things:
        if thing.when:
            part = _("“%(code)s”") % {"code": thing.code}
            yield Place(labelled(where, part), thing.when, element.code)
    value = element.settings.get("value")
    if element.type == "calculated" and value:
        wants = Wants.TEXT if element.settings.get("holds") == "text" else Wants.NUMBER
        yield Place(labelled(where, "value"), value, element.code, wants)
    if element.required_when:
        yield Place(labelled(where, "required_when"), element.required_when, element.code)
    for check in element.checks:
        yield Place(labelled(where, _("check")), check.that, following)
