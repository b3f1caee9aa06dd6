"""Comments of colleagues on a survey, its pages and its questions."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from surveys.errors import NotYourComment
from surveys.forms.commenting import CommentForm
from surveys.models import SurveyComment
from surveys.selectors.comments import people_who_may_comment, threads_of, titles_of
from surveys.services import building
from surveys.services.commenting import (
    comments_were_read,
    remove_comment,
    settle_comment,
    write_comment,
)
from surveys.views.building import CHANGE
from surveys.views.tabs import survey_of, survey_tabs


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def comments(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """All of them, and a field for another; `about` chooses what it is about."""
    survey = survey_of(slug)
    raw = building.current_version(survey.pk).definition
    titles = titles_of(raw)
    form = CommentForm(
        request.POST or None, titles=titles, initial={"about": request.GET.get("about", "")}
    )
    if form.is_valid():
        page, element = form.place
        try:
            written = write_comment(
                survey.pk, form.cleaned_data["text"], by=request.user, page=page, element=element
            )
        except DomainError as refusal:
            form.add_error("text", str(refusal.message))
        else:
            toast(request, _("Your comment is there."))
            return redirect(written)
    comments_were_read(survey, request.user)
    others = people_who_may_comment().exclude(pk=request.user.pk)
    context = {
        "survey": survey,
        "tabs": survey_tabs(survey, request.user, "questions"),
        "form": form,
        "threads": threads_of(survey, raw),
        "people": others[:50],
    }
    return render(
        request, "surveys/builder/comments.html", context, status=422 if form.errors else 200
    )


@staff_with(CHANGE)
@require_POST
def change_comment(request: SignedInRequest, slug: UUID, pk: int, what: str) -> HttpResponse:
    """settle, open, remove."""
    comment = get_object_or_404(SurveyComment, pk=pk, survey__slug=slug)
    url = reverse("surveys:comments", args=[slug])
    if what == "remove":
        try:
            remove_comment(comment.pk, by=request.user)
        except NotYourComment as refusal:
            toast(request, refusal.message)
        return redirect(url)
    settle_comment(comment.pk, by=request.user, settled=what == "settle")
    return redirect(f"{url}#comment-{comment.pk}")
