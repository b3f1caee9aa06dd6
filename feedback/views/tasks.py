"""Tasks: the list, one task, and what came of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import safe_next
from feedback.enums import TaskKind
from feedback.errors import FilterNotKnown
from feedback.forms.record import AssigneeForm, OutcomeForm, PostponeForm, TaskForm
from feedback.models import Task
from feedback.panels import page_for
from feedback.selectors.record import people_for
from feedback.selectors.tasks import (
    PAGE_SIZE,
    WHOSE,
    task_counts,
    tasks_for_list,
    tasks_visible_to,
)
from feedback.services.followup import finish_task
from feedback.services.tasks import give_task, plan_task, postpone_task
from feedback.views.queue import unknown_filter
from feedback.views.records import READ, visible_or_404

WORK = "feedback.change_task"
CALL_WITHIN = timedelta(hours=24)


@staff_with(READ)
@require_GET
def tasks(request: SignedInRequest) -> HttpResponse:
    whose = request.GET.get("whose") or "mine"
    if whose not in WHOSE:
        return unknown_filter(request, FilterNotKnown("whose", whose))
    page = Paginator(tasks_for_list(request.user, whose), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    counts = task_counts(request.user)
    labels = {"mine": _("Mine"), "team": _("All of my teams"), "done": _("Done")}
    tabs = [
        {
            "label": labels[name],
            "url": f"{reverse('feedback:tasks')}?whose={name}",
            "current": name == whose,
            "count": counts.get(name),
        }
        for name in WHOSE
    ]
    context = {"page": page, "tabs": tabs, "whose": whose, "now": timezone.now()}
    return render(request, "feedback/tasks.html", context)


def _task(request: SignedInRequest, pk: int) -> Task:
    found = tasks_visible_to(request.user).select_related(
        "feedback__customer", "feedback__team", "assignee", "done_by"
    )
    return get_object_or_404(found.prefetch_related("feedback__customer__contact_points"), pk=pk)


@staff_with(READ)
@require_GET
def task(request: SignedInRequest, pk: int) -> HttpResponse:
    return _task_page(request, _task(request, pk))


def _task_page(
    request: SignedInRequest,
    one: Task,
    *,
    outcome: OutcomeForm | None = None,
    postpone: PostponeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    tomorrow = timezone.localtime() + timedelta(days=1)
    context = {
        "task": one,
        "feedback": one.feedback,
        "customer": one.feedback.customer,
        "outcome": outcome or OutcomeForm(),
        "postpone": postpone or PostponeForm(initial={"due_at": _minute(tomorrow)}),
        "people": people_for(one.feedback),
        "may_work": request.user.has_perm(WORK),
        "done_on": page_for(one, request.user),
    }
    return render(request, "feedback/task.html", context, status=status)


@staff_with(WORK)
@require_POST
def task_done(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _task(request, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _task_page(request, one, outcome=form, status=422)
    finish_task(one.pk, by=request.user, outcome=form.cleaned_data["outcome"])
    messages.success(request, _("Done."))
    return redirect(safe_next(request, reverse("feedback:tasks")))


@staff_with(WORK)
@require_POST
def task_postpone(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _task(request, pk)
    form = PostponeForm(request.POST)
    if not form.is_valid():
        return _task_page(request, one, postpone=form, status=422)
    try:
        postpone_task(one.pk, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Put off."))
    return redirect(safe_next(request, reverse("feedback:tasks")))


@staff_with(WORK)
@require_POST
def task_give(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _task(request, pk)
    form = AssigneeForm(request.POST)
    if form.is_valid():
        try:
            give_task(one.pk, by=request.user, assignee=form.cleaned_data["assignee"])
        except DomainError as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Assigned."))
    else:
        messages.error(request, _("There is nobody like that."))
    return redirect("feedback:task", pk=one.pk)


@staff_with(WORK)
@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest, number: int) -> HttpResponse:
    """Plan to call a customer back."""
    feedback = visible_or_404(request.user, number)
    initial = {
        "due_at": _minute(timezone.localtime() + CALL_WITHIN),
        "assignee": feedback.assignee or request.user,
    }
    form = TaskForm(request.POST or None, initial=initial)
    form.offer(people_for(feedback))
    if form.is_valid():
        try:
            plan_task(feedback.pk, by=request.user, kind=TaskKind.CALL_BACK, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Planned."))
            return redirect(feedback)
    status = 422 if form.is_bound else 200
    context = {"form": form, "feedback": feedback}
    return render(request, "feedback/plan_task.html", context, status=status)


def _minute(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
