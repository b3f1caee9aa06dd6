"""Filters that figures need to lead to the list behind them: when something came in (month, week,
day of the week, hour, of the company's time zone), and whose customer it was from."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer, CustomerTag, Organisation, User
from feedback.selectors.queue_filters import (
    NONE,
    Filter,
    Value,
    register_filter_source,
    start_of,
)

MONTH, WEEK = "arrived.month", "arrived.week"
WEEKDAY, HOUR = "arrived.weekday", "arrived.hour"
ORGANISATION, CUSTOMER_TAG = "customer.organisation", "customer.tag"
SEES_CUSTOMERS = "accounts.view_customer"


def month_words(first: date) -> str:
    return date_format(first, "YEAR_MONTH_FORMAT")


def week_words(first: date) -> str:
    """A week is called by its Monday."""
    return _("week of %(day)s") % {"day": date_format(first, "SHORT_DATE_FORMAT")}


def hour_words(hour: int) -> str:
    return f"{hour:02}:00–{hour:02}:59"


def weekday_words(weekday: int) -> str:
    """Of 1 (Monday) to 7."""
    return str(WEEKDAYS[weekday - 1])


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month(text: str, _user: User) -> Value:
    first = date.fromisoformat(f"{text}-01")
    return Value(f"{first:%Y-%m}", first, month_words(first))


def _week(text: str, _user: User) -> Value:
    first = date.fromisoformat(text)
    if first.weekday():
        raise ValueError(text)
    return Value(first.isoformat(), first, week_words(first))


def _weekday(text: str, _user: User) -> Value:
    weekday = int(text)
    if not 1 <= weekday <= 7:
        raise ValueError(text)
    return Value(str(weekday), weekday, weekday_words(weekday))


def _hour(text: str, _user: User) -> Value:
    hour = int(text)
    if not 0 <= hour <= 23:
        raise ValueError(text)
    return Value(str(hour), hour, hour_words(hour))


def _spans(end_of: Callable[[date], date]) -> Callable[[list[date]], Q]:
    def where(days: list[date]) -> Q:
        condition = Q(pk__in=[])
        for first in days:
            span = {
                "received_at__gte": start_of(first),
                "received_at__lt": start_of(end_of(first)),
            }
            condition |= Q(**span)
        return condition

    return where


def _part_of_time(part: Any) -> Callable[[list[int]], Q]:
    def where(values: list[int]) -> Q:
        return Q(In(part(F("received_at"), tzinfo=timezone.get_default_timezone()), values))

    return where


def _organisation(text: str, user: User) -> Value:
    if not user.has_perm(SEES_CUSTOMERS):
        raise LookupError
    if text == NONE:
        return Value(text, None, _("no organisation"))
    found = Organisation.objects.filter(pk=int(text)).first()
    if found is None:
        raise LookupError
    return Value(text, found.pk, found.name)


def _of_organisations(values: list[int | None]) -> Q:
    known = [one for one in values if one is not None]
    condition = Q(customer__organisation__in=known) if known else Q(pk__in=[])
    return condition | Q(customer__organisation=None) if None in values else condition


def _customer_tag(text: str, user: User) -> Value:
    if not user.has_perm(SEES_CUSTOMERS):
        raise LookupError
    if text == NONE:
        return Value(text, None, _("no tag"))
    found = CustomerTag.objects.filter(name__iexact=text).first()
    if found is None:
        raise LookupError
    return Value(text, found.pk, found.name)


def _of_tagged(values: list[int | None]) -> Q:
    """All of them, as with the tags of records."""
    tagged: Any = Customer.tags.through.objects  # type: ignore[attr-defined]
    condition = Q()
    for pk in values:
        if pk is None:
            condition &= ~Q(customer__in=tagged.values("customer_id"))
        else:
            condition &= Q(customer__in=tagged.filter(customertag_id=pk).values("customer_id"))
    return condition


_FILTERS: Mapping[str, Filter] = {
    MONTH: Filter(gettext_lazy("Month it came in"), _month, _spans(next_month)),
    WEEK: Filter(
        gettext_lazy("Week it came in"), _week, _spans(lambda first: first + timedelta(days=7))
    ),
    WEEKDAY: Filter(gettext_lazy("Day of the week"), _weekday, _part_of_time(ExtractIsoWeekDay)),
    HOUR: Filter(gettext_lazy("Hour of the day"), _hour, _part_of_time(ExtractHour)),
    ORGANISATION: Filter(
        gettext_lazy("Organisation of the customer"), _organisation, _of_organisations
    ),
    CUSTOMER_TAG: Filter(gettext_lazy("Tag of the customer"), _customer_tag, _of_tagged),
}


def register_further_filters() -> None:
    for name in _FILTERS:
        register_filter_source(name, _FILTERS.get)
