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
from surveys.forms.survey import SurveyForm
from surveys.models import Survey
from surveys.services.archiving import (
    archive_survey,
    close_survey,
    delete_survey,
    resume_survey,
)
from surveys.services.editing import copy_survey, save_survey

ADD, CHANGE, REMOVE = "surveys.add_survey", "surveys.change_survey", "surveys.delete_survey"


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_survey(request: SignedInRequest) -> HttpResponse:
    usual = Survey(kind=SurveyKind.CUSTOM, owner=request.user)
    form = SurveyForm(request.POST or None, instance=usual)
    if form.is_valid():
        saved = save_survey(form.instance)
        toast(request, _("Made. Say now what it is for."))
        return redirect("surveys:plan", slug=saved.slug)
    context = {"form": form, "survey": None}
    return render(request, "surveys/edit.html", context, status=422 if form.errors else 200)


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
