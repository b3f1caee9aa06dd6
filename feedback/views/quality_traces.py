"""Quality traces: the list and one of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from feedback.errors import FilterNotKnown
from feedback.forms.negative import TraceForm
from feedback.models import QualityTrace
from feedback.selectors.quality_traces import PAGE_SIZE, same_defect, traces_for_list
from feedback.selectors.record import people_for
from feedback.services.quality_traces import FIELDS, start_trace, write_trace
from feedback.views.queue import unknown_filter
from feedback.views.records import CHANGE, READ, visible_or_404

OTHERS = 10


@staff_with(READ)
@require_GET
def traces(request: SignedInRequest) -> HttpResponse:
    which = request.GET.get("which") or "open"
    if which not in {"open", "closed"}:
        return unknown_filter(request, FilterNotKnown("which", which[:60]))
    rows = traces_for_list(request.user, which)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    labels = {
        "open": pgettext("a quality trace", "Open"),
        "closed": pgettext("a quality trace", "Closed"),
    }
    tabs = [
        {
            "label": label,
            "url": f"{reverse('feedback:traces')}?which={name}",
            "current": name == which,
        }
        for name, label in labels.items()
    ]
    return render(request, "feedback/traces.html", {"page": page, "tabs": tabs})


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def trace(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = QualityTrace.objects.visible_to(request.user)
    one = get_object_or_404(
        visible.select_related("feedback__team", "feedback__customer", "product", "owner"), pk=pk
    )
    may_change = request.user.has_perm(CHANGE)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = TraceForm(request.POST or None, instance=one)
    form.offer(people_for(one.feedback))
    if form.is_valid():
        try:
            given = {name: form.cleaned_data[name] for name in FIELDS}
            write_trace(one.pk, by=request.user, **given)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("feedback:trace", pk=pk)
    context = {
        "trace": one,
        "feedback": one.feedback,
        "form": form,
        "may_change": may_change,
        "others": list(same_defect(one, request.user)[:OTHERS]),
    }
    return render(request, "feedback/trace.html", context, status=422 if form.is_bound else 200)


@staff_with(CHANGE)
@require_POST
def new_trace(request: SignedInRequest, number: int) -> HttpResponse:
    """Begin one by hand; the one that is there already is opened."""
    feedback = visible_or_404(request.user, number)
    made = start_trace(feedback.pk, by=request.user)
    found = made or QualityTrace.objects.filter(feedback=feedback).first()
    return redirect("feedback:trace", pk=found.pk) if found else redirect(feedback)
