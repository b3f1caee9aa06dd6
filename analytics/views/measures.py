"""All measures: as a board by status, as a table, as a file."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from analytics.enums import MeasureKind, MeasureStatus
from analytics.models import Measure
from analytics.rules.measures import steps_from
from analytics.selectors.measure_list import (
    BOARD,
    IN_A_COLUMN,
    MINE,
    OPEN,
    OVERDUE,
    TABLE,
    MeasureChoice,
    measure_counts,
    measures_for_list,
    read_measure_choice,
)
from analytics.services.measures import who_moves
from analytics.views.improvement import MEASURE_TONES, READ
from analytics.views.listing import Menu, menu, unknown
from analytics.views.survey_files import table_file
from feedback.enums import ExportFormat
from feedback.errors import FilterNotKnown

PAGE_SIZE = 50


@staff_with(READ)
@require_GET
def measures(request: SignedInRequest) -> HttpResponseBase:
    try:
        choice = read_measure_choice(request.GET.dict())
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "measures")
    found = measures_for_list(request.user, choice)
    format_ = request.GET.get("export", "")
    if format_ in ExportFormat.values:
        return table_file(*_table(found), format_=format_, title=_("Measures"))
    context: dict[str, Any] = {
        "choice": choice,
        "tabs": _tabs(request.user, choice),
        "menus": _menus(choice),
        "views": _views(choice),
    }
    if choice.view == BOARD:
        context["columns"] = columns(found, request.user)
        context["is_empty"] = not any(column["cards"] for column in context["columns"])
    else:
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        context["page"] = page
        context["rows"] = [(one, MEASURE_TONES[MeasureStatus(one.status)]) for one in page]
        context["is_empty"] = not page.paginator.count
    return render(request, "analytics/improvement/measures.html", context)


def columns(found: QuerySet[Measure], user: User) -> list[dict[str, Any]]:
    """One for each status; a card says where this person may take it."""
    cards: dict[str, list[dict[str, Any]]] = {status: [] for status in MeasureStatus.values}
    for one in found:
        if len(cards[one.status]) < IN_A_COLUMN:
            cards[one.status].append(_card(one, user))
    return [
        {
            "status": status.value,
            "label": status.label,
            "tone": MEASURE_TONES[status],
            "cards": cards[status],
            "is_full": len(cards[status]) == IN_A_COLUMN,
        }
        for status in MeasureStatus
    ]


def _card(one: Measure, user: User) -> dict[str, Any]:
    steps = steps_from(MeasureStatus(one.status), who_moves(one, user))
    return {
        "measure": one,
        "moves": [(to.value, to.label) for to in steps],
        "to": " ".join(to.value for to in steps),
    }


def _tabs(user: User, choice: MeasureChoice) -> list[dict[str, Any]]:
    counts = measure_counts(user)
    address = reverse("analytics:measures")
    view = f"&view={TABLE}" if choice.view == TABLE else ""
    lists = [
        (_("All"), f"?view={choice.view}", None, not choice.is_narrowed),
        (_("Open ones"), f"?show={OPEN}{view}", counts["open"], choice.show == OPEN),
        (
            _("Mine"),
            f"?show={OPEN}&owner={MINE}{view}",
            counts["mine"],
            choice.show == OPEN and choice.owner == MINE,
        ),
        (_("Overdue"), f"?show={OVERDUE}{view}", counts["overdue"], choice.show == OVERDUE),
    ]
    mine = choice.owner == MINE
    return [
        {
            "label": label,
            "url": address + query,
            "count": count,
            "current": is_on and (mine == ("owner=" in query)),
        }
        for label, query, count, is_on in lists
    ]


def _views(choice: MeasureChoice) -> list[dict[str, Any]]:
    labels = [(BOARD, _("Board"), "columns-3"), (TABLE, _("Table"), "table")]
    shown = menu("view", "", "", [(one, label) for one, label, _icon in labels], choice.given)
    return [
        {**option, "icon": icon}
        for option, (_name, _label, icon) in zip(shown.options, labels, strict=True)
    ]


def _menus(choice: MeasureChoice) -> list[Menu]:
    kinds = [("", _("Any")), *MeasureKind.choices]
    states = [("", _("Any")), (OPEN, _("Open ones")), (OVERDUE, _("Overdue"))]
    orders = [("due", _("Due first")), ("newest", _("Newest first")), ("budget", _("Budget"))]
    return [
        menu("kind", _("Kind"), "shapes", kinds, choice.given),
        menu("show", _("Status"), "circle-dot", [*states, *MeasureStatus.choices], choice.given),
        menu("sort", _("Order"), "arrow-down-up", orders, choice.given),
    ]


def _table(found: QuerySet[Measure]) -> tuple[list[str], Iterator[list[Any]]]:
    head = [
        pgettext("of a measure", "Number"),
        _("Measure"),
        _("Problem"),
        _("Kind"),
        _("Status"),
        _("Owner"),
        _("Due"),
        _("In force from"),
        _("Budget"),
        _("Steps"),
        _("Steps done"),
    ]

    def lines() -> Iterator[list[Any]]:
        for one in found:
            yield [
                one.reference,
                one.title,
                str(one.problem),
                one.get_kind_display(),
                one.get_status_display(),
                str(one.owner or ""),
                one.due_on,
                one.in_force_from,
                one.budget,
                one.steps_of_all,  # type: ignore[attr-defined]
                one.steps_done,  # type: ignore[attr-defined]
            ]

    return head, lines()
