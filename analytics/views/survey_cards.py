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

TOO_FEW = 5  # with fewer opinions a share says nothing: counts stand alone
MANY = 1000  # from here on a tenth of a percent means something

Link = Callable[[str, str], str]  # code of a question, value → its responses; "" = no link

Read = Callable[[str], str]  # code of a question → where its texts are read


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
    legend: list[tuple[int, str, bool]] = field(default_factory=list)
    places: list[tuple[Row, str]] = field(default_factory=list)
    parts: list["Card"] = field(default_factory=list)
    url: str = ""
    read_url: str = ""  # where what people wrote is read
    picture_url: str = ""  # its chart as a file

    @property
    def result(self) -> Any:
        return self.figures.result

    @property
    def is_too_few(self) -> bool:
        return 0 < self.figures.result.valid < TOO_FEW


def card_of(figures: Figures, link: Link, read: Read | None = None) -> Card:
    """`link` gives the list behind an answer, or "" where nobody may see it; `read` the place
    where the texts of a question are read."""
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
        legend=[
            (number, bar.label, bar.is_missing)
            for number, bar in enumerate(result.parts[0].bars if result.is_matrix else (), 1)
        ],
        places=[
            (
                Row(place.label, place.firsts, link(code, f"{place.value}@1"), **_share(share)),
                write_number(round(place.mean, 2 if result.valid >= 30 else 1), Unit.RATING),
            )
            for place, share in figures.places
        ],
        parts=[card_of(part, link, read) for part in figures.parts],
        url=link(code, ""),
        read_url=read(code) if read and result.is_text else "",
    )


def _share(share: Estimate | None) -> dict[str, Any]:
    if share is None:
        return {}
    if share.n < TOO_FEW:
        return {"width": 100 * share.value}
    return {
        "share": share_words(share.value, share.n),
        "interval": interval_words(share),
        "width": 100 * share.value,
        "low": 100 * share.low,
        "high": 100 * share.high,
    }


def share_words(share: float, n: int) -> str:
    """In percent, as fine as `n` people bear: whole ones below a thousand, and never 0 % of
    somebody or 100 % of not everybody."""
    if n >= MANY:
        return f"{100 * share:.1f}%"
    if 0 < share < 0.005:
        return "< " + write_number(0.01, Unit.SHARE)
    if 0.995 <= share < 1:
        return "> " + write_number(0.99, Unit.SHARE)
    return write_number(round(share, 2), Unit.SHARE)


def interval_words(share: Estimate) -> str:
    if share.n >= MANY:
        return f"{100 * share.low:.1f}%\N{EN DASH}{100 * share.high:.1f}%"
    return write_interval(round(share.low, 2), round(share.high, 2), Unit.SHARE)


def _scores(figures: Figures) -> list[Score]:
    found: list[tuple[str, Estimate | None, Unit]] = []
    if figures.csat is not None:
        found.append((_("Satisfied (4 and 5)"), figures.csat.share, Unit.SHARE))
    if figures.ces is not None:
        found.append((_("Easy (5 to 7)"), figures.ces.easy, Unit.SHARE))
        found.append((_("Index (6 and 7 minus 1 to 3)"), figures.ces.index, Unit.POINTS))
    if figures.nps is None:
        found.append((_("Mean"), figures.mean, Unit.RATING))
    return [
        Score(label, *in_words(one, unit))
        for label, one, unit in found
        if one is not None and one.n >= TOO_FEW
    ]


def in_words(one: Estimate | None, unit: Unit) -> tuple[str, str]:
    """The value and its interval; of too few there is neither. A mean of fewer than thirty has
    one decimal."""
    if one is None or one.n < TOO_FEW:
        return "–", ""
    if unit is Unit.SHARE:
        return share_words(one.value, one.n), interval_words(one)
    if unit is Unit.RATING:
        places = 1 if one.is_small else 2
        return f"{one.value:.{places}f}", f"{one.low:.{places}f} – {one.high:.{places}f}"
    return write_number(round(one.value), unit), write_interval(
        round(one.low), round(one.high), unit
    )


def _gauge(figures: Figures) -> SafeString | None:
    if figures.nps is None or figures.nps.score is None or figures.nps.n < TOO_FEW:
        return None
    score = figures.nps.score
    low, high = round(score.low), round(score.high)
    mark = Mark(round(score.value), "", low, high, score.n)
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
            title = f"{line.label}: {write_number(line.count, Unit.COUNT)}"
            if line.share.n >= TOO_FEW:
                title += f" ({share_words(line.share.value, line.share.n)})"
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
    if change is None or min(change.n_before, change.n_after) < TOO_FEW:
        return ComparedRow(label, one, two, "–", "", "")
    smaller = min(change.n_before, change.n_after)
    factor, places = {
        Unit.SHARE: (100, int(smaller >= MANY)),
        Unit.POINTS: (1, 0),
    }.get(unit, (1, 2 if smaller >= 30 else 1))
    numbers = (change.difference, change.low, change.high)
    value, low, high = (_signed(factor * one, places) for one in numbers)
    mark = str(change.direction) if change.is_significant else ""
    difference = f"{value} ({low} … {high})"
    return ComparedRow(label, one, two, difference, p_words(change.p_value), mark)


def _signed(number: float, places: int) -> str:
    """With its sign, which nothing has none."""
    text = f"{number:+.{places}f}"
    return text.replace("-", "\N{MINUS SIGN}") if float(text) else f"{0:.{places}f}"


def p_words(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
