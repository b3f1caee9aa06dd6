"""Rows of an answer as marks of a chart; each leads to the list of what it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from analytics.charts.data import Mark, Series, TimeAxis, Unit
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.periods import Period
from analytics.selectors.boards.figures import TileFigure, step_of
from analytics.selectors.facts.listing import Lists
from analytics.selectors.facts.question import Answer, Row
from analytics.selectors.window import today

_DIGITS = {Unit.SHARE: 3, Unit.RATING: 2, Unit.POINTS: 1, Unit.HOURS: 2}


def mark_of(row: Row | None, unit: Unit) -> Mark:
    """Nothing where there is no row; without a link where there is no list or it is empty."""
    if row is None or row.value is None:
        return Mark(None)
    value, low, high = (_round(one, unit) for one in _numbers(row))
    url = row.url if row.count else ""
    n = None if unit is Unit.COUNT else row.n
    return Mark(value, url, low=low, high=high, n=n)


def _numbers(row: Row) -> tuple[float | None, float | None, float | None]:
    measured = row.measured
    return measured.value, measured.low, measured.high


def _round(value: float | None, unit: Unit) -> float | None:
    return None if value is None else round(value, _DIGITS.get(unit, 0))


@dataclass(frozen=True)
class Groups:
    """The groups of an answer that are shown each by itself, and the rest as one."""

    figure: TileFigure
    answer: Answer
    most: int

    @property
    def unit(self) -> Unit:
        return self.answer.metric.unit

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.answer.groups[: self.most]

    @property
    def others(self) -> tuple[Row, ...]:
        return self.answer.groups[self.most :]

    @property
    def has_rest(self) -> bool:
        """Only what is counted adds up to something that is said of all of them."""
        return bool(self.others) and self.unit is Unit.COUNT

    def name(self, row: Row) -> str:
        return " · ".join(self.answer.name(row))

    @property
    def rest_name(self) -> str:
        return pgettext("rest of a chart", "Others")

    def rest(self, bucket: Period | None = None) -> Mark:
        """The others together, with the list of all of them."""
        rows = [self.answer.at(one.keys, bucket) for one in self.others]
        sums = sum((row.sums for row in rows if row), start=Sums())
        measured = self.answer.metric.measured(sums)
        count = sum(row.count for row in rows if row)
        url = self._list_of_rest(bucket or self.answer.question.period) if count else ""
        return mark_of(Row((), self.answer.question.period, sums, measured, count, url), self.unit)

    def _list_of_rest(self, period: Period) -> str:
        question = self.answer.question
        if len(question.by) != 1:
            return ""
        (name,) = question.by
        filters = dict(question.filters)
        if name in ("category", "branch") and (name == "category" or "category" in filters):
            return ""  # a category's list also holds what is below it
        filters[name] = tuple(row.keys[0] for row in self.others)
        asked = replace(question, by=(), filters=tuple(sorted(filters.items())))
        lists = Lists(asked, self.answer.metric, today(self.figure.now), {})
        return lists.url(None, period)

    def series(self) -> tuple[Series, ...]:
        """One for each group over the steps, and one for the rest."""
        found = [
            Series(
                self.name(row),
                tuple(mark_of(self.answer.at(row.keys, one), self.unit) for one in self.buckets),
            )
            for row in self.shown
        ]
        if self.has_rest:
            marks = tuple(self.rest(one) for one in self.buckets)
            found.append(Series(self.rest_name, marks))
        return tuple(found)

    @property
    def buckets(self) -> tuple[Period, ...]:
        return self.answer.buckets


def axis_of(answer: Answer) -> TimeAxis:
    step = answer.question.step or step_of(answer.metric, answer.question.period)
    return TimeAxis(
        dates=tuple(one.first for one in answer.buckets),
        step=step,
        unfinished=answer.is_running,
        ends=tuple(one.last for one in answer.buckets),
    )


def marks_over_time(answer: Answer, positions: int | None = None) -> Sequence[Mark]:
    """Of everything together, step by step; cut or filled to so many positions."""
    unit = answer.metric.unit
    marks = [mark_of(answer.at((), one), unit) for one in answer.buckets]
    if positions is None:
        return marks
    return [*marks[:positions], *[Mark(None)] * (positions - len(marks))]
