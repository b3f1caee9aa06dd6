"""What a part of a report is made of: a list of blocks as JSON.

{"kind": "text", "text": …, "hint": …}     words of people (rules.report.markup); a hint says
                                           what is to be written where nothing is yet
{"kind": "figure", "key": …}               the sentences about a number or a ranking
{"kind": "chart", "key": …}  {"kind": "table", "key": …}
{"kind": "period"} {"kind": "method"} {"kind": "findings"}   sentences about the report itself
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from analytics.errors import BlocksRefused
from analytics.rules.report.material import Material

Block = dict[str, Any]
KEYED = ("figure", "chart", "table")
OWN = ("period", "method", "findings")
KINDS = ("text", *KEYED, *OWN)
AT_MOST = 80  # blocks of a part
LONGEST = 20_000  # letters of a text


def checked(blocks: Sequence[Any], material: Material, there: Sequence[Block] = ()) -> list[Block]:
    """Blocks with exactly what each kind has; of keys those that were gathered, or that the part
    had before (`there`): they may come back with the next figures. Raises BlocksRefused."""
    if len(blocks) > AT_MOST:
        most = _("A part has %(most)s blocks at most.") % {"most": AT_MOST}
        raise BlocksRefused(most)
    return [_checked(one, material, there) for one in blocks]


def _checked(raw: Any, material: Material, there: Sequence[Block]) -> Block:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind == "text":
        text, hint = raw.get("text", ""), raw.get("hint", "")
        if not isinstance(text, str) or not isinstance(hint, str) or len(text) > LONGEST:
            longest = _("A text has %(most)s letters at most.") % {"most": LONGEST}
            raise BlocksRefused(longest)
        return {"kind": "text", "text": text.replace("\x00", ""), "hint": hint[:300]}
    if kind in OWN:
        return {"kind": kind}
    if kind in KEYED:
        block = {"kind": kind, "key": str(raw.get("key", ""))}
        if block in there or _label(kind, block["key"], material):
            return block
    raise BlocksRefused(_("There is no such block to put into a report."))


def _label(kind: str, key: str, material: Material) -> str:
    if kind == "chart":
        return str(material.charts.get(key, {}).get("title", ""))
    if kind == "table":
        return material.tables[key].label if key in material.tables else ""
    found = material.figures.get(key) or material.rankings.get(key)
    return found.label if found else ""


def label_of(block: Block, material: Material) -> str:
    """What a block is called where it is chosen and moved."""
    kind = block["kind"]
    if kind in KEYED:
        return _label(kind, block["key"], material) or _usual(block["key"])
    return {
        "text": lambda: _("Text"),
        "period": lambda: _("What the report is about"),
        "method": lambda: _("How to read the figures"),
        "findings": lambda: _("What has changed significantly"),
    }[kind]()


def _usual(key: str) -> str:
    """What is called so once there is something of it."""
    names = {
        "topics": lambda: _("Topics"),
        "keywords": lambda: _("Keywords"),
        "negative": lambda: _("Share of negative texts"),
        "mood": lambda: _("Share of negative texts"),
        "complaints": lambda: _("What is complained about"),
        "problems": lambda: _("Open problems"),
        "measures": lambda: _("Measures"),
        "nps": lambda: _("Net promoter score"),
    }
    return _("Not there yet: %(name)s") % {"name": names.get(key, lambda: key)()}


def catalogue(material: Material) -> list[tuple[str, str, str]]:
    """Everything that can be put in: (kind, key, label)."""
    return [
        *(("figure", key, one.label) for key, one in material.figures.items()),
        *(("figure", key, one.label) for key, one in material.rankings.items()),
        *(("chart", key, str(one.get("title", key))) for key, one in material.charts.items()),
        *(("table", key, one.label) for key, one in material.tables.items()),
        *((kind, "", label_of({"kind": kind}, material)) for kind in OWN),
    ]


def is_blank(block: Block) -> bool:
    """A place where somebody was to write something and has not."""
    return block["kind"] == "text" and not block["text"].strip() and bool(block.get("hint"))
