"""Working on one record together: who follows it, who is there, whom a note may mention."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import is_htmx
from feedback.models import Feedback
from feedback.selectors.duplicates import duplicates_of
from feedback.selectors.following import (
    MENTIONABLE_AT_MOST,
    followers_of,
    handle_of,
    others_here,
    people_who_may_see,
    who_is_where,
)
from feedback.selectors.links import links_of, merged_records
from feedback.services.following import follow, unfollow
from feedback.services.notifying import mark_read
from feedback.services.presence import be_present, leave
from feedback.views.records import CHANGE, READ, visible_or_404

ROWS_AT_MOST = 200


@staff_with(READ)
@require_GET
def together(request: SignedInRequest, number: int) -> HttpResponse:
    """The card beside the conversation; a page of its own without a script."""
    return _card(request, visible_or_404(request.user, number))


def _card(request: SignedInRequest, feedback: Feedback) -> HttpResponse:
    followers = followers_of(feedback)
    context = {
        "feedback": feedback,
        "followers": followers,
        "follows": any(one.pk == request.user.pk for one in followers),
        "suggested": duplicates_of(feedback, request.user),
        "merged": merged_records(feedback),
        "links": links_of(feedback, request.user),
        "may_change": request.user.has_perm(CHANGE),
    }
    template = "feedback/_together.html" if is_htmx(request) else "feedback/together.html"
    return render(request, template, context)


@staff_with(READ)
@require_POST
def following(request: SignedInRequest, number: int) -> HttpResponse:
    """Follow (`follow=1`) or stop following."""
    feedback = visible_or_404(request.user, number)
    if request.POST.get("follow") == "1":
        follow(feedback.pk, by=request.user)
    else:
        unfollow(feedback.pk, by=request.user)
    if is_htmx(request):
        return _card(request, feedback)
    messages.success(request, _("Saved."))
    return redirect(feedback)


@staff_with(READ)
@require_GET
def mentionable(request: SignedInRequest, number: int) -> HttpResponse:
    """Whom a note of this record may mention: fetched when somebody types @."""
    feedback = visible_or_404(request.user, number)
    people = list(people_who_may_see(feedback)[:MENTIONABLE_AT_MOST])
    offered = [
        {"person": one, "handle": handle_of(one, people)}
        for one in people
        if one.pk != request.user.pk
    ]
    return render(request, "feedback/_mentionable.html", {"offered": offered})


@staff_with(READ)
@require_POST
def presence(request: SignedInRequest, number: int) -> HttpResponse:
    """An open page says that it is there; it is told who else is. What the person was to be told
    about this record, they see now."""
    feedback = visible_or_404(request.user, number)
    if request.POST.get("leave") == "1":
        leave(feedback.pk, by=request.user)
        return HttpResponse(status=204)
    be_present(feedback.pk, by=request.user, is_writing=request.POST.get("writing") == "1")
    mark_read(request.user, feedback_id=feedback.pk)
    others = others_here(feedback, request.user)
    context = {
        "writing": [one for one in others if one.is_writing],
        "viewing": [one for one in others if not one.is_writing],
    }
    return render(request, "feedback/_presence.html", context)


@staff_with(READ)
@require_GET
def queue_presence(request: SignedInRequest) -> HttpResponse:
    """The marks in the rows of a list: who has which of these records open."""
    given = request.GET.getlist("row")[:ROWS_AT_MOST]
    rows = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) <= 18]
    here = who_is_where(rows, request.user) if rows else {}
    context = {"rows": [(pk, here.get(pk, [])) for pk in dict.fromkeys(rows)]}
    return render(request, "feedback/_queue_presence.html", context)
