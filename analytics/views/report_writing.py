"""Writing in a report: one part on a page, its blocks one below the other, the reading beside."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.distribution.report_pages import part_for_page
from analytics.enums import PartKind
from analytics.errors import BlocksRefused, PartHasChanged, ReportNotInState
from analytics.forms.report_blocks import after_pressing, typed_blocks
from analytics.forms.reports import CommentForm
from analytics.models import Report, ReportComment, ReportPart
from analytics.models.report import APPROVE, READ, WRITE
from analytics.rules.report.blocks import KEYED, Block, catalogue, label_of
from analytics.rules.report.document import Part, blocks_of
from analytics.rules.report.drafting import usual_titles
from analytics.rules.report.markup import figures_named
from analytics.rules.report.material import Material
from analytics.selectors.reports import about, comments_by_part, material_of
from analytics.services.report_comments import settle_comment, write_comment
from analytics.services.reports import save_part
from config.kernel.http import toast

UNDO = "report-undo"  # in the session: what a part was before a block was taken out


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def write_part(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    part = get_object_or_404(ReportPart, report=report, kind=kind)
    if not report.is_open:
        toast(request, str(ReportNotInState(report.get_state_display()).message))
        return redirect(report)
    if request.method == "GET":
        return _page(request, report, part, part.blocks)
    # A form that saves itself names the button that is hidden in it.
    do = "auto" if request.headers.get("HX-Target") == "saved" else request.POST.get("do", "save")
    blocks = after_pressing(do, typed_blocks(request.POST), request.POST)
    before = {"blocks": part.blocks, "title": part.title}
    version = request.POST.get("version", "")
    try:
        saved = save_part(
            report.pk,
            kind,
            blocks=blocks,
            title=request.POST.get("title", ""),
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            by=request.user,
        )
    except PartHasChanged:
        return _page(request, report, part, blocks, do=do, status=409)
    except (BlocksRefused, ReportNotInState) as refusal:
        return _page(request, report, part, blocks, do=do, status=422, refusal=refusal.message)
    return _saved(request, report, saved, do, before)


def _saved(
    request: SignedInRequest, report: Report, part: ReportPart, do: str, before: dict[str, Any]
) -> HttpResponse:
    here = reverse("analytics:write_report", args=[report.pk, part.kind])
    if do == "auto":
        return _page(request, report, part, part.blocks, do=do)
    if do == "save":
        toast(request, _("Saved."))
        return redirect(f"{report.get_absolute_url()}#{part.kind}")
    if do.startswith("remove:"):
        request.session[UNDO] = [part.pk, part.version, before]
        undo = reverse("analytics:undo_report", args=[report.pk, part.kind])
        toast(request, _("Taken out."), undo_url=undo)
    place = do.partition(":")[2]
    return redirect(f"{here}#block-{place}" if place.isdecimal() else here)


@staff_with(WRITE)
@require_POST
def undo(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The block that was taken out is back, unless the part was saved since."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    part = get_object_or_404(ReportPart, report=report, kind=kind)
    kept = request.session.pop(UNDO, None)
    if kept and kept[0] == part.pk:
        try:
            save_part(report.pk, kind, version=kept[1], by=request.user, **kept[2])
        except (PartHasChanged, BlocksRefused, ReportNotInState) as refusal:
            toast(request, refusal.message)
    return redirect("analytics:write_report", pk=pk, kind=kind)


def _page(
    request: SignedInRequest,
    report: Report,
    part: ReportPart,
    blocks: list[Block],
    *,
    do: str = "",
    status: int = 200,
    refusal: Any = None,
) -> HttpResponse:
    """422 and 409 show what was typed; with 409 what somebody else saved stands above."""
    material = material_of(report)
    shown = part.blocks if status == 422 else blocks
    context = {
        "report": report,
        "part": part,
        "title": request.POST.get("title", part.title),
        "version": part.version,
        "preview": _reading(report, part, shown, material),
        "refusal": refusal,
        "has_conflict": status == 409,
    }
    if do == "auto":
        return render(request, "analytics/report/_saved.html", context, status=status)
    if status == 409:
        context["theirs"] = _reading(report, part, part.blocks, material)
    with override(report.language):
        titles = usual_titles()
        named = [
            (key, one.label) for key, one in material.figures.items() if one.value is not None
        ]
    comments = comments_by_part(report)
    context |= {
        "rows": [_row(at, one, material) for at, one in enumerate(blocks)],
        "catalogue": _groups(material),
        "figures": named,
        "usual": titles[PartKind(part.kind)],
        "parts": [
            (one, titles[PartKind(one.kind)], comments.get(one.kind, 0))
            for one in ReportPart.objects.filter(report=report).in_order()
        ],
    }
    return render(request, "analytics/report/write.html", context, status=status)


def _reading(
    report: Report, part: ReportPart, blocks: list[Block], material: Material
) -> dict[str, Any]:
    with override(report.language):
        made = blocks_of(about(report), Part(PartKind(part.kind), part.title, blocks), material)
    return part_for_page({"blocks": made}, report.language)


def _row(at: int, block: Block, material: Material) -> dict[str, Any]:
    return {
        "at": at,
        "behind": at + 1,
        "block": block,
        "label": label_of(block, material),
        "is_text": block["kind"] == "text",
        "is_chart": block["kind"] == "chart",
        "lines": max(3, min(16, block.get("text", "").count("\n") + 3)),
        "names": sorted(figures_named(block.get("text", ""))),
    }


def _groups(material: Material) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be put in, by kind, as the entries of a menu."""
    names = {
        "figure": _("Sentences about a figure"),
        "chart": _("Charts"),
        "table": _("Tables"),
    }
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in (*names, "own")}
    for kind, key, label in catalogue(material):
        one = (f"{kind}:{key}" if kind in KEYED else kind, label)
        groups[kind if kind in KEYED else "own"].append(one)
    names["own"] = _("About the report itself")
    return [(names[kind], entries) for kind, entries in groups.items() if entries]


@staff_with(READ)
@require_POST
def comment(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """By those who write reports and those who approve them: others see no draft."""
    if not (request.user.has_perm(WRITE) or request.user.has_perm(APPROVE)):
        raise Http404
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    part = get_object_or_404(ReportPart, report=report, kind=kind)
    form = CommentForm(request.POST)
    if form.is_valid():
        write_comment(part.pk, form.cleaned_data["text"], by=request.user)
        toast(request, _("Your comment is there."))
    else:
        toast(request, _("Write a comment of 2,000 letters at most."))
    return redirect(f"{report.get_absolute_url()}#{kind}")


@staff_with(WRITE)
@require_POST
def change_comment(request: SignedInRequest, pk: int, comment: int, what: str) -> HttpResponse:
    """settle, open."""
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(ReportComment, pk=comment, part__report=report)
    settle_comment(found.pk, by=request.user, settled=what == "settle")
    return redirect(f"{report.get_absolute_url()}#comment-{found.pk}")
