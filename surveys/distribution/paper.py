"""Forms of a survey for paper, as PDF: laid out once, then numbered."""

import base64
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

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
    # A tenth of a second of every start that only those pay who need it.
    from surveys.distribution.paper_numbers import numbered  # noqa: PLC0415

    blank = blank_form(batch.version, collector, language=batch.language, size=batch.size)
    return numbered(blank, numbers)
