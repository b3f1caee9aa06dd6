"""Whether the conditions of a definition can work: each looks backwards only, each jump leads
forward, and what is named exists."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled
from surveys.enums import DataType
from surveys.flow.definition import END, Definition
from surveys.flow.places import Place, Wants, places_of, wordings_of
from surveys.logic.checks import Holds, Kind, check
from surveys.logic.expression import LogicInvalid
from surveys.logic.reading import parse
from surveys.logic.wording import find_faults
from surveys.questions.base import Element, Leaf
from surveys.questions.registry import type_of

# What the server gives with the page, wherever it is asked.
GIVEN = {
    "today": Holds(Kind.DATE),
    "language": Holds(Kind.TEXT),
    "customer.name": Holds(Kind.TEXT),
    "customer.organisation": Holds(Kind.TEXT),
    "customer.tier": Holds(Kind.TEXT),
}
_KINDS = {
    DataType.SINGLE: Kind.CODE,
    DataType.MULTI: Kind.CODE,
    DataType.RANK: Kind.CODE,
    DataType.NUMBER: Kind.NUMBER,
    DataType.DATE: Kind.DATE,
}
_WANTS = {Wants.TRUTH: Kind.TRUTH, Wants.TEXT: Kind.TEXT}


def logic_faults(definition: Definition) -> Iterator[str]:
    """What cannot work, each with its place; empty when everything can."""
    yield from _destinations(definition)
    elements = list(definition.elements())
    order = {element.code: at for at, element in enumerate(elements)}
    for place in places_of(definition):
        end = len(elements) if place.before is None else order[place.before]
        names = GIVEN | names_of(elements[:end])
        later = names_of(elements[end:])
        yield from _faults_at(place, names, later)
    for wording in wordings_of(definition):
        end = len(elements) if wording.before is None else order[wording.before]
        names, later = GIVEN | names_of(elements[:end]), names_of(elements[end:])
        for problem in find_faults(wording.text, names, later=later):
            yield labelled(wording.where, problem.message)


def names_of(elements: list[Element]) -> dict[str, Holds]:
    """What may be named of these elements: leaf code → what it holds."""
    return {
        leaf.code: held_by(leaf)
        for element in elements
        for leaf in type_of(element).leaves(element)
    }


def held_by(leaf: Leaf) -> Holds:
    kind = _KINDS.get(leaf.data_type, Kind.TEXT)
    codes = tuple(choice.code for choice in leaf.choices) if kind is Kind.CODE else None
    return Holds(kind, leaf.data_type in {DataType.MULTI, DataType.RANK}, codes)


def _faults_at(place: Place, names: dict[str, Holds], later: dict[str, Holds]) -> Iterator[str]:
    try:
        expression = parse(place.expression, {*names, *later})
    except LogicInvalid as refusal:
        problems = list(refusal.problems)
    else:
        wants = _WANTS.get(place.wants)  # a number may also be worked out as true or false
        problems = check(expression, names, wants=wants, later=later)
    for problem in problems:
        yield labelled(place.where, problem.message)


def _destinations(definition: Definition) -> Iterator[str]:
    """Jumps lead to later pages or to ends, quotas to ends."""
    order = [page.code for page in definition.pages]
    for number, page in enumerate(definition.pages):
        for jump in page.jumps:
            named = {"page": page.code, "to": jump.to}
            is_end = jump.to.startswith(END)
            known = definition.end(jump.to.removeprefix(END)) if is_end else jump.to in order
            if not known:
                yield _("Page “%(page)s” leads to “%(to)s”, which does not exist.") % named
            elif not is_end and order.index(jump.to) <= number:
                yield (
                    _("Page “%(page)s” leads back to “%(to)s”; people can only be led forward.")
                    % named
                )
    for quota in definition.quotas:
        if definition.end(quota.end) is None:
            yield _("Quota “%(quota)s” turns away by “%(end)s”, which is no end.") % {
                "quota": quota.code,
                "end": quota.end,
            }
