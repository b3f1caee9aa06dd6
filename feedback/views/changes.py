"""Changing something in place on the page of a record.

With htmx the side of the page is drawn anew; without a script the browser comes back to the page.
Whoever saw an older version gets a 409 with both.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team, User
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from feedback.enums import Priority, State
from feedback.errors import Stale
from feedback.forms.queue import category_choices
from feedback.forms.record import SeenForm
from feedback.models import Category, Feedback, Status, Tag
from feedback.selectors.record import next_statuses, people_for
from feedback.selectors.snooze_times import snooze_times
from feedback.selectors.story import last_entry_id
from feedback.services.bulk import Changed
from feedback.services.undo import remember_for_undo
from feedback.views.change_kinds import ABOUT, CHANGES, Change, tag_names
from feedback.views.record import Opened, changes_since, open_record, record_context
from feedback.views.records import CHANGE

TAGS_OFFERED = 200


@staff_with(CHANGE)
@require_POST
def change(request: SignedInRequest, number: int, what: str) -> HttpResponse:
    """Change one thing about a record."""
    kind = _kind(what)
    if kind.permission and not request.user.has_perm(kind.permission):
        raise PermissionDenied
    opened = open_record(request, number)
    form = kind.form(request.POST, **kind.about(opened.feedback))
    if not form.is_valid():
        return choices_page(request, opened, what, form)
    before, version = kind.before(opened.feedback), opened.feedback.version
    try:
        after = kind.write(opened.feedback, request.user, form.cleaned_data)
    except Stale as stale:
        return _conflict(request, opened, what, form, stale)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return _fresh(request, opened)
    if after.version != version:
        _say(request, kind, Changed(after.pk, after.number, after.version, before))
    return _fresh(request, opened)


def _kind(what: str) -> Change:
    if what not in CHANGES:
        raise Http404
    return CHANGES[what]


def _say(request: SignedInRequest, kind: Change, changed: Changed) -> None:
    undo_url = ""
    if kind.undo:
        key = remember_for_undo(kind.undo, [changed], by=request.user)
        undo_url = reverse("feedback:undo", args=[key])
    toast(request, kind.done, undo_url=undo_url)


def _fresh(request: SignedInRequest, opened: Opened) -> HttpResponse:
    # Read again: the service wrote to its own copy; and whoever hands a record to another team
    # may no longer see it.
    visible = Feedback.objects.visible_to(request.user).filter(pk=opened.feedback.pk).exists()
    if not is_htmx(request):
        return redirect(opened.url if visible else opened.list_url)
    if not visible:
        return HttpResponseClientRedirect(opened.list_url)
    was_closed = opened.feedback.state == State.CLOSED
    opened = open_record(request, opened.feedback.number)
    if was_closed != (opened.feedback.state == State.CLOSED):
        return HttpResponseClientRedirect(opened.url)  # the editor comes or goes with it
    context = record_context(request, opened)
    return render(request, "feedback/_record_fresh.html", context)


def _conflict(
    request: SignedInRequest, opened: Opened, what: str, form: SeenForm, stale: Stale
) -> HttpResponse:
    """409: what others did beside what was asked for; it can be done all the same, or left."""
    kind, feedback = CHANGES[what], opened.feedback
    hidden = {"csrfmiddlewaretoken", "version", "seen"}
    context = {
        "opened": opened,
        "feedback": feedback,
        "what": what,
        "label": kind.label,
        "sentence": stale.message,
        "lines": changes_since(feedback, form.cleaned_data["seen"]),
        "both": kind.both(feedback, form.cleaned_data),
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in hidden
            for value in values
        ],
        "version": stale.current_version,
        "seen": last_entry_id(feedback),
    }
    if is_htmx(request):
        response = render(request, "feedback/_conflict.html", context, status=409)
        response["HX-Retarget"] = "#record-conflict"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "feedback/conflict.html", context, status=409)


@staff_with(CHANGE)
@require_GET
def choices(request: SignedInRequest, number: int, what: str) -> HttpResponse:
    """What one thing can be changed to: the body of its menu, or a page without a script."""
    kind = _kind(what)
    opened = open_record(request, number)
    form = kind.form(initial=_initial(opened, what), **kind.about(opened.feedback))
    return choices_page(request, opened, what, form)


def choices_page(
    request: SignedInRequest, opened: Opened, what: str, form: forms.Form
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    feedback = opened.feedback
    context = {
        "opened": opened,
        "feedback": feedback,
        "what": what,
        "label": CHANGES[what].label,
        "form": form,
        # What the page shows, not what is there now: the difference is what a 409 is about.
        "version": given.get("version", feedback.version),
        "seen": given.get("seen") or last_entry_id(feedback),
        **_offer(request, feedback, what),
    }
    status = 422 if form.is_bound else 200
    template = "feedback/_choices.html" if is_htmx(request) else "feedback/choices.html"
    response = render(request, template, context, status=status)
    if form.is_bound and is_htmx(request):
        response["HX-Retarget"] = "#record-conflict"
        response["HX-Reswap"] = "innerHTML"
    return response


def _initial(opened: Opened, what: str) -> dict[str, Any]:
    feedback = opened.feedback
    if what == "about":
        return {name: getattr(feedback, name) for name in ABOUT}
    if what == "tags":
        return {"tags": ", ".join(tag_names(feedback))}
    return {}


def _offer(request: SignedInRequest, feedback: Feedback, what: str) -> dict[str, Any]:
    """The choices of a menu, under the name that the template knows."""
    offers: dict[str, Callable[[], dict[str, Any]]] = {
        "status": lambda: {"statuses": next_statuses(feedback, Status.objects.active())},
        "snooze": lambda: {"times": snooze_times(timezone.now())},
        "priority": lambda: {"priorities": list(reversed(Priority.choices))},
        "assignee": lambda: {"people": _people(feedback, request.user)},
        "team": lambda: {"teams": Team.objects.active()},
        "category": lambda: {"categories": _categories()},
        "tags": lambda: {"known_tags": _known_tags()},
    }
    return offers.get(what, dict)()


def _people(feedback: Feedback, user: User) -> list[User]:
    """Oneself first."""
    return sorted(people_for(feedback), key=lambda one: one.pk != user.pk)


def _categories() -> list[tuple[Category, str]]:
    categories = list(Category.objects.active())
    by_code = {one.code: one for one in categories}
    return [(by_code[code], name) for code, name in category_choices(categories)]


def _known_tags() -> list[str]:
    names = Tag.objects.filter(archived_at=None).values_list("name", flat=True)
    return list(names[:TAGS_OFFERED])
