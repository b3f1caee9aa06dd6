"""The builder: the questions of a survey as they are written. Every change is a plain post that
leads back to the list; htmx swaps the list in place."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import safe_next, toast
from surveys.enums import VersionState
from surveys.errors import CannotPublish, DraftHasChanged, NothingToChange
from surveys.flow.differences import differences
from surveys.flow.editing import is_outline
from surveys.models import QuestionBankItem, Survey
from surveys.questions.registry import TYPES
from surveys.questions.words import GROUPS, KINDS
from surveys.selectors.bank import bank_items
from surveys.selectors.comments import open_counts
from surveys.selectors.outline import outline_of, wording
from surveys.services import building
from surveys.services.bank import take_from_bank
from surveys.services.publishing import faults_of, publish_version
from surveys.services.ready_surveys import READY, ready_definition
from surveys.views.tabs import survey_of, survey_tabs

CHANGE = "surveys.change_survey"
SAID: dict[str, Promise] = {
    "all": gettext_lazy("the whole draft"),
    "question": gettext_lazy("a question"),
    "added": gettext_lazy("a new question"),
    "copied": gettext_lazy("a copy of a question"),
    "moved": gettext_lazy("the place of a question"),
    "removed": gettext_lazy("a question taken out"),
    "page": gettext_lazy("the settings of a page"),
    "page_added": gettext_lazy("a new page"),
    "page_moved": gettext_lazy("the place of a page"),
    "page_removed": gettext_lazy("a page taken out"),
    "frame": gettext_lazy("beginning and end"),
    "template": gettext_lazy("the template"),
}


@staff_with(CHANGE)
@require_GET
def questions(request: SignedInRequest, slug: UUID) -> HttpResponse:
    return _list(request, survey_of(slug))


def _list(request: SignedInRequest, survey: Survey, *, status: int = 200) -> HttpResponse:
    version = building.current_version(survey.pk)
    versions = list(survey.versions.select_related("published_by"))
    published = next((one for one in versions if one.state == VersionState.PUBLISHED), None)
    is_draft = version.pk is not None and version.state == VersionState.DRAFT
    faults = faults_of(version) if is_draft else []
    raw, comments = version.definition, open_counts(survey)
    context: dict[str, Any] = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "questions"),
        "version": version,
        "is_draft": is_draft,
        "published": published,
        "versions": [one for one in versions if one.state != VersionState.DRAFT],
        "is_outline": is_outline(raw),
        "was_refused": status != 200,
        "comments": comments.total(),
    }
    if is_outline(raw):
        pages, found = outline_of(raw, faults, comments)
        texts = raw.get("texts", {})
        context |= {
            "pages": pages,
            "faults": found if any(page.elements for page in pages) else [],
            "has_questions": any(page.elements for page in pages),
            "title": wording(texts.get("title")),
            "intro": wording(texts.get("intro")),
            "ends": len(raw.get("ends") or ()),
            "quotas": len(raw.get("quotas") or ()),
            "ready": READY,
            "changes": differences(published.definition, raw) if published and is_draft else [],
        }
    else:
        context["faults"] = [{"text": text} for text in faults]
    latest = version.steps.first() if is_draft else None
    if latest is not None:
        context |= {"latest": latest, "latest_words": SAID.get(latest.said, SAID["all"])}
    return render(request, "surveys/builder/questions.html", context, status=status)


# --- adding -----------------------------------------------------------------------------------


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def add_question(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """A menu of kinds, and of the bank; one of them chosen."""
    survey = survey_of(slug)
    page = request.POST.get("page") or request.GET.get("page", "")
    if request.method == "POST":
        try:
            code = _added(request, survey, page)
        except NothingToChange as refusal:
            toast(request, refusal.message)
            return redirect("surveys:questions", slug=slug)
        return redirect("surveys:edit_question", slug=slug, code=code)
    context = {
        "survey": survey,
        "page": page,
        "groups": GROUPS,
        "bank": [
            (item, KINDS[item.element["type"]])
            for item in bank_items(request.GET.get("q", ""))[:100]
            if item.element.get("type") in KINDS
        ],
        "q": request.GET.get("q", ""),
    }
    return render(request, "surveys/builder/kinds.html", context)


def _added(request: SignedInRequest, survey: Survey, page: str) -> str:
    if "item" in request.POST:
        number = request.POST["item"]
        item = get_object_or_404(QuestionBankItem, pk=int(number) if number.isdecimal() else 0)
        return take_from_bank(survey.pk, item, page=page, by=request.user)
    kind = request.POST.get("kind", "")
    if kind not in TYPES:
        raise Http404
    return building.add_question(survey.pk, kind=kind, page=page, by=request.user)


@staff_with(CHANGE)
@require_POST
def start(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Begin with a ready template."""
    survey = survey_of(slug)
    definition = ready_definition(request.POST.get("template", ""))
    if definition is None:
        raise Http404
    try:
        building.start_from(survey.pk, definition, by=request.user)
    except NothingToChange:
        toast(request, _("There are questions already; take them out first."))
    return redirect("surveys:questions", slug=slug)


