"""The words that docs/glossary.md decides are the words that the product says."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_ASIDE = re.compile(r"\s*\([^)]*\)")


def pairs():
    """(Chinese, English) of each row; several beside one another are several pairs."""
    for line in (ROOT / "docs/glossary.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] not in {"中文", "---"}:
            chinese, english = cells[0].split(" / "), cells[1].split(" / ")
            yield from zip(chinese, english, strict=True)


@pytest.fixture(scope="module")
def said():
    """(English, Chinese) of each sentence of the catalogue."""
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        return [
            (str(one.id).lower(), str(one.string))
            for one in read_po(file)
            if one.id and one.string
        ]


def test_the_glossary_is_read():
    assert len(list(pairs())) > 50


@pytest.mark.parametrize(("chinese", "english"), list(pairs()))
def test_a_word_is_said_as_the_glossary_has_it(said, chinese, english):
    word = re.compile(rf"\b{re.escape(_ASIDE.sub('', english).lower())}")

    assert any(word.search(there) and chinese in here for there, here in said)
