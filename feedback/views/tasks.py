"""Tasks: the list, one task, and what came of it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, covers_of, staff_with
from accounts.models import User
from accounts.selectors.personal_data import Cover
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, safe_next
from config.kernel.numbers import row_id
from feedback.enums import TaskKind
from feedback.errors import FilterNotKnown
from feedback.forms.record import AssigneeForm, CommentForm, OutcomeForm, PostponeForm, TaskForm
from feedback.models import Commitment, Task
from feedback.panels import page_for
from feedback.selectors.commitments import today
from feedback.selectors.record import people_for
from feedback.selectors.sentences.words import task_words
from feedback.selectors.tasks import (
    MOST_IN_A_FILE,
    PAGE_SIZE,
    SORTS,
    WHOSE,
    task_counts,
    tasks_for_list,
    tasks_visible_to,
)
from feedback.services.checklists import add_item, remove_item, tick_item
from feedback.services.followup import finish_task
from feedback.services.tasks import give_task, note_on_task, plan_task, postpone_task
from feedback.views.exports import table_as_file
from feedback.views.queue import unknown_filter
from feedback.views.records import READ, visible_or_404

WORK = "feedback.change_task"
CALL_WITHIN = timedelta(hours=24)


@staff_with(READ)
@require_GET
def tasks(request: SignedInRequest) -> HttpResponseBase:
    given = {name: request.GET.get(name, "") for name in ("whose", "kind", "sort")}
    whose = given["whose"] or "mine"
    known = {"whose": WHOSE, "kind": TaskKind.values, "sort": SORTS}
    for name, value in given.items():
        if value and value not in known[name]:
            return unknown_filter(request, FilterNotKnown(name, value[:60]))
    rows = tasks_for_list(request.user, whose, kind=given["kind"], sort=given["sort"])
    if file := table_as_file(request, _("Tasks"), *_table(rows, covers_of(request).in_lists)):
        return file
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": _tabs(request.user, whose),
        "whose": whose,
        "now": timezone.now(),
        "kinds": _choices(given, "kind", [("", _("Any")), *TaskKind.choices]),
        "sorts": _choices(given, "sort", _sort_labels()),
        "overdue_commitments": Commitment.objects.overdue(today())
        .filter(owner=request.user)
        .count(),
    }
    return render(request, "feedback/tasks.html", context)


def _tabs(user: User, whose: str) -> list[dict[str, Any]]:
    counts = task_counts(user)
    labels = {
        "mine": _("Mine"),
        "team": _("All of my teams"),
        "today": _("Due today"),
        "overdue": _("Overdue"),
        "done": _("Done"),
    }
    return [
        {
            "label": labels[name],
            "url": f"{reverse('feedback:tasks')}?whose={name}",
            "current": name == whose,
            "count": counts.get(name),
        }
        for name in WHOSE
    ]


def _sort_labels() -> list[tuple[str, str]]:
    return [
        ("due", _("Due first")),
        ("priority", _("Highest priority")),
        ("newest", _("Newest first")),
    ]


def _choices(
    given: dict[str, str], name: str, choices: Sequence[tuple[Any, Any]]
) -> list[dict[str, Any]]:
    """Links that change one part of the list's address."""
    found = []
    for value, label in choices:
        query = urlencode({key: one for key, one in (given | {name: value}).items() if one})
        current = given[name] == value or (name == "sort" and not given[name] and value == "due")
        found.append({"label": label, "url": f"?{query}", "current": current})
    return found


def _table(tasks: QuerySet[Task], cover: Cover) -> tuple[list[str], Iterator[list[Any]]]:
    """The list as a file has it; read only when a file is asked for."""
    head = [_("Task"), _("Due"), _("Done"), _("Customer"), _("Record"), _("Subject"), _("Who")]
    return [*head, _("Outcome")], (
        [
            task_words(one.kind, one.reason),
            one.due_at,
            one.done_at,
            str(one.feedback.customer),
            one.feedback.number,
            cover(one.feedback.subject),
            str(one.done_by or one.assignee or ""),
            one.outcome,
        ]
        for one in tasks[:MOST_IN_A_FILE].iterator(chunk_size=500)
    )


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
    comment: CommentForm | None = None,
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
        "items": list(one.items.select_related("done_by")),
        "notes": list(one.notes.order_by("created_at", "pk")),
        "comment": comment or CommentForm(),
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
@require_POST
def task_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tick a step (`item`), take that back, remove it, or add one (`text`)."""
    one = _task(request, pk)
    item_id = row_id(request.POST.get("item", ""))
    item = get_object_or_404(one.items, pk=item_id) if item_id is not None else None
    try:
        if item is None:
            add_item(one.pk, by=request.user, text=request.POST.get("text", ""))
        elif request.POST.get("do") == "remove":
            remove_item(item.pk, by=request.user)
        else:
            tick_item(item.pk, by=request.user, done=request.POST.get("do") == "tick")
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    if not is_htmx(request):
        return redirect("feedback:task", pk=pk)
    items = list(one.items.select_related("done_by"))
    context = {"task": one, "items": items, "may_work": True}
    return render(request, "feedback/_checklist.html", context)


@staff_with(WORK)
@require_POST
def task_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    one = _task(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            note_on_task(one.pk, by=request.user, text=form.cleaned_data["text"])
        except DomainError as refusal:
            form.add_error("text", str(refusal.message))
        else:
            messages.success(request, _("Note added."))
            return redirect("feedback:task", pk=pk)
    return _task_page(request, one, comment=form, status=422)


@staff_with(WORK)
@require_http_methods(["GET", "POST"])
def plan(request: SignedInRequest, number: int) -> HttpResponse:
    """Plan something to do beside answering: a call-back, unless something else is chosen."""
    feedback = visible_or_404(request.user, number)
    initial = {
        "due_at": _minute(timezone.localtime() + CALL_WITHIN),
        "assignee": feedback.assignee or request.user,
        "kind": TaskKind.CALL_BACK,
        "priority": feedback.priority,
    }
    form = TaskForm(request.POST or None, initial=initial)
    form.offer(people_for(feedback))
    if form.is_valid():
        try:
            plan_task(feedback.pk, by=request.user, **form.cleaned_data)
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
