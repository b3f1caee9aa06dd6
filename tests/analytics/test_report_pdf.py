"""The file of a report: page numbers in the contents, fonts, language."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from analytics.charts.data import Item, Mark
from analytics.charts.hbars import HBarChart
from analytics.distribution.report_pages import report_as_pdf
from analytics.enums import PartKind
from analytics.rules.report.charts_in_json import chart_in_json
from analytics.rules.report.document import About, Part, compose
from analytics.rules.report.material import Cell, Material, Table
from config.kernel.pdf import NoPdf

LONG = {"en": "What customers say of the filter, and what we do about it. " * 60,
        "zh-hans": "客户对滤芯的意见，以及我们采取的改进措施。" * 90}  # fmt: skip


def document(language):
    rows = tuple((Cell(f"{n}"), Cell(f"{n * n}", "/feedback/")) for n in range(60))
    chart = HBarChart("Topics", (Item("滤芯", Mark(3.0, "/feedback/")),))
    material = Material(
        tables={"many": Table("many", "Many", ("n", "n²"), rows)},
        charts={"topics": chart_in_json(chart)},
    )
    about = About(
        "A/B",
        language,
        date(2026, 7, 1),
        date(2026, 9, 30),
        datetime(2026, 10, 1, tzinfo=UTC),
        "回音",
    )
    text = f"## First\n{LONG[language]}\n\n## Second\n{LONG[language]}"
    blocks = [
        {"kind": "text", "text": text, "hint": ""},
        {"kind": "table", "key": "many"},
        {"kind": "chart", "key": "topics"},
    ]
    with override(language):
        parts = [Part(kind, "", blocks if kind == PartKind.ANALYSIS else []) for kind in PartKind]
        return compose(about, parts, material)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_contents_say_on_which_page_each_heading_is(language):
    made = document(language)
    try:
        pdf = PdfReader(io.BytesIO(report_as_pdf(made)))
    except NoPdf:
        pytest.skip("Pango is not installed")
    texts = [page.extract_text() for page in pdf.pages]
    said = dict(re.findall(r"^([^/\n]+?)[\s·]+(\d+)$", texts[1], re.MULTILINE))
    pages = [" ".join(text.split()) for text in texts]
    titles = [f"{one['number']} {one['title']}" for one in made["parts"] if one["number"]]

    assert len(said) == len(titles) + 2
    for title, number in said.items():
        wanted = " ".join(title.split())
        where = [
            at for at, text in enumerate(pages, 1) if wanted in " ".join(text.split()) and at > 2
        ]
        assert int(number) == min(where), title
    assert [" ".join(one.split()) for one in said if one[0].isdigit()] == titles
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    assert sum("n²" in text for text in pages) > 1  # the head of a table is on each of its pages
    fonts = {name for page in pdf.pages for name in _fonts(page)}
    assert all("+" in name for name in fonts), fonts  # a part of each is in the file
    assert pdf.trailer["/Root"]["/Lang"] == language
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "A/B"


def _fonts(page):
    fonts = page["/Resources"].get("/Font", {})
    return {str(one.get_object()["/BaseFont"]) for one in fonts.values()}
