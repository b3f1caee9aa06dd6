"""Dates, numbers and the marks between words, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils import timezone, translation
from django.utils.formats import date_format, get_format, number_format
from django.utils.timezone import localtime

from config.kernel.punctuation import clauses, labelled, listed, with_aside
from config.kernel.templatetags.ui import ago, due_words, with_zone

MOMENT = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("en", "DATETIME_FORMAT", "22 Nov 2026, 10:05"),
        ("en", "DATE_FORMAT", "22 Nov 2026"),
        ("en", "SHORT_DATETIME_FORMAT", "22 Nov 2026, 10:05"),
        ("en", "TIME_FORMAT", "10:05"),
        ("zh-hans", "DATETIME_FORMAT", "2026年11月22日 10:05"),
        ("zh-hans", "DATE_FORMAT", "2026年11月22日"),
        ("zh-hans", "SHORT_DATETIME_FORMAT", "2026-11-22 10:05"),
        ("zh-hans", "SHORT_DATE_FORMAT", "2026-11-22"),
        ("zh-hans", "TIME_FORMAT", "10:05"),
    ],
)
def test_a_moment_is_written_as_its_readers_write_it(language, name, written):
    with translation.override(language):
        assert date_format(localtime(MOMENT), name) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Shanghai", "22 Nov 2026, 10:05 (UTC+8)"),
        ("Asia/Kolkata", "22 Nov 2026, 07:35 (UTC+5:30)"),
        ("America/New_York", "21 Nov 2026, 21:05 (UTC-5)"),
    ],
)
def test_customers_read_of_which_zone_a_time_is(zone, written):
    with translation.override("en"), timezone.override(zone):
        assert with_zone(MOMENT) == written
    assert with_zone(None) == ""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_week_begins_on_monday_and_thousands_are_grouped(language):
    with translation.override(language):
        assert get_format("FIRST_DAY_OF_WEEK") == 1
        assert number_format(1284, force_grouping=True) == "1,284"


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "2026-11-22"),
        ("en", "22 Nov 2026"),
        ("zh-hans", "2026-11-22"),
        ("zh-hans", "2026/11/22"),
        ("zh-hans", "2026年11月22日"),
    ],
)
def test_a_day_may_be_typed_as_it_is_written(language, typed):
    with translation.override(language):
        assert forms.DateField().clean(typed) == MOMENT.date()


def test_a_day_that_could_be_another_is_refused():
    with translation.override("en"), pytest.raises(forms.ValidationError):
        forms.DateField().clean("11/12/2026")


def test_words_are_put_together_with_the_marks_of_the_language():
    def put_together():
        return [
            listed(["a", "b"]),
            clauses(["a", "b"]),
            labelled("a", "b"),
            with_aside("a", "b"),
        ]

    with translation.override("en"):
        assert put_together() == ["a, b", "a; b", "a: b", "a (b)"]
    with translation.override("zh-hans"):
        assert put_together() == ["a、b", "a；b", "a：b", "a（b）"]


def test_time_is_told_in_chinese(clock):
    now = MOMENT
    clock.move_to(now, tick=False)
    with translation.override("zh-hans"):
        assert due_words(now + timedelta(minutes=40), now) == "还剩 40 分钟"
        assert due_words(now + timedelta(minutes=80), now) == "还剩 1 小时 20 分钟"
        assert due_words(now - timedelta(hours=2), now) == "已逾期 2 小时"
        assert ago(now - timedelta(minutes=5)) == "5 分钟前"
        assert ago(now + timedelta(days=3)) == "3 天后"
        assert ago(now) == "刚刚"
