"""Surveys as people make and end them: new, renamed, closed, taken up again, put away."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.enums import SurveyKind
from surveys.errors import SurveyHasAnswers
from surveys.forms.survey import NewSurveyForm, SurveyForm
from surveys.models import QuestionBankItem, Survey
from surveys.services.archiving import (
    archive_survey,
    close_survey,
    delete_survey,
    resume_survey,
)
from surveys.services.beginning import begin_survey
from surveys.services.editing import copy_survey, questions_of, save_survey
from surveys.services.ready_surveys import READY, Ready

ADD, CHANGE, REMOVE = "surveys.add_survey", "surveys.change_survey", "surveys.delete_survey"
EMPTY_START = "empty"


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_survey(request: SignedInRequest) -> HttpResponse:
    """What to begin with, then what it is called; the plan can wait."""
    start = request.GET.get("from", "" if request.method == "GET" else EMPTY_START)
    ready = next((one for one in READY if one.code == start), None)
    if ready is None and start not in {EMPTY_START, "copy", "bank"}:
        has_bank = QuestionBankItem.objects.exists()
        context = {"ready": READY, "has_bank": has_bank, "may_copy": Survey.objects.exists()}
        return render(request, "surveys/begin.html", context)
    kind = start if start in SurveyKind.values else SurveyKind.CUSTOM
    usual = Survey(kind=kind, owner=request.user)
    if ready is not None:
        titles = ready.definition["texts"]["title"]
        usual.title_zh, usual.title_en = titles["zh-hans"], titles["en"]
    form = NewSurveyForm(request.POST or None, instance=usual, start=start)
    if form.is_valid():
        saved = _begin(request, form, ready)
        toast(request, _("Made. Nobody is asked anything before you publish it."))
        return redirect("surveys:questions", slug=saved.slug)
    context = {"form": form, "survey": None, "ready": ready, "start": start}
    return render(request, "surveys/edit.html", context, status=422 if form.errors else 200)


def _begin(request: SignedInRequest, form: NewSurveyForm, ready: Ready | None) -> Survey:
    given = form.cleaned_data
    definition = ready.definition if ready else None
    if given.get("source"):
        definition = questions_of(given["source"])
    items = QuestionBankItem.objects.filter(pk__in=given.get("items", ())).order_by("pk")
    return begin_survey(
        form.instance,
        definition=definition,
        languages=given["languages"],
        items=items,
        by=request.user,
    )


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_survey(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    form = SurveyForm(request.POST or None, instance=found)
    if form.is_valid():
        save_survey(form.instance)
        toast(request, _("Saved."))
        return redirect("surveys:survey", slug=slug)
    context = {"form": form, "survey": Survey.objects.get(pk=found.pk)}
    return render(request, "surveys/edit.html", context, status=422 if form.errors else 200)


@staff_with(CHANGE)
@require_POST
def change_survey(request: SignedInRequest, slug: UUID, what: str) -> HttpResponse:
    """close, resume, archive, copy."""
    found = get_object_or_404(Survey, slug=slug)
    match what:
        case "close":
            close_survey(found.pk)
            toast(request, _("It takes no more answers."))
        case "resume":
            resume_survey(found.pk)
            toast(request, _("It is in use again."))
        case "archive":
            archive_survey(found.pk)
            toast(request, _("“%(name)s” is archived.") % {"name": found})
        case "copy":
            copied = copy_survey(found.pk, owner=request.user)
            toast(request, _("Copied. Nobody is asked before you publish it."))
            return redirect("surveys:edit", slug=copied.slug)
        case _:
            raise Http404
    return redirect("surveys:survey", slug=slug)


@staff_with(REMOVE)
@require_POST
def remove_survey(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """For good while nobody has answered; else it is put away."""
    found = get_object_or_404(Survey, slug=slug)
    try:
        delete_survey(found.pk)
    except SurveyHasAnswers:
        archive_survey(found.pk)
        toast(request, _("People have answered it: it was archived, and nothing is lost."))
    else:
        toast(request, _("Deleted."))
    return redirect("surveys:list")
