"""The review: one card after the other, what is doubtful first."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import SignedInRequest, staff_with
from accounts.errors import FilterNotKnown
from accounts.models import User
from analytics.errors import ReviewedMeanwhile
from analytics.forms.reviewing import ReviewForm
from analytics.selectors.category_names import category_names
from analytics.selectors.reading_card import (
    Further,
    further_options_of,
    mood_choices,
    options_of,
    percent,
    usual_options,
    words_of,
)
from analytics.selectors.review_queue import (
    COUNTED_AT_MOST,
    ReviewList,
    count_waiting,
    done_today,
    due_draw,
    due_second_look,
    filter_fields,
    next_to_review,
    one_to_review,
    read_list,
    second_looks,
)
from analytics.services.reviewing import (
    Reviewed,
    latest_review,
    look_again,
    remember_review,
    undo_review,
)
from analytics.services.reviewing import review as say
from analytics.views.drawn_cards import is_drawn_card, mark_of_drawn
from analytics.views.reading_tabs import REVIEW, reading_tabs
from config.kernel.http import is_htmx, safe_next, toast
from config.kernel.kept import settings_at
from feedback.enums import Doubt, Urgency
from feedback.errors import NothingToUndo, Stale, TooManyCategories
from feedback.models import Assessment

READ = "feedback.view_feedback"
PAGE = "analytics:review"


@staff_with(REVIEW, READ)
@require_GET
def review(request: SignedInRequest) -> HttpResponse:
    """The next card of the list that the address names; `record`: this one."""
    try:
        which = read_list(request.GET.dict())
    except FilterNotKnown as unknown:
        return _unknown_filter(request, unknown)
    number = request.GET.get("record", "")
    wanted = None
    if number.isascii() and number.isdigit() and len(number) < 16:
        wanted = one_to_review(request.user, int(number))
    if wanted is not None and wanted.reviewed_at is not None:
        wanted = None
    return _page(request, which, wanted)


def _unknown_filter(request: HttpRequest, unknown: FilterNotKnown) -> HttpResponse:
    context = {"refusal": unknown, "action": _("Open the review"), "action_url": reverse(PAGE)}
    return render(request, "layout/unknown_filter.html", context, status=400)


@staff_with(REVIEW, READ)
@require_POST
def review_record(request: SignedInRequest, number: int) -> HttpResponse:
    """What somebody says of one card; the next one comes."""
    which = _list_of(request)
    assessment = one_to_review(request.user, number)
    if assessment is None:
        raise Http404
    is_second = request.POST.get("second") == "1"
    is_drawn = not is_second and is_drawn_card(request, assessment)
    kind = {"is_second": is_second, "is_drawn": is_drawn}
    form = ReviewForm(request.POST, assessment, settles=True, is_drawn=is_drawn)
    if not form.is_valid():
        return _page(request, which, assessment, form=form, **kind, status=422)
    try:
        reviewed = _write(request, assessment, form, is_second=is_second)
    except Stale as stale:
        messages.warning(request, str(stale.message))
        again = one_to_review(request.user, number)
        return _page(request, which, again, form=form, **kind, status=409)
    except TooManyCategories as refusal:
        messages.warning(request, str(refusal.message))
        return _page(request, which, assessment, form=form, **kind, status=409)
    except ReviewedMeanwhile as refusal:
        messages.info(request, str(refusal.message))
    else:
        say_so(request, reviewed)
    if is_htmx(request):
        return _page(request, which)
    return redirect(_url(which))


def _write(
    request: SignedInRequest, assessment: Assessment, form: ReviewForm, *, is_second: bool
) -> Reviewed:
    if is_second:
        if not second_looks(request.user).filter(pk=assessment.pk).exists():
            raise ReviewedMeanwhile
        return look_again(assessment.pk, by=request.user, **form.said())
    version = form.cleaned_data["version"]
    said = form.said() | form.further() | {"is_drawn": form.is_drawn}
    return say(assessment.pk, by=request.user, version=version, only_if_open=True, **said)


def say_so(request: SignedInRequest, reviewed: Reviewed) -> None:
    key = remember_review(reviewed, by=request.user)
    undo_url = reverse("analytics:undo_review", args=[key])
    toast(request, _("#%(number)s: noted.") % {"number": reviewed.number}, undo_url=undo_url)


@staff_with(REVIEW, READ)
@require_POST
def undo(request: SignedInRequest, key: str) -> HttpResponse:
    """The Undo button of a toast: the card comes back."""
    back = safe_next(request, reverse(PAGE))
    try:
        number = undo_review(key, by=request.user)
    except NothingToUndo as refusal:
        messages.warning(request, str(refusal.message))
    else:
        messages.success(request, _("Undone."))
        path, _mark, query = back.partition("?")
        if path == reverse(PAGE):
            back = f"{path}?{_with_record(query, number)}"
    return HttpResponseClientRedirect(back) if is_htmx(request) else redirect(back)


def _with_record(query: str, number: int) -> str:
    kept = [part for part in query.split("&") if part and not part.startswith("record=")]
    return "&".join([*kept, urlencode({"record": number})])


def _list_of(request: SignedInRequest) -> ReviewList:
    """The list that a card was taken from; one that makes no sense is forgotten."""
    try:
        return read_list(request.POST.dict())
    except FilterNotKnown:
        return ReviewList()


def _url(which: ReviewList) -> str:
    return f"{reverse(PAGE)}?{which.query}" if which.query else reverse(PAGE)


def _page(
    request: SignedInRequest,
    which: ReviewList,
    wanted: Assessment | None = None,
    *,
    form: ReviewForm | None = None,
    is_second: bool = False,
    is_drawn: bool = False,
    status: int = 200,
) -> HttpResponse:
    with settings_at():
        done = done_today(request.user)
        chosen = _Chosen(wanted, is_second=is_second, is_drawn=is_drawn)
        if wanted is None:
            chosen = _next_card(request.user, which, done)
        return _shown(request, which, chosen, done, form=form, status=status)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The record of the card, and why it is shown."""

    assessment: Assessment | None
    is_second: bool = False
    is_drawn: bool = False


