"""The card of one question of a survey: what a template needs to draw it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analytics.charts.data import Mark, Unit
from analytics.charts.figure import figure
from analytics.charts.gauge import Gauge
from analytics.charts.wording import write_interval, write_number
from analytics.metrics.intervals import Estimate
from analytics.selectors.survey_figures import Comparison, Figures

Link = Callable[[str, str], str]  # code of a question, value → its responses; "" = no link


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as a bar: `width`, `low` and `high` in percent of the whole length."""

    label: str
    count: int
    url: str
    share: str = ""
    interval: str = ""
    width: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def spread(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Score:
    """A figure in words: what it is, its value, its interval."""

    label: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a stacked bar."""

    start: float
    width: float
    title: str
    url: str
    number: int  # which colour


@dataclass(frozen=True, slots=True)
class Card:
    figures: Figures
    rows: list[Row] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    gauge: SafeString | None = None
    stacks: list[tuple[str, int, list[Piece]]] = field(default_factory=list)
    legend: list[tuple[int, str]] = field(default_factory=list)
    places: list[tuple[Row, str]] = field(default_factory=list)
    parts: list["Card"] = field(default_factory=list)
    url: str = ""

    @property
    def result(self) -> Any:
        return self.figures.result


def card_of(figures: Figures, link: Link) -> Card:
    """`link` gives the list behind an answer, or "" where nobody may see it."""
    result = figures.result
    code = result.question.code
    return Card(
        figures,
        rows=[
            Row(line.label, line.count, link(code, line.value), **_share(line.share))
            for line in figures.lines
        ],
        scores=_scores(figures),
        gauge=_gauge(figures),
        stacks=_stacks(figures, link) if result.is_matrix else [],
        legend=list(enumerate(result.columns, 1)),
        places=[
            (
                Row(place.label, place.firsts, link(code, place.value), **_share(share)),
                write_number(round(place.mean, 2), Unit.RATING),
            )
            for place, share in figures.places
        ],
        parts=[card_of(part, link) for part in figures.parts],
        url=link(code, ""),
    )


def _share(share: Estimate | None) -> dict[str, Any]:
    if share is None:
        return {}
    return {
        "share": write_number(share.value, Unit.SHARE),
        "interval": write_interval(share.low, share.high, Unit.SHARE),
        "width": 100 * share.value,
        "low": 100 * share.low,
        "high": 100 * share.high,
    }


def _scores(figures: Figures) -> list[Score]:
    found: list[tuple[str, Estimate | None, Unit]] = []
    if figures.csat is not None:
        found.append((_("Satisfied (4 and 5)"), figures.csat.share, Unit.SHARE))
    if figures.ces is not None:
        found.append((_("Easy (5 to 7)"), figures.ces.easy, Unit.SHARE))
    if figures.nps is None:
        found.append((_("Mean"), figures.mean, Unit.RATING))
    return [Score(label, *in_words(one, unit)) for label, one, unit in found if one is not None]


def in_words(one: Estimate | None, unit: Unit) -> tuple[str, str]:
    """The value and its interval; a single answer has no interval."""
    if one is None:
        return "–", ""
    value = f"{one.value:.2f}" if unit is Unit.RATING else write_number(one.value, unit)
    if one.n < 2:
        return value, ""
    if unit is Unit.RATING:
        return value, f"{one.low:.2f} – {one.high:.2f}"
    return value, write_interval(one.low, one.high, unit)


def _gauge(figures: Figures) -> SafeString | None:
    if figures.nps is None:
        return None
    score = figures.nps.score
    mark = Mark(score.value, "", score.low, score.high, score.n) if score else Mark(None)
    return figure(Gauge(_("NPS"), mark, (-100, 100), Unit.POINTS, origin=0))


def _stacks(figures: Figures, link: Link) -> list[tuple[str, int, list[Piece]]]:
    found = []
    for part in figures.parts:
        code, start, pieces = part.result.question.code, 0.0, []
        ticks = sum(line.count for line in part.lines if line.share is not None)
        for number, line in enumerate(part.lines, 1):
            if line.share is None or not ticks:
                continue
            # Of several choices ticks fill the bar: shares of people would run out of it.
            width = 100 * line.count / ticks
            title = f"{line.label}: {line.count} ({write_number(line.share.value, Unit.SHARE)})"
            pieces.append(Piece(start, width, title, link(code, line.value), number))
            start += width
        found.append((part.result.question.text, part.result.valid, pieces))
    return found


@dataclass(frozen=True, slots=True)
class ComparedRow:
    label: str
    before: str
    after: str
    difference: str
    p: str
    mark: str  # "up", "down" where significant


def compared(comparison: Comparison) -> list[ComparedRow]:
    """The main figure first, then answer by answer."""
    found = []
    if comparison.what:
        unit = Unit.POINTS if comparison.what == "nps" else Unit.RATING
        label = _("NPS") if comparison.what == "nps" else _("Mean")
        before, after = comparison.before, comparison.after
        found.append(_compared(label, before, after, comparison.change, unit))
    return found + [
        _compared(line.label, line.before, line.after, line.change, Unit.SHARE)
        for line in comparison.lines
    ]


def _compared(
    label: str, before: Estimate | None, after: Estimate | None, change: Any, unit: Unit
) -> ComparedRow:
    one, two = in_words(before, unit)[0], in_words(after, unit)[0]
    if change is None:
        return ComparedRow(label, one, two, "–", "", "")
    factor, places = (100, 1) if unit is Unit.SHARE else (1, 0 if unit is Unit.POINTS else 2)
    numbers = (change.difference, change.low, change.high)
    value, low, high = (f"{factor * one:+.{places}f}" for one in numbers)
    mark = str(change.direction) if change.is_significant else ""
    difference = f"{value} ({low} … {high})"
    return ComparedRow(label, one, two, difference, p_words(change.p_value), mark)


def p_words(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
