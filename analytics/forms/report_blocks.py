"""The blocks of a part as its page sends them: fields kind-0, key-0, text-0, hint-0, kind-1 …, in
their order, and what was pressed."""

from collections.abc import Mapping
from typing import Any

from analytics.rules.report.blocks import AT_MOST, KEYED, OWN, Block


def typed_blocks(data: Mapping[str, Any]) -> list[Block]:
    """As they were typed, whatever they are."""
    found: list[Block] = []
    for at in range(AT_MOST + 1):
        kind = data.get(f"kind-{at}")
        if kind is None:
            break
        found.append(_typed(kind, at, data))
    return found


def _typed(kind: str, at: int, data: Mapping[str, Any]) -> Block:
    if kind in KEYED:
        return {"kind": kind, "key": data.get(f"key-{at}", "")}
    if kind in OWN:
        return {"kind": kind}
    text = data.get(f"text-{at}", "").replace("\r\n", "\n")
    return {"kind": "text", "text": text, "hint": data.get(f"hint-{at}", "")}


def after_pressing(do: str, blocks: list[Block], data: Mapping[str, Any]) -> list[Block]:
    """The blocks once a button was pressed: up:2, down:2, remove:2, add:2 (behind the second; what
    is in the field `new-2` as kind:key)."""
    what, _colon, place = do.partition(":")
    if not place.isdecimal() or len(place) > 3 or int(place) > len(blocks):
        return blocks
    at, found = int(place), list(blocks)
    if what == "add":
        kind, _colon, key = str(data.get(f"new-{at}", "text")).partition(":")
        new: Block = {"kind": "text", "text": "", "hint": ""} if kind == "text" else {"kind": kind}
        found.insert(at, {**new, "key": key} if kind in KEYED else new)
    elif at < len(found) and what == "remove":
        del found[at]
    elif at < len(found) and what in {"up", "down"}:
        other = at + (1 if what == "down" else -1)
        if 0 <= other < len(found):
            found[at], found[other] = found[other], found[at]
    return found
