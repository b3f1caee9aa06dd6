"""What a report takes from the catalogue of metrics (docs/metrics.md)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from analytics.charts.data import Item, Mark, Unit
from analytics.charts.hbars import HBarChart
from analytics.rules.report.material import Cell, Figure, Quantity, Ranking, Table
from analytics.rules.report.values import count, write
from analytics.selectors.choice import Choice
from analytics.selectors.facts.measuring import measure_all
from analytics.selectors.facts.question import Answer, Row, asked

_HOUR = 3600
_QUANTITIES = {
    Unit.COUNT: Quantity.COUNT,
    Unit.SHARE: Quantity.SHARE,
    Unit.RATING: Quantity.RATING,
    Unit.POINTS: Quantity.POINTS,
    Unit.HOURS: Quantity.SECONDS,
}
FIGURES = ("promises_kept", "first_contact", "ces")
BY_TEAM = ("volume", "first_answer_time", "promises_kept", "csat")
MOST = 12


def measured_in(
    user: User, choice: Choice, now: datetime
) -> tuple[list[Figure], list[Ranking], list[Table], dict[str, Any]]:
    """Figures, tables by team and by category, and a chart of satisfaction by channel."""
    team = [choice.team.pk if choice.team else None]
    filters = {"team": team} if choice.is_narrowed else {}
    period = choice.period
    questions = [
        *(asked(key, period, filters=filters) for key in FIGURES),
        *(asked(key, period, by=["team"], filters=filters) for key in BY_TEAM),
        asked("csat", period, by=["branch"], filters=filters),
        asked("csat", period, by=["channel"], filters=filters),
    ]
    answers = measure_all(user, questions, now=now)
    whole = answers[: len(FIGURES)]
    by_team = answers[len(FIGURES) : -2]
    by_branch, by_channel = answers[-2:]
    tables = [] if choice.is_narrowed else _by_team(by_team)
    charts: dict[str, Any] = {}
    if len(by_branch.groups) > 1:
        tables.append(_satisfied(by_branch))
    rated = [row for row in by_channel.groups if row.value is not None and row.n]
    if len(rated) > 1:
        charts["channels_rated"] = _by_channel(by_channel, rated)
    figures = [_figure(one) for one in whole if one.total.value is not None]
    return figures, [], tables, charts


def _figure(answer: Answer) -> Figure:
    row, quantity = answer.total, _QUANTITIES[answer.metric.unit]
    factor = _HOUR if quantity is Quantity.SECONDS else 1
    found, before = row.measured, row.before
    return Figure(
        answer.metric.key,
        str(answer.metric.name),
        quantity,
        _times(found.value, factor),
        found.n,
        _times(found.low, factor),
        _times(found.high, factor),
        before=_times(before.value, factor) if before else None,
        n_before=before.n if before else 0,
        direction=row.change.direction.value if row.change else "",
        url=row.url,
    )


def _times(value: float | None, factor: int) -> float | None:
    return None if value is None else value * factor


def _by_team(answers: list[Answer]) -> list[Table]:
    """A row for each team, the most frequent first."""
    volume = answers[0]
    if len(volume.groups) < 2:
        return []
    header = (_("Team"), *(str(one.metric.name) for one in answers))
    rows = tuple(
        (
            Cell(volume.name(row)[0]),
            *(_cell(one, one.at(row.keys)) for one in answers),
        )
        for row in volume.groups[:MOST]
    )
    return [Table("teams", _("By team"), header, rows)]


def _cell(answer: Answer, row: Row | None) -> Cell:
    quantity = _QUANTITIES[answer.metric.unit]
    if row is None or row.value is None:
        return Cell(write(None, quantity))
    factor = _HOUR if quantity is Quantity.SECONDS else 1
    words = write(row.value * factor, quantity)
    return Cell(f"{words} *" if row.measured.is_small else words, row.url)


def _satisfied(answer: Answer) -> Table:
    header = (_("Category"), _("Satisfied customers"), _("Ratings"))
    rows = tuple(
        (Cell(answer.name(row)[0]), _cell(answer, row), Cell(count(row.n)))
        for row in answer.groups[:MOST]
        if row.n
    )
    label = _("Satisfied customers by category; with * of few answers")
    return Table("satisfied", label, header, rows)


def _by_channel(answer: Answer, rows: list[Row]) -> HBarChart:
    return HBarChart(
        _("Satisfied customers by channel"),
        tuple(
            Item(
                answer.name(row)[0],
                Mark(row.value, row.url, row.measured.low, row.measured.high, row.n),
            )
            for row in rows
        ),
        unit=Unit.SHARE,
        bounds=(0, 1),
    )
