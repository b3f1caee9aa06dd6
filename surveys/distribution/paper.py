"""Forms of a survey for paper, as PDF: laid out once, then numbered."""

import base64
import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

from config.kernel.pdf import as_pdf
from config.kernel.site import site_name
from surveys.distribution.qr import as_svg
from surveys.enums import PaperLanguage, PaperSize
from surveys.flow.definition import parse
from surveys.flow.paper import Form
from surveys.models import Collector, PaperBatch, SurveyVersion

CHINESE, ENGLISH = "zh-hans", "en"
STYLE = "css/paper_form.css"
_SIZES = {PaperSize.A4: "css/paper_a4.css", PaperSize.LETTER: "css/paper_letter.css"}
_MM = 72 / 25.4
_FROM_RIGHT, _FROM_TOP, _HEIGHT = 44 * _MM, 15.2 * _MM, 13  # of the number; points


def languages_of(language: str, version: SurveyVersion) -> list[str]:
    """Those of the form that the version is written in."""
    wanted = [CHINESE, ENGLISH] if language == PaperLanguage.BOTH else [language]
    written = parse(version.definition).languages
    return [one for one in wanted if one in written] or list(written[:1])


def form_as_html(version: SurveyVersion, collector: Collector | None, *, language: str) -> str:
    """One form without a number; its code leads to the open link of `collector`."""
    definition = parse(version.definition)
    languages = languages_of(language, version)
    form = Form(definition, languages)
    context = {
        "form": form,
        "languages": languages,
        "title": form.words(definition.title),
        "intro": form.words(definition.intro),
        "thanks": form.words(definition.thanks),
        "version": version.number,
        "site": site_name(languages[0]),
        "qr": _code_of(collector) if collector is not None else "",
    }
    return render_to_string("pdf/paper_form.html", context)


def _code_of(collector: Collector) -> str:
    url = settings.SITE_URL + reverse("surveys:answer_openly", args=[collector.token])
    return f"data:image/svg+xml;base64,{base64.b64encode(as_svg(url, 'QR')).decode()}"


def blank_form(
    version: SurveyVersion, collector: Collector | None, *, language: str, size: str
) -> bytes:
    """One form without a number, to be copied. Raises NoPdf."""
    html = form_as_html(version, collector, language=language)
    return as_pdf(html, styles=[STYLE, _SIZES[PaperSize(size)]])


def numbered_forms(batch: PaperBatch, collector: Collector, numbers: Sequence[str]) -> bytes:
    """The form of a batch once for each of `numbers`, which stands on each of its pages. Raises
    NoPdf."""
    blank = blank_form(batch.version, collector, language=batch.language, size=batch.size)
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(blank)))
    pages = [_ready_for_numbers(page) for page in writer.pages]
    for number in numbers:
        for page in pages:
            _add_numbered(writer, page, number)
    for _page in pages:  # those without a number
        writer.remove_page(0)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _ready_for_numbers(page: PageObject) -> PageObject:
    """Digits need no font of ours: Helvetica is in every reader."""
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica-Bold"}
    resources: Any = page["/Resources"].get_object()
    fonts = DictionaryObject(resources.get("/Font", {}).get_object())
    fonts[NameObject("/Numbers")] = DictionaryObject(
        {NameObject(name): NameObject(value) for name, value in font.items()}
    )
    resources[NameObject("/Font")] = fonts
    return page


def _add_numbered(writer: PdfWriter, page: PageObject, number: str) -> None:
    """The same page again: what it draws and its fonts are kept once for all numbers."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    across, up = width - _FROM_RIGHT, height - _FROM_TOP
    words = f"q BT /Numbers {_HEIGHT} Tf {across:.1f} {up:.1f} Td ({int(number):06}) Tj ET Q"
    drawn = DecodedStreamObject()
    drawn.set_data(words.encode())
    made = writer.add_blank_page(width, height)
    made[NameObject("/Resources")] = page.raw_get("/Resources")
    # The number first: what follows turns the page upside down for itself.
    contents = [writer._add_object(drawn), page.raw_get("/Contents")]  # noqa: SLF001
    made[NameObject("/Contents")] = ArrayObject(contents)
