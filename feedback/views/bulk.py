from collections.abc import Callable
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, safe_next, toast
from config.kernel.numbers import row_id
from feedback.enums import BulkAction
from feedback.errors import FilterNotKnown, NothingToUndo
from feedback.forms.bulk import BulkForm
from feedback.models import Feedback
from feedback.models.feedback import FeedbackQuerySet
from feedback.selectors.macros import macros_for
from feedback.selectors.queue import queue_records, queue_url, read_query
from feedback.selectors.snooze_times import snooze_times
from feedback.services import bulk as services
from feedback.services.bulk import BulkOutcome, Refused
from feedback.services.bulk_jobs import order_job
from feedback.services.undo import remember_for_undo, undo
from feedback.views.queue import unknown_filter
from feedback.views.records import CHANGE

AT_ONCE = 100  # records that are changed while one waits; more of them are a job
# What can be taken back together is remembered under the name of what it changed.
UNDO_OF = {"assignee": "assign", "team": "assign", "tag": "tag"}


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def bulk(request: SignedInRequest) -> HttpResponse:
    """Change many records at once: GET shows what can be changed, POST changes it.

    The records are the checked ones (`id`), or with `all` every record of the list (`list`).
    """
    given = request.POST if request.method == "POST" else request.GET
    back = f"{reverse('feedback:queue')}?{given.get('list', '')}"
    try:
        records = chosen_records(
            request, given.getlist("id"), given.get("list", ""), "all" in given
        )
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    ids = list(records.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if not ids:
        messages.warning(request, _("Select some records first."))
        return redirect(back)
    form = BulkForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_valid():
        context = {
            "form": form,
            "ids": ids,
            "given": given,
            "back": back,
            "at_once": AT_ONCE,
            "macros": macros_for(request.user),
        }
        return render(request, "feedback/bulk.html", context, status=422 if form.is_bound else 200)
    try:
        if len(ids) > AT_ONCE:
            job = order_job(
                records,
                by=request.user,
                action=BulkAction(form.cleaned_data["action"]),
                params=form.params(),
                list_query=given.get("list", ""),
            )
            return redirect("feedback:bulk_job", pk=job.pk)
        outcome = _do(form, ids)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(back)
    action = form.cleaned_data["action"]
    report_bulk(request, outcome, UNDO_OF.get(action, action))
    return redirect(back)


@staff_with(CHANGE)
@require_GET
def bulk_menus(request: SignedInRequest) -> HttpResponse:
    """The menus of the bulk bar, fetched when somebody begins to select."""
    context = {
        "form": BulkForm(user=request.user),
        "snooze_times": snooze_times(timezone.now()),
        "macros": macros_for(request.user),
    }
    return render(request, "feedback/_bulk_menus.html", context)


@staff_with(CHANGE)
@require_POST
def undo_last(request: SignedInRequest, key: str) -> HttpResponse:
    """The Undo button of a toast."""
    back = safe_next(request, queue_url())
    try:
        outcome = undo(key, by=request.user)
    except NothingToUndo as refusal:
        messages.warning(request, str(refusal.message))
    else:
        if outcome.changed:
            messages.success(request, _("Undone."))
        _tell_refused(request, outcome.refused)
    if is_htmx(request):
        return HttpResponseClientRedirect(back)
    return redirect(back)


def chosen_records(
    request: SignedInRequest, given: list[str], query: str, everything: bool
) -> FeedbackQuerySet:
    """The checked records (`given`), or all of the list. Raises FilterNotKnown."""
    if everything:
        return queue_records(read_query(query, request.user), request.user)
    wanted = [pk for pk in map(row_id, given) if pk is not None]
    return Feedback.objects.visible_to(request.user).filter(pk__in=wanted)


def _do(form: BulkForm, ids: list[int]) -> BulkOutcome:
    data, by = form.cleaned_data, form.user
    actions: dict[str, Callable[[], BulkOutcome]] = {
        "assignee": lambda: services.assign_many(ids, by=by, assignee=form.person()),
        "team": lambda: services.move_many(ids, by=by, team=data["team"]),
        "status": lambda: services.change_status_of_many(ids, by=by, status=data["status"]),
        "priority": lambda: services.prioritise_many(ids, by=by, priority=data["priority"]),
        "snooze": lambda: services.snooze_many(ids, by=by, until=data["until"]),
        "category": lambda: services.categorise_many(ids, by=by, category=form.kind()),
        "tag": lambda: services.tag_many(ids, by=by, names=[data["tag"]]),
    }
    return actions[data["action"]]()


def report_bulk(request: SignedInRequest, outcome: BulkOutcome, action: str) -> None:
    count = len(outcome.changed)
    if count:
        key = remember_for_undo(action, outcome.changed, by=request.user)
        words = ngettext("%(n)d record changed.", "%(n)d records changed.", count) % {"n": count}
        toast(request, words, undo_url=reverse("feedback:undo", args=[key]))
    elif not outcome.refused:
        messages.info(request, _("They were like that already."))
    _tell_refused(request, outcome.refused)


def _tell_refused(request: SignedInRequest, refused: list[Refused]) -> None:
    """One message per reason, naming every record."""
    in_order = sorted(refused, key=lambda one: (one.sentence, one.number))
    for sentence, group in groupby(in_order, key=lambda one: one.sentence):
        numbers = " ".join(f"#{one.number}" for one in group)
        words = _("Not changed: %(numbers)s. %(reason)s")
        messages.error(request, words % {"numbers": numbers, "reason": sentence})
