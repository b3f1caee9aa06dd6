"""A report as it is read: parts with headings, sentences, charts and tables, ready for every way
out. What is issued is kept exactly so.

    {"title", "language", "period", "as_of", "site", "owner", "parts": [
        {"kind", "number", "title", "blocks": [
            {"kind": "paragraph" | "heading" | "quote", "runs": [{"t", "u", "n", "b"}]},
            {"kind": "list", "is_numbered", "items": [runs]},
            {"kind": "chart", "chart": see rules.report.charts_in_json},
            {"kind": "table", "caption", "header": [words], "rows": [[{"t", "u"}]]},
            {"kind": "blank", "hint"}]}]}
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from analytics.enums import PartKind
from analytics.metrics.intervals import SMALL_SAMPLE
from analytics.rules.report import values
from analytics.rules.report.blocks import Block, is_blank
from analytics.rules.report.drafting import usual_titles
from analytics.rules.report.markup import read_markup, told
from analytics.rules.report.material import Material, Table
from analytics.rules.report.runs import Run, Runs
from analytics.rules.report.sentences import findings, say

Document = dict[str, Any]
UNNUMBERED = {PartKind.COVER, PartKind.CONTENTS}


@dataclass(frozen=True, slots=True)
class About:
    """What a report says of itself."""

    title: str
    language: str
    first: date
    last: date
    as_of: datetime
    site: str
    owner: str = ""
    narrowed: str = ""  # what it leaves out, in words


@dataclass(frozen=True, slots=True)
class Part:
    kind: PartKind
    title: str
    blocks: Sequence[Block]


def compose(about: About, parts: Sequence[Part], material: Material) -> Document:
    """The document, in the active language, which is that of the report."""
    titles = usual_titles()
    made, number = [], 0
    for part in parts:
        number += part.kind not in UNNUMBERED
        made.append(
            {
                "kind": part.kind.value,
                "number": 0 if part.kind in UNNUMBERED else number,
                "title": part.title or titles[part.kind],
                "blocks": _without_empty(blocks_of(about, part, material)),
            }
        )
    return {
        "title": about.title,
        "language": about.language,
        "period": values.days(about.first, about.last),
        "as_of": date_format(localtime(about.as_of), "DATETIME_FORMAT"),
        "site": about.site,
        "owner": about.owner,
        "narrowed": about.narrowed,
        "parts": made,
    }


def _without_empty(blocks: list[Block]) -> list[Block]:
    """A heading below which nothing stands is none."""
    following = [*blocks[1:], {"kind": "heading"}]
    pairs = zip(blocks, following, strict=False)  # of no blocks there is one more
    return [one for one, after in pairs if one["kind"] != "heading" or after["kind"] != "heading"]


def blocks_of(about: About, part: Part, material: Material) -> list[Block]:
    """What the blocks of a part become; headings in it are numbered for the contents."""
    found = [made for block in part.blocks for made in _made(about, block, material)]
    headings = [one for one in found if one["kind"] == "heading"]
    for at, one in enumerate(headings, start=1):
        one["anchor"] = f"{part.kind.value}-{at}"
    return found


def _made(about: About, block: Block, material: Material) -> list[Block]:
    if block["kind"] == "text":
        if is_blank(block):
            return [{"kind": "blank", "hint": block["hint"]}]
        return read_markup(block["text"], material.figures)
    if block["kind"] in {"chart", "table"}:
        return _shown(block, material)
    if block["kind"] == "findings":
        items = [told(one) for one in findings(material)]
        return [{"kind": "list", "is_numbered": False, "items": items}]
    runs = _said(about, block, material)
    return [{"kind": "paragraph", "runs": told(runs)}] if runs else []


def _said(about: About, block: Block, material: Material) -> Runs:
    if block["kind"] == "figure":
        return say(block["key"], material)
    return [Run(_period(about) if block["kind"] == "period" else _method())]


def _shown(block: Block, material: Material) -> list[Block]:
    if block["kind"] == "table":
        table = material.tables.get(block["key"])
        return [_table(table)] if table else []
    chart = material.charts.get(block["key"])
    return [{"kind": "chart", "chart": chart}] if chart else []


def _table(table: Table) -> Block:
    return {
        "kind": "table",
        "caption": table.label,
        "header": list(table.header),
        "rows": [
            [{"t": cell.words, **({"u": cell.url} if cell.url else {})} for cell in row]
            for row in table.rows
        ],
    }


def _period(about: About) -> str:
    words = {
        "period": values.days(about.first, about.last),
        "site": about.site,
        "narrowed": about.narrowed,
        "as_of": date_format(localtime(about.as_of), "DATETIME_FORMAT"),
    }
    if about.narrowed:
        return (
            _(
                "This report tells what customers told %(site)s in this period: %(period)s; only "
                "%(narrowed)s. Its figures are as of %(as_of)s."
            )
            % words
        )
    return (
        _(
            "This report tells what customers told %(site)s in this period: %(period)s. Its "
            "figures are as of %(as_of)s."
        )
        % words
    )


def _method() -> str:
    return _(
        "Behind a share stands the range in which it lies with %(level)s confidence, and how many "
        "answers it is of. A rise or a fall is called significant only where the difference to "
        "the period before, of the same length, is more than chance would make at the level of "
        "%(error)s. Shares of fewer than %(few)s answers are an indication and no more."
    ) % {
        "level": values.write(0.95, values.Quantity.SHARE),
        "error": values.write(0.05, values.Quantity.SHARE),
        "few": SMALL_SAMPLE,
    }


def words_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that a reader of the document reads, with the part where it stands."""
    yield PartKind.COVER.value, f"{document['title']}\n{document.get('owner', '')}"
    for part in document["parts"]:
        yield part["kind"], part["title"]
        for block in part["blocks"]:
            for words in _words_of(block):
                yield part["kind"], words


def _words_of(block: Block) -> Iterator[str]:
    if "runs" in block:
        yield "".join(one["t"] for one in block["runs"])
    for item in block.get("items", ()):
        yield "".join(one["t"] for one in item)
    for row in block.get("rows", ()):
        yield " ".join(cell["t"] for cell in row)
    yield from _names_in(block.get("chart", {}))


def _names_in(chart: Mapping[str, Any]) -> Iterator[str]:
    yield str(chart.get("title", ""))
    for one in (*chart.get("items", ()), *chart.get("series", ())):
        yield str(one.get("name", ""))


def blanks_of(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where something was to be written and is not: (title of the part, what)."""
    return [
        (part["title"], block["hint"])
        for part in document["parts"]
        for block in part["blocks"]
        if block["kind"] == "blank"
    ]


def without_blanks(document: Document) -> Document:
    """As it is issued."""
    parts = [
        {**part, "blocks": [one for one in part["blocks"] if one["kind"] != "blank"]}
        for part in document["parts"]
    ]
    return {**document, "parts": parts}


def linked(value: Any, site: str | None) -> Any:
    """The document with its links as whole addresses below `site`, or without links (None)."""
    if isinstance(value, list):
        return [linked(one, site) for one in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, one in value.items():
        if name not in {"u", "href"}:
            found[name] = linked(one, site)
        elif site is not None and one:
            found[name] = f"{site}{one}"
    return found
