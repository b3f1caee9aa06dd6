"""What is not sent yet: the text in the editor as the server keeps it, and what goes later."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from feedback.errors import DraftStale
from feedback.forms.public import SeveralFiles, incoming
from feedback.forms.record import DraftForm
from feedback.models import Draft, Feedback
from feedback.selectors.drafts import own_draft_files, scheduled_answers
from feedback.services.drafts import keep_files, save_draft, take_over_draft
from feedback.services.scheduling import send_scheduled_now, take_back_scheduled
from feedback.views.record import open_record
from feedback.views.records import CHANGE, REPLY, visible_or_404


@staff_with(CHANGE)
@require_POST
def draft(request: SignedInRequest, number: int) -> HttpResponse:
    """Save what is being typed. 409 with the other text when another window saved, too."""
    feedback = visible_or_404(request.user, number)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        kept = save_draft(feedback.pk, by=request.user, **form.cleaned_data)
    except DraftStale as stale:
        return JsonResponse({"version": stale.version, "text": stale.text}, status=409)
    return JsonResponse({"version": kept.version if kept else 0})


@staff_with(CHANGE)
@require_POST
def draft_files(request: SignedInRequest, number: int) -> HttpResponse:
    """Keep files beside the text at once, so that the draft has them on another device."""
    feedback = visible_or_404(request.user, number)
    refused = ""
    try:
        files = SeveralFiles(required=False).clean(request.FILES.getlist("files"))
        keep_files(feedback.pk, by=request.user, files=incoming(files))
    except DomainError as refusal:
        refused = str(refusal.message)
    except ValidationError as refusal:
        refused = " ".join(refusal.messages)
    mine = Draft.objects.in_editor().filter(feedback=feedback, user=request.user).first()
    context = {
        "kept": list(own_draft_files(feedback, request.user)),
        "unticked": set(request.POST.getlist("without")),
        "version": mine.version if mine else 0,
        "refusal": refused,
    }
    status = 422 if refused else 200
    return render(request, "feedback/_draft_files.html", context, status=status)


@staff_with(REPLY)
@require_POST
def take_over(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """A colleague's unsent text, copied into one's own editor."""
    opened = open_record(request, number)
    try:
        take_over_draft(_on(opened.feedback, pk), by=request.user)
    except Draft.DoesNotExist:
        messages.info(request, _("That text was sent or discarded meanwhile."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("A copy of the text is in your editor."))
    return redirect(f"{opened.url}#composer")


@staff_with(REPLY)
@require_POST
def scheduled(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Send an answer now that waits for its time, or put it back into the editor (`do`)."""
    opened = open_record(request, number)
    try:
        if request.POST.get("do") == "send":
            send_scheduled_now(_on(opened.feedback, pk), by=request.user)
            messages.success(request, _("The answer is on its way."))
        else:
            take_back_scheduled(_on(opened.feedback, pk), by=request.user)
            messages.success(request, _("Taken back. The text is in your editor."))
    except Draft.DoesNotExist:
        messages.info(request, _("That answer was sent or taken back meanwhile."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(opened.url)


@staff_with(REPLY)
@require_GET
def scheduled_list(request: SignedInRequest) -> HttpResponse:
    """All answers that wait for their time or were held back; with `mine` one's own."""
    rows = scheduled_answers(request.user)
    is_mine = "mine" in request.GET
    if is_mine:
        rows = rows.filter(user=request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "is_mine": is_mine}
    return render(request, "feedback/scheduled.html", context)


def _on(feedback: Feedback, pk: int) -> int:
    """`pk`, if that is a draft on this record."""
    if not Draft.objects.filter(feedback=feedback, pk=pk).exists():
        raise Http404
    return pk
