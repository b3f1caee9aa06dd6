"""Surveys of other programs: looked at first, then a draft."""

from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.flow.checks import find_faults
from surveys.forms.importing import ImportForm, ReadSurveyForm
from surveys.importing.assembling import Imported
from surveys.services.building import current_version
from surveys.services.importing_surveys import import_survey, note_of
from surveys.views.tabs import survey_of


@staff_with("surveys.add_survey")
@require_http_methods(["GET", "POST"])
def import_page(request: SignedInRequest) -> HttpResponse:
    """The file is read once; what is shown is what is made, whatever becomes of the file."""
    if "definition" in request.POST:
        return _make(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        imported: Imported = form.cleaned_data["imported"]
        name = PurePath(form.cleaned_data["file"].name).stem
        return _report(request, imported, ReadSurveyForm.of(imported, note_of(imported), name))
    status = 422 if form.errors else 200
    return render(request, "surveys/import.html", {"form": form}, status=status)


@staff_with("surveys.change_survey")
@require_GET
def definition_file(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """The questions as they are being written (else as they are asked), as a file that *Import a
    survey* reads, here or in another installation."""
    survey = survey_of(slug)
    given = {"format": "huiyin", "definition": current_version(survey.pk).definition}
    answer = JsonResponse(given, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"{survey.title[:80]}.json"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _make(request: SignedInRequest) -> HttpResponse:
    form = ReadSurveyForm(request.POST)
    if not form.is_valid():
        return render(request, "surveys/import.html", {"form": ImportForm()}, status=422)
    given = form.cleaned_data
    survey = import_survey(
        given["imported"], owner=request.user, title=given["name"], note=given["note"]
    )
    toast(request, _("Imported as a draft. Nobody is asked before you publish it."))
    return redirect("surveys:survey", slug=survey.slug)


def _report(request: SignedInRequest, imported: Imported, again: ReadSurveyForm) -> HttpResponse:
    faults = find_faults(imported.definition, known_languages=dict(settings.LANGUAGES))
    context = {
        "form": ImportForm(),
        "imported": imported,
        "faults": faults,
        "again": again,
        "lost_conditions": imported.counts["conditions"] - imported.taken_over["conditions"],
    }
    return render(request, "surveys/import.html", context)
