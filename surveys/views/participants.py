"""What staff do while an event goes on: sign people up, tick who came, take notes."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from config.kernel.numbers import row_id
from feedback.models import Feedback
from surveys.enums import BookedBy
from surveys.forms.gatherings import NoteForm, ParticipantForm
from surveys.models import Booking, Gathering, GatheringNote
from surveys.services.booking import (
    book,
    book_again,
    cancel_booking,
    sign_in_at_the_door,
    tick_attendance,
)
from surveys.services.gathering_notes import make_feedback_of, remove_note, take_note
from surveys.views.gatherings import LOOK, event_page, gathering_of

ANSWERS = {"came": True, "missed": False, "unknown": None}


@staff_with(LOOK, "surveys.add_booking")
@require_POST
def add_participant(request: SignedInRequest, pk: int) -> HttpResponse:
    one = gathering_of(pk)
    form = ParticipantForm(request.POST)
    if not form.is_valid():
        return event_page(request, one, adding=form, status=422)
    given = form.cleaned_data
    try:
        if given.pop("came"):
            booking, is_new = sign_in_at_the_door(one.pk, **given)
        else:
            booking, is_new = book(one.pk, how=BookedBy.STAFF, **given)
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return event_page(request, one, adding=form, status=422)
    if not is_new:
        toast(request, _("This address was signed up already."))
    elif booking.is_booked:
        toast(request, _("Signed up."))
    else:
        toast(request, _("Put on the waiting list: all places are taken."))
    return redirect("surveys:gathering", pk=pk)


@staff_with(LOOK, "surveys.change_booking")
@require_POST
def tick(request: SignedInRequest, pk: int, booking_id: int, what: str) -> HttpResponse:
    """One person; with htmx only their row is drawn anew."""
    if what not in ANSWERS:
        raise Http404
    one = get_object_or_404(Gathering, pk=pk)
    booking = get_object_or_404(Booking, pk=booking_id, gathering=one)
    try:
        tick_attendance(one.pk, [booking.pk], attended=ANSWERS[what])
    except DomainError as refusal:
        return event_page(request, gathering_of(pk), problem=str(refusal.message), status=422)
    if not is_htmx(request):
        return redirect("surveys:gathering", pk=pk)
    booking = Booking.objects.select_related("customer").get(pk=booking.pk)
    context = {"person": booking, "gathering": one, "may_tick": True}
    return render(request, "surveys/gatherings/_participant.html", context)


@staff_with(LOOK, "surveys.change_booking")
@require_POST
def tick_several(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """Those that are chosen, or everybody else (`rest`)."""
    one = get_object_or_404(Gathering, pk=pk)
    if what not in {*ANSWERS, "rest"}:
        raise Http404
    chosen = [row_id(given) for given in request.POST.getlist("booking")]
    rows = one.bookings.filter(pk__in=[pk for pk in chosen if pk is not None])
    known = list(rows.values_list("pk", flat=True))
    try:
        if what == "rest":
            changed = tick_attendance(one.pk, None, attended=False)
        else:
            changed = tick_attendance(one.pk, known, attended=ANSWERS[what])
    except DomainError as refusal:
        return event_page(request, gathering_of(pk), problem=str(refusal.message), status=422)
    words = ngettext("%(n)s person was ticked.", "%(n)s people were ticked.", changed)
    toast(request, words % {"n": changed})
    return redirect("surveys:gathering", pk=pk)


@staff_with(LOOK, "surveys.change_booking")
@require_POST
def change_booking(request: SignedInRequest, pk: int, booking_id: int, what: str) -> HttpResponse:
    one = get_object_or_404(Gathering, pk=pk)
    booking = get_object_or_404(Booking, pk=booking_id, gathering=one)
    try:
        match what:
            case "cancel":
                cancel_booking(booking.pk)
                toast(request, _("Cancelled."))
            case "again":
                book_again(booking.pk, how=BookedBy.STAFF)
                toast(request, _("Signed up."))
            case _unknown:
                raise Http404
    except DomainError as refusal:
        return event_page(request, gathering_of(pk), problem=str(refusal.message), status=422)
    return redirect("surveys:gathering", pk=pk)


@staff_with(LOOK, "surveys.add_gatheringnote")
@require_POST
def add_note(request: SignedInRequest, pk: int) -> HttpResponse:
    one = gathering_of(pk)
    form = NoteForm(request.POST, gathering=one)
    if not form.is_valid():
        return event_page(request, one, noting=form, status=422)
    given = form.cleaned_data
    note = take_note(
        one.pk,
        text=given["text"],
        key=given["key"],
        by=request.user,
        booking_id=given["booking"].pk if given["booking"] else None,
        as_feedback=given["as_feedback"],
        category=given["category"],
    )
    if note.feedback is not None:
        toast(request, _("Written down as #%(number)s.") % {"number": note.feedback.number})
    else:
        toast(request, _("Written down."))
    return redirect("surveys:gathering", pk=pk)


@staff_with(LOOK, "surveys.add_gatheringnote")
@require_POST
def change_note(request: SignedInRequest, pk: int, note_id: int, what: str) -> HttpResponse:
    seen = Feedback.objects.visible_to(request.user)
    rows = GatheringNote.objects.filter(Q(feedback=None) | Q(feedback__in=seen))
    note = get_object_or_404(rows, pk=note_id, gathering=pk)
    match what:
        case "feedback":
            feedback = make_feedback_of(note.pk, by=request.user)
            toast(request, _("Written down as #%(number)s.") % {"number": feedback.number})
        case "remove":
            if remove_note(note.pk):
                toast(request, _("Removed."))
            else:
                toast(request, _("It has become feedback, which stays."))
        case _unknown:
            raise Http404
    return redirect("surveys:gathering", pk=pk)