def _next_card(user: User, which: ReviewList, done: int) -> _Chosen:
    if second := due_second_look(user, which, done):
        return _Chosen(second, is_second=True)
    if drawn := due_draw(user, which, done):
        return _Chosen(drawn, is_drawn=True)
    found = next_to_review(user, which)
    if found is None and not which.query:
        second = second_looks(user).select_related("feedback").first()
        return _Chosen(second, is_second=second is not None)
    return _Chosen(found)


def _shown(
    request: SignedInRequest,
    which: ReviewList,
    chosen: _Chosen,
    done: int,
    *,
    form: ReviewForm | None,
    status: int,
) -> HttpResponse:
    shown = chosen.assessment
    is_extra = chosen.is_second or chosen.is_drawn
    left = count_waiting(request.user, which)
    in_words = f"{COUNTED_AT_MOST}+" if left > COUNTED_AT_MOST else str(left)
    context: dict[str, Any] = {
        "which": which,
        "filters": filter_fields(which),
        "here": _url(which),
        "list_url": _url(which.behind(None)),
        "done": done,
        "left": left,
        "left_in_words": in_words,
        "tabs": reading_tabs(request.user, PAGE, review=in_words),
        "card": _card(request, chosen, shown, form) if shown else None,
        "latest": latest_review(request.user),
        "skip_url": _url(which.behind(0 if is_extra else shown.pk)) if shown else "",
    }
    template = "analytics/_review.html" if is_htmx(request) else "analytics/review.html"
    return render(request, template, context, status=status)


def _card(
    request: SignedInRequest, chosen_card: _Chosen, assessment: Assessment, form: ReviewForm | None
) -> dict[str, Any]:
    is_second = chosen_card.is_second
    drawn = mark_of_drawn(request, assessment) if chosen_card.is_drawn else ""
    typed = form.data if form is not None else {}
    found = options_of(assessment)
    # A second look is taken without what the first one said.
    now = "" if is_second else category_names().get(assessment.feedback.category_id or 0, "")
    options = found or ([] if now else usual_options())
    chosen = typed.get("mood", assessment.mood)
    urgency = str(typed.get("urgency", "" if assessment.urgency is None else assessment.urgency))
    return {
        "assessment": assessment,
        "feedback": assessment.feedback,
        "is_second": is_second,
        "drawn": drawn,
        "why": _why(assessment, chosen_card),
        "words": words_of(assessment),
        "options": options,
        "are_usual": bool(options) and not found,
        # A second look is about what was measured: the category, sentiment and urgency.
        "further": [] if is_second else _proposed_further(assessment),
        "proposed": found[0] if found and assessment.category_id else None,
        "now": now,
        "mood_percent": percent(assessment.sentiment_confidence),
        "names": sorted(category_names(offered=True).values()),
        "moods": mood_choices(chosen),
        "urgencies": [
            {"value": str(level), "label": label, "chosen": str(level) == urgency}
            for level, label in Urgency.choices
        ],
        "other": typed.get("other", ""),
        "form": form,
        "errors": _errors(form),
    }


def _proposed_further(assessment: Assessment) -> list[Further]:
    return [one for one in further_options_of(assessment, assessment.feedback) if not one.is_said]


def _errors(form: ReviewForm | None) -> list[str]:
    if form is None:
        return []
    return [str(words) for found in form.errors.values() for words in found]


def _why(assessment: Assessment, chosen: _Chosen) -> str:
    if chosen.is_second:
        return _("A second look: somebody has said what it is; how far do you agree?")
    if chosen.is_drawn:
        return _(
            "Drawn at random from everything that was read: it shows how right the machine is."
        )
    words = {
        Doubt.CATEGORY: _("It is not certain what this is about."),
        Doubt.SENTIMENT: _("It is not certain how this is meant."),
        Doubt.IRONY: _("This may be meant ironically."),
        Doubt.SAMPLE: _(
            "A random sample of what the machine was sure of: it shows how right it is."
        ),
    }
    said = words.get(Doubt(assessment.doubt)) if assessment.doubt else None
    return said or pgettext("a reading", "The machine was sure of this.")
