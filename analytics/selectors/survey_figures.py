"""The answers to a survey as estimates: every share and mean with its interval, two groups side
by side. The counts are those of surveys.selectors.results, and are never averaged again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from analytics.metrics.ces import Ces, ces
from analytics.metrics.csat import Csat, csat
from analytics.metrics.intervals import SMALL_SAMPLE, Estimate, mean_of_counts, wilson
from analytics.metrics.nps import Nps, nps
from analytics.metrics.trend import Change, compare_means, compare_nps, compare_shares
from surveys.enums import DataType, QuestionRole
from surveys.selectors.results import Place, QuestionResult

SATISFACTIONS = frozenset(
    {
        QuestionRole.OVERALL,
        QuestionRole.FUNCTIONAL,
        QuestionRole.SERVICE,
        QuestionRole.EMOTIONAL,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: how many gave it, its share (0..1, Wilson) of those with an opinion; None for
    “don't know”, which is no part of shares."""

    label: str
    value: str
    count: int
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One question. `mean` is in steps of the scale (t interval); one of `nps`, `csat`, `ces`
    is there where the question measures that."""

    result: QuestionResult
    lines: tuple[Line, ...] = ()
    places: tuple[tuple[Place, Estimate | None], ...] = ()
    mean: Estimate | None = None
    nps: Nps | None = None
    csat: Csat | None = None
    ces: Ces | None = None
    parts: tuple["Figures", ...] = field(default=())

    @property
    def is_small(self) -> bool:
        """Fewer than 30 with an opinion: an indication and no more."""
        return 0 < self.result.valid < SMALL_SAMPLE

    @property
    def skipped(self) -> int:
        return max(self.result.shown - self.result.answered, 0)


@dataclass(frozen=True, slots=True)
class LineChange:
    """One answer in two groups that have nobody in common."""

    label: str
    before: Estimate | None
    after: Estimate | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question in two groups. `what` is "nps" (points), "mean" or "" (shares only)."""

    figures: Figures
    other: Figures
    what: str
    before: Estimate | None
    after: Estimate | None
    change: Change | None
    lines: tuple[LineChange, ...]


def figures_of(result: QuestionResult) -> Figures:
    """What the counts of one question say."""
    whole = {int(number): n for number, n in result.numbers.items() if number.is_integer()}
    is_whole = len(whole) == len(result.numbers)
    role = result.question.role
    return Figures(
        result,
        lines=tuple(
            Line(
                bar.label,
                bar.value,
                bar.count,
                None if bar.is_missing else wilson(bar.count, result.valid),
            )
            for bar in result.bars
        ),
        places=tuple((place, wilson(place.firsts, result.valid)) for place in result.places),
        mean=_mean(result),
        nps=nps(whole) if role == QuestionRole.NPS and is_whole else None,
        csat=csat(whole) if role in SATISFACTIONS and is_whole else None,
        ces=ces(whole) if role == QuestionRole.CES and is_whole else None,
        parts=tuple(figures_of(part) for part in result.parts),
    )


def _mean(result: QuestionResult) -> Estimate | None:
    mean = mean_of_counts(_ratings(result))
    low, high = result.question.minimum, result.question.maximum
    return mean.clipped(low, high) if mean and low is not None and high is not None else mean


def _ratings(result: QuestionResult) -> Mapping[int, int]:
    return cast("Mapping[int, int]", result.numbers)  # steps of a scale may have decimals


def compare(before: Figures, after: Figures) -> Comparison:
    """One question in two groups that share no response: `after` minus `before`."""
    what, one, two, change = "", None, None, None
    if before.nps is not None and after.nps is not None:
        what, one, two = "nps", before.nps.score, after.nps.score
        change = compare_nps(before.nps, after.nps)
    elif before.result.is_scale:
        what, one, two = "mean", before.mean, after.mean
        change = compare_means(_ratings(before.result), _ratings(after.result))
    return Comparison(before, after, what, one, two, change, _lines(before, after))


def _lines(before: Figures, after: Figures) -> tuple[LineChange, ...]:
    if before.result.kind not in {DataType.SINGLE, DataType.MULTI, DataType.NUMBER}:
        return ()
    second = {line.value: line for line in after.lines}
    first = {line.value: line for line in before.lines}
    found = []
    for value in [*first, *(value for value in second if value not in first)]:
        one, two = first.get(value), second.get(value)
        label = one.label if one else two.label if two else value
        if (one is None or one.share is None) and (two is None or two.share is None):
            continue  # “don't know”
        found.append(
            LineChange(
                label,
                one.share if one else None,
                two.share if two else None,
                compare_shares(
                    hits_before=one.count if one else 0,
                    n_before=before.result.valid,
                    hits_after=two.count if two else 0,
                    n_after=after.result.valid,
                ),
            )
        )
    return tuple(found)
