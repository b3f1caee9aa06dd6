"""Events for staff: the list, one event, what is changed about it."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.spreadsheets import csv_lines
from feedback.models import Feedback
from surveys.distribution.gathering_mail import sign_up_url
from surveys.errors import GatheringRefused
from surveys.forms.gatherings import CallOffForm, GatheringForm, NoteForm, ParticipantForm
from surveys.models import Gathering, GatheringNote
from surveys.selectors.gatherings import (
    listed_gatherings,
    participant_head,
    participant_rows,
    participants,
)
from surveys.services.booking import free_places
from surveys.services.gathering_surveys import send_survey, to_be_asked
from surveys.services.gatherings import (
    call_off_gathering,
    copy_gathering,
    publish_gathering,
    remove_gathering,
    save_gathering,
)
from surveys.views.language import chosen_language

LOOK, ADD = "surveys.view_gathering", "surveys.add_gathering"
CHANGE, REMOVE = "surveys.change_gathering", "surveys.delete_gathering"
PEOPLE = "surveys.view_booking"
EVENTS_A_PAGE, PEOPLE_A_PAGE = 50, 200


@staff_with(LOOK)
@require_GET
def gatherings(request: SignedInRequest) -> HttpResponse:
    past = request.GET.get("when") == "past"
    here = reverse("surveys:gatherings")
    page = Paginator(listed_gatherings(past=past), EVENTS_A_PAGE)
    context = {
        "past": past,
        "tabs": [
            {"label": pgettext("events", "Upcoming"), "url": here, "current": not past},
            {"label": pgettext("events", "Past"), "url": f"{here}?when=past", "current": past},
        ],
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "surveys/gatherings/list.html", context)


@staff_with(LOOK)
@require_GET
def gathering(request: SignedInRequest, pk: int) -> HttpResponse:
    return event_page(request, gathering_of(pk))


def gathering_of(pk: int) -> Gathering:
    """Raises Http404."""
    rows = Gathering.objects.with_counts().select_related("owner", "team", "survey", "collector")
    return get_object_or_404(rows, pk=pk)


def event_page(
    request: SignedInRequest,
    one: Gathering,
    *,
    adding: ParticipantForm | None = None,
    noting: NoteForm | None = None,
    calling_off: CallOffForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of an event; with what somebody typed and could not be kept."""
    user = request.user
    sees_people = user.has_perm(PEOPLE)
    page = None
    if sees_people:
        page = Paginator(participants(one), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    may_note = user.has_perm("surveys.add_gatheringnote")
    context: dict[str, Any] = {
        "gathering": one,
        "page": page,
        "free": free_places(one),
        "notes": _notes(one, user) if user.has_perm("surveys.view_gatheringnote") else None,
        "adding": (adding or ParticipantForm(initial={"language": chosen_language()}))
        if user.has_perm("surveys.add_booking") and not one.is_cancelled
        else None,
        "noting": (noting or NoteForm(gathering=one)) if may_note else None,
        "calling_off": (calling_off or CallOffForm()) if user.has_perm(CHANGE) else None,
        "problem": problem,
        "sign_up_url": sign_up_url(one),
        "may_change": user.has_perm(CHANGE),
        "may_remove": user.has_perm(REMOVE),
        "may_tick": user.has_perm("surveys.change_booking") and not one.is_cancelled,
        "asked": to_be_asked(one).exclude(address="").count()
        if one.survey_id and one.is_over and one.surveyed_at is None
        else None,
    }
    return render(request, "surveys/gatherings/event.html", context, status=status)


def _notes(one: Gathering, user: User) -> list[GatheringNote]:
    """Without what was said in those that have become records which this person may not see."""
    notes = list(one.notes.select_related("booking", "feedback", "by"))
    about = [note.feedback_id for note in notes if note.feedback_id is not None]
    seen = set(Feedback.objects.visible_to(user).filter(pk__in=about).values_list("pk", flat=True))
    for note in notes:
        if note.feedback_id is not None and note.feedback_id not in seen:
            note.text, note.booking, note.is_closed = "", None, True  # type: ignore[attr-defined]
    return notes


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_gathering(request: SignedInRequest) -> HttpResponse:
    begins_at = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    begins_at += timedelta(days=14)
    blank = Gathering(
        begins_at=begins_at, ends_at=begins_at + timedelta(hours=1), owner=request.user
    )
    return _edit(request, blank)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_gathering(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Gathering, pk=pk))


