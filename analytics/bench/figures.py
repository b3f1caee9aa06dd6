"""What figures cost: the questions of an overview from roll-ups, from the records, and as bare
SQL; how long everything takes to be made; and what the triggers add to a write."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from analytics.metrics.periods import Period, last_days
from analytics.models import RollUp, RollUpMark
from analytics.selectors.cross.asking import read_cross
from analytics.selectors.cross.table import cross_tables
from analytics.selectors.facts import measuring
from analytics.selectors.facts.measuring import measure_all
from analytics.selectors.facts.question import Question, asked
from analytics.selectors.facts.rolled import Freshness
from analytics.selectors.window import today
from analytics.services.rolling_up import build_everything, roll_up_due
from feedback.models import Feedback
from feedback.selectors.queue_filters import start_of

ROUNDS = 7
BULK = 10_000
GOALS = "goals: overview 100 ms of database time; at 5,000,000 records 1.2 × of 1,000,000"
SECTIONS = ("volume", "backlog", "first_answer_time", "resolution_time", "csat", "negative")


@dataclass
class Figures:
    """Milliseconds by name; `seconds` it took to make everything, `rows` are kept."""

    records: int
    seconds: float = 0.0
    rows: int = 0
    bytes: int = 0
    took: dict[str, float] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        yield f"{self.records:,} records: figures, ms of the database ({GOALS})"
        for name, took in self.took.items():
            yield f"  {name:44}{took:10.2f}"
        yield f"  made in {self.seconds:.1f} s, {self.rows:,} rows, {self.bytes / 1e6:.0f} MB"


def overview(days: int) -> list[Question]:
    """What the page of a company asks: numbers, two lines, and four tables."""
    period = last_days(days, today(timezone.now()))
    keys = [*SECTIONS, "reopened", "first_contact", "mood", "promises_kept", "overall", "nps"]
    step = period.step
    return [
        *(asked(key, period) for key in keys),
        *(asked(key, period, step=step) for key in ("first_answer_time", "csat")),
        *(asked("volume", period, by=[by], step=step) for by in ("channel",)),
        *(asked("volume", period, by=[by]) for by in ("branch", "product", "tier")),
        asked("negative", period, by=["category"]),
    ]


def measure_figures(user: User, records: int) -> Figures:
    """Makes the roll-ups, asks, and leaves them."""
    found = Figures(records)
    _vacuum()
    start = time.perf_counter()
    build_everything()
    found.seconds = time.perf_counter() - start
    _vacuum()
    found.rows = RollUp.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('analytics_rollup')")
        found.bytes = cursor.fetchone()[0]
    for days in (30, 365):
        questions = overview(days)
        found.took[f"overview, {days} days"] = _asked(user, questions)
        with _without_roll_ups():
            found.took[f"overview, {days} days, from records"] = _asked(user, questions)
    year = last_days(365, today(timezone.now()))
    pair = [asked("negative", year, by=["category", "mood"])]
    found.took["category × mood, a year"] = _asked(user, pair)
    found.took["the same as bare SQL"] = _bare(
        year.first, year.last, "category_id, sentiment > 20"
    )
    two = [asked("volume", year, by=["product", "priority"])]
    found.took["product × priority, a year (records)"] = _asked(user, two)
    found.took["the same as bare SQL "] = _bare(year.first, year.last, "product_id, priority")
    found.took |= _tables(user, year)
    found.took |= _writes()
    return found


def _tables(user: User, year: Period) -> dict[str, float]:
    """A cross analysis over a year, from roll-ups and from the records, each as its page asks it,
    and as bare SQL in turn with it: what the machine does beside is the same for both."""
    now = timezone.now()
    found: dict[str, float] = {}
    for rows, columns, bare in (
        ("team", "channel", "team_id, channel"),
        ("product", "priority", "product_id, priority"),
        ("product", "weekday", "product_id, extract(isodow from received_at at time zone %s)"),
    ):
        params = {"rows": [rows], "columns": [columns], "period": ["365"]}
        asking = read_cross(params, user, teams=[], today=today(now))
        ours, theirs = _in_turn(
            partial(cross_tables, user, asking, now), partial(_ask_bare, year, bare)
        )
        name = f"cross analysis, {rows} × {columns}, a year"
        found |= {name: ours, f"{name}: bare SQL": theirs, f"{name}: ratio": ours / theirs}
    return found


def _in_turn(*works: Callable[[], Any]) -> list[float]:
    """The median of each, one after the other in every round."""
    took: list[list[float]] = [[] for _work in works]
    for _ in range(ROUNDS):
        for at, work in enumerate(works):
            spent = _Spent()
            with connection.execute_wrapper(spent):
                work()
            took[at].append(spent.ms)
    return [median(each) for each in took]


def _ask_bare(year: Period, by: str) -> None:
    sql = (
        f"SELECT {by}, count(*) FROM feedback_feedback "  # noqa: S608 - our own
        "WHERE state NOT IN ('spam', 'merged') AND received_at >= %s AND received_at < %s "
        "GROUP BY 1, 2"
    )
    zone = [settings.TIME_ZONE] * by.count("%s")
    span = [start_of(year.first), start_of(year.last + timedelta(days=1))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*zone, *span])
        cursor.fetchall()


def _asked(user: User, questions: Sequence[Question]) -> float:
    return _median(lambda: measure_all(user, questions))


def _median(work: Callable[[], Any]) -> float:
    """Of the time that statements take, without our own."""
    took = []
    for _ in range(ROUNDS):
        spent = _Spent()
        with connection.execute_wrapper(spent):
            work()
        took.append(spent.ms)
    return median(took)


@dataclass
class _Spent:
    ms: float = 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += (time.perf_counter() - start) * 1000


@contextmanager
def _without_roll_ups() -> Iterator[None]:
    held, measuring.freshness = measuring.freshness, Freshness
    try:
        yield
    finally:
        measuring.freshness = held


def _bare(first: Any, last: Any, by: str) -> float:
    sql = (
        f"SELECT {by}, count(*), count(sentiment) FROM feedback_feedback "  # noqa: S608 - our own
        "WHERE state NOT IN ('spam', 'merged') AND received_at >= %s AND received_at < %s "
        "GROUP BY 1, 2"
    )
    params = [start_of(first), start_of(last + timedelta(days=1))]

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return _median(ask)


def _writes() -> dict[str, float]:
    """One record and many, with the triggers and without; nothing of it stays. And how long the
    worker takes for a day that changed."""
    keys = list(Feedback.objects.order_by("-pk").values_list("pk", flat=True)[:BULK])
    found = {}
    for name, triggers in (("", True), (", without marks", False)):
        with transaction.atomic(), _triggers(on=triggers):
            found[f"one record changed{name}"] = _median(
                lambda: Feedback.objects.filter(pk=keys[0]).update(version=2, order_number="1")
            )
            found[f"one record moved to a channel{name}"] = _median(_moves(keys[:1]))
            found[f"{BULK:,} moved to a channel{name}"] = _median(_moves(keys))
            transaction.set_rollback(True)
    with transaction.atomic():
        RollUpMark.objects.create(fact="received", hour=timezone.now() - timedelta(days=3))
        start = time.perf_counter()
        roll_up_due()
        found["worker: a day of what was received"] = (time.perf_counter() - start) * 1000
        transaction.set_rollback(True)
    return found


def _moves(keys: Sequence[int]) -> Callable[[], Any]:
    channels = iter(["chat", "phone", "visit", "paper"] * ROUNDS)
    return lambda: Feedback.objects.filter(pk__in=keys).update(channel=next(channels))


@contextmanager
def _triggers(*, on: bool) -> Iterator[None]:
    names = "analytics_mark_feedback_update"
    if not on:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE feedback_feedback DISABLE TRIGGER {names}")
    yield  # the transaction is taken back


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
