"""A report for word processors, made of the same document as its PDF (rules.report.document).

Needs the extra `docx` (docs/operations.md): python-docx, imported late, for few processes write
such files.
"""

import io
import re
from collections.abc import Mapping, Sequence
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from analytics.charts.figure import svg
from analytics.charts.picture import HEIGHT, WIDTH, Kind, picture
from analytics.enums import PartKind
from analytics.rules.report.charts_in_json import chart_from_json
from analytics.rules.report.document import Document, linked
from config.kernel.errors import DomainError
from config.kernel.punctuation import labelled

MODULE = "docx"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Where they are missing, the word processor takes others.
FONTS = {"ascii": "Calibri", "hAnsi": "Calibri", "eastAsia": "Microsoft YaHei"}
WIDE = 16.0  # centimetres between the margins of A4
_LANGUAGES = {"en": "en-GB", "zh-hans": "zh-CN"}
_DESCRIPTION = re.compile("<desc[^>]*>(.*?)</desc>", re.DOTALL)
# What XML cannot hold; Word refuses a whole file for one such letter.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NoDocx(DomainError):
    """The extra is not installed."""

    code = "no_docx"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Files for word processors cannot be made on this server: the extra “docx” is "
                "not installed."
            )
        )


def can_make_docx() -> bool:
    return find_spec(MODULE) is not None


def report_as_docx(document: Document) -> bytes:
    """The whole of it: cover, contents, parts, with charts as pictures that have words for
    readers that speak. Links are whole addresses. Raises NoDocx."""
    if not can_make_docx():
        raise NoDocx
    with override(document["language"]):
        writer = _Writer(document)
        writer.write(linked(document, settings.SITE_URL))
        return writer.saved()


