"""Kinds of fields whose values have an order: numbers, moments, days, lengths of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from config.kernel.conditions.context import Context
from config.kernel.conditions.errors import Misfit
from config.kernel.conditions.fields import Field, all_of
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.spans import Span, Spans

YEARS = range(1900, 2200)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value has to lie between; None where there is no end."""

    gte: Any = None
    gt: Any = None
    lte: Any = None
    lt: Any = None

    def hold(self, value: Any) -> bool:
        return (
            (self.gte is None or value >= self.gte)
            and (self.gt is None or value > self.gt)
            and (self.lte is None or value <= self.lte)
            and (self.lt is None or value < self.lt)
        )

    def given(self) -> list[tuple[str, Any]]:
        pairs = ("gte", self.gte), ("gt", self.gt), ("lte", self.lte), ("lt", self.lt)
        return [(name, value) for name, value in pairs if value is not None]


@dataclass(frozen=True, kw_only=True)
class Ordered(Field):
    """Every operator comes down to bounds, and those are the same in Python and in the query."""

    def bounds(self, code: str, wanted: Any, context: Context) -> Bounds:
        raise NotImplementedError

    def test(self, code: str, value: Any, wanted: Any, context: Context) -> bool:
        if code == "empty":
            return value is None
        return value is not None and self.bounds(code, wanted, context).hold(self.plain(value))

    def where(self, code: str, wanted: Any, context: Context) -> Q:
        column = self.column
        if code == "empty":
            return column.is_null()
        bounds = self.bounds(code, wanted, context)
        return all_of(column.where(lookup, value) for lookup, value in bounds.given())

    def plain(self, value: Any) -> Any:
        """A record's value as bounds compare it."""
        return value


_COMPARED = ("is", "is_not", "lt", "le", "gt", "ge", "between", "empty", "not_empty")


def _compared(code: str, low: Any, high: Any) -> Bounds:
    return {
        "is": Bounds(gte=low, lte=low),
        "lt": Bounds(lt=low),
        "le": Bounds(lte=low),
        "gt": Bounds(gt=low),
        "ge": Bounds(gte=low),
        "between": Bounds(gte=low, lte=high),
    }[code]


@dataclass(frozen=True, kw_only=True)
class Number(Ordered):
    """Whole numbers, or with so many `decimals` at most."""

    decimals: int = 0
    codes = _COMPARED
    largest: ClassVar[int] = 10**12

    def bounds(self, code: str, wanted: Any, context: Context) -> Bounds:
        low, high = wanted if code == "between" else (wanted, wanted)
        return _compared(code, self.plain(low), self.plain(high))

    def plain(self, value: Any) -> Any:
        # The shortest digits that mean this number: 0.1 is 0.1, in a float column too.
        return value if isinstance(value, int) else Decimal(str(value))

    def read_one(self, code: str, raw: Any) -> int | float:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise Misfit(_("Write a number."))
        if not abs(raw) <= self.largest:  # written so that it also catches "not a number"
            raise Misfit(_("The number is too large."))
        if isinstance(raw, int) or raw.is_integer():
            return int(raw)
        if not self.decimals:
            raise Misfit(_("Write a whole number."))
        if raw != round(raw, self.decimals):
            raise Misfit(_("Write at most %(n)d digits after the point.") % {"n": self.decimals})
        return raw

    def from_words(self, words: Sequence[str], *, in_quotes: bool = False) -> Any:
        if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", words[0], re.ASCII) is None:
            return words[0]
        return float(words[0]) if "." in words[0] else int(words[0])

    def to_text(self, value: float, lookup: Lookup) -> str:
        return f"{value:.9f}".rstrip("0") if isinstance(value, float) else str(value)

    def say(self, value: float, lookup: Lookup) -> str:
        return number_format(value)


@dataclass(frozen=True, kw_only=True)
class Duration(Ordered):
    """How long something took."""

    codes = ("lt", "le", "gt", "ge", "between", "empty", "not_empty")
    words_of_value = 2

    def bounds(self, code: str, wanted: Any, context: Context) -> Bounds:
        low, high = wanted if code == "between" else (wanted, wanted)
        return _compared(code, Spans.length(low), Spans.length(high))

    def read_one(self, code: str, raw: Any) -> Span:
        return Spans.read(raw)

    def order(self, value: Span) -> timedelta:
        return Spans.length(value)

    def from_words(self, words: Sequence[str], *, in_quotes: bool = False) -> Any:
        return Spans.from_words(words)

    def to_text(self, value: Span, lookup: Lookup) -> str:
        return Spans.to_text(value)

    def say(self, value: Span, lookup: Lookup) -> str:
        return Spans.say(value)


