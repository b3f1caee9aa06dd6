from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.enums import DayKind
from feedback.rules.chinese_holidays import YEARS, special_days_of
from feedback.rules.ical import NotACalendar, read_days

FIRST, LAST = date(2025, 11, 22), date(2029, 11, 22)


def file_of(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days_in(*events):
    return {one.date: one.kind for one in read_days(file_of(*events), first=FIRST, last=LAST)}


def test_the_year_2026_is_as_it_was_announced():
    days = special_days_of(2026)
    holidays = [one.date for one in days if one.kind == DayKind.HOLIDAY]
    worked = [one.date for one in days if one.kind == DayKind.WORKDAY]

    assert len(holidays) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert [f"{day:%m-%d}" for day in worked] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip
    assert all(day.weekday() >= 5 for day in worked)
    assert len({one.date for one in days}) == len(days)
    assert YEARS == (2026,)


def test_an_event_of_several_days_is_each_of_them():
    days = days_in(
        ["DTSTART;VALUE=DATE:20261001", "DTEND;VALUE=DATE:20261008", "SUMMARY:国庆节 休"]
    )
    assert list(days) == [date(2026, 10, number) for number in range(1, 8)]
    assert set(days.values()) == {DayKind.HOLIDAY}


@pytest.mark.parametrize(
    "line",
    [
        "SUMMARY:国庆节 班",
        "SUMMARY:国庆节（班）",
        "SUMMARY:国庆节调休上班",
        "SUMMARY:补班日",
        "SUMMARY:National Day (working day)",
        "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
    ],
)
def test_a_day_that_is_worked_instead_is_recognised(line):
    assert days_in(["DTSTART;VALUE=DATE:20261010", line]) == {date(2026, 10, 10): DayKind.WORKDAY}


def test_a_holiday_of_every_year_returns_within_the_window():
    days = days_in(["DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY", "SUMMARY:Labour Day"])
    assert list(days) == [date(year, 5, 1) for year in (2026, 2027, 2028, 2029)]


def test_a_folded_line_and_escaped_commas_are_read():
    event = ["DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas\\, first", "  day"]
    found = read_days(file_of(event), first=FIRST, last=LAST)
    assert found[0].name == "Christmas, first day"


def test_changes_of_the_clocks_and_cancelled_events_are_no_holidays():
    kept = ["DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas"]
    clocks = ["DTSTART;VALUE=DATE:20260329", "SUMMARY:Daylight Saving Time begins"]
    cancelled = ["DTSTART;VALUE=DATE:20260330", "STATUS:CANCELLED", "SUMMARY:Party"]
    assert list(days_in(kept, clocks, cancelled)) == [date(2026, 12, 25)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "format"),
        (b"<html>", "format"),
        (file_of(), "empty"),
        (file_of(["DTSTART;VALUE=DATE:19990101", "SUMMARY:Long ago"]), "empty"),
        (b"BEGIN:VCALENDAR\n" + b"x" * 2_000_001, "size"),
        (file_of(*[["DTSTART;VALUE=DATE:20260101"]] * 5001), "size"),
    ],
)
def test_what_holds_no_holidays_is_refused_with_the_reason(content, why):
    with pytest.raises(NotACalendar) as refusal:
        read_days(content, first=FIRST, last=LAST)
    assert refusal.value.args == (why,)


parts = st.sampled_from(
    ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM",
     "DTSTART;VALUE=DATE:20260101", "DTSTART:20261332T999999Z", "DTEND:99991231",
     "DTSTART:20240229", "RRULE:FREQ=YEARLY;INTERVAL=0;COUNT=-1", "RRULE:FREQ=YEARLY;COUNT=2",
     "RRULE:FREQ=SECONDLY", "SUMMARY:班", "SUMMARY", ":", " folded", "STATUS:CANCELLED"]
)  # fmt: skip


@given(st.lists(parts | st.text(max_size=20), max_size=30))
def test_no_file_whatsoever_makes_it_fail_in_another_way(lines):
    content = "\n".join(["BEGIN:VCALENDAR", *lines]).encode("utf-8", "surrogatepass")
    try:
        days = read_days(content, first=FIRST, last=LAST)
    except NotACalendar:
        return
    assert all(FIRST <= one.date <= LAST for one in days)
