"""Facts: streams of things that each happened at a moment. One definition of each says where they
are, what they are told apart by and what is added up; both the counting of records and the
roll-ups are generated from it, so they cannot differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.models import User
from analytics.metrics.catalogue.sums import FactName
from analytics.metrics.spread import FLOOR, WIDTH
from analytics.selectors.expressions import rows_where
from config.kernel.text.mood.labels import NEARLY
from feedback.enums import Mood

Source = Callable[[User | None], QuerySet[Any]]


@dataclass(frozen=True)
class Fact:
    """`source` gives the rows that a person may see, all of them for None; `moment` is the field
    that says when it happened, `dimensions` leads from a row to each value, `sums` are aggregates
    that add up. `duration`: seconds whose spread is kept, if any. `in_list`: the filters of the
    queue for its days begin so. `asked`: the role of the questions that it is about. `record`: the
    way from a row to the record of feedback that it is about ("feedback__")."""

    name: FactName
    source: Source
    moment: str
    dimensions: Mapping[str, Any]
    sums: Mapping[str, Any] = field(default_factory=dict)
    duration: Any = None
    in_list: str = ""
    asked: str = ""
    record: str = ""

    @property
    def customer(self) -> str:
        """The way to whose it is."""
        return "response__customer__" if self.asked else f"{self.record}customer__"

    @property
    def arrival(self) -> str:
        """When what it is about came in."""
        return self.moment if self.asked else f"{self.record}received_at"

    @property
    def stream(self) -> str:
        """As the triggers name it that mark what changed: answers to surveys are one."""
        return "answers" if self.asked else self.name.value

    @property
    def cell(self) -> Any:
        """The cell of the duration of a row (metrics.spread), null where it has none."""
        return Case(When(Q(took__isnull=False), then=_CellOf(F("took"))))

    def rows(self, user: User | None) -> QuerySet[Any]:
        """What a person may see of it."""
        rows = self.source(user).order_by()
        return rows if self.duration is None else rows.annotate(took=self.duration)


class _CellOf(Func):
    """analytics.metrics.spread.cell_of, of seconds that are not null."""

    template = f"(1 + floor(ln(GREATEST(%(expressions)s, {FLOOR} * 0.99)) / ln({WIDTH})))::int"
    output_field = IntegerField()


def all_of_them() -> Count:
    return Count("*")


def epoch_of(moment: str) -> Sum:
    """Whole seconds since 1970, added up."""
    seconds = Func(Value("epoch"), F(moment), function="date_part", output_field=FloatField())
    return Sum(Cast(seconds, BigIntegerField()), default=0)


def steps_of(path: str, lowest: int, highest: int) -> dict[str, Count]:
    """How many gave each rating: r1, r2 …"""
    return {f"r{step}": rows_where(Q(**{path: step})) for step in range(lowest, highest + 1)}


def mood_of(path: str) -> Case:
    """Negative, neutral or positive by a sentiment of -100 to 100; null where none is known."""
    return Case(
        When(Q(**{f"{path}__lt": -NEARLY}), then=Value(Mood.NEGATIVE.value)),
        When(Q(**{f"{path}__gt": NEARLY}), then=Value(Mood.POSITIVE.value)),
        When(Q(**{f"{path}__isnull": False}), then=Value(Mood.NEUTRAL.value)),
        output_field=CharField(),
    )
