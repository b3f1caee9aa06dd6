"""Metrics are asked here, and only here: measure(user, asked("csat", period, by=["team"]))."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.periods import Period
from analytics.selectors.facts.counting import Group, Wanted, stored
from analytics.selectors.facts.cuts import Cuts, cut
from analytics.selectors.facts.dimension import DIMENSIONS, names_of
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.listing import Lists
from analytics.selectors.facts.question import MOST_DIMENSIONS, Answer, NotAsked, Question, Row
from analytics.selectors.facts.rolled import Freshness, counted, freshness, sees_everything
from analytics.selectors.window import Window, today

Keys = tuple[Any, ...]


def measure(user: User | None, question: Question, *, now: datetime | None = None) -> Answer:
    """The answer for what `user` may see, or with None of everything, for what nobody is shown as
    it is. Raises NotAsked for a metric or dimension that there is not, or that do not go
    together."""
    return measure_all(user, [question], now=now)[0]


def measure_all(
    user: User | None, questions: Sequence[Question], *, now: datetime | None = None
) -> list[Answer]:
    """Several at once, as a page asks them: what the same records say is counted once."""
    asked = [_Asked.of(question, now or timezone.now()) for question in questions]
    known = freshness() if sees_everything(user) else Freshness()
    found = _counted(user, asked, known)
    return [one.answer([found[key] for key, _part in one.parts()]) for one in asked]


def sums_of(
    user: User, questions: Sequence[Question], *, now: datetime | None = None
) -> list[dict[Keys, Sums]]:
    """For each question the sums of its groups over the whole period: what tables are made of.
    Raises NotAsked."""
    asked = [_Asked.of(question, now or timezone.now()) for question in questions]
    found = _counted(user, asked, freshness() if sees_everything(user) else Freshness())
    return [one.whole([found[key] for key, _part in one.parts()]) for one in asked]


def sums_behind(
    user: User, questions: Sequence[Question], known: Freshness
) -> list[list[dict[Group, Sums]]]:
    """What each question is answered from, as far as `known` says from roll-ups."""
    asked = [_Asked.of(question, timezone.now()) for question in questions]
    found = _counted(user, asked, known)
    return [[found[key] for key, _part in one.parts()] for one in asked]


def _counted(
    user: User | None, asked: Sequence["_Asked"], known: Freshness
) -> dict[Any, dict[Group, Sums]]:
    """Each part once, with the sums of all questions that share it."""
    wanted: dict[Any, Wanted] = {}
    for one in asked:
        for key, part in one.parts():
            held = wanted.get(key)
            wanted[key] = part if held is None else _both(held, part)
    return {key: counted(user, part, known) for key, part in wanted.items()}


def dimensions_of(metric: Metric) -> tuple[str, ...]:
    """What a metric can be told apart and narrowed by."""
    known = set(FACTS[metric.fact].dimensions)
    if metric.minus is not None:
        known &= set(FACTS[metric.minus].dimensions)
    return tuple(name for name in DIMENSIONS if stored(name) in known)


def _both(one: Wanted, other: Wanted) -> Wanted:
    sums = tuple(dict.fromkeys((*one.sums, *other.sums)))
    return replace(one, sums=sums, cells=one.cells or other.cells)


@dataclass(frozen=True)
class _Asked:
    question: Question
    metric: Metric
    window: Window
    cuts: Cuts

    @classmethod
    def of(cls, question: Question, now: datetime) -> "_Asked":
        metric = METRICS.get(question.metric)
        if metric is None:
            raise NotAsked("metric")
        known = {*dimensions_of(metric), *(one.key for one in question.further)}
        names = [*question.by, *(name for name, _values in question.filters)]
        for name in names:
            if name not in known:
                raise NotAsked(name)
        if len(question.by) > MOST_DIMENSIONS or len(set(question.by)) < len(question.by):
            raise NotAsked("by")
        window = Window(question.period, now)
        cuts = cut(window, question.step, is_stock=metric.is_stock, compares=question.compares)
        return cls(question, metric, window, cuts)

    @property
    def filters(self) -> tuple[tuple[str, Keys], ...]:
        """What was asked for, and what the metric itself means."""
        return (*self.question.filters, *sorted(self.metric.within.items()))

    def parts(self) -> list[tuple[Any, Wanted]]:
        """What has to be counted for it, with what tells whether it is the same as another's."""
        names = [self.metric.fact, *([self.metric.minus] if self.metric.minus else [])]
        return [
            (
                (name, self.cuts, self.question.by, self.filters),
                Wanted(
                    FACTS[name],
                    self.cuts,
                    self.question.by,
                    self.filters,
                    self.metric.sums,
                    self.metric.uses_cells,
                    {one.key: one.expression(FACTS[name]) for one in self.question.used},
                    tuple(
                        one.narrowing(FACTS[name])
                        for one in self.question.used
                        if one.narrowing is not None
                    ),
                ),
            )
            for name in names
        ]

    def sums(self, found: Sequence[Mapping[Group, Sums]]) -> Mapping[Group, Sums]:
        return _less(found) if self.metric.is_stock else dict(found[0])

    def whole(self, found: Sequence[Mapping[Group, Sums]]) -> dict[Keys, Sums]:
        """Of each group, over the whole period."""
        sums = self.sums(found)
        table = _Table(self, sums, self.lists({}))
        return {keys: table.of([keys]) for keys in {keys for _place, keys in sums}}

    def lists(self, keys: Mapping[str, Iterable[Any]]) -> Lists:
        return Lists(self.question, self.metric, today(self.window.now), keys)

    def answer(self, found: Sequence[Mapping[Group, Sums]]) -> Answer:
        sums = self.sums(found)
        keys = {keys for _place, keys in sums}
        if not self.question.by:
            keys.add(())
        by = enumerate(self.question.by)
        lists = self.lists({name: {one[at] for one in keys} for at, name in by})
        table = _Table(self, sums, lists)
        groups = sorted(
            (table.group(one) for one in keys),
            key=lambda row: (-row.count, [str(key) for key in row.keys]),
        )
        groups = [row for row in groups if not self.question.by or row.count or row.n]
        return Answer(
            self.question,
            total=table.total(),
            groups=tuple(groups),
            rows=table.rows(groups),
            buckets=self.cuts.buckets,
            names=tuple(
                names_of(self.question.dimension(name), (row.keys[at] for row in groups))
                for at, name in enumerate(self.question.by)
            ),
            is_running=self.window.is_running,
        )


