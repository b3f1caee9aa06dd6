"""Who is mentioned in a note: `@` and a name or an address. Pure.

Chinese is written without spaces, so a name ends where the longest known name ends and not where
a word does: "@王敏请看" mentions 王敏.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A place where somebody is named: the handle as it is known, and who has it. More than one
    person means that the handle does not say who is meant."""

    start: int
    end: int
    handle: str
    people: frozenset[int]


def handles_of(people: Iterable[tuple[int, str, str]]) -> dict[str, frozenset[int]]:
    """handle → ids, of people given as (id, name, address). Both name and address are handles,
    compared without regard to case."""
    found: dict[str, set[int]] = {}
    for key, name, address in people:
        for handle in (name.strip(), address.strip()):
            if handle:
                found.setdefault(handle.casefold(), set()).add(key)
    return {handle: frozenset(ids) for handle, ids in found.items()}


def find_mentions(text: str, handles: Mapping[str, frozenset[int]]) -> list[Mentioned]:
    """Every mention in `text`, in order. An address such as ada@example.org is none, and neither
    is a name that nobody has."""
    return list(_find(text, handles))


def _find(text: str, handles: Mapping[str, frozenset[int]]) -> Iterator[Mentioned]:
    folded = text.casefold()
    if len(folded) != len(text):  # "ß" and a few others grow: then compare as written
        folded = text.lower() if len(text.lower()) == len(text) else text
    longest_first = sorted(handles, key=len, reverse=True)
    at = folded.find("@")
    while at >= 0:
        end = at + 1
        if at == 0 or not _is_latin_word(folded[at - 1]):
            for handle in longest_first:
                if folded.startswith(handle, at + 1) and _ends(folded, at + 1 + len(handle)):
                    end = at + 1 + len(handle)
                    yield Mentioned(at, end, text[at + 1 : end], handles[handle])
                    break
        at = folded.find("@", end)


def _is_latin_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "._%+-")


def _ends(text: str, end: int) -> bool:
    """Whether a handle may end here: "@Ann" is not in "@Annabel", "@王敏" is in "@王敏请"."""
    if end >= len(text) or not (text[end].isascii() and text[end].isalnum()):
        return True
    return not (text[end - 1].isascii() and text[end - 1].isalnum())