def _edit(request: SignedInRequest, one: Gathering) -> HttpResponse:
    is_new = one.pk is None
    title = "" if is_new else one.title
    form = GatheringForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            saved = save_gathering(form.instance)
        except DomainError as refusal:
            field = refusal.field if isinstance(refusal, GatheringRefused) else "capacity"
            form.add_error(field or None, str(refusal.message))
        else:
            toast(request, _in_words(saved.moved_up, saved.told))
            return redirect("surveys:gathering", pk=saved.gathering.pk)
    context = {"form": form, "gathering": one, "is_new": is_new, "title": title}
    status = 422 if form.errors else 200
    return render(request, "surveys/gatherings/edit.html", context, status=status)


def _in_words(moved_up: int, told: int) -> str:
    words = [_("Saved.")]
    if moved_up:
        words.append(
            ngettext(
                "%(n)s person moved up from the waiting list.",
                "%(n)s people moved up from the waiting list.",
                moved_up,
            )
            % {"n": moved_up}
        )
    return " ".join([*words, *_told_words(told)])


def _told_words(told: int) -> list[str]:
    """A sentence, or none when nobody is told."""
    if not told:
        return []
    words = ngettext("%(n)s person is told by mail.", "%(n)s people are told by mail.", told)
    return [words % {"n": told}]


@staff_with(CHANGE)
@require_POST
def change_gathering(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    one = gathering_of(pk)
    form = CallOffForm(request.POST)
    if what == "call-off" and not form.is_valid():
        return event_page(request, one, calling_off=form, status=422)
    try:
        words = _change(request, one, what, form)
    except DomainError as refusal:
        return event_page(request, one, problem=str(refusal.message), status=422)
    toast(request, words)
    return redirect("surveys:gathering", pk=pk)


def _change(request: SignedInRequest, one: Gathering, what: str, form: CallOffForm) -> str:
    match what:
        case "publish":
            publish_gathering(one.pk)
            return _("Published: people can sign up.")
        case "call-off":
            told = call_off_gathering(one.pk, **form.cleaned_data)
            return " ".join([_("Called off."), *_told_words(told)])
        case "survey":
            made = send_survey(one.pk, by=request.user)
            return ngettext(
                "%(n)s person is invited to the survey.",
                "%(n)s people are invited to the survey.",
                made.invited,
            ) % {"n": made.invited}
    raise Http404


@staff_with(ADD)
@require_POST
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    made = copy_gathering(get_object_or_404(Gathering, pk=pk).pk, by=request.user)
    toast(request, _("Copied: this is a draft, nobody can sign up yet."))
    return redirect("surveys:edit_gathering", pk=made.pk)


@staff_with(REMOVE)
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    if remove_gathering(get_object_or_404(Gathering, pk=pk).pk):
        toast(request, _("Removed."))
        return redirect("surveys:gatherings")
    toast(request, _("People signed up for it: it can be called off, not removed."))
    return redirect("surveys:gathering", pk=pk)


@staff_with(LOOK, PEOPLE)
@require_GET
def participant_file(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    one = get_object_or_404(Gathering, pk=pk)
    lines = csv_lines(participant_head(), list(participant_rows(one)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="event-{one.pk}.csv"'
    return answer


@staff_with(LOOK, PEOPLE)
@require_GET
def participant_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """For the door: names with a box to tick by hand."""
    one = get_object_or_404(Gathering, pk=pk)
    context = {
        "gathering": one,
        "people": participants(one).booked(),  # type: ignore[attr-defined]
        "now": timezone.now(),
    }
    return render(request, "surveys/gatherings/sheet.html", context)
