"""What each operator means, above all of what is empty; said once and true of both ways."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import NeedsEvent
from config.kernel.conditions.evaluation import evaluate
from config.kernel.conditions.parsing import parse
from tests.kernel.conditions.things import NOW, THINGS, Note, Thing, create_tables

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTEXT = Context(now=NOW, zone=SHANGHAI)


@pytest.fixture
def tables(db):
    create_tables()


def fits(text, context=CONTEXT, **columns):
    """Whether a thing with these columns fits, by both ways."""
    thing = Thing.objects.create(**{"line": ""} | columns)
    thing.refresh_from_db()
    condition = parse(text, THINGS)
    listed = Thing.objects.filter(to_q(condition, context), pk=thing.pk).count() == 1
    assert evaluate(condition, thing, context) == listed
    return listed


POSITIVE = [
    "words = a",
    "words in (a, b)",
    "words contains a",
    "words contains all (a)",
    "words starts with a",
    "count = 1",
    "count < 1",
    "count >= 1",
    "count between 1 and 2",
    "flag = yes",
    "flag = no",
    "at is past",
    "at is future",
    "at on 2026-11-22",
    "at before 2026-11-22",
    "at after 2026-11-22",
    "at within last 3 days",
    "at older than 3 days",
    "day on 2026-11-22",
    "day is past",
    "took < 3 days",
    "kind = red",
    "kind in (red, blue)",
    "level <= two",
    "note = a",
    "note contains a",
    "note_kinds has red",
    "note_kinds has all (red)",
    "parent.words = a",
    "parent.note contains a",
]
NEGATIVE = [
    "words != a",
    "words not in (a, b)",
    "words does not contain a",
    "count != 1",
    "kind != red",
    "kind not in (red)",
    "note != a",
    "note does not contain a",
    "note_kinds has none (red)",
    "parent.kind != red",
    "parent.note_kinds has no red",
]
FIELDS = "words line count flag at day took kind level note note_kinds parent.words parent.note"


@pytest.mark.parametrize("text", POSITIVE)
def test_what_is_empty_fits_nothing_that_is_asked_for(tables, text):
    assert not fits(text)
    assert fits(f"not {text}")


@pytest.mark.parametrize("text", NEGATIVE)
def test_what_is_empty_fits_everything_that_is_ruled_out(tables, text):
    assert fits(text)
    assert not fits(f"not {text}")


@pytest.mark.parametrize("name", FIELDS.split())
def test_nothing_and_an_empty_text_are_both_empty(tables, name):
    assert fits(f"{name} is empty", kind="", words="")
    assert not fits(f"{name} is not empty")


@pytest.mark.parametrize(
    "text", ["words = ＲＥＤ", "words contains (x, ed)", "words starts with R"]
)
def test_case_and_width_of_letters_make_no_difference(tables, text):
    assert fits(text, words="ｒed")


@pytest.mark.parametrize(("piece", "fitting"), [("100%", True), ("1_0", False), ("\\\\", False)])
def test_the_wildcards_of_the_database_are_letters(tables, piece, fitting):
    assert fits(f'words contains "{piece}"', words="100%") is fitting


def at(hour, minute=0, day=22):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "moment", "fitting"),
    [
        ("at on 2026-11-22", at(0), True),
        ("at on 2026-11-22", at(23, 59), True),
        ("at on 2026-11-22", at(0, day=23), False),
        ("at before 2026-11-22", at(0), False),
        ("at before 2026-11-22", at(23, 59, day=21), True),
        ("at after 2026-11-22", at(23, 59), False),
        ("at after 2026-11-22", at(0, day=23), True),
        ("at between 2026-11-21 and 2026-11-22", at(23, 59), True),
        ("at between 2026-11-21 and 2026-11-22", at(0, day=23), False),
        ("at after 2026-11-22T08:00", at(8), False),
        ("at after 2026-11-22T08:00", at(8, 1), True),
        ("at between 2026-11-22T08:00 and 2026-11-22T09:00", at(9), True),
        ("at within last 2 hours", NOW - timedelta(hours=2), True),
        ("at within last 2 hours", NOW - timedelta(hours=2, microseconds=1), False),
        ("at within last 2 hours", NOW + timedelta(microseconds=1), False),
        ("at older than 2 hours", NOW - timedelta(hours=2), False),
        ("at older than 2 hours", NOW - timedelta(hours=2, microseconds=1), True),
        ("at within next 1 day", NOW + timedelta(days=1), True),
        ("at later than 1 day", NOW + timedelta(days=1), False),
        ("at later than 1 day", NOW + timedelta(days=1, microseconds=1), True),
        ("at is past", NOW, False),
        ("at is future", NOW, False),
    ],
)
def test_days_begin_at_midnight_in_the_zone_and_ends_belong_to_periods(
    tables, text, moment, fitting
):
    assert fits(text, at=moment) is fitting


def test_today_is_the_day_in_the_zone(tables):
    late = Context(now=datetime(2026, 11, 22, 17, tzinfo=UTC), zone=SHANGHAI)  # already the 23rd

    assert fits("day is past", late, day=date(2026, 11, 22))
    assert fits("day within next 1 week", late, day=date(2026, 11, 30))
    assert not fits("day within next 1 week", late, day=date(2026, 12, 1))


def test_choices_in_order_are_compared_by_their_place(tables):
    assert fits("level >= two", level=3)
    assert not fits("level < one", level=1)
    assert not fits("level >= one", level=9)  # no choice of ours: nothing but "is not" fits


def test_several_values_of_one_record_do_not_double_it(tables):
    thing = Thing.objects.create(line="")
    for text in ["leak one", "leak two", "leak three"]:
        Note.objects.create(thing=thing, text=text, kind="red")
    for text in ["note contains leak", "note_kinds has (red, blue)", "not note = leak"]:
        condition = parse(text, THINGS)

        assert list(Thing.objects.filter(to_q(condition, CONTEXT))) == [thing]
        assert evaluate(condition, thing, CONTEXT)


def test_contains_all_may_find_its_words_in_different_texts(tables):
    thing = Thing.objects.create(line="")
    Note.objects.create(thing=thing, text="leak", kind="red")
    Note.objects.create(thing=thing, text="refund", kind="red")
    condition = parse("note contains all (leak, refund)", THINGS)

    assert evaluate(condition, thing, CONTEXT)
    assert Thing.objects.filter(to_q(condition, CONTEXT)).count() == 1


@pytest.mark.parametrize(
    ("text", "changes", "fitting"),
    [
        ("kind changed", {}, False),
        ("kind changed", {"kind": ("red", "red")}, False),
        ("kind changed", {"kind": (None, "red")}, True),
        ("kind changed to red", {"kind": ("blue", "red")}, True),
        ("kind changed to red", {"kind": ("red", "blue")}, False),
        ("kind changed from red", {"kind": ("red", "blue")}, True),
        ("line changed to ＡＢ", {"line": ("", "ab")}, True),
        ("note_kinds changed", {"note_kinds": (["red", "blue"], {"blue", "red"})}, False),
        ("note_kinds changed", {"note_kinds": (["red"], ["blue", "red"])}, True),
        ("not kind changed", {"line": ("", "a")}, True),
    ],
)
def test_a_change_is_read_from_the_event(text, changes, fitting):
    context = Context(now=NOW, changes=changes)

    assert evaluate(parse(text, THINGS), Thing(), context) is fitting


def test_asking_for_a_change_without_an_event_is_an_error_and_not_false():
    condition = parse("kind changed", THINGS)

    with pytest.raises(NeedsEvent):
        evaluate(condition, Thing(), CONTEXT)
    with pytest.raises(NeedsEvent):
        to_q(condition, Context(now=NOW, changes={"kind": ("red", "blue")}))
