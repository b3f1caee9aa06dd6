"""The colours can be read: WCAG contrast of every pair that the style sheets combine."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEETS = sorted(CSS.rglob("*.css"))
TOKENS = (CSS / "tokens.css").read_text()
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
}
THEMES = ["light", "dark"]
GROUNDS = ["surface", "bg", "surface-2", "surface-3"]
INKS = ["ink", "ink-soft", "brand", *(name for name in PAIRS if name.endswith("-ink"))]
MARKS = ["line-strong", "ink-faint", "green", "blue", "amber", "red", "violet", "gray"]


def luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(name, ground, theme):
    at = THEMES.index(theme)
    high, low = sorted((luminance(PAIRS[name][at]), luminance(PAIRS[ground][at])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", INKS)
def test_text_can_be_read_on_every_ground(ink, theme):
    own = f"{ink.removesuffix('-ink')}-soft" if ink.endswith("-ink") else "brand-soft"

    assert min(contrast(ink, ground, theme) for ground in [*GROUNDS, own]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_and_borders_of_fields_can_be_seen(mark, theme):
    assert min(contrast(mark, ground, theme) for ground in ["surface", "bg"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["brand-solid", "brand-solid-hover"])
def test_the_words_of_the_main_button_can_be_read(ground, theme):
    assert contrast("on-brand", ground, theme) >= 4.5


def test_old_browsers_get_the_same_light_colours():
    given = dict(re.findall(r"--([\w-]+): (#\w+);", TOKENS.partition("@supports not")[2]))

    full = {
        name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:])
        for name, value in given.items()
    }
    assert full == {name: PAIRS[name][0] for name in full}
    assert {"bg", "surface", "ink", "brand-solid", "on-brand"} <= set(full)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_use_only_names_that_exist(path):
    known = set(re.findall(r"(--[\w-]+):", "\n".join(sheet.read_text() for sheet in SHEETS)))
    used = set(re.findall(r"var\((--[\w-]+)", path.read_text()))

    assert {name for name in used - known if not name.startswith("--tblr-")} == set()
