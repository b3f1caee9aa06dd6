"""Numbers of a report in words, in the active language."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.charts.data import Unit
from analytics.charts.wording import write_date, write_interval, write_number
from analytics.rules.report.material import Entry, Figure, Quantity
from analytics.rules.report.runs import Run, Runs, joined
from config.kernel.templatetags.ui import span_in_words

_UNITS = {
    Quantity.COUNT: Unit.COUNT,
    Quantity.SHARE: Unit.SHARE,
    Quantity.RATING: Unit.RATING,
    Quantity.POINTS: Unit.POINTS,
}
NOTHING = "–"


def write(value: float | None, quantity: Quantity) -> str:
    """A number with its unit; a dash where there is none."""
    if value is None:
        return NOTHING
    if quantity is Quantity.SECONDS:
        return span_in_words(value, exact=True)
    digits = {Quantity.SHARE: 3, Quantity.COUNT: 0}.get(quantity, 1)
    return write_number(round(value, digits), _UNITS[quantity])


def interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return NOTHING
    digits = 3 if figure.quantity is Quantity.SHARE else 1
    ends = round(figure.low, digits), round(figure.high, digits)
    return write_interval(*ends, _UNITS[figure.quantity])


def number(figure: Figure, value: float | None, *, linked: bool = True) -> Run:
    words = write(value, figure.quantity)
    return Run(words, figure.url if linked else "", is_number=True)


def count(value: int) -> str:
    return write_number(value, Unit.COUNT)


def points(figure: Figure) -> str:
    """How far a share or a score lies from the one before, without a sign."""
    if figure.value is None or figure.before is None:
        return NOTHING
    factor = 100 if figure.quantity is Quantity.SHARE else 1
    return write_number(round(abs(figure.value - figure.before) * factor, 1), Unit.COUNT)


def percent(figure: Figure) -> str:
    """How much more or fewer than before, of the one before."""
    if figure.value is None or not figure.before:
        return NOTHING
    return write_number(abs(round(figure.value / figure.before - 1, 3)), Unit.SHARE)


def entry(one: Entry) -> Runs:
    share = Run(write(one.share, Quantity.SHARE), one.url, is_number=True)
    opening, closing = pgettext("around a number behind a name", " (|)").split("|")
    return [Run(one.name), Run(opening), share, Run(closing)]


def in_a_row(several: list[Runs]) -> Runs:
    return joined(several, pgettext("between the names of a list", ", "))


def days(first: date, last: date) -> str:
    """From when to when: “1 July 2026 to 30 September 2026”; a month, a quarter or a year by its
    name."""
    name = name_of_time(first, last)
    if name:
        return name
    if first == last:
        return date_format(first, "DATE_FORMAT")
    ends = {
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }
    return pgettext("a time", "%(first)s to %(last)s") % ends


def name_of_time(first: date, last: date) -> str:
    """What a whole month, quarter or year is called; "" for other times."""
    if first.day != 1 or (last + timedelta(days=1)).day != 1 or first.year != last.year:
        return ""
    year, months = {"year": str(first.year)}, last.month - first.month + 1
    if months == 1:
        return write_date(first, "full_month")
    if months == 3 and first.month % 3 == 1:
        year["quarter"] = str((first.month + 2) // 3)
        return _("Quarter %(quarter)s of %(year)s") % year
    return _("The year %(year)s") % year if months == 12 else ""
