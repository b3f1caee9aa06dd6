"""The page on which customers answer. It works without a script and sets no cookie.

GET changes nothing at all: mail scanners open every link. There is no CSRF token because there
is no session to ride on; who may answer is said by the link alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from config.kernel.headers import secret_address
from config.kernel.http import typed_text
from config.kernel.ratelimit import client_address, within_limit
from surveys.enums import DuplicatePolicy, ResponseStatus
from surveys.errors import AnswersRefused, LinkExpired, NotOpen
from surveys.flow.definition import Definition, parse
from surveys.flow.walk import answers_in_form, presets
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Collector, Invitation, Response
from surveys.selectors.answers import said_in, stored_answers, with_answers
from surveys.selectors.circumstances import circumstances_of
from surveys.selectors.doors import (
    Door,
    Entry,
    address_to_write_to,
    call_expected,
    entry_by,
    open_collector,
    response_to,
)
from surveys.selectors.rewards import thanked_with
from surveys.services.answer_files import take_in_files, with_files
from surveys.services.answering import (
    Submission,
    submit_response,
    version_to_answer,
    was_handed_in,
)
from surveys.views.language import chosen_language, speaking

PER_VISITOR_AND_HOUR = 60
TRAP = "website"


@dataclass(frozen=True, slots=True)
class Way:
    """By which link somebody came."""

    collector: Collector
    invitation: Invitation | None = None

    @property
    def cookie(self) -> str:
        return f"answered-{self.collector.pk}"

    def thanks_url(self, response: Response) -> str:
        if self.invitation is not None:
            return reverse("surveys:thanks", args=[self.invitation.token])
        return reverse("surveys:open_thanks", args=[self.collector.token, response.key])


@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """By a personal link."""
    invitation = _invitation(token)
    if invitation is None:
        return turned_away(request, None)
    way = Way(invitation.collector, invitation)
    return speaking(request, invitation.language, lambda: _answer(request, way))


@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer_openly(request: HttpRequest, token: str) -> HttpResponse:
    """By a link that anybody may follow."""
    collector = open_collector(token)
    if collector is None:
        return turned_away(request, None)
    return speaking(request, collector.language, lambda: _answer(request, Way(collector)))


@public
@secret_address
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _invitation(token)
    if invitation is None:
        return turned_away(request, None)
    response = response_to(invitation)
    if response is None:
        return HttpResponseRedirect(reverse("surveys:answer", args=[token]))
    return speaking(request, invitation.language, lambda: _thanks(request, response))


@public
@secret_address
@require_safe
def open_thanks(request: HttpRequest, token: str, key: UUID) -> HttpResponse:
    collector = open_collector(token)
    if collector is None:
        return turned_away(request, None)
    complete = Response.objects.filter(collector=collector, status=ResponseStatus.COMPLETE)
    response = get_object_or_404(complete, key=key)
    return speaking(request, collector.language, lambda: _thanks(request, response))


def _invitation(token: str) -> Invitation | None:
    return Invitation.objects.select_related(
        "collector__survey", "customer", "feedback__mailbox"
    ).of_token(token)


def _answer(request: HttpRequest, way: Way) -> HttpResponse:
    if way.collector.duplicates == DuplicatePolicy.COOKIE and way.cookie in request.COOKIES:
        return turned_away(request, Entry(Door.USED), way)
    if request.method == "POST":
        return _post(request, way)
    entry = entry_by(way.collector, way.invitation)
    if entry.door != Door.OPEN:
        return turned_away(request, entry, way)
    version = version_to_answer(way.collector)
    definition = parse(version.definition)
    chosen = presets(definition, dict(request.GET.lists()))
    sheet = _sheet(way, definition, chosen, Stamp.new(version.number))
    return _page(request, way, sheet, is_preset=bool(chosen))


def _post(request: HttpRequest, way: Way) -> HttpResponse:
    stamp = Stamp.read(request.POST.get("stamp", ""))
    try:
        version = version_to_answer(way.collector, stamp.version if stamp else None)
    except NotOpen:
        return turned_away(request, entry_by(way.collector, way.invitation), way)
    definition = parse(version.definition)
    answers = answers_in_form(definition, dict(request.POST.lists()))
    answers = with_files(definition, answers)
    sheet = _sheet(way, definition, answers, stamp or Stamp.new(version.number))
    if "switch_language" in request.POST:
        return _page(request, way, sheet)
    if way.invitation is None and (stamp is None or not _may_send(request, way, stamp)):
        problem, status = ("stamp", 422) if stamp is None else ("often", 429)
        return _page(request, way, sheet, status=status, problem=problem)
    answers = take_in_files(definition, request.FILES, answers)
    return _submit_or_ask_again(request, way, replace(sheet, answers=answers))


def _sheet(way: Way, definition: Definition, answers: Mapping[str, Any], stamp: Stamp) -> Sheet:
    language = chosen_language()
    customer = way.invitation.customer if way.invitation else None
    return Sheet(definition, language, answers, {}, stamp, circumstances_of(customer, language))


def _may_send(request: HttpRequest, way: Way, stamp: Stamp) -> bool:
    if was_handed_in(way.collector.pk, stamp.nonce):  # sent again: nothing new, nothing to count
        return True
    visitor = f"answer:{way.collector.pk}:{client_address(request)}"
    return within_limit(visitor, limit=PER_VISITOR_AND_HOUR, seconds=3600)


def _submit_or_ask_again(request: HttpRequest, way: Way, sheet: Sheet) -> HttpResponse:
    try:
        submission = _submit(request, way, sheet)
    except AnswersRefused as refusal:
        return _page(request, way, replace(sheet, errors=refusal.errors), status=422)
    except (NotOpen, LinkExpired):
        entry = entry_by(way.collector, way.invitation)
        return turned_away(request, entry, way, typed=typed_text(request.POST))
    return _to_thanks(way, submission.response)


def _submit(request: HttpRequest, way: Way, sheet: Sheet) -> Submission:
    return submit_response(
        way.collector.pk,
        answers=sheet.answers,
        language=sheet.language,
        version_number=sheet.stamp.version,
        invitation_id=way.invitation.pk if way.invitation else None,
        idempotency_key=None if way.invitation else sheet.stamp.nonce,
        started_at=sheet.stamp.served_at,
        source={"mode": "page"},
        is_counted=not request.POST.get(TRAP),
    )


def _to_thanks(way: Way, response: Response) -> HttpResponse:
    query = urlencode({"lang": chosen_language()})
    redirect = HttpResponseRedirect(f"{way.thanks_url(response)}?{query}")
    if way.collector.duplicates == DuplicatePolicy.COOKIE:
        # What the survey's owner asked for; it says no more than "answered".
        redirect.set_cookie(
            way.cookie, "1", max_age=365 * 24 * 3600, httponly=True, samesite="Lax"
        )
    return redirect


def _page(
    request: HttpRequest,
    way: Way,
    sheet: Sheet,
    *,
    status: int = 200,
    is_preset: bool = False,
    problem: str = "",
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "survey": way.collector.survey,
        "feedback": way.invitation.feedback if way.invitation else None,
        "is_open_link": way.invitation is None,
        "is_preset": is_preset,
        "problem": problem,
        "trap": TRAP,
    }
    return render(request, "surveys/answer/page.html", context, status=status)


def _thanks(request: HttpRequest, response: Response) -> HttpResponse:
    response = with_answers(Response.objects.select_related("feedback__status", "version")).get(
        pk=response.pk
    )
    definition = parse(response.version.definition)
    context = {
        "sheet": Sheet(
            definition,
            chosen_language(),
            stored_answers(response, definition),
            {},
            Stamp.new(response.version.number),
        ),
        "response": response,
        # Not what was worked out or came with the link.
        "said": [one for one in said_in(response) if one.question.code in response.shown],
        "thanked": thanked_with(response),
        "feedback": response.feedback,
        "call": call_expected(response.feedback),
    }
    return render(request, "surveys/answer/thanks.html", context)


def turned_away(
    request: HttpRequest,
    entry: Entry | None,
    way: Way | None = None,
    typed: Sequence[str] = (),
) -> HttpResponse:
    """A kind page for a link that does not lead on, with another way to speak to us. `entry` is
    None for a link that never was one of ours; `typed` is given back to whoever wrote it."""
    feedback = way.invitation.feedback if way is not None and way.invitation else None
    context = {
        "door": entry.door.value if entry is not None else "foreign",
        "at": entry.at if entry is not None else None,
        "feedback": feedback,
        "address": address_to_write_to(feedback),
        "typed": typed,
    }
    return render(
        request, "surveys/answer/closed.html", context, status=410 if entry is not None else 404
    )
