"""The numbers of the home page. Each comes with the link to the list it counts.

A fixed number of queries, whatever there is to count: each groups in the database and brings
back one row per bucket and kind.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from analytics.charts.data import Step
from analytics.metrics.csat import Csat, csat
from analytics.metrics.durations import Durations
from analytics.metrics.periods import Period
from analytics.metrics.satisfaction import Dimension
from analytics.metrics.trend import Change, compare_shares
from analytics.selectors.choice import Choice
from analytics.selectors.expressions import Quantiles, rows_where, seconds_between
from analytics.selectors.four import Rated, four_satisfactions
from analytics.selectors.window import BEFORE, FIRST, Window
from feedback.enums import Channel, State
from feedback.models import Category, Feedback
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.queue import VIEWS, queue_url

SHARES = (0.5, 0.9)
LINES = 5  # channels with a colour of their own; the rest is one more


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of records, and the list that holds exactly these."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Cut:
    """How a period is cut for a chart."""

    step: Step
    buckets: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand at this moment, whatever the period."""

    open: Counted
    overdue: Counted
    unassigned: Counted
    waiting: Counted


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `n` are in the list; `change` against the period before, if both had some."""

    hits: Counted
    n: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class ChannelVolume:
    """What came in by one channel, bucket by bucket. Several channels: "all others"."""

    channels: tuple[Channel, ...]
    parts: tuple[Counted, ...]

    @property
    def is_rest(self) -> bool:
        return len(self.channels) != 1


@dataclass(frozen=True, slots=True)
class Volume:
    """What came in. `reopened` is the share of what was solved at least once and came back."""

    received: Counted
    before: int
    per_bucket: tuple[int, ...]
    channels: tuple[ChannelVolume, ...]
    reopened: Share


@dataclass(frozen=True, slots=True)
class CategoryVolume:
    """A branch of the tree with everything below it; None is what has no category."""

    category: Category | None
    received: Counted


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took, in seconds, of what came to its end in the period."""

    whole: Durations
    before: Durations
    url: str
    parts: tuple[tuple[Durations, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ratings:
    """How satisfied customers said they are with the way their matter was handled, in stretches
    long enough to say something."""

    cut: Cut
    whole: Csat
    before: Csat
    change: Change | None
    url: str
    parts: tuple[tuple[Csat, str], ...]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Everything about a period."""

    cut: Cut
    is_running: bool
    volume: Volume
    categories: tuple[CategoryVolume, ...]
    first_response: Timing
    resolution: Timing
    ratings: Ratings
    four: dict[Dimension, Rated]


def records_of(user: User, choice: Choice) -> FeedbackQuerySet:
    """What `user` may see of what was chosen."""
    return Feedback.objects.visible_to(user).filter(choice.condition)


def figures_now(user: User, choice: Choice, now: datetime) -> Now:
    """One pass over what is open."""
    lists: dict[str, dict[str, Any]] = {
        "open": {"view": "open"},
        "overdue": {"view": "overdue"},
        "unassigned": {"view": "unassigned"},
        "waiting": {"view": "waiting", "state": State.WAITING_CUSTOMER},
    }
    conditions = {name: VIEWS[one["view"]].where(user, now) for name, one in lists.items()}
    conditions["waiting"] &= Q(state=State.WAITING_CUSTOMER)
    counts = (
        records_of(user, choice)
        .open()
        .aggregate(**{name: rows_where(q) for name, q in conditions.items()})
    )
    return Now(
        **{
            name: Counted(counts[name], queue_url(**one, **choice.in_queue))
            for name, one in lists.items()
        }
    )


def figures_of_period(user: User, choice: Choice, now: datetime) -> PeriodFigures:
    """The numbers of the chosen days, beside those of the days before."""
    query = _Query(records_of(user, choice).of_customers(), choice, Window(choice.period, now))
    return PeriodFigures(
        cut=Cut(choice.period.step, query.buckets),
        is_running=query.window.is_running,
        volume=_volume(query),
        categories=_categories(query),
        first_response=_timing(query, "answered", "first_response_at", in_parts=True),
        resolution=_timing(query, "resolved", "resolved_at"),
        ratings=_ratings(query),
        four=four_satisfactions(user, choice, query.window),
    )


@dataclass(frozen=True)
class _Query:
    records: FeedbackQuerySet
    choice: Choice
    window: Window
    buckets: tuple[Period, ...] = field(init=False)

    def __post_init__(self) -> None:
        period = self.choice.period
        object.__setattr__(self, "buckets", period.buckets(period.step))

    def url(self, name: str, period: Period | None = None, **more: Any) -> str:
        """The list of what was received (answered, resolved, rated) in a part of the period."""
        days = period or self.choice.period
        ends = {f"{name}_from": days.first, f"{name}_to": days.last}
        return queue_url(**ends, **more, **self.choice.in_queue)

    @property
    def parts(self) -> tuple[datetime, ...]:
        return self.window.parts(self.buckets)


def _volume(query: _Query) -> Volume:
    solved = Q(resolved_at__isnull=False) | Q(reopened_count__gt=0)
    rows = query.window.grouped(query.records, "received_at", query.parts, "channel").annotate(
        received=Count("*"),
        reopened=rows_where(Q(reopened_count__gt=0)),
        solved=rows_where(solved),
    )
    here: Counter[tuple[int, str]] = Counter()
    sums: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}  # by "is before"
    for row in rows:
        if row["bucket"] >= FIRST:
            here[row["bucket"] - FIRST, row["channel"]] += row["received"]
        elif row["bucket"] != BEFORE:
            continue
        sums[row["bucket"] == BEFORE].update(
            {name: row[name] for name in ("received", "reopened", "solved")}
        )
    whole, before = sums[False], sums[True]
    return Volume(
        received=Counted(whole["received"], query.url("received")),
        before=before["received"],
        per_bucket=tuple(
            sum(n for (at, _channel), n in here.items() if at == index)
            for index in range(len(query.buckets))
        ),
        channels=_by_channel(query, here),
        reopened=Share(
            hits=Counted(whole["reopened"], query.url("received", reopened="yes")),
            n=whole["solved"],
            change=compare_shares(
                hits_before=before["reopened"],
                n_before=before["solved"],
                hits_after=whole["reopened"],
                n_after=whole["solved"],
            ),
        ),
    )


def _by_channel(query: _Query, here: Mapping[tuple[int, str], int]) -> tuple[ChannelVolume, ...]:
    """The biggest first; what is beyond LINES becomes one."""
    totals: Counter[str] = Counter()
    for (_index, channel), count in here.items():
        totals[channel] += count
    ranked = [Channel(name) for name, _count in totals.most_common()]
    groups: list[tuple[Channel, ...]] = [(one,) for one in ranked]
    if len(ranked) > LINES + 1:
        groups = [*groups[:LINES], tuple(ranked[LINES:])]
    return tuple(
        ChannelVolume(
            group,
            tuple(
                Counted(
                    sum(here.get((index, channel), 0) for channel in group),
                    query.url("received", bucket, channel=group),
                )
                for index, bucket in enumerate(query.buckets)
            ),
        )
        for group in groups
    )


def _categories(query: _Query) -> tuple[CategoryVolume, ...]:
    """By branch at the top of the tree, the biggest first, what has none last."""
    inside = query.window.inside("received_at")
    rows = query.records.filter(inside).order_by().values_list("category").annotate(n=Count("*"))
    found = list(rows)
    categories = Category.objects.in_bulk()
    counts: Counter[int | None] = Counter()
    for pk, count in found:
        counts[_branch(categories[pk]) if pk else None] += count
    nameless = counts.pop(None, 0)
    ranked = [(categories[pk], n) for pk, n in counts.most_common() if pk]
    return tuple(
        CategoryVolume(category, Counted(n, query.url("received", category=category)))
        for category, n in [*ranked, *([(None, nameless)] if nameless else [])]
    )


def _branch(category: Category) -> int:
    """The id of the branch at the top: "/1/7/" is in 1."""
    return int(category.path.split("/")[1])


def _timing(query: _Query, name: str, end: str, *, in_parts: bool = False) -> Timing:
    """From the receipt to `end`, of the records whose `end` lies in the period."""
    window, took = query.window, seconds_between("received_at", end)
    # Apart by FILTER and not by GROUP BY, which would sort the rows once more.
    row = window.covered(query.records, end).aggregate(
        n=rows_where(window.inside(end)),
        at=Quantiles(took, SHARES, filter=window.inside(end)),
        n_before=rows_where(window.before(end)),
        at_before=Quantiles(took, SHARES, filter=window.before(end)),
    )
    parts: dict[int, Durations] = {}
    if in_parts:
        inside = query.records.filter(window.inside(end))
        rows = window.grouped(inside, end, query.parts)
        for part in rows.annotate(n=Count("*"), at=Quantiles(took, SHARES)):
            parts[part["bucket"] - FIRST] = _durations(part["at"], part["n"])
    return Timing(
        whole=_durations(row["at"], row["n"]),
        before=_durations(row["at_before"], row["n_before"]),
        url=query.url(name),
        parts=tuple(
            (parts.get(index, _durations(None, 0)), query.url(name, bucket))
            for index, bucket in enumerate(query.buckets)
        )
        if in_parts
        else (),
    )


def _durations(at: list[float] | None, n: int) -> Durations:
    median, p90 = at or (None, None)
    return Durations(median, p90, n)


def _ratings(query: _Query) -> Ratings:
    step = query.choice.period.broad_step
    buckets = query.choice.period.buckets(step)
    rated = query.records.filter(satisfaction__isnull=False)
    bounds = query.window.parts(buckets)
    rows = query.window.grouped(rated, "satisfaction_at", bounds, "satisfaction")
    counts: dict[int, Counter[int]] = {BEFORE: Counter()}
    for row in rows.annotate(n=Count("*")):
        counts.setdefault(row["bucket"], Counter())[row["satisfaction"]] += row["n"]
    parts = [counts.get(FIRST + index, Counter()) for index in range(len(buckets))]
    before, whole = csat(counts[BEFORE]), csat(sum(parts, Counter()))
    return Ratings(
        cut=Cut(step, buckets),
        whole=whole,
        before=before,
        change=compare_shares(
            hits_before=before.satisfied,
            n_before=before.n,
            hits_after=whole.satisfied,
            n_after=whole.n,
        ),
        url=query.url("rated"),
        parts=tuple(
            (csat(part), query.url("rated", bucket))
            for part, bucket in zip(parts, buckets, strict=True)
        ),
    )
