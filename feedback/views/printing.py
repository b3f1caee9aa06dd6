"""Records and lists on paper: plain pages that load nothing from elsewhere."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import cover_in_conversations, cover_in_lists
from feedback.enums import Direction
from feedback.errors import FilterNotKnown
from feedback.models import Message
from feedback.selectors.list_rows import ids_in_order, rows_of
from feedback.selectors.queue import columns_of, read_query
from feedback.views.queue import unknown_filter
from feedback.views.records import READ, record_or_404

MOST_ROWS = 1000


@staff_with(READ)
@require_GET
def print_record(request: SignedInRequest, number: int) -> HttpResponse:
    """A record with its conversation. Internal notes only when they are asked for (`notes`), so
    that a page that is handed to a customer does not hold them by accident."""
    feedback = record_or_404(request.user, number)
    with_notes = request.GET.get("notes") == "1"
    messages: Any = Message.objects.filter(feedback=feedback, is_recalled=False)
    if not with_notes:
        messages = messages.exclude(direction=Direction.NOTE)
    context = {
        "feedback": feedback,
        "cover": cover_in_conversations(request.user),
        "messages_shown": messages.select_related("author")
        .prefetch_related("attachments")
        .order_by("created_at", "pk"),
        "with_notes": with_notes,
        "now": timezone.now(),
    }
    return render(request, "feedback/print_record.html", context)


@staff_with(READ)
@require_GET
def print_list(request: SignedInRequest) -> HttpResponse:
    """A list with the columns that it has on the page, to a thousand rows."""
    try:
        state = read_query(request.GET.get("list", ""), request.user)
    except FilterNotKnown as unknown:
        return unknown_filter(request, unknown)
    columns = columns_of(state, request.user)
    ids = ids_in_order(state, request.user, most=MOST_ROWS + 1)
    context = {
        "state": state,
        "columns": columns,
        "rows": rows_of(ids[:MOST_ROWS], columns, cover=cover_in_lists(request.user)),
        "more": len(ids) > MOST_ROWS,
        "most": MOST_ROWS,
        "now": timezone.now(),
    }
    return render(request, "feedback/print_list.html", context)
