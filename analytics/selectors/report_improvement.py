"""Problems that are open, and the measures against them, for a report."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.enums import MeasureStatus
from analytics.models import Measure
from analytics.rules.report.material import Cell, Figure, Quantity, Ranking, Table
from analytics.rules.report.values import NOTHING, count
from analytics.selectors.choice import Choice
from analytics.selectors.problem_list import ProblemChoice, problem_rows
from analytics.selectors.window import Window

MOST = 12


def improved_in(
    user: User, choice: Choice, window: Window
) -> tuple[list[Figure], list[Ranking], list[Table], dict[str, Any]]:
    """What comes first, first; empty where nobody has written down a problem."""
    problems = problem_rows(user, ProblemChoice(team=choice.team))
    measures = Measure.objects.visible_to(user).select_related("problem", "owner")
    if choice.team is not None:
        measures = measures.filter(problem__team=choice.team)
    done = Q(status__in=[MeasureStatus.DONE, MeasureStatus.VERIFIED])
    shown = measures.open().union(measures.filter(done & window.inside("status_since")))
    rows = list(shown.order_by("due_on"))
    numbers, tables = [], []
    if problems:
        url = reverse("analytics:problems")
        numbers.append(_count("problems", _("Open problems"), len(problems), url))
        tables.append(_problems(problems[:MOST]))
    if rows:
        url = reverse("analytics:measures")
        numbers.append(_count("measures", _("Measures"), len(rows), url))
        tables.append(_measures(rows[:MOST]))
    return numbers, [], tables, {}


def _count(key: str, label: str, n: int, url: str) -> Figure:
    return Figure(key, label, Quantity.COUNT, n, n, url=url)


def _problems(rows: list[Any]) -> Table:
    header = (_("Problem"), _("Status"), _("Severity"), _("Reach"), _("Evidence"))
    cells = tuple(
        (
            Cell(str(one.problem)),
            Cell(one.problem.get_status_display()),
            Cell(_level(one.severity)),
            Cell(_level(one.reach)),
            Cell(count(one.facts.evidence), one.problem.get_absolute_url()),
        )
        for one in rows
    )
    return Table("problems", _("Problems, the most important first"), header, cells)


def _level(level: int | None) -> str:
    return NOTHING if level is None else f"{level} / 5"


def _measures(rows: list[Measure]) -> Table:
    header = (_("Measure"), _("Problem"), _("Kind"), _("Status"), _("Due"))
    cells = tuple(
        (
            Cell(one.title),
            Cell(one.problem.reference, one.problem.get_absolute_url()),
            Cell(one.get_kind_display()),
            Cell(one.get_status_display()),
            Cell(date_format(one.due_on, "SHORT_DATE_FORMAT") if one.due_on else NOTHING),
        )
        for one in rows
    )
    return Table(
        "measures", _("Measures under way, and carried out in this period"), header, cells
    )
