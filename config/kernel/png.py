"""SVG of our own as PNG. Nothing is fetched, and no font but the one that came by pip is used, so
that a picture looks the same on every server."""

import math

from resvg_py import svg_to_bytes

from config.kernel import fonts

SCALE = 2.0  # pixels for a user unit: sharp on the screens of today and on paper
_MOST_PIXELS = 10e6  # 40 MB and half a second; a longer picture gets fewer for each unit


def as_png(svg: str, *, width: float, height: float) -> bytes:
    """`svg` of this size in user units, on white."""
    found = fonts.files()
    return svg_to_bytes(
        svg_string=svg,
        zoom=min(SCALE, math.sqrt(_MOST_PIXELS / max(width * height, 1.0))),
        background="#ffffff",
        font_files=found,
        font_family="Noto Sans CJK SC" if found else None,
        sans_serif_family="Noto Sans CJK SC" if found else None,
        skip_system_fonts=bool(found),
    )
