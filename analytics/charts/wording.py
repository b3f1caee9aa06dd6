"""Numbers and dates as people read them, in the active language."""

from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from analytics.charts.data import Axis, Mark, NameAxis, Step, TimeAxis, Unit
from config.kernel.punctuation import with_aside

_COMPACT_FROM = 10_000
_ABSURD = 1e15
_MINUS = "\N{MINUS SIGN}"

# CLDR patterns. Our own, because the day stands before the month in our English.
_PATTERNS = {
    "zh": {
        "day": "M月d日",
        "month": "M月",
        "year": "y年",
        "full_day": "y年M月d日 EEE",
        "full_month": "y年M月",
        "range_end": "M月d日",
    },
    "en": {
        "day": "d MMM",
        "month": "MMM",
        "year": "y",
        "full_day": "EEE d MMM y",
        "full_month": "MMMM y",
        "range_end": "d MMM y",
    },
}


_LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


def _language() -> str:
    return "zh" if (get_language() or "").lower().startswith("zh") else "en"


def write_date(day: date, pattern: str) -> str:
    """`day` by a named pattern: day, month, year, full_day, full_month, range_end."""
    return _date(day, pattern, _language())


# The same dates and numbers come again for every series and every width, and CLDR is not quick.
@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, language: str) -> str:
    return str(format_date(day, _PATTERNS[language][pattern], locale=_LOCALES[language]))


def write_span(first: date, last: date) -> str:
    """From the first to the last day."""
    if first == last:
        return write_date(first, "full_day")
    ends = {"first": write_date(first, "range_end"), "last": write_date(last, "range_end")}
    return _("%(first)s – %(last)s") % ends


def write_number(value: float, unit: Unit, *, short: bool = False) -> str:
    """The value with its unit. `short` is for ticks: 12,000 becomes 12K, in Chinese 1.2万."""
    return _number(value, unit, _language(), short=short)


@lru_cache(maxsize=4096)
def _number(value: float, unit: Unit, language: str, *, short: bool) -> str:
    text = _plain(value, unit, language, short=short)
    return pgettext("hours", "%(number)s h") % {"number": text} if unit is Unit.HOURS else text


def _plain(value: float, unit: Unit, language: str, *, short: bool) -> str:
    locale = _LOCALES[language]
    if abs(value) >= _ABSURD:
        return f"{value:.3g}".replace("-", _MINUS)
    match unit:
        case Unit.SHARE:
            text = format_percent(value, "#,##0.#%" if not short else "#,##0.##%", locale=locale)
        case Unit.RATING:
            text = format_decimal(value, "0.##" if short else "0.0#", locale=locale)
        case Unit.POINTS:
            pattern = "+0;-0" if short else "+0.#;-0.#"
            text = format_decimal(value, pattern, locale=locale) if value else "0"
        case _ if short and abs(value) >= _COMPACT_FROM:
            text = format_compact_decimal(value, locale=locale, fraction_digits=1)
        case _:
            text = format_decimal(value, "#,##0.##", locale=locale)
    return str(text).replace("-", _MINUS)


def write_interval(low: float, high: float, unit: Unit) -> str:
    """From low to high, as 62.8%–84.2%; in words where a sign would meet the dash."""
    ends = {"low": write_number(low, unit), "high": write_number(high, unit)}
    if low < 0 or unit is Unit.POINTS:
        return _("%(low)s to %(high)s") % ends
    return f"{ends['low']}\N{EN DASH}{ends['high']}"


def write_mark(mark: Mark, unit: Unit) -> str:
    """A mark in one breath: value, interval, number of answers."""
    return _mark(mark.value, mark.interval, mark.n, unit, _language())


@lru_cache(maxsize=4096)
def _mark(
    value: float | None,
    interval: tuple[float, float] | None,
    n: int | None,
    unit: Unit,
    _language: str,
) -> str:
    if value is None:
        return _("no data")
    text = write_number(value, unit)
    if interval:
        text = with_aside(text, write_interval(*interval, unit))
    if n is not None:
        text = _("%(value)s, n = %(n)s") % {
            "value": text,
            "n": write_number(n, Unit.COUNT),
        }
    return text


def write_position(axis: Axis, index: int) -> str:
    """The full name of a position, for tooltips and tables."""
    if isinstance(axis, NameAxis):
        return axis.names[index]
    text = _write_period(axis.dates[index], axis.end(index), axis.step)
    if axis.unfinished and index == len(axis) - 1:
        text = _("%(period)s (so far)") % {"period": text}
    return text


def _write_period(first: date, last: date, step: Step) -> str:
    is_whole_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    if step is Step.MONTH and is_whole_month:
        return write_date(first, "full_month")
    if first == last:
        return write_date(first, "full_day")
    if _language() == "zh":
        start = write_date(first, "full_month") + write_date(first, "day").partition("月")[2]
    elif first.year != last.year:
        start = write_date(first, "range_end")
    else:
        start = str(first.day) if first.month == last.month else write_date(first, "day")
    return f"{start}\N{EN DASH}{write_date(last, 'range_end')}"


def axis_header(axis: Axis) -> str:
    """What the first column of a table is called."""
    if isinstance(axis, TimeAxis):
        return {Step.DAY: _("Day"), Step.WEEK: _("Week"), Step.MONTH: _("Month")}[axis.step]
    return _("Category")
