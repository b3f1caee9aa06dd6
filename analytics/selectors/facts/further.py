"""Dimensions that not all figures know, and no roll-up: counted from the records. Custom fields
and answers to surveys are such, too (analytics.selectors.cross.offered)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncMonth, TruncWeek
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import CustomerTag
from analytics.selectors.facts.dimension import Dimension, Key
from analytics.selectors.facts.fact import Fact
from feedback.models import Status, Tag
from feedback.selectors.further_filters import (
    CUSTOMER_TAG,
    HOUR,
    MONTH,
    WEEK,
    WEEKDAY,
    hour_words,
    month_words,
    week_words,
    weekday_words,
)


@dataclass(frozen=True)
class Further:
    """`expression` leads from a row of a fact to the value; `narrowing` are
    the rows that can have one, where that is quick to tell. `of_customers`: only for those who may
    see customers; `of_answers`: for those who may see what was answered to surveys."""

    dimension: Dimension
    expression: Callable[[Fact], Any]
    narrowing: Callable[[Fact], Q] | None = None
    of_customers: bool = False
    of_answers: bool = False

    @property
    def key(self) -> str:
        return self.dimension.key


def never_read(text: str) -> Key:
    """Of dimensions that no figure is narrowed by."""
    raise LookupError(text)


def _rows(
    key: str, label: Promise, model: Any, code: str, in_queue: str, **more: Any
) -> Dimension:
    def names(keys: Iterable[Key]) -> Mapping[Key, str]:
        return {pk: str(row) for pk, row in model.objects.in_bulk(list(keys)).items()}

    def texts(keys: Iterable[Key]) -> Mapping[Key, str]:
        found = model.objects.filter(pk__in=list(keys)).values_list("pk", code)
        return {pk: str(text) for pk, text in found}

    return Dimension(key, label, names, texts, never_read, int, in_queue=in_queue, **more)


def _of_time(
    key: str,
    label: Promise,
    words: Callable[[Any], str],
    in_queue: str,
    text: Callable[[Any], str] = str,
) -> Dimension:
    return Dimension(
        key,
        label,
        lambda keys: {one: words(one) for one in keys},
        lambda keys: {one: text(one) for one in keys},
        never_read,
        in_queue=in_queue,
        order=lambda one: one,
    )


def _begin_of(truncated: Any) -> Callable[[Fact], Any]:
    return lambda fact: truncated(
        F(fact.arrival), tzinfo=timezone.get_default_timezone(), output_field=DateField()
    )


def _part_of(part: Any) -> Callable[[Fact], Any]:
    return lambda fact: part(F(fact.arrival), tzinfo=timezone.get_default_timezone())


def _month_text(first: date) -> str:
    return f"{first:%Y-%m}"


_ALL = (
    Further(
        _rows("status", gettext_lazy("Status"), Status, "code", "status"),
        lambda fact: F(f"{fact.record}status_id"),
    ),
    Further(
        _rows(
            "tag",
            gettext_lazy("Tag"),
            Tag,
            "name",
            "tag",
            is_many=True,
            without=gettext_lazy("no tag"),
        ),
        lambda fact: F(f"{fact.record}tags"),
    ),
    Further(
        _rows(
            "customer_tag",
            gettext_lazy("Tag of the customer"),
            CustomerTag,
            "name",
            CUSTOMER_TAG,
            is_many=True,
            without=gettext_lazy("no tag"),
        ),
        lambda fact: F(f"{fact.customer}tags"),
        of_customers=True,
    ),
    Further(
        _of_time("month", pgettext_lazy("of arrival", "Month"), month_words, MONTH, _month_text),
        _begin_of(TruncMonth),
    ),
    Further(
        _of_time("week", pgettext_lazy("of arrival", "Week"), week_words, WEEK),
        _begin_of(TruncWeek),
    ),
    Further(
        _of_time("weekday", gettext_lazy("Day of the week"), weekday_words, WEEKDAY),
        _part_of(ExtractIsoWeekDay),
    ),
    Further(
        _of_time("hour", gettext_lazy("Hour of the day"), hour_words, HOUR),
        _part_of(ExtractHour),
    ),
)
FURTHER: Mapping[str, Further] = {one.key: one for one in _ALL}
