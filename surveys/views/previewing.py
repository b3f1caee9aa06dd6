"""The draft as people will see it: nothing is published, and nothing is stored."""

from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from surveys.flow.definition import Definition, text_in
from surveys.flow.editing import is_outline
from surveys.flow.walk import Circumstances, answers_in_form, read_answers
from surveys.forms.fields import Field
from surveys.selectors.outline import destination
from surveys.selectors.previewable import previewable
from surveys.services import building
from surveys.views.building import CHANGE
from surveys.views.rehearsing import rehearsed
from surveys.views.tabs import survey_of, survey_tabs

FRAMES = ("phone", "desktop")


@staff_with(CHANGE)
@require_GET
def preview(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Both languages beside each other, each in a frame as wide as a phone or a screen."""
    survey = survey_of(slug)
    version = building.current_version(survey.pk)
    if not is_outline(version.definition):
        return redirect("surveys:questions", slug=slug)
    frame = request.GET.get("frame", FRAMES[0])
    named = dict(settings.LANGUAGES)
    context = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "questions"),
        "version": version,
        "frame": frame if frame in FRAMES else FRAMES[0],
        "languages": [(one, named.get(one, one)) for one in version.definition["languages"]],
        "pages": [
            (page["code"], destination(version.definition, page["code"]))
            for page in version.definition["pages"]
        ],
        "at": request.GET.get("page", ""),
    }
    return render(request, "surveys/builder/preview.html", context)


@staff_with(CHANGE)
@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@require_http_methods(["GET", "POST"])
def sheet(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """What stands in the frame: one question (`only`), or the survey as people go through it."""
    survey = survey_of(slug)
    raw = building.current_version(survey.pk).definition
    if not is_outline(raw):
        return redirect("surveys:questions", slug=slug)
    wanted = request.POST.get("language") or request.GET.get("lang", "")
    language = wanted if wanted in raw["languages"] else str(raw["languages"][0])
    definition, only = previewable(raw), request.GET.get("only", "")
    with translation.override(language):
        if only:
            return _one(request, definition, language, only)
        return rehearsed(request, survey, definition, language)


def _one(
    request: SignedInRequest, definition: Definition, language: str, only: str
) -> HttpResponse:
    answers = answers_in_form(definition, dict(request.GET.lists()))
    circumstances = Circumstances(timezone.localdate().isoformat(), language)
    walk = read_answers(definition, answers, circumstances)
    fields = [
        Field(one, language, answers.get(one.code), "", one.code in walk.required)
        for one in definition.elements()
        if one.code == only
    ]
    context = {
        "language": language,
        "only": only,
        "title": text_in(definition.title, language),
        "fields": fields,
    }
    return render(request, "surveys/builder/sheet.html", context)