def _day(raw: Any) -> date:
    if isinstance(raw, str) and _DAY.fullmatch(raw):
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise Misfit(_("There is no such day.")) from None
        if day.year in YEARS:
            return day
    raise Misfit(_("Write a day as year-month-day, such as 2026-11-22."))


def _minute(raw: str) -> datetime:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        raise Misfit(_("There is no such time.")) from None
    if moment.year in YEARS:
        return moment
    raise Misfit(_("Write a day as year-month-day, such as 2026-11-22."))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), zone)


_WHEN = (
    "within_last",
    "within_next",
    "older_than",
    "later_than",
    "past",
    "future",
    "on",
    "before",
    "after",
    "between",
    "empty",
    "not_empty",
)


def _around(code: str, now: Any, length: timedelta) -> Bounds:
    return {
        "within_last": Bounds(gte=now - length, lte=now),
        "within_next": Bounds(gte=now, lte=now + length),
        "older_than": Bounds(lt=now - length),
        "later_than": Bounds(gt=now + length),
        "past": Bounds(lt=now),
        "future": Bounds(gt=now),
    }[code]


_RELATIVE = ("within_last", "within_next", "older_than", "later_than")
_NOW = ("past", "future")


@dataclass(frozen=True, kw_only=True)
class Moment(Ordered):
    """A point in time. It is compared with days (2026-11-22), which have their midnight in the
    context's zone, or with the minute of a clock there (2026-11-22T14:30)."""

    codes = _WHEN
    equals = "on"

    def bounds(self, code: str, wanted: Any, context: Context) -> Bounds:
        if code in _NOW:
            return _around(code, context.now, timedelta())
        if code in _RELATIVE:
            return _around(code, context.now, Spans.length(wanted))
        if code in {"on", "between"}:
            first, last = wanted if code == "between" else (wanted, wanted)
            return Bounds(gte=_start(first, context), **_end(last, context))
        if code == "before":
            return Bounds(lt=_start(wanted, context))
        end = _end(wanted, context)  # after the whole day, or after the minute begins
        return Bounds(gte=end.get("lt"), gt=end.get("lte"))

    def read_one(self, code: str, raw: Any) -> str:
        if code != "on" and isinstance(raw, str) and _MINUTE.fullmatch(raw):
            return _minute(raw).isoformat(timespec="minutes")
        return _day(raw).isoformat()

    def order(self, value: str) -> datetime:
        return datetime.fromisoformat(value)

    def to_text(self, value: str, lookup: Lookup) -> str:
        return value

    def say(self, value: str, lookup: Lookup) -> str:
        style = "SHORT_DATETIME_FORMAT" if "T" in value else "SHORT_DATE_FORMAT"
        return date_format(datetime.fromisoformat(value), style)


def _start(wanted: str, context: Context) -> datetime:
    if "T" in wanted:
        return timezone.make_aware(_minute(wanted), context.zone)
    return _midnight(date.fromisoformat(wanted), context.zone)


def _end(wanted: str, context: Context) -> dict[str, datetime]:
    if "T" in wanted:
        return {"lte": timezone.make_aware(_minute(wanted), context.zone)}
    return {"lt": _midnight(date.fromisoformat(wanted) + timedelta(days=1), context.zone)}


@dataclass(frozen=True, kw_only=True)
class Day(Ordered):
    """A date without a time; today is that of the context's zone."""

    codes = _WHEN
    equals = "on"

    def bounds(self, code: str, wanted: Any, context: Context) -> Bounds:
        if code in _NOW:
            return _around(code, context.today, timedelta())
        if code in _RELATIVE:
            return _around(code, context.today, Spans.length(wanted))
        low, high = wanted if code == "between" else (wanted, wanted)
        same = {"on": "is", "before": "lt", "after": "gt", "between": "between"}
        return _compared(same[code], date.fromisoformat(low), date.fromisoformat(high))

    def read_one(self, code: str, raw: Any) -> str:
        return _day(raw).isoformat()

    def read_span(self, raw: Any) -> Span:
        return Spans.read(raw, units=("days", "weeks"))

    def to_text(self, value: str, lookup: Lookup) -> str:
        return value

    def say(self, value: str, lookup: Lookup) -> str:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
