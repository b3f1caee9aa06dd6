"""Taking out of a text what could tell who wrote it. Pure.

What can be known from the outside goes: addresses, numbers that reach or name somebody, links,
and the names that we have. A text can betray its writer by what it tells; only deleting it helps
against that.
"""

import re
from collections.abc import Iterable

GONE = "▇▇▇"
SHORTEST_NAME = 2
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'）)】]{1,2000}", re.IGNORECASE)
# Phone numbers, identity and bank cards: seven digits or more, with spaces or dashes between.
_NUMBER = re.compile(r"\+?\d(?:[ \-().]{0,2}\d){5,22}[\dXx]")


def mask(text: str, names: Iterable[str] = ()) -> str:
    """`text` with what could tell who wrote it replaced. `names`: those that are known, with
    everything else that must not stay (an order number, a place)."""
    for pattern in (_LINK, _ADDRESS, _NUMBER):
        text = pattern.sub(GONE, text)
    for name in sorted(set(names), key=len, reverse=True):
        if len(name.strip()) >= SHORTEST_NAME:
            text = _as_a_word(name.strip()).sub(GONE, text)
    return text


def _as_a_word(name: str) -> re.Pattern[str]:
    """Latin names only as whole words: “Li” is no part of “like”. Chinese has no spaces."""
    edge = r"\b" if name.isascii() else ""
    return re.compile(f"{edge}{re.escape(name)}{edge}", re.IGNORECASE)
