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
    found = read_days(file_of(*events), first=FIRST, last=LAST, zone="Asia/Shanghai")
    return {one.date: one.kind for one in found.days}


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


@pytest.mark.parametrize(
    "event",
    [
        ["DTSTART:20261001T000000", "DTEND:20261003T000000"],
        ["DTSTART;TZID=Asia/Shanghai:20261001T000000", "DTEND;TZID=Asia/Shanghai:20261002T235959"],
        ["DTSTART:20260930T160000Z", "DTEND:20261002T160000Z"],  # midnight of the calendar
        ["DTSTART:20261001T000000Z", "DTEND:20261003T000000Z"],
        ["DTSTART:20261001T000000", "DURATION:P2D"],
        ["DTSTART;VALUE=DATE:20261001", "DURATION:P2D"],
        ["DTSTART:20261001T080000", "DTEND:20261003T080000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"],
    ],
)  # fmt: skip
def test_from_midnight_to_midnight_is_whole_days(event):
    days = days_in([*event, "SUMMARY:国庆节 休"])
    assert list(days) == [date(2026, 10, 1), date(2026, 10, 2)]


@pytest.mark.parametrize(
    "event",
    [
        ["DTSTART:20261001T090000", "DTEND:20261001T180000", "SUMMARY:Party"],
        ["DTSTART:20261001T090000Z", "SUMMARY:Stand-up", "RRULE:FREQ=YEARLY"],
        ["DTSTART:20261001T000000", "DTEND:20261001T003000", "SUMMARY:Fireworks"],
        ["DTSTART:20261001T100000", "DTEND:20261001T110000", "SUMMARY:Plan a working day"],
        ["DTSTART:20261001T000000Z", "DTEND:20261001T100000Z", "SUMMARY:Ten hours"],
    ],
)  # fmt: skip
def test_an_event_of_some_hours_is_left_out_and_counted(event):
    christmas = ["DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas"]
    long_ago = ["DTSTART:19991001T090000", "SUMMARY:Long ago"]
    found = read_days(file_of(event, christmas, long_ago), first=FIRST, last=LAST)
    assert [one.date for one in found.days] == [date(2026, 12, 25)]
    assert found.timed == 1


def test_a_day_worked_instead_may_say_from_when_to_when():
    days = days_in(["DTSTART:20261010T010000Z", "DTEND:20261010T100000Z", "SUMMARY:国庆节 补班"])
    assert days == {date(2026, 10, 10): DayKind.WORKDAY}


def test_a_folded_line_and_escaped_commas_are_read():
    event = ["DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas\\, first", "  day"]
    found = read_days(file_of(event), first=FIRST, last=LAST)
    assert found.days[0].name == "Christmas, first day"


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
        (file_of(["DTSTART:20260101T090000", "SUMMARY:Stand-up"]), "timed"),
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
     "DTSTART:20260101T090000Z", "DTEND:20260102T000000", "DURATION:P1D", "DURATION:PT9M",
     "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "DTEND:20260101T180000Z", "RRULE:FREQ=SECONDLY",
     "SUMMARY:班", "SUMMARY", ":", " folded", "STATUS:CANCELLED"]
)  # fmt: skip


@given(st.lists(parts | st.text(max_size=20), max_size=30))
def test_no_file_whatsoever_makes_it_fail_in_another_way(lines):
    content = "\n".join(["BEGIN:VCALENDAR", *lines]).encode("utf-8", "surrogatepass")
    try:
        found = read_days(content, first=FIRST, last=LAST, zone="Asia/Shanghai")
    except NotACalendar:
        return
    assert all(FIRST <= one.date <= LAST for one in found.days)
