"""One question of the draft on a page of its own."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.errors import DraftHasChanged, NothingToChange
from surveys.flow.editing import NotThere, Raw, element_of, is_outline
from surveys.flow.scoring import has_scores, score_expression
from surveys.forms.question import QuestionForm
from surveys.forms.question_logic import QuestionLogic
from surveys.models import Survey
from surveys.questions.unasked import Calculated
from surveys.questions.words import KINDS
from surveys.selectors.outline import elements_before, outline_of
from surveys.services import bank, building
from surveys.services.publishing import faults_of
from surveys.views.building import CHANGE
from surveys.views.tabs import survey_of

SCORES = "scores"  # the button that writes the sum of scores


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_question(request: SignedInRequest, slug: UUID, code: str) -> HttpResponse:
    survey = survey_of(slug)
    raw = building.current_version(survey.pk).definition
    element = _element(raw, code)
    if request.headers.get("HX-Target") == "saved":  # the form saves itself: no button counts
        posted = request.POST.copy()
        posted["do"] = "auto"
        request.POST = posted  # type: ignore[assignment]
    if request.POST.get("do") == SCORES:
        posted = request.POST.copy()
        posted["value"] = score_expression(elements_before(raw, code))
        request.POST = posted  # type: ignore[assignment]
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(
        data,
        element=element,
        languages=raw["languages"],
        known=_known(survey, element),
        taken=building.taken_codes(survey.pk, raw) - {code.lower()},
        logic=QuestionLogic.of(raw, element, data),
    )
    page: dict[str, Any] = {"survey": survey, "form": form, "element": element}
    if request.method == "GET" or request.POST.get("do", "save") not in {"save", "stay", "auto"}:
        return _page(request, raw, page)
    if not form.is_valid():
        return _page(request, raw, page, status=422)
    return _save(request, raw, page)


def _save(request: SignedInRequest, raw: Raw, page: dict[str, Any]) -> HttpResponse:
    survey, form, code = page["survey"], page["form"], page["element"]["code"]
    changed = form.changed_element()
    if request.POST.get("do") == "auto":
        changed["code"] = code
    try:
        building.save_question(
            survey.pk, code, element=changed, seen=request.POST.get("seen"), by=request.user
        )
    except DraftHasChanged:
        return _page(request, raw, page, status=409)
    except NothingToChange as refusal:
        toast(request, refusal.message)
        return redirect("surveys:questions", slug=survey.slug)
    if request.POST.get("do") == "auto":
        context = {"seen": building.mark_of(changed)}
        return render(request, "surveys/builder/_saved.html", context)
    toast(request, _("Saved."))
    if request.POST.get("do") == "stay":
        return redirect("surveys:edit_question", slug=survey.slug, code=changed["code"])
    url = reverse("surveys:questions", args=[survey.slug])
    return redirect(f"{url}#question-{changed['code']}")


def _page(
    request: SignedInRequest, raw: Raw, page: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if request.POST.get("do") == "auto":
        context = page | {"status": status}
        return render(request, "surveys/builder/_saved.html", context, status=status)
    survey, element = page["survey"], page["element"]
    version = building.current_version(survey.pk)
    faults = faults_of(version) if version.pk is not None else []
    _pages, found = outline_of(raw, faults)
    context = page | {
        "kind": KINDS[element["type"]],
        "may_score": element["type"] == Calculated.name and has_scores(raw),
        # The mark of what stands there now: who saves after a conflict knows what they replace.
        "seen": building.mark_of(element),
        "faults": [one.text for one in found if one.element == element["code"]],
        "has_conflict": status == 409,
        "now": element if status == 409 else None,
        "added": request.POST.get("do", "").removeprefix("add:") if request.POST else "",
    }
    return render(request, "surveys/builder/question.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def put_into_bank(request: SignedInRequest, slug: UUID, code: str) -> HttpResponse:
    survey = survey_of(slug)
    element = _element(building.current_version(survey.pk).definition, code)
    texts = element.get("text") or {}
    names = {
        "name_zh": str(texts.get("zh-hans") or texts.get("en") or code)[:200],
        "name_en": str(texts.get("en") or texts.get("zh-hans") or code)[:200],
    }
    bank.put_into_bank(element, by=request.user, **names)
    toast(request, _("In the question bank: every survey can take it from there."))
    return redirect("surveys:edit_question", slug=slug, code=code)


def _element(raw: Any, code: str) -> Raw:
    if not is_outline(raw):
        raise Http404
    try:
        return element_of(raw, code)
    except NotThere as gone:
        raise Http404 from gone


def _known(survey: Survey, element: Raw) -> dict[str, frozenset[str]]:
    """Codes of this question that were published, in small letters."""
    code = element["code"].lower()
    asked = list(survey.questions.prefetch_related("choices"))
    own = [one for one in asked if one.code.lower() == code]
    rows = [
        one for one in asked if one.parent_id is not None and one.parent_id in {o.pk for o in own}
    ]
    choices = {choice.code.lower() for one in (*own, *rows) for choice in one.choices.all()}
    parts = {one.code[len(code) + 1 :].lower() for one in rows}
    return {
        "": frozenset(one.code for one in own),
        "choices": frozenset(choices | parts),
        "columns": frozenset(choices),
        "rows": frozenset(parts),
    }