@dataclass(frozen=True)
class _Table:
    asked: _Asked
    sums: Mapping[Group, Sums]
    lists: Lists

    def of(self, keys: Sequence[Keys]) -> Sums:
        """Over the whole period."""
        return self._in(None, keys)

    def group(self, keys: Keys) -> Row:
        """A combination of values over the whole period, beside the period before."""
        return self._whole(keys, [keys])

    def total(self) -> Row:
        return self._whole(None, sorted({keys for _place, keys in self.sums}, key=str))

    def rows(self, groups: Iterable[Row]) -> tuple[Row, ...]:
        """Bucket by bucket; for groups without a step, as they are."""
        if self.asked.question.step is None:
            return tuple(groups)
        return tuple(
            self._row(group.keys, bucket, self._in(at, [group.keys]))
            for group in groups
            for at, bucket in enumerate(self.asked.cuts.buckets)
        )

    def _whole(self, keys: Keys | None, of: Sequence[Keys]) -> Row:
        metric, cuts = self.asked.metric, self.asked.cuts
        here = self._in(None, of)
        row = self._row(keys, self.asked.question.period, here)
        if not self.asked.question.compares:
            return row
        before = self._at([cuts.before], of, self.asked.window.before_end)
        return replace(
            row,
            before=metric.measured(before),
            change=metric.change(before, here) if metric.change else None,
        )

    def _in(self, at: int | None, of: Sequence[Keys]) -> Sums:
        """Of one bucket, or of all: a stock is what there was at the end."""
        cuts, window = self.asked.cuts, self.asked.window
        last = len(cuts.buckets) - 1 if at is None else at
        begin = 0 if at is None or self.asked.metric.is_stock else at
        places = [cuts.first + place for place in range(begin, last + 1)]
        if self.asked.metric.is_stock:
            places += [cuts.before, cuts.first - 1]
        end = Window(cuts.buckets[last], window.now).end
        return self._at(places, of, min(end, window.now))

    def _at(self, places: Iterable[int], of: Sequence[Keys], at: datetime) -> Sums:
        found = Sums(at=at.timestamp())
        for place in places:
            for keys in of:
                held = self.sums.get((place, keys))
                found = found if held is None else found + held
        return found

    def _row(self, keys: Keys | None, period: Period, sums: Sums) -> Row:
        """`keys` None: all of them together."""
        metric = self.asked.metric
        url = self.lists.url(keys, period)
        keys = keys or ()
        count = sum(sums.cells.values()) if metric.uses_cells else sums[metric.listed]
        return Row(keys, period, sums, metric.measured(sums), count, url)


def _less(found: Sequence[Mapping[Group, Sums]]) -> dict[Group, Sums]:
    """What came less what went."""
    came, went = found
    left = dict(came)
    for group, sums in went.items():
        left[group] = left.get(group, Sums()) - sums
    return left
