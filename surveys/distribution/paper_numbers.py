"""The same form many times, a number on each of its pages."""

import io
from collections.abc import Sequence
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)

_MM = 72 / 25.4
_FROM_RIGHT, _FROM_TOP, _HEIGHT = 44 * _MM, 15.2 * _MM, 13  # of the number; points


def numbered(blank: bytes, numbers: Sequence[str]) -> bytes:
    """The PDF `blank` once for each of `numbers`, as one PDF."""
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
