"""In which order things are shown: as written, or shuffled by the seed of the response."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from surveys.flow.definition import Definition, Page
from surveys.logic.shuffling import shuffled
from surveys.questions.base import Element, Option, Row

T = TypeVar("T", Option, Row)


def seed_of(nonce: str) -> int:
    """The seed that goes with a page: the same nonce gives the same orders."""
    return zlib.crc32(nonce.encode())


def in_order(element: Element, seed: int) -> Element:
    """The element with its choices, columns and rows as this person sees them."""
    what = element.shuffle
    if not what:
        return element
    code = element.code
    if what in {"choices", "both"}:
        element = replace(
            element,
            choices=_mixed(element.choices, seed, code),
            columns=_mixed(element.columns, seed, code),
        )
    if what in {"rows", "both"}:
        element = replace(element, rows=_mixed(element.rows, seed, f"{code}.rows"))
    return element


def _mixed(things: Sequence[T], seed: int, key: str) -> tuple[T, ...]:
    return tuple(shuffled(things, seed, key, lambda thing: thing.is_fixed))


def pages_in_order(definition: Definition, pages: Sequence[Page], seed: int) -> list[Page]:
    """`pages` (some of the definition's) with those shuffled that may change places. What is
    asked and what conditions know follows the written order all the same."""
    found = list(pages)
    for group in definition.shuffle_pages:
        places = [at for at, page in enumerate(found) if page.code in group]
        mixed = shuffled([found[at] for at in places], seed, "+".join(group))
        for at, page in zip(places, mixed, strict=True):
            found[at] = page
    return found
