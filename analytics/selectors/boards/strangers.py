"""What people who do not work here see of a dashboard: no links, no names of people, nothing that
fewer than five make up."""

from dataclasses import replace

from django.utils.translation import gettext as _

from analytics.charts.data import Unit
from analytics.metrics.catalogue.metric import Measured
from analytics.selectors.boards.figures import TileFigure
from analytics.selectors.facts.question import Answer, Row

SMALLEST_GROUP = 5
# Who works here and who is a customer is nobody's business outside.
_OF_PEOPLE = {"assignee", "organisation"}


def for_strangers(figure: TileFigure) -> TileFigure:
    """The same figure, with what they may see of it."""
    answer = figure.answer
    if answer is None:
        return figure
    if _OF_PEOPLE.intersection(answer.question.by):
        return _hidden(figure, _("This is shown only to those who work here."))
    if _size(answer.total, answer) < SMALLEST_GROUP:
        return _hidden(figure, _("Too few to be shown here."))
    before = figure.before and _covered(figure.before)
    return replace(figure, answer=_covered(answer), before=before, notes=())


def _hidden(figure: TileFigure, why: str) -> TileFigure:
    return replace(figure, answer=None, before=None, problem=why, notes=())


def _covered(answer: Answer) -> Answer:
    groups = answer.groups
    if answer.question.by:
        groups = tuple(row for row in groups if _size(row, answer) >= SMALLEST_GROUP)
    kept = {row.keys for row in groups}
    names = tuple(
        {key: name for key, name in found.items() if key in {keys[at] for keys in kept}}
        for at, found in enumerate(answer.names)
    )
    return replace(
        answer,
        total=_without_link(answer.total),
        groups=tuple(_without_link(row) for row in groups),
        rows=tuple(_shown(row, answer) for row in answer.rows if row.keys in kept),
        names=names,
        _index={},
    )


def _shown(row: Row, answer: Answer) -> Row:
    if _size(row, answer) >= SMALLEST_GROUP:
        return _without_link(row)
    return replace(row, measured=Measured(), url="")


def _without_link(row: Row) -> Row:
    before = row.before
    if before is not None and before.n < SMALLEST_GROUP:
        return replace(row, url="", before=None, change=None)
    return replace(row, url="")


def _size(row: Row, answer: Answer) -> float:
    """How many are behind it; a count says itself, and none of them tells nothing of anybody."""
    if answer.metric.unit is Unit.COUNT:
        return row.value or SMALLEST_GROUP
    return row.n
