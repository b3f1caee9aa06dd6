"""The product speaks Chinese as well as English: no sentence is left untranslated."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config.kernel import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def translated():
    """(English, Chinese) of every sentence."""
    path = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"
    for message in catalogue.read(path, "zh_Hans"):
        if message.id:
            plural = isinstance(message.id, tuple)
            chinese = message.string[0] if plural else message.string
            yield (message.id[1] if plural else message.id), chinese


def test_the_catalogue_is_complete_and_up_to_date():
    try:
        call_command("messages", "--check")
    except CommandError as gaps:
        pytest.fail(str(gaps))


def test_a_translation_has_the_same_placeholders():
    wrong = [
        (english, chinese)
        for english, chinese in translated()
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(chinese))
    ]

    assert wrong == []


def test_a_translation_can_be_filled_in():
    for english, chinese in translated():
        if "%(" in english:
            assert chinese % defaultdict(int), english


def test_chinese_sentences_have_chinese_marks():
    half = re.compile(r"[一-鿿][,;!?](?!\w)|[一-鿿]\.(?=\s|$)|[一-鿿] ?\(")

    assert [chinese for _english, chinese in translated() if half.search(chinese)] == []


def test_a_space_stands_between_chinese_and_latin_letters_or_digits():
    touching = re.compile(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]")
    formats = {"Y年n月j日 l"}

    found = [
        chinese
        for _english, chinese in translated()
        if chinese not in formats and touching.search(PLACEHOLDER.sub("", chinese))
    ]

    assert found == []
