"""What happened when: one page for all notes on the time line."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.forms.boards import NoteForm
from analytics.models import TimelineNote
from analytics.selectors.choice import teams_of
from analytics.selectors.window import today
from analytics.services.timeline_notes import remove_note, save_note
from analytics.views.boards.pages import READ
from config.kernel.paging import CappedPaginator

CHANGE = "analytics.change_timelinenote"
_A_PAGE = 50


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def timeline_notes(request: SignedInRequest) -> HttpResponse:
    """The list, and the form for another one."""
    return _page(request, None)


@staff_with(READ, CHANGE)
@require_http_methods(["GET", "POST"])
def timeline_note(request: SignedInRequest, note_id: int) -> HttpResponse:
    return _page(request, _visible(request, note_id))


@staff_with(READ, CHANGE)
@require_POST
def drop_note(request: SignedInRequest, note_id: int) -> HttpResponse:
    remove_note(_visible(request, note_id).pk)
    messages.success(request, _("The note is removed."))
    return redirect("analytics:timeline_notes")


def _visible(request: SignedInRequest, note_id: int) -> TimelineNote:
    note = TimelineNote.objects.visible_to(request.user).filter(pk=note_id).first()
    if note is None:
        raise Http404
    return note


def _page(request: SignedInRequest, note: TimelineNote | None) -> HttpResponse:
    may_change = request.user.has_perm(CHANGE)
    if request.method == "POST" and not may_change:
        raise Http404
    form: NoteForm | None = None
    if may_change:
        form = NoteForm(
            request.POST or None,
            instance=note,
            initial=None if note else {"day": today(timezone.now())},
            teams=teams_of(request.user),
        )
    if request.method == "POST" and form is not None and form.is_valid():
        note_id = note.pk if note else None
        save_note(by=request.user, note_id=note_id, **form.cleaned_data)
        messages.success(request, _("Saved. It stands on every line."))
        return redirect("analytics:timeline_notes")
    rows = TimelineNote.objects.visible_to(request.user).select_related("team", "made_by")
    context: dict[str, Any] = {
        "form": form,
        "note": note,
        "rows": CappedPaginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "may_change": may_change,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "analytics/boards/notes.html", context, status=status)
