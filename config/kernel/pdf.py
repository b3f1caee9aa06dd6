"""HTML as PDF. What the pages need is in the HTML itself: nothing is fetched, from nowhere."""

import logging
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from config.kernel import fonts
from config.kernel.errors import DomainError

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{package}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


_FOLDER = TemporaryDirectory(prefix="huiyin-fonts-")  # gone with the process


class NoPdf(DomainError):
    """The system library that lays out text is not installed (docs/operations.md)."""

    code = "no_pdf"

    def __init__(self) -> None:
        super().__init__(
            _("PDF files cannot be made on this server: the library Pango is not installed.")
        )


def as_pdf(html: str, *, styles: list[str], variant: str | None = None) -> bytes:
    """`html` laid out by the style sheets `styles` (names below static/). Pictures are data:
    addresses. `variant` is a kind of PDF that WeasyPrint knows, such as "pdf/ua-1". Raises
    NoPdf."""
    weasyprint = _library()
    sheets = [weasyprint.CSS(filename=str(finders.find(name))) for name in styles]
    page = weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=_fetcher(weasyprint))
    made: bytes = page.write_pdf(stylesheets=sheets, pdf_variant=variant)
    return made


@cache
def _library() -> Any:
    """Imported late: it takes half a second, and not every process makes files. The fonts have
    to be named before."""
    os.environ.setdefault("FONTCONFIG_FILE", _font_file())
    try:
        weasyprint = import_module("weasyprint")
    except OSError as missing:
        raise NoPdf from missing
    for name in ("weasyprint", "weasyprint.progress"):  # a line for each step otherwise
        logging.getLogger(name).setLevel(logging.ERROR)
    return weasyprint


def _font_file() -> str:
    """A configuration that names the system's fonts and the Chinese one that came by pip."""
    package = fonts.package() or Path("/nonexistent")
    folder = Path(_FOLDER.name)
    path = folder / "fonts.conf"
    path.write_text(_FONTS.format(package=escape(str(package))))
    return str(path)


def _fetcher(weasyprint: Any) -> Any:
    return weasyprint.urls.URLFetcher(allowed_protocols=["data"])
