"""A report as HTML and as PDF. Both are made of the same document (rules.report.document)."""

import base64
import re
from html import escape, unescape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from analytics.charts.figure import figure, svg
from analytics.charts.theme import FONTS
from analytics.enums import PartKind
from analytics.rules.report.charts_in_json import chart_from_json
from analytics.rules.report.document import Document, linked
from config.kernel.pdf import as_pdf
from config.kernel.punctuation import labelled

STYLE = "css/report_pdf.css"
CHART = (640.0, 250.0)  # of a chart on paper, in user units
FONT = "Noto Sans CJK SC"  # the one of the pages; of a list of families others would be taken
_DESCRIPTION = re.compile("<desc[^>]*>(.*?)</desc>", re.DOTALL)


def parts_for_page(document: Document) -> list[dict[str, Any]]:
    """The parts of the body for a page in the browser, in the language of the report."""
    with override(document["language"]):
        return [_with_charts(part, on_paper=False) for part in document["parts"]]


def part_for_page(part: dict[str, Any], language: str) -> dict[str, Any]:
    """One part for a page, while it is being written."""
    with override(language):
        return _with_charts(part, on_paper=False)


def report_as_html(document: Document) -> str:
    """The whole of it for paper: cover, contents, parts. Links are whole addresses."""
    with override(document["language"]):
        told = linked(document, settings.SITE_URL)
        parts = [_with_charts(part, on_paper=True) for part in told["parts"]]
        context = {
            "document": told,
            "cover": _of_kind(parts, PartKind.COVER),
            "contents": _of_kind(parts, PartKind.CONTENTS),
            "parts": [one for one in parts if one["number"]],
        }
        return render_to_string("pdf/report.html", context)


def report_as_pdf(document: Document) -> bytes:
    """Tagged for readers that speak (PDF/UA-1), with bookmarks and embedded fonts. Raises
    NoPdf."""
    return as_pdf(report_as_html(document), styles=[STYLE], variant="pdf/ua-1")


def _of_kind(parts: list[dict[str, Any]], kind: PartKind) -> dict[str, Any]:
    return next((one for one in parts if one["kind"] == kind), {"title": "", "blocks": []})


def _with_charts(part: dict[str, Any], *, on_paper: bool) -> dict[str, Any]:
    blocks = [_shown(one, on_paper=on_paper) for one in part["blocks"]]
    headings = [
        {"anchor": one["anchor"], "title": "".join(run["t"] for run in one["runs"])}
        for one in blocks
        if one["kind"] == "heading" and "anchor" in one
    ]
    return {**part, "blocks": blocks, "headings": headings}


def _shown(block: dict[str, Any], *, on_paper: bool) -> dict[str, Any]:
    if block["kind"] == "list":  # `items` of a dictionary is a method in templates
        return {**block, "items_of": block["items"]}
    if block["kind"] != "chart":
        return block
    chart = chart_from_json(block["chart"])
    if not on_paper:
        return {**block, "title": chart.title, "picture": figure(chart)}
    drawn = svg(chart, *CHART, standalone=True).replace(escape(FONTS), FONT)
    told = _DESCRIPTION.search(drawn)
    return {
        **block,
        "title": chart.title,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}",
        "said": labelled(chart.title, unescape(told.group(1)) if told else ""),
    }
