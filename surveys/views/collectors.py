"""The ways a survey reaches people: links, QR codes, after feedback was resolved, phone."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.distribution.links import open_url, snippet_of
from surveys.distribution.qr import as_png, as_svg
from surveys.enums import CollectorChannel, SurveyStatus
from surveys.forms.collectors import CollectorForm
from surveys.models import Collector, Survey
from surveys.selectors.doors import OPEN_CHANNELS
from surveys.selectors.overview import collectors_with_counts, invitation_counts
from surveys.services.editing import remove_collector, save_collector
from surveys.views.tabs import survey_of, survey_tabs

LOOK, ADD = "surveys.view_collector", "surveys.add_collector"
CHANGE, REMOVE = "surveys.change_collector", "surveys.delete_collector"


@staff_with(LOOK)
@require_GET
def collectors(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = survey_of(slug)
    now = timezone.now()
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "collectors"),
        "rows": [
            (one, responses, open_url(one), one.is_open(now), snippet_of(one))
            for one, responses in collectors_with_counts(found, request.user)
        ],
        "invitations": invitation_counts(found, request.user),
        "site": settings.SITE_URL,
        "is_running": found.status == SurveyStatus.RUNNING,
        "may_add": request.user.has_perm(ADD),
        "may_change": request.user.has_perm(CHANGE),
    }
    return render(request, "surveys/collectors.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_collector(request: SignedInRequest, slug: UUID) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    return _edit(request, found, Collector(survey=found))


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_collector(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    one = _collector(slug, pk)
    return _edit(request, one.survey, one)


def _edit(request: SignedInRequest, found: Survey, one: Collector) -> HttpResponse:
    form = CollectorForm(request.POST or None, instance=one)
    is_new = one.pk is None
    if form.is_valid():
        save_collector(form.instance)
        toast(request, _("Saved."))
        if is_new and form.instance.channel == CollectorChannel.EMAIL:
            return redirect("surveys:edit_mailing", slug=found.slug, pk=form.instance.pk)
        return redirect("surveys:collectors", slug=found.slug)
    context = {
        "survey": found,
        "form": form,
        "collector": None if is_new else Collector.objects.get(pk=one.pk),
        "may_remove": request.user.has_perm(REMOVE),
    }
    status = 422 if form.errors else 200
    return render(request, "surveys/collector_edit.html", context, status=status)


@staff_with(REMOVE)
@require_POST
def remove(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    if remove_collector(_collector(slug, pk).pk):
        toast(request, _("Removed."))
    else:
        toast(request, _("People came by it: it was switched off, and their answers stay."))
    return redirect("surveys:collectors", slug=slug)


@staff_with(LOOK)
@require_GET
def qr(request: SignedInRequest, slug: UUID, pk: int, kind: str) -> HttpResponse:
    """The code of an open link as a file: svg, png."""
    one = _open(slug, pk)
    url = open_url(one)
    match kind:
        case "svg":
            response = HttpResponse(as_svg(url, one.survey.title), content_type="image/svg+xml")
        case "png":
            response = HttpResponse(as_png(url), content_type="image/png")
        case _:
            raise Http404
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="qr-{one.pk}.{kind}"'
    return response


@staff_with(LOOK)
@require_GET
def sheet(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """A sheet of paper for the counter or the package: what it is, the code, the address."""
    one = _open(slug, pk)
    context = {"survey": one.survey, "collector": one, "url": open_url(one), "now": timezone.now()}
    return render(request, "surveys/qr_sheet.html", context)


def _open(slug: UUID, pk: int) -> Collector:
    one = _collector(slug, pk)
    if one.channel not in OPEN_CHANNELS:
        raise Http404
    return one


def _collector(slug: UUID, pk: int) -> Collector:
    return get_object_or_404(Collector.objects.select_related("survey"), survey__slug=slug, pk=pk)
