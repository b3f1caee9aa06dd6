"""Why a problem is there: chains of whys, diagrams of causes, and the root cause."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, covers_of, staff_with
from analytics.charts.data import Item, Mark
from analytics.charts.figure import figure
from analytics.charts.ishikawa import Ishikawa
from analytics.enums import CauseKind, CauseMethod
from analytics.models import CauseNode, Problem, ProblemEvidence, RootCause
from analytics.services import root_causes as services
from analytics.views.evidence_rows import as_row
from analytics.views.improvement import READ, WRITE, problem_or_404
from config.kernel.errors import DomainError
from config.kernel.numbers import row_id

OFFERED = 60  # pieces of evidence that a why can be linked with, the newest


@staff_with(READ)
@require_GET
def causes(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    cover = covers_of(request).in_lists
    whose = ("feedback__status", "feedback__customer", "response__survey")
    seen = one.evidence.visible_to(request.user).select_related(*whose)
    offered = [as_row(row, cover) for row in seen[:OFFERED]]
    linked = Prefetch("nodes__evidence", seen, to_attr="shown_by")
    found = one.causes.select_related("confirmed_by").prefetch_related("nodes", linked)
    context = {
        "problem": one,
        "analyses": [_analysis(each, one, cover) for each in found],
        "offered": offered,
        "methods": CauseMethod.choices,
        "kinds": CauseKind.choices,
        "may_write": request.user.has_perm(WRITE),
    }
    return render(request, "analytics/improvement/causes.html", context)


def _analysis(found: RootCause, problem: Problem, cover: Any) -> dict[str, Any]:
    nodes = [
        {
            "node": node,
            "shown_by": [as_row(row, cover) for row in node.shown_by],  # type: ignore[attr-defined]
            "ids": {row.pk for row in node.shown_by},  # type: ignore[attr-defined]
        }
        for node in found.nodes.all()
    ]
    is_diagram = found.method == CauseMethod.ISHIKAWA
    return {
        "cause": found,
        "nodes": nodes,
        "is_diagram": is_diagram,
        "picture": fish_bone(found, problem) if is_diagram and nodes else "",
        "is_confirmed": found.confirmed_at is not None,
        "bare": sum(not node["ids"] for node in nodes),
    }


def fish_bone(found: RootCause, problem: Problem) -> SafeString:
    """The six branches; a cause says how many pieces of evidence show it that one may see."""
    branches = tuple(
        (
            str(kind.label),
            tuple(_item(node) for node in found.nodes.all() if node.kind == kind.value),
        )
        for kind in CauseKind
    )
    title = _("Causes of %(problem)s") % {"problem": problem.reference}
    return figure(Ishikawa(title, branches, problem=problem.title), wide=True)


def _item(node: CauseNode) -> str | Item:
    shown: Collection[ProblemEvidence] = node.shown_by  # type: ignore[attr-defined]
    return Item(node.text, Mark(float(len(shown)))) if shown else node.text


@staff_with(WRITE)
@require_POST
def begin(request: SignedInRequest, problem_id: int) -> HttpResponse:
    one = problem_or_404(request.user, problem_id)
    method = request.POST.get("method", "")
    if method not in CauseMethod.values:
        raise Http404
    made = services.begin_analysis(one.pk, CauseMethod(method), by=request.user)
    return _back(one, f"analysis-{made.pk}")


@staff_with(WRITE)
@require_POST
def change(request: SignedInRequest, problem_id: int, cause_id: int) -> HttpResponse:
    """Add a why or a cause to an analysis, confirm what it came to, open it again, drop it."""
    one = problem_or_404(request.user, problem_id)
    if not one.causes.filter(pk=cause_id).exists():
        raise Http404
    text, do = request.POST.get("text", ""), request.POST.get("do", "")
    kind = request.POST.get("kind", "")
    branch = CauseKind(kind) if kind in CauseKind.values else None
    by = request.user
    deeds: dict[str, Callable[[], Any]] = {
        "add": lambda: services.add_cause(cause_id, by=by, text=text, kind=branch),
        "confirm": lambda: services.confirm_cause(cause_id, by=by, conclusion=text),
        "doubt": lambda: services.doubt_cause(cause_id, by=by),
        "drop": lambda: services.remove_analysis(cause_id, by=by),
    }
    _do(request, deeds.get(do))
    return _back(one, f"analysis-{cause_id}")


@staff_with(WRITE)
@require_POST
def change_node(request: SignedInRequest, problem_id: int, node_id: int) -> HttpResponse:
    """Say a why otherwise, link it with evidence, take it away."""
    one = problem_or_404(request.user, problem_id)
    node = CauseNode.objects.filter(pk=node_id, root_cause__problem=one).first()
    if node is None:
        raise Http404
    text, by = request.POST.get("text", ""), request.user
    ticked = [pk for said in request.POST.getlist("row") if (pk := row_id(said)) is not None]
    deeds: dict[str, Callable[[], Any]] = {
        "say": lambda: services.change_cause(node_id, by=by, text=text),
        "link": lambda: services.show_cause_by(node_id, ticked, by=by),
        "remove": lambda: services.remove_cause(node_id, by=by),
    }
    _do(request, deeds.get(request.POST.get("do", "")))
    return _back(one, f"analysis-{node.root_cause_id}")


def _do(request: HttpRequest, deed: Callable[[], Any] | None) -> None:
    if deed is None:
        raise Http404
    try:
        deed()
    except DomainError as refusal:
        messages.error(request, str(refusal.message))


def _back(one: Problem, anchor: str) -> HttpResponse:
    address = redirect("analytics:causes", one.pk)
    address["Location"] += f"#{anchor}"
    return address
