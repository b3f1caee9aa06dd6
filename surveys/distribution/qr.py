"""QR codes of links. Error correction "M" (15 %): a scratched sticker still reads, and the code
stays coarse enough for a small print."""

import io
from typing import Any

import segno

BORDER = 4  # modules: what the standard asks for
PNG_SCALE = 16  # about 600 pixels, enough for a poster


def as_svg(url: str, title: str) -> bytes:
    """An SVG that takes the size of its place; `title` is what a screen reader says."""
    return _written(
        url, kind="svg", border=BORDER, title=title, omitsize=True, dark="#000", light="#fff"
    )


def as_png(url: str) -> bytes:
    return _written(url, kind="png", border=BORDER, scale=PNG_SCALE)


def _written(url: str, **how: Any) -> bytes:
    file = io.BytesIO()
    segno.make(url, error="m", micro=False).save(file, **how)
    return file.getvalue()
