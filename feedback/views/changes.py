"""Changes in place on the page of a record: status, people, priority, category, tags, details.

Each is one form and one service. With htmx the side of the page is drawn anew; without a script
the browser comes back to the page. Whoever saw an older version gets a 409 with both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import Team, User
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from feedback.enums import Priority
from feedback.errors import Stale
from feedback.forms.queue import category_choices
from feedback.forms.record import (
    AboutForm,
    AssigneeForm,
    CategoryForm,
    PriorityForm,
    SeenForm,
    StatusForm,
    TagsForm,
    TeamForm,
)
from feedback.models import Category, Feedback, Status, Tag
from feedback.selectors.record import next_statuses, people_for
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.bulk import Changed
from feedback.services.details import set_about, set_category, set_priority, set_tags
from feedback.services.undo import remember_for_undo
from feedback.services.workflow import change_status
from feedback.views.record import Opened, changes_since, open_record, record_context
from feedback.views.records import CHANGE

TAGS_OFFERED = 200
ABOUT = ("subject", "product", "order_number", "place", "journey_stage")


Both = tuple[Any, Any, Any]  # label, as it is now, as somebody wants it


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change. `write` calls the service with the cleaned data; `before` is what
    services.undo needs to give back (`undo` is its name there, "" = cannot be undone);
    `both` words what the record has beside what the person asked for, field by field."""

    label: Promise
    form: type[SeenForm]
    write: Callable[[Feedback, User, dict[str, Any]], Feedback]
    before: Callable[[Feedback], Any]
    undo: str
    both: Callable[[Feedback, dict[str, Any]], list[Both]]
    done: Promise


def _assign(feedback: Feedback, user: User, data: dict[str, Any]) -> Feedback:
    return assign_feedback(
        feedback.pk,
        by=user,
        assignee=data["assignee"],
        team=feedback.team,
        version=data["version"],
    )


def _move(feedback: Feedback, user: User, data: dict[str, Any]) -> Feedback:
    team, assignee = data["team"], feedback.assignee
    if team is not None and assignee is not None and not may_work_in(assignee, team):
        assignee = None
    return assign_feedback(
        feedback.pk, by=user, assignee=assignee, team=team, version=data["version"]
    )


def _whose(feedback: Feedback) -> Any:
    return [feedback.assignee_id, feedback.team_id]


def _tags(feedback: Feedback) -> list[str]:
    return sorted(tag.name for tag in feedback.tags.all())


CHANGES: dict[str, Change] = {
    "status": Change(
        label=_("Status"),
        form=StatusForm,
        write=lambda one, user, data: change_status(
            one.pk, by=user, status=data["status"], version=data["version"]
        ),
        before=lambda one: one.status_id,
        undo="status",
        both=lambda one, data: [(_("Status"), one.status, data["status"])],
        done=_("Status changed."),
    ),
    "priority": Change(
        label=_("Priority"),
        form=PriorityForm,
        write=lambda one, user, data: set_priority(
            one.pk, by=user, priority=data["priority"], version=data["version"]
        ),
        before=lambda one: one.priority,
        undo="priority",
        both=lambda one, data: [
            (_("Priority"), one.get_priority_display(), Priority(data["priority"]).label)
        ],
        done=_("Priority changed."),
    ),
    "assignee": Change(
        label=_("Assignee"),
        form=AssigneeForm,
        write=_assign,
        before=_whose,
        undo="assign",
        both=lambda one, data: [
            (_("Assignee"), one.assignee or _("nobody"), data["assignee"] or _("nobody"))
        ],
        done=_("Assigned."),
    ),
    "team": Change(
        label=_("Team"),
        form=TeamForm,
        write=_move,
        before=_whose,
        undo="assign",
        both=lambda one, data: [(_("Team"), one.team or "–", data["team"] or "–")],
        done=_("Handed over."),
    ),
    "category": Change(
        label=_("Category"),
        form=CategoryForm,
        write=lambda one, user, data: set_category(
            one.pk, by=user, category=data["category"], version=data["version"]
        ),
        before=lambda one: one.category_id,
        undo="category",
        both=lambda one, data: [(_("Category"), one.category or "–", data["category"] or "–")],
        done=_("Category changed."),
    ),
    "tags": Change(
        label=_("Tags"),
        form=TagsForm,
        write=lambda one, user, data: set_tags(
            one.pk, by=user, names=data["tags"], version=data["version"]
        ),
        before=lambda one: _tags(one),
        undo="tag",
        both=lambda one, data: [
            (_("Tags"), ", ".join(_tags(one)) or "–", ", ".join(data["tags"]) or "–")
        ],
        done=_("Tags changed."),
    ),
    "about": Change(
        label=_("Details"),
        form=AboutForm,
        write=lambda one, user, data: set_about(
            one.pk,
            by=user,
            version=data["version"],
            **{name: data[name] for name in ABOUT},
        ),
        before=lambda one: None,
        undo="",
        both=lambda one, data: [
            (AboutForm.base_fields[name].label, getattr(one, name) or "–", data[name] or "–")
            for name in ABOUT
            if getattr(one, name) != data[name]
        ],
        done=_("Details changed."),
    ),
}


@staff_with(CHANGE)
@require_POST
def change(request: SignedInRequest, number: int, what: str) -> HttpResponse:
    """Change one thing about a record."""
    kind = _kind(what)
    opened = open_record(request, number)
    form = kind.form(request.POST)
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
    if not is_htmx(request):
        return redirect(opened.url)
    # Read again: the service wrote to its own copy.
    opened = open_record(request, opened.feedback.number)
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
        "seen": getattr(feedback, "story_end", 0) or 0,
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
    return choices_page(request, opened, what, kind.form(initial=_initial(opened, what)))


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
        "seen": given.get("seen", getattr(feedback, "story_end", 0) or 0),
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
        return {"tags": ", ".join(_tags(feedback))}
    return {}


def _offer(request: SignedInRequest, feedback: Feedback, what: str) -> dict[str, Any]:
    match what:
        case "status":
            return {"statuses": next_statuses(feedback, Status.objects.active())}
        case "priority":
            return {"priorities": list(reversed(Priority.choices))}
        case "assignee":
            people = list(people_for(feedback))
            mine = [one for one in people if one.pk == request.user.pk]
            return {"people": mine + [one for one in people if one.pk != request.user.pk]}
        case "team":
            return {"teams": Team.objects.active()}
        case "category":
            categories = list(Category.objects.active())
            by_code = {one.code: one for one in categories}
            return {
                "categories": [
                    (by_code[code], name) for code, name in category_choices(categories)
                ]
            }
        case "tags":
            names = Tag.objects.filter(archived_at=None).values_list("name", flat=True)
            return {"known_tags": names[:TAGS_OFFERED]}
    return {}
