"""Public holidays of mainland China with the working days in their place (调休). Facts.

Source: 国务院办公厅关于2026年部分节假日安排的通知 (4 November 2025). Only years whose arrangement
has been announced are here; it is announced each November for the year that follows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from feedback.enums import DayKind


@dataclass(frozen=True, slots=True)
class SpecialDay:
    date: date
    kind: DayKind
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class _Holiday:
    name_zh: str
    name_en: str
    first: date
    last: date
    worked: tuple[date, ...] = ()


_ANNOUNCED: dict[int, tuple[_Holiday, ...]] = {
    2026: (
        _Holiday("元旦", "New Year", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
        _Holiday(
            "春节",
            "Spring Festival",
            date(2026, 2, 15),
            date(2026, 2, 23),
            (date(2026, 2, 14), date(2026, 2, 28)),
        ),
        _Holiday("清明节", "Qingming Festival", date(2026, 4, 4), date(2026, 4, 6)),
        _Holiday("劳动节", "Labour Day", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
        _Holiday("端午节", "Dragon Boat Festival", date(2026, 6, 19), date(2026, 6, 21)),
        _Holiday("中秋节", "Mid-Autumn Festival", date(2026, 9, 25), date(2026, 9, 27)),
        _Holiday(
            "国庆节",
            "National Day",
            date(2026, 10, 1),
            date(2026, 10, 7),
            (date(2026, 9, 20), date(2026, 10, 10)),
        ),
    )
}
YEARS = tuple(sorted(_ANNOUNCED))


def special_days_of(year: int) -> list[SpecialDay]:
    """Holidays and working days of a year, in order. Raises KeyError for one not announced."""
    return sorted(_days(_ANNOUNCED[year]), key=lambda one: one.date)


def _days(holidays: tuple[_Holiday, ...]) -> Iterator[SpecialDay]:
    for one in holidays:
        for number in range((one.last - one.first).days + 1):
            day = one.first + timedelta(days=number)
            yield SpecialDay(day, DayKind.HOLIDAY, one.name_zh, one.name_en)
        for day in one.worked:
            yield SpecialDay(
                day, DayKind.WORKDAY, f"{one.name_zh}调休上班", f"Worked for {one.name_en}"
            )
