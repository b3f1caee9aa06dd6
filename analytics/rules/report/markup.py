"""What people type into a report: paragraphs, lists, headings, bold words, and numbers of the
report by their keys. Nothing of it is HTML; what is not known stays as it was typed.

    ## A heading            - an item of a list         1. an item with a number
    **bold**                > a quotation               [[csat]] [[csat.before]] [[csat.n]]
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from analytics.rules.report import values
from analytics.rules.report.material import Figure
from analytics.rules.report.runs import Run, Runs

_INLINE = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|\[\[([a-z_0-9]+)(?:\.([a-z]+))?\]\]")
_ITEM = re.compile(r"[-*•]\s+(.*)")
_NUMBERED = re.compile(r"\d{1,2}[.)、]\s*(.*)")
_HEADING = re.compile(r"#{1,4}\s+(.*)")
_QUOTED = re.compile(r">\s?(.*)")

Block = dict[str, Any]
# What of a figure a text may name behind a dot.
DETAILS: dict[str, Callable[[Figure], str]] = {
    "before": lambda one: values.write(one.before, one.quantity),
    "interval": values.interval,
    "n": lambda one: values.count(one.n),
    "second": lambda one: values.write(one.second, one.quantity),
}


def figures_named(text: str) -> set[str]:
    """The keys of the figures that a text names."""
    return {found.group(2) for found in _INLINE.finditer(text) if found.group(2)}


def read_markup(text: str, figures: Mapping[str, Figure]) -> list[Block]:
    """Paragraphs, headings, lists and quotations, each with its runs as JSON."""
    blocks: list[Block] = []
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        stripped = line.strip()
        kind, words = _kind_of(stripped)
        if kind in {"", "heading", "item", "numbered", "quote"} and lines:
            blocks.append(_block("paragraph", "\n".join(lines), figures))
            lines = []
        if kind == "line":
            lines.append(stripped)
        elif kind in {"item", "numbered"}:
            _add_item(blocks, words, figures, is_numbered=kind == "numbered")
        elif kind:
            blocks.append(_block(kind, words, figures))
        elif blocks and blocks[-1]["kind"] == "list":
            blocks[-1]["is_over"] = True
    for block in blocks:
        block.pop("is_over", None)
    return blocks


def _kind_of(line: str) -> tuple[str, str]:
    if not line:
        return "", ""
    for kind, pattern in (
        ("heading", _HEADING),
        ("item", _ITEM),
        ("numbered", _NUMBERED),
        ("quote", _QUOTED),
    ):
        found = pattern.fullmatch(line)
        if found:
            return kind, found.group(1)
    return "line", line


def _block(kind: str, words: str, figures: Mapping[str, Figure]) -> Block:
    return {"kind": kind, "runs": told(runs_of(words, figures))}


def _add_item(
    blocks: list[Block], words: str, figures: Mapping[str, Figure], *, is_numbered: bool
) -> None:
    last = blocks[-1] if blocks else {}
    is_same = last.get("kind") == "list" and last["is_numbered"] is is_numbered
    if not is_same or last.get("is_over"):
        blocks.append({"kind": "list", "is_numbered": is_numbered, "items": []})
    blocks[-1]["items"].append(told(runs_of(words, figures)))


def runs_of(words: str, figures: Mapping[str, Figure]) -> Runs:
    """One line: bold words, and numbers in the place of their keys."""
    found: Runs = []
    end = 0
    for place in _INLINE.finditer(words):
        found.append(Run(words[end : place.start()]))
        bold, key, detail = place.groups()
        found.append(Run(bold, is_bold=True) if bold else _number(place[0], key, detail, figures))
        end = place.end()
    found.append(Run(words[end:]))
    return [one for one in found if one.words]


def _number(typed: str, key: str, detail: str | None, figures: Mapping[str, Figure]) -> Run:
    figure = figures.get(key)
    if figure is None or (detail and detail not in DETAILS):
        return Run(typed)
    if detail:
        return Run(DETAILS[detail](figure), is_number=True)
    return values.number(figure, figure.value)


def told(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [one.in_json() for one in runs]
