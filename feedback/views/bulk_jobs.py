"""Changes to many records that are done in the background: how far they are, and what failed."""

import tempfile
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from feedback.enums import ExportFormat, ItemOutcome
from feedback.models import BulkItem, BulkJob
from feedback.selectors.bulk_job_words import value_of_job
from feedback.services import bulk_jobs as services
from feedback.services.list_exports import write_table
from feedback.views.exports import as_download
from feedback.views.records import CHANGE

REFUSED_SHOWN = 50
JOBS_SHOWN = 50


@staff_with(CHANGE)
@require_GET
def bulk_jobs(request: SignedInRequest) -> HttpResponse:
    """What this person ordered lately."""
    jobs = BulkJob.objects.of(request.user).select_related("undo_of")[:JOBS_SHOWN]
    return render(request, "feedback/bulk_jobs.html", {"jobs": jobs})


@staff_with(CHANGE)
@require_GET
def bulk_job(request: SignedInRequest, pk: int) -> HttpResponse:
    """One job; asks again by itself while it is under way."""
    job = get_object_or_404(
        BulkJob.objects.of(request.user).select_related("undone_by", "undo_of"), pk=pk
    )
    refused = job.items.filter(outcome=ItemOutcome.REFUSED).order_by("pk")
    context = {
        "job": job,
        # By number only: what it is about is not for those who may not see it any more.
        "refused": refused.values_list("feedback__number", "sentence")[:REFUSED_SHOWN],
        "refused_shown": REFUSED_SHOWN,
        "may_be_undone": job.may_be_undone(timezone.now()),
        "back": f"{reverse('feedback:queue')}?{job.list_query}",
        "left": job.total - job.done,
    }
    if is_htmx(request):
        return render(request, "feedback/_bulk_job.html", context)
    context["lead"] = value_of_job(job)
    return render(request, "feedback/bulk_job.html", context)


@staff_with(CHANGE)
@require_GET
def refused_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Everything that was not changed, with its reason, as CSV."""
    job = get_object_or_404(BulkJob.objects.of(request.user), pk=pk)
    items = BulkItem.objects.filter(job=job, outcome=ItemOutcome.REFUSED).order_by("pk")
    rows = items.values_list("feedback__number", "sentence").iterator(chunk_size=2000)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    head = [_("Number"), _("Why not")]
    write_table(file, head, rows, format_=ExportFormat.CSV, title=_("Not changed"))
    return as_download(file, ExportFormat.CSV, _("Not changed"))


@staff_with(CHANGE)
@require_POST
def change_job(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """cancel, retry (what was refused), undo."""
    job = get_object_or_404(BulkJob.objects.of(request.user), pk=pk)
    actions: dict[str, Callable[[], BulkJob]] = {
        "cancel": lambda: services.cancel_job(job.pk, by=request.user),
        "retry": lambda: services.retry_job(job.pk, by=request.user),
        "undo": lambda: services.undo_job(job.pk, by=request.user),
    }
    if what not in actions:
        raise Http404
    try:
        job = actions[what]()
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("feedback:bulk_job", pk=job.pk)
