"""Surveys on paper: printing forms, and who reads what on them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from config.kernel.pdf import NoPdf
from surveys.distribution.paper import blank_form, form_as_html, numbered_forms
from surveys.enums import CollectorChannel, PaperLanguage, PaperSize, PaperState, VersionState
from surveys.errors import NotOpen
from surveys.forms.papers import BatchForm
from surveys.models import PaperBatch
from surveys.selectors.papers import batches_of, errors_of, forms_in
from surveys.services.defaults import paper_collector
from surveys.services.papers import make_batch
from surveys.views.tabs import survey_of, survey_tabs

ENTER, PRINT = "surveys.add_response", "surveys.add_paperbatch"
SHOWN, PRINTED_AT_ONCE = 50, 200


@staff_with(ENTER)
@require_GET
def papers(request: SignedInRequest, slug: UUID) -> HttpResponse:
    return _page(request, slug, BatchForm())


@staff_with(PRINT)
@require_POST
def new_batch(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    form = BatchForm(request.POST, instance=PaperBatch(survey=found))
    if not form.is_valid():
        return _page(request, slug, form, status=422)
    try:
        make_batch(form.instance, count=form.cleaned_data["count"], by=request.user)
    except NotOpen as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, slug, form, status=422)
    toast(request, _("The forms are numbered; print them below."))
    return redirect("surveys:papers", slug=slug)


def _page(
    request: SignedInRequest, slug: UUID, form: BatchForm, *, status: int = 200
) -> HttpResponse:
    found = survey_of(slug)
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "papers"),
        "form": form,
        "batches": list(batches_of(found)[:SHOWN]),
        "differing": list(forms_in(found, PaperState.DIFFERS)[:SHOWN]),
        "waiting": list(forms_in(found, PaperState.ONCE)[:SHOWN]),
        "errors": errors_of(found),
        "languages": PaperLanguage.choices,
        "sizes": PaperSize.choices,
        "may_print": request.user.has_perm(PRINT),
    }
    return render(request, "surveys/papers.html", context, status=status)


@staff_with(ENTER)
@require_GET
def blank(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """One form without a number, to be copied: ?language=both&size=a4."""
    found = survey_of(slug)
    language, size = request.GET.get("language", ""), request.GET.get("size", "")
    language = language if language in PaperLanguage.values else PaperLanguage.BOTH
    size = size if size in PaperSize.values else PaperSize.A4
    version = found.versions.filter(state=VersionState.PUBLISHED).first()
    if version is None:
        raise Http404
    collector = found.collectors.filter(channel=CollectorChannel.PAPER).first()
    try:
        file = blank_form(version, collector, language=language, size=size)
    except NoPdf:
        return HttpResponse(form_as_html(version, collector, language=language))
    return _as_file(file, f"form-{language}")


@staff_with(PRINT)
@require_GET
def batch_file(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """The numbered forms of a batch, PRINTED_AT_ONCE in a file: ?part=2."""
    batch = get_object_or_404(
        PaperBatch.objects.select_related("survey", "version"), survey__slug=slug, pk=pk
    )
    part = request.GET.get("part", "1")
    begin = (int(part) - 1) * PRINTED_AT_ONCE if part.isdecimal() and len(part) < 3 else 0
    forms = batch.forms.filter(is_extra=False).order_by("serial")
    numbers = [one.number for one in forms[max(begin, 0) : max(begin, 0) + PRINTED_AT_ONCE]]
    if not numbers:
        raise Http404
    try:
        file = numbered_forms(batch, paper_collector(batch.survey), numbers)
    except NoPdf as refusal:
        return HttpResponse(str(refusal.message), status=503, content_type="text/plain")
    return _as_file(file, f"forms-{numbers[0]}-{numbers[-1]}")


def _as_file(file: bytes, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