class _Writer:
    def __init__(self, document: Document) -> None:
        self._file: Any = import_module(MODULE).Document()
        self._oxml: Any = import_module("docx.oxml")
        self._shared: Any = import_module("docx.shared")
        self._language = document["language"]
        self._lay_out(document)

    def saved(self) -> bytes:
        kept = io.BytesIO()
        self._file.save(kept)
        return kept.getvalue()

    def write(self, document: Document) -> None:
        parts = {one["kind"]: one for one in document["parts"]}
        self._cover(document, parts.get(PartKind.COVER.value))
        numbered = [one for one in document["parts"] if one["number"]]
        self._contents(parts.get(PartKind.CONTENTS.value), numbered)
        for part in numbered:
            self._file.add_heading(_fit(f"{part['number']}  {part['title']}"), 1)
            self._blocks(part["blocks"])

    def _lay_out(self, document: Document) -> None:
        """A4, the fonts of both languages, and what the file says of itself."""
        centimetres = self._shared.Cm
        page = self._file.sections[0]
        page.page_width, page.page_height = centimetres(21), centimetres(29.7)
        page.left_margin = page.right_margin = centimetres((21 - WIDE) / 2)
        language = _LANGUAGES.get(document["language"]) or str(document["language"])
        for style in self._file.styles:
            if getattr(style, "font", None) is None or style.element.rPr is None:
                continue
            fonts = style.element.rPr.get_or_add_rFonts()
            for name in list(fonts.attrib):  # those of a theme would win
                del fonts.attrib[name]
            for name, font in FONTS.items():
                fonts.set(_named(f"w:{name}"), font)
        normal = self._file.styles["Normal"].element.get_or_add_rPr()
        normal.append(self._made("w:lang", val=language, eastAsia=language))
        about = self._file.core_properties
        about.title, about.author = _fit(document["title"])[:255], _fit(document["site"])[:255]
        about.language, about.comments = language, ""

    def _cover(self, document: Document, part: Mapping[str, Any] | None) -> None:
        self._file.add_paragraph(_fit(document["site"]))
        self._file.add_heading(_fit(document["title"]), 0)
        for line in (document["period"], document.get("narrowed")):
            if line:
                self._file.add_paragraph(_fit(line), style="Subtitle")
        self._blocks(part["blocks"] if part else ())
        number = document.get("number") or pgettext("a report", "Draft")
        for name, value in (
            (_("Written by"), document.get("owner")),
            (_("Figures as of"), document["as_of"]),
            (pgettext("a report", "Issued"), document.get("issued")),
            (_("Version"), str(number)),
        ):
            if value:
                self._file.add_paragraph(_fit(labelled(name, value)))
        self._file.add_page_break()

    def _contents(
        self, part: Mapping[str, Any] | None, numbered: Sequence[Mapping[str, Any]]
    ) -> None:
        """A table of contents that the word processor counts the pages of; until it has, the
        titles stand there."""
        self._file.add_paragraph(_fit(part["title"] if part else ""), style="Title")
        line = self._file.add_paragraph()
        self._field(line, "begin", dirty="true")
        instruction = self._made("w:instrText")
        instruction.text = 'TOC \\o "1-2" \\h \\z'
        _xml(line.add_run()).append(instruction)
        self._field(line, "separate")
        for number, one in enumerate(numbered):
            if number:
                line = self._file.add_paragraph()
            line.add_run(_fit(f"{one['number']}  {one['title']}"))
        self._field(line, "end")
        self._blocks(part["blocks"] if part else ())
        self._file.add_page_break()

    def _field(self, line: Any, kind: str, **said: str) -> None:
        _xml(line.add_run()).append(self._made("w:fldChar", fldCharType=kind, **said))

    def _blocks(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        for block in blocks:
            match block["kind"]:
                case "paragraph":
                    self._runs(self._file.add_paragraph(), block["runs"])
                case "heading":
                    self._runs(self._file.add_heading("", 2), block["runs"])
                case "quote":
                    self._runs(self._file.add_paragraph(style="Intense Quote"), block["runs"])
                case "list":
                    style = "List Number" if block["is_numbered"] else "List Bullet"
                    for item in block["items"]:
                        self._runs(self._file.add_paragraph(style=style), item)
                case "chart":
                    self._chart(block["chart"])
                case "table":
                    self._table(block)
                case "blank":
                    line = self._file.add_paragraph()
                    line.add_run(_fit(block["hint"])).italic = True

    def _runs(self, line: Any, runs: Sequence[Mapping[str, Any]]) -> None:
        for run in runs:
            written = line.add_run(_fit(run["t"]))
            written.bold = True if run.get("b") else None
            if run.get("u"):
                self._link(line, written, run["u"])

    def _link(self, line: Any, written: Any, address: str) -> None:
        """python-docx reads links and writes none."""
        kinds = import_module("docx.opc.constants").RELATIONSHIP_TYPE
        link = self._made("w:hyperlink")
        target = line.part.relate_to(address, kinds.HYPERLINK, is_external=True)
        link.set(_named("r:id"), target)
        written.font.underline = True
        written.font.color.rgb = self._shared.RGBColor(0x1D, 0x4E, 0x89)
        _xml(line).append(link)
        link.append(_xml(written))

    def _chart(self, raw: Mapping[str, Any]) -> None:
        chart = chart_from_json(raw)
        drawn = picture(chart, Kind.PNG, self._language)
        shown = self._file.add_picture(io.BytesIO(drawn.content), width=self._shared.Cm(WIDE))
        said = _DESCRIPTION.search(svg(chart, WIDTH, HEIGHT, standalone=True))
        words = labelled(chart.title, unescape(said.group(1)) if said else "")
        shown._inline.docPr.set("descr", _fit(words))  # noqa: SLF001 - no other way to it

    def _table(self, block: Mapping[str, Any]) -> None:
        caption = self._file.add_paragraph(_fit(block["caption"]), style="Caption")
        caption.paragraph_format.keep_with_next = True
        table = self._file.add_table(rows=1, cols=len(block["header"]), style="Table Grid")
        for cell, words in zip(table.rows[0].cells, block["header"], strict=True):
            cell.paragraphs[0].add_run(_fit(words)).bold = True
        # Said again at the top of the next page.
        _xml(table.rows[0]).get_or_add_trPr().append(self._made("w:tblHeader", val="true"))
        for row in block["rows"]:
            for cell, said in zip(table.add_row().cells, row, strict=True):
                self._runs(cell.paragraphs[0], [said])
        self._file.add_paragraph()

    def _made(self, name: str, **said: str) -> Any:
        element = self._oxml.OxmlElement(name)
        for key, value in said.items():
            element.set(_named(f"w:{key}"), value)
        return element


def _named(name: str) -> str:
    found: str = import_module("docx.oxml.ns").qn(name)
    return found


def _xml(thing: Any) -> Any:
    """What python-docx has no method for is written into the XML itself."""
    return thing._element  # noqa: SLF001 - its documentation says so


def _fit(words: str) -> str:
    return _UNFIT.sub("", words)
