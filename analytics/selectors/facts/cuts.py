"""A period as stretches of moments, each with a number: what is counted apart."""

from dataclasses import dataclass
from datetime import datetime

from analytics.charts.data import Step
from analytics.metrics.periods import Period
from analytics.selectors.window import Window


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` (None: since ever) until just before `end`; `place` as width_bucket numbers it
    for the bounds of the cuts."""

    place: int
    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True)
class Cuts:
    """`bounds` are ascending moments, `stretches` the wanted ones of those between them: first
    what the period is compared with, then the steps. Where a stock is asked for, `before` and
    `gap` hold all that was earlier."""

    buckets: tuple[Period, ...]
    bounds: tuple[datetime, ...]
    stretches: tuple[Stretch, ...]
    before: int
    gap: int | None

    @property
    def first(self) -> int:
        """The place of the first bucket."""
        return self.stretches[-len(self.buckets)].place


def cut(window: Window, step: Step | None, *, is_stock: bool, compares: bool = True) -> Cuts:
    """Where nothing is compared and nothing stands, the time before is not looked at."""
    period = window.period
    buckets = period.buckets(step) if step else (period,)
    starts = [Window(one, window.now).start for one in buckets]
    ends = [*starts[1:], window.end]
    if not compares and not is_stock:
        alone = zip(starts, ends, strict=True)
        stretches = [Stretch(at, start, end) for at, (start, end) in enumerate(alone, start=1)]
        return Cuts(buckets, (*starts, window.end), tuple(stretches), 0, None)
    lead = [window.before_end] if is_stock else [window.before_start, window.before_end]
    bounds = (*lead, *starts, window.end)
    before, gap = (0, 1) if is_stock else (1, 2)
    stretches = [Stretch(before, None if is_stock else window.before_start, window.before_end)]
    if is_stock:
        stretches.append(Stretch(gap, window.before_end, window.start))
    first = gap + 1
    stretches += [
        Stretch(first + at, start, end)
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return Cuts(buckets, bounds, tuple(stretches), before, gap if is_stock else None)
