"""Time in words: how long ago, how much is left, and the colour of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import engines

from config.kernel.templatetags.ui import (
    ago,
    due_tone,
    due_words,
    is_within,
    span_in_words,
    tone_of,
)

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=40), "40 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=80), "1 hour 20 minutes"),
        (timedelta(hours=2, minutes=59), "2 hours 59 minutes"),
        (timedelta(hours=3, minutes=25), "3 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=61), "2 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_what_is_left_is_said_as_people_say_it(length, words):
    assert due_words(NOW + length, NOW) == f"{words} left"


def test_what_is_late_says_by_how_much():
    assert due_words(NOW - timedelta(hours=2), NOW) == "overdue by 2 hours"


def test_without_a_date_there_are_no_words():
    assert due_words(None, NOW) == ""
    assert due_tone(None, NOW) == "gray"
    assert ago(None) == ""


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        (timedelta(seconds=-1), "red"),
        (timedelta(0), "amber"),
        (timedelta(hours=2), "amber"),
        (timedelta(hours=2, seconds=1), "gray"),
    ],
)
def test_the_colour_follows_what_is_left(left, tone):
    assert due_tone(NOW + left, NOW) == tone


def test_ago_rounds_to_one_unit():
    with time_machine.travel(NOW, tick=False):
        assert ago(NOW - timedelta(seconds=20)) == "just now"
        assert ago(NOW - timedelta(hours=5, minutes=3)) == "5 hours ago"
        assert ago(NOW + timedelta(days=3)) == "in 3 days"


def test_a_span_never_is_nothing():
    assert span_in_words(0) == "1 minute"


def test_the_same_name_has_the_same_colour():
    assert tone_of("王敏") == tone_of("王敏")
    assert {tone_of(f"person {n}") for n in range(60)} > {"tone-blue", "tone-green"}


@pytest.mark.parametrize(
    ("path", "url", "within"),
    [
        ("/queue/", "/queue/", True),
        ("/queue/12/", "/queue/", True),
        ("/", "/", True),
        ("/queue/", "/", False),
        ("/surveys/", "/queue/", False),
    ],
)
def test_the_sidebar_knows_where_one_is(path, url, within):
    assert is_within(path, url) is within


def test_the_due_mark_carries_the_exact_moment():
    template = engines["django"].from_string("{% due at %}")

    with time_machine.travel(NOW, tick=False):
        mark = template.render({"at": NOW + timedelta(minutes=40)})

    assert 'datetime="2026-11-22T18:10:00+08:00"' in mark
    assert "tone-amber" in mark
    assert "40 minutes left" in mark
