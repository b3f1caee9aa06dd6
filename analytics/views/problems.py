"""All problems: as a list in the order in which they should be dealt with, as a file, and as a
matrix of severity and reach."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.charts.field import Dot, Ruler
from analytics.charts.figure import figure
from analytics.charts.matrix import Matrix, Zones
from analytics.enums import ProblemStatus, ScoreScheme
from analytics.metrics.priority import LEVELS, Zone, zone
from analytics.selectors.problem_list import (
    ALL,
    MINE,
    OPEN,
    ProblemChoice,
    ProblemRow,
    problem_rows,
    read_problem_choice,
    teams_to_choose,
)
from analytics.views.improvement import PROBLEM_TONES, READ, ZONE_TONES, tabs
from analytics.views.listing import Menu, menu, unknown
from analytics.views.survey_files import table_file
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown
from feedback.models import Category

PAGE_SIZE = 50
SCHEMES = list(ScoreScheme.choices)


@staff_with(READ)
@require_GET
def problems(request: SignedInRequest) -> HttpResponseBase:
    try:
        choice = read_problem_choice(request.GET.dict(), request.user)
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "problems")
    rows = problem_rows(request.user, choice)
    format_ = request.GET.get("export", "")
    if format_ in ExportFormat.values:
        return table_file(*_table(rows), format_=format_, title=_("Problems"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, _tones(row), _scores(row)) for row in page],
        "choice": choice,
        "tabs": tabs("problems"),
        "menus": _menus(request.user, choice),
        "schemes": SCHEMES,
    }
    return render(request, "analytics/improvement/problems.html", context)


def _tones(row: ProblemRow) -> dict[str, Any]:
    found = row.zone
    return {
        "status": PROBLEM_TONES[ProblemStatus(row.problem.status)],
        "zone": ZONE_TONES[found] if found else "gray",
        "zone_name": zone_names()[found] if found else "",
    }


def _scores(row: ProblemRow) -> list[tuple[str, Any]]:
    return [(str(label), row.scores.get(value)) for value, label in SCHEMES]


def zone_names() -> dict[Zone, str]:
    return {
        Zone.LOW: pgettext("how bad a problem is", "Low"),
        Zone.MEDIUM: pgettext("how bad a problem is", "Medium"),
        Zone.HIGH: pgettext("how bad a problem is", "High"),
        Zone.CRITICAL: pgettext("how bad a problem is", "Critical"),
    }


def _menus(user: User, choice: ProblemChoice) -> list[Menu]:
    given = choice.given
    statuses = [(OPEN, _("All that are open")), *ProblemStatus.choices, (ALL, _("All"))]
    teams = [(str(one.pk), one.name) for one in teams_to_choose(user)]
    categories = [(str(one.pk), one.name) for one in Category.objects.active()]
    return [
        menu("status", _("Status"), "circle-dot", statuses, given),
        menu("team", _("Team"), "users", [("", _("Any")), *teams], given),
        menu("category", _("Category"), "folder-tree", [("", _("Any")), *categories], given),
        menu("owner", _("Owner"), "user", [("", _("Any")), (MINE, _("me"))], given),
        menu("sort", _("Order"), "arrow-down-up", _sorts(), given),
    ]


def _sorts() -> list[tuple[str, Any]]:
    return [
        ("priority", _("Severity × reach")),
        *SCHEMES,
        ("evidence", _("Most evidence")),
        ("newest", _("Newest first")),
    ]


def _table(rows: list[ProblemRow]) -> tuple[list[str], Iterator[list[Any]]]:
    head = [
        pgettext("of a problem", "Number"),
        _("Problem"),
        _("Status"),
        _("Category"),
        _("Team"),
        _("Owner"),
        _("Severity"),
        pgettext("of a problem", "Reach"),
        _("Evidence"),
        _("Customers in the last quarter"),
        _("First seen"),
        _("Open measures"),
        *(str(label) for _value, label in SCHEMES),
    ]

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            one, facts = row.problem, row.facts
            yield [
                one.reference,
                one.title,
                one.get_status_display(),
                one.category.name if one.category else "",
                one.team.name if one.team else "",
                str(one.owner or ""),
                row.severity,
                row.reach,
                facts.evidence,
                facts.customers,
                facts.first_at,
                row.measures,
                *(score.value if score else None for _label, score in _scores(row)),
            ]

    return head, lines()


@staff_with(READ)
@require_GET
def problem_matrix(request: SignedInRequest) -> HttpResponse:
    rows = problem_rows(request.user, ProblemChoice())
    placed = [row for row in rows if row.zone]
    context = {
        "tabs": tabs("problem_matrix"),
        "rows": rows,
        "unplaced": [row for row in rows if not row.zone],
        "picture": matrix_of(placed) if placed else "",
    }
    return render(request, "analytics/improvement/matrix.html", context)


def matrix_of(rows: list[ProblemRow]) -> SafeString:
    """Severity upwards, reach across."""
    levels = tuple(str(level) for level in range(1, LEVELS + 1))
    order = list(Zone)
    zones = Zones(
        tuple(zone_names()[one] for one in order),
        tuple(
            tuple(order.index(zone(up, across)) for across in range(1, LEVELS + 1))
            for up in range(1, LEVELS + 1)
        ),
    )
    dots = tuple(
        Dot(str(row.problem), row.reach, row.severity, row.problem.get_absolute_url())
        for row in rows
    )
    chart = Matrix(
        _("Open problems by severity and reach"),
        dots,
        Ruler(pgettext("of a problem", "Reach"), levels=levels),
        Ruler(_("Severity"), levels=levels),
        zones,
    )
    return figure(chart, wide=True)