# --- changing ---------------------------------------------------------------------------------


@staff_with(CHANGE)
@require_POST
def change_question(request: SignedInRequest, slug: UUID, code: str, what: str) -> HttpResponse:
    """up, down, move, copy, remove."""
    survey, by = survey_of(slug), request.user
    try:
        match what:
            case "up" | "down":
                building.nudge_question(survey.pk, code, -1 if what == "up" else 1, by=by)
            case "move":
                page, before = request.POST.get("page", ""), request.POST.get("before", "")
                building.move_question(survey.pk, code, page=page, before=before, by=by)
            case "copy":
                code = building.copy_question(survey.pk, code, by=by)
            case "remove":
                building.remove_question(survey.pk, code, by=by)
                _say_with_undo(request, survey, _("The question is taken out."))
            case _:
                raise Http404
    except NothingToChange as refusal:
        toast(request, refusal.message)
    return _back(survey, "" if what == "remove" else f"question-{code}")


@staff_with(CHANGE)
@require_POST
def change_page(request: SignedInRequest, slug: UUID, code: str, what: str) -> HttpResponse:
    """up, down, remove; new (whatever the code)."""
    survey, by = survey_of(slug), request.user
    try:
        match what:
            case "new":
                code = building.add_page(survey.pk, by=by)
            case "up" | "down":
                building.move_page(survey.pk, code, -1 if what == "up" else 1, by=by)
            case "remove":
                building.remove_page(survey.pk, code, by=by)
                _say_with_undo(request, survey, _("The page and its questions are taken out."))
            case _:
                raise Http404
    except NothingToChange as refusal:
        toast(request, refusal.message)
    return _back(survey, "" if what == "remove" else f"page-{code}")


def _say_with_undo(request: SignedInRequest, survey: Survey, words: str) -> None:
    step = building.draft_of(survey.pk).steps.first()
    url = reverse("surveys:undo_draft", args=[survey.slug, step.pk]) if step else ""
    toast(request, words, undo_url=url)


@staff_with(CHANGE)
@require_POST
def undo(request: SignedInRequest, slug: UUID, step: int) -> HttpResponse:
    survey = survey_of(slug)
    try:
        building.undo_change(survey.pk, step)
        toast(request, _("Taken back."))
    except DraftHasChanged:
        toast(request, _("Something has been changed since; undo that first."))
    return redirect(safe_next(request, reverse("surveys:questions", args=[slug])))


# --- publishing -------------------------------------------------------------------------------


@staff_with(CHANGE)
@require_POST
def publish(request: SignedInRequest, slug: UUID) -> HttpResponse:
    survey = survey_of(slug)
    version = building.current_version(survey.pk)
    if version.pk is None or version.state != VersionState.DRAFT:
        toast(request, _("There is nothing to publish."))
        return redirect("surveys:questions", slug=slug)
    try:
        done = publish_version(version.pk, by=request.user)
    except CannotPublish:
        return _list(request, survey, status=422)
    words = _("Version %(number)s is what is asked from now on.") % {"number": done.number}
    toast(request, words)
    return redirect("surveys:questions", slug=slug)


@staff_with(CHANGE)
@require_POST
def discard(request: SignedInRequest, slug: UUID) -> HttpResponse:
    if building.discard_draft(survey_of(slug).pk):
        toast(request, _("The draft is thrown away; what is published stays."))
    return redirect("surveys:questions", slug=slug)


# --- what the pages of the builder share ------------------------------------------------------


def _back(survey: Survey, anchor: str) -> HttpResponse:
    url = reverse("surveys:questions", args=[survey.slug])
    return redirect(f"{url}#{anchor}" if anchor else url)
