"""A question by another one, on the page and as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.charts.data import Unit
from analytics.charts.wording import write_number
from analytics.selectors.crosstab import (
    LEVELS,
    Cell,
    CrossTab,
    Head,
    closed_questions,
    cross,
)
from analytics.selectors.survey_groups import Group, name_of
from analytics.views.survey_cards import interval_words, p_words, share_words
from analytics.views.survey_files import table_file
from analytics.views.survey_groups import (
    RESULTS,
    asked_group,
    hidden_fields,
    list_url,
    page_address,
)
from analytics.views.survey_results import page_head
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown
from surveys.models import Question, Survey
from surveys.selectors.response_dimensions import DIMENSIONS, Dimension
from surveys.views.staff import unknown_filter
from surveys.views.tabs import survey_of

SHOWS = ("columns", "rows", "counts")


@staff_with("surveys.view_survey", "surveys.view_response")
@require_GET
def crosstab(request: SignedInRequest, slug: UUID) -> HttpResponseBase:
    survey = survey_of(slug)
    group = asked_group(request, survey)
    if isinstance(group, HttpResponse):
        return group
    questions = closed_questions(survey)
    try:
        row = row_asked(questions, request.GET.get("rows", ""))
        column = column_asked(questions, row, request.GET.get("columns", ""))
        level = level_asked(request.GET.get("level", ""))
    except FilterNotKnown as refusal:
        return unknown_filter(request, survey, refusal, RESULTS)
    bonferroni = bool(request.GET.get("bonferroni"))
    table = None
    if row is not None and column is not None:
        table = cross(group.responses, row, column, level=level, bonferroni=bonferroni)
    format_ = request.GET.get("export", "")
    if table is not None and format_ in ExportFormat.values:
        return _file(table, format_)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    context = page_head(request, survey, group, "analytics:survey_crosstab") | {
        "row_choices": [(one.code, name_of(one), one == row) for one in questions],
        "column_choices": [(one.code, name_of(one), one == column) for one in questions],
        "dimensions": [
            (f"by:{one.code}", str(one.label), one == column) for one in DIMENSIONS.values()
        ],
        "shows": [(name, label, name == show) for name, label in _shows()],
        "levels": [(one, one == level) for one in LEVELS],
        "bonferroni": bonferroni,
        "kept": hidden_fields(group.query),
        "table": table,
        "lines": _lines(survey, group, table, show) if table else [],
        "show": show,
        "p": p_words(table.test.p_value) if table and table.test else "",
        "exports": _exports(request, survey, group),
    }
    return render(request, "analytics/survey/crosstab.html", context)


def row_asked(questions: list[Question], code: str) -> Question | None:
    """The question of this code, or the first; None where a survey has nothing to count."""
    if not code:
        return questions[0] if questions else None
    found = next((one for one in questions if one.code == code), None)
    if found is None:
        raise FilterNotKnown("rows", code[:60])
    return found


def column_asked(
    questions: list[Question], row: Question | None, text: str
) -> Question | Dimension | None:
    """A question by its code or, as “by:language”, where answers come from; first the next
    question, or the language where there is none."""
    if not text:
        return next((one for one in questions if one != row), DIMENSIONS["language"])
    if text.startswith("by:") and text[3:] in DIMENSIONS:
        return DIMENSIONS[text[3:]]
    found = next((one for one in questions if one.code == text), None)
    if found is None:
        raise FilterNotKnown("columns", text[:60])
    return found


def level_asked(text: str) -> int:
    level = int(text) if text in {"90", "95", "99"} else 95
    if text and str(level) != text:
        raise FilterNotKnown("level", text[:20])
    return level


def _shows() -> list[tuple[str, str]]:
    return [
        ("columns", _("Shares of each column")),
        ("rows", _("Shares of each row")),
        ("counts", _("Counts")),
    ]


def _lines(survey: Survey, group: Group, table: CrossTab, show: str) -> list[dict[str, Any]]:
    return [
        {
            "head": head,
            "url": list_url(survey, group, head.filter) if head.filter else "",
            "cells": [
                {
                    "cell": cell,
                    "text": _shown(cell, show),
                    "interval": _interval(cell, show),
                    "url": _cell_url(survey, group, head, column),
                }
                for cell, column in zip(cells, table.columns, strict=True)
            ],
        }
        for head, cells in table.lines
    ]


def _cell_url(survey: Survey, group: Group, row: Head, column: Head) -> str:
    if row.filter is None or column.filter is None:
        return ""
    return list_url(survey, group, row.filter, column.filter)


def _shown(cell: Cell, show: str) -> str:
    share = {"columns": cell.of_column, "rows": cell.of_row}.get(show)
    if show == "counts":
        return write_number(cell.count, Unit.COUNT)
    return share_words(share.value, share.n) if share else "–"


def _interval(cell: Cell, show: str) -> str:
    share = {"columns": cell.of_column, "rows": cell.of_row}.get(show)
    return interval_words(share) if share else ""


def _exports(request: SignedInRequest, survey: Survey, group: Group) -> list[tuple[str, str]]:
    own = ("rows", "columns", "show", "level", "bonferroni")
    pairs = [(name, one) for name in own if (one := request.GET.get(name, ""))]
    return [
        (
            str(one.label),
            page_address(
                "analytics:survey_crosstab", survey, group.query, *pairs, ("export", one.value)
            ),
        )
        for one in ExportFormat
    ]


def _file(table: CrossTab, format_: str) -> HttpResponseBase:
    """One line for each cell of the table: what everything else can be computed from."""
    head = [
        table.row,
        table.column,
        _("Letter"),
        pgettext("how many", "People"),
        _("Base of the column"),
        _("Base of the row"),
        _("Share of the column"),
        _("Share of the row"),
        _("Adjusted residual"),
        _("Significantly more than"),
    ]
    rows = [
        [
            row.label,
            column.label,
            column.letter,
            cell.count,
            column.base,
            row.base,
            round(cell.of_column.value, 4) if cell.of_column else None,
            round(cell.of_row.value, 4) if cell.of_row else None,
            round(cell.residual, 3) if cell.residual is not None else None,
            cell.letters,
        ]
        for row, cells in table.lines
        for column, cell in zip(table.columns, cells, strict=True)
    ]
    return table_file(head, rows, format_=format_, title=_("Cross-tab"))
