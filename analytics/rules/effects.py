"""What may be said of a measured effect, and what has to be said with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analytics.enums import EffectDesign, EffectVerdict
from analytics.metrics.catalogue.metric import Better, Metric
from analytics.metrics.effects import Effect, Part, is_certain

WEEK = timedelta(days=7)
WINDOWS = (4, 8, 12, 16, 26, 39, 52, 78, 104)  # weeks that may be chosen
USUAL_WEEKS = 12
AGAIN_AFTER = (0, 4, 8, 12, 26, 52)  # weeks until somebody is asked to look again; 0: never
FIRST_CHECK = 8 * WEEK  # after a measure is in force
PICKED_WITHIN = 2 * WEEK  # before a problem was entered
MUCH_LEFT = 1.0  # Durbin-Watson below: neighbouring weeks are very much alike


class Hint(StrEnum):
    """What a reader of the figure should know."""

    OVERLAP = "overlap"
    WORST_WEEK = "worst_week"
    APART_BEFORE = "apart_before"
    FEW_WEEKS = "few_weeks"
    SHORTENED = "shortened"
    MIXED = "mixed"
    ALIKE = "alike"
    SEASON = "season"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole weeks around the day from which on a measure is in force. ValueError without one on
    each side."""

    in_force: date
    before: int
    after: int

    @property
    def first(self) -> date:
        return self.in_force - self.before * WEEK

    @property
    def last(self) -> date:
        return self.in_force + self.after * WEEK - timedelta(days=1)

    def starts(self) -> tuple[date, ...]:
        """The first day of each week."""
        return tuple(self.first + at * WEEK for at in range(self.before + self.after))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def span_of(
    in_force: date, *, before: int, after: int, today: date, first_day: date | None
) -> Span:
    """As many whole weeks as were asked for and as there are: no further back than `first_day`
    (nothing is known of earlier ones), and only weeks that are over by the end of yesterday."""
    over = max((today - in_force) // WEEK, 0)
    known = before if first_day is None else max((in_force - first_day) // WEEK, 0)
    return Span(in_force, min(before, known), min(after, over))


def is_higher_better(metric: Metric) -> bool:
    """Of what is neither, as how much came in, less is meant to be better: a measure is taken
    against a problem."""
    return metric.better is Better.HIGHER


def verdict_of(effect: Effect, *, higher_is_better: bool) -> EffectVerdict:
    """Better or worse only where the interval leaves out no change; of a time series the step
    counts, without one the slope. Where both go, and against each other, it cannot be told."""
    step, slope = _way(effect.change, effect.is_ratio), _way(effect.slope, effect.is_ratio)
    if step and slope and step != slope:
        return EffectVerdict.CANNOT_TELL
    way = step or slope
    if not way:
        return EffectVerdict.NO_CHANGE
    is_good = (way > 0) == higher_is_better
    return EffectVerdict.BETTER if is_good else EffectVerdict.WORSE


def _way(part: Part | None, is_ratio: bool) -> int:
    if part is None or not is_certain(part, is_ratio):
        return 0
    return 1 if part.value > (1.0 if is_ratio else 0.0) else -1


def picked_at_its_worst(
    effect: Effect, span: Span, entered: date, *, higher_is_better: bool
) -> bool:
    """Whether the worst week before the measure is one of those just before the problem was
    entered: what is picked because it is bad gets better by itself (regression to the mean)."""
    values = [value for value in effect.values[: span.before] if value is not None]
    if len(values) < 2:
        return False
    worst = min(values) if higher_is_better else max(values)
    if values.count(worst) > 1:
        return False
    start = span.starts()[effect.values.index(worst)]
    return start <= entered and start + WEEK > entered - PICKED_WITHIN


def hints_of(effect: Effect, span: Span, design: EffectDesign, *, asked_weeks: int) -> list[Hint]:
    """Those that follow from the figure itself; `asked_weeks`: how many there should have
    been."""
    is_series = design == EffectDesign.INTERRUPTED
    watson = effect.durbin_watson
    is_mixed = (
        effect.slope is not None
        and _way(effect.change, effect.is_ratio) * _way(effect.slope, effect.is_ratio) < 0
    )
    found = {
        Hint.MIXED: is_mixed,
        Hint.SHORTENED: span.before + span.after < asked_weeks,
        Hint.FEW_WEEKS: not is_series and min(span.before, span.after) < 8,
        Hint.ALIKE: watson is not None and watson < MUCH_LEFT,
        Hint.SEASON: design != EffectDesign.CONTROLLED and not effect.has_season,
    }
    return [hint for hint, is_so in found.items() if is_so]


def overlapping(days: Sequence[tuple[int, date]], span: Span) -> list[int]:
    """Of other measures (their ids and days): those that came into force meanwhile."""
    return [pk for pk, day in days if span.holds(day)]


def asks_again(due: date | None, reminded: date | None, today: date) -> bool:
    """Whether the owner is asked to measure: once, when the day has come."""
    return due is not None and due <= today and (reminded is None or reminded < due)
