"""The pages on which customers answer, one after the other. They work without a script.

GET changes nothing at all: mail scanners open every link. There is no CSRF token because there
is no session to ride on; who may answer is said by the link alone. What is typed goes from each
page into a draft (services.drafting), so that nothing is lost when somebody goes back, away, or
takes too long.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from config.kernel.headers import secret_address
from config.kernel.http import typed_text
from config.kernel.ratelimit import client_address, within_limit
from config.kernel.tokens import signature, signature_holds
from surveys.errors import AnswersRefused, LinkExpired, NotOpen
from surveys.flow.definition import Page
from surveys.flow.walk import answers_in_form, presets
from surveys.forms.paging import Paging, changes_of
from surveys.forms.sheet import Stamp
from surveys.models import Invitation, Response, SurveyVersion
from surveys.selectors.asked import definition_of
from surveys.selectors.doors import (
    Door,
    Entry,
    draft_of,
    entry_by,
    open_collector,
)
from surveys.selectors.rewards import has_active_reward
from surveys.services.answer_files import take_in_files, with_files
from surveys.services.answering import submit_response, version_to_answer, was_handed_in
from surveys.services.drafting import keep_draft, with_changes
from surveys.views.answer_pages import (
    TRAP,
    for_thanks,
    kept_page,
    may_keep_on_leaving,
    page_of,
    thanks_page,
    turned_away,
)
from surveys.views.answer_state import (
    before,
    paging_of,
    sheet_begun,
    sheet_of,
    typed_before,
)
from surveys.views.answer_ways import DRAFT, THANKS, Way, in_frames, with_language
from surveys.views.language import speaking

PER_VISITOR_AND_HOUR = 600  # whole halls and offices come from one address
PER_VISITOR_AND_HOUR_REWARDED = 60  # where each answer may be worth something
FILES_PER_VISITOR_AND_HOUR = 100  # pages with files, to all surveys


@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """By a personal link; what was begun by it goes on."""
    invitation = _invitation(token)
    if invitation is None:
        return turned_away(request, None)
    draft = getattr(invitation, "response", None)
    way = Way(invitation.collector, invitation, draft)
    usual = draft.language if draft else invitation.language
    return speaking(request, usual, lambda: _answer(request, way))


@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer_openly(request: HttpRequest, token: str) -> HttpResponse:
    """By a link that anybody may follow."""
    collector = open_collector(token)
    if collector is None:
        return turned_away(request, None)
    page = lambda: speaking(  # noqa: E731
        request, collector.language, lambda: _answer(request, Way(collector))
    )
    return in_frames(request, collector, page)


@public
@secret_address
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, key: UUID, mac: str) -> HttpResponse:
    """What somebody began by an open link goes on."""
    if not signature_holds(DRAFT, str(key), mac):
        return turned_away(request, None)
    draft = draft_of(key)
    if draft is None:
        return turned_away(request, None)
    way = Way(draft.collector, None, draft)
    page = lambda: speaking(request, draft.language, lambda: _answer(request, way))  # noqa: E731
    return in_frames(request, draft.collector, page)


@public
@secret_address
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    invitation = _invitation(token)
    if invitation is None:
        return turned_away(request, None)
    response = for_thanks(Response.objects.over().filter(invitation=invitation)).first()
    if response is None:
        return HttpResponseRedirect(reverse("surveys:answer", args=[token]))
    way = Way(invitation.collector, invitation)
    return speaking(request, invitation.language, lambda: thanks_page(request, way, response))


@public
@secret_address
@require_safe
def open_thanks(request: HttpRequest, token: str, key: UUID, mac: str) -> HttpResponse:
    collector = open_collector(token)
    if collector is None or not signature_holds(THANKS, str(key), mac):
        return turned_away(request, None)
    mine = Response.objects.over().filter(collector=collector)
    response = get_object_or_404(for_thanks(mine), key=key)
    way = Way(collector)
    page = lambda: speaking(  # noqa: E731
        request, collector.language, lambda: thanks_page(request, way, response)
    )
    return in_frames(request, collector, page)


def _invitation(token: str) -> Invitation | None:
    return Invitation.objects.select_related(
        "collector__survey", "customer", "feedback__mailbox", "response__version"
    ).of_token(token)


def _answer(request: HttpRequest, way: Way) -> HttpResponse:
    draft = way.draft
    if draft is not None and draft.is_over and (way.invitation is None or _is_sent(request)):
        return _to_thanks(request, way, draft)
    if way.is_once_a_browser and way.cookie in request.COOKIES:
        return turned_away(request, Entry(Door.USED), way)
    return _post(request, way) if _is_sent(request) else _get(request, way)


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


def _get(request: HttpRequest, way: Way) -> HttpResponse:
    entry = entry_by(way.collector, way.invitation)
    if entry.door != Door.OPEN:
        return turned_away(request, entry, way, typed=typed_before(way))
    if way.draft is not None:
        if "kept" in request.GET and not way.is_kiosk:
            return kept_page(request, way, way.draft)
        sheet = sheet_begun(way, way.draft.version)
        return page_of(request, way, paging_of(way, sheet, request.GET.get("p", "")))
    version = version_to_answer(way.collector)
    definition = definition_of(version)
    chosen = presets(definition, dict(request.GET.lists()))
    sheet = sheet_of(way, definition, chosen, Stamp.new(version.number))
    return page_of(request, way, paging_of(way, sheet), is_preset=bool(chosen))


# --- sending a page -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """A page that came back."""

    request: HttpRequest
    way: Way
    version: SurveyVersion
    stamp: Stamp
    changes: Mapping[str, Any]
    paging: Paging  # with this page open

    @property
    def is_by_hand(self) -> bool:
        return not self.request.POST.get(TRAP)


def _post(request: HttpRequest, way: Way) -> HttpResponse:
    stamp = Stamp.read(request.POST.get("stamp", ""))
    try:
        version = _version(way, stamp)
    except NotOpen:
        return turned_away(request, entry_by(way.collector, way.invitation), way)
    sent = _read(request, way, version, stamp)
    if "switch_language" in request.POST:
        return page_of(request, way, sent.paging)
    if way.invitation is None and way.draft is None:
        if stamp is None:
            return page_of(request, way, sent.paging, status=422, problem="stamp")
        if not _may_send(request, way, stamp):
            return page_of(request, way, sent.paging, status=429, problem="often")
    try:
        return _go(sent, request.POST.get("go", ""))
    except (NotOpen, LinkExpired):
        entry = entry_by(way.collector, way.invitation)
        typed = list(dict.fromkeys((*typed_text(request.POST), *typed_before(way))))
        return turned_away(request, entry, way, typed=typed)


def _version(way: Way, stamp: Stamp | None) -> SurveyVersion:
    """The one that somebody began."""
    if way.draft is not None:
        return way.draft.version
    return version_to_answer(way.collector, stamp.version if stamp else None)


def _read(request: HttpRequest, way: Way, version: SurveyVersion, sent: Stamp | None) -> Sent:
    """What was posted; `sent` is the stamp that came with it, if it is one of ours."""
    stamp = sent or Stamp.new(version.number)
    definition = definition_of(version)
    page = definition.page_named(request.POST.get("page", ""))
    posted = answers_in_form(definition, dict(request.POST.lists()))
    may_keep = bool(request.FILES) and _may_leave_files(request, way, sent)
    posted = take_in_files(definition, request.FILES, posted, may_keep=may_keep)
    begun = before(way, definition)
    asks = request.POST.get("asks", "")
    changes = changes_of(page, posted, asks, is_first=way.draft is None)
    if way.draft is not None and way.draft.typed is None:  # given up: typed anew
        changes = begun | changes
    answers = with_files(definition, with_changes(begun, changes))
    sheet = sheet_of(way, definition, answers, stamp)
    paging = paging_of(way, sheet).opened(page.code)
    return Sent(request, way, version, stamp, changes, paging)


def _may_leave_files(request: HttpRequest, way: Way, sent: Stamp | None) -> bool:
    """Files are stored as soon as they come: only from somebody who was let in and served a page,
    and not without end."""
    if way.draft is None and way.invitation is None and sent is None:
        return False
    if entry_by(way.collector, way.invitation).door != Door.OPEN:
        return False
    visitor = f"answer-file:{client_address(request)}"
    return within_limit(visitor, limit=FILES_PER_VISITOR_AND_HOUR, seconds=3600)


def _may_send(request: HttpRequest, way: Way, stamp: Stamp) -> bool:
    if was_handed_in(way.collector.pk, stamp.nonce):  # sent again: nothing new, nothing to count
        return True
    if way.is_kiosk:  # one screen for everybody
        return True
    visitor = f"answer:{way.collector.pk}:{client_address(request)}"
    is_rewarded = has_active_reward(way.collector.survey_id)
    limit = PER_VISITOR_AND_HOUR_REWARDED if is_rewarded else PER_VISITOR_AND_HOUR
    return within_limit(visitor, limit=limit, seconds=3600)


def _go(sent: Sent, where: str) -> HttpResponse:
    """Back, away, on, or handed in."""
    paging, way = sent.paging, sent.way
    if where == "back":
        return _kept_and_to(sent, paging.before or paging.page)
    if where == "keep":  # by a window that closes; nobody reads what is answered
        if may_keep_on_leaving(way, paging):
            _keep(sent, paging.page, served_at=timezone.now())  # the time is counted when sent
        return HttpResponse(status=204)
    if where == "later" and not way.is_kiosk:
        draft = _keep(sent, paging.page)
        return HttpResponseRedirect(with_language(way.url_of(draft), kept="1"))
    faults = paging.faults
    has_more = paging.has_more(sent.request.POST.get("asks"))
    if faults or has_more:
        if paging.is_long:
            _keep(sent, paging.page)
        problem = "" if faults and not has_more else "more"
        shown = {} if has_more else faults
        again = replace(paging, errors=shown)
        return page_of(sent.request, way, again, status=422 if shown else 200, problem=problem)
    if paging.after is not None:
        return _kept_and_to(sent, paging.after)
    return _hand_in(sent)


def _keep(sent: Sent, page: Page, served_at: datetime | None = None) -> Response:
    way = sent.way
    return keep_draft(
        way.collector.pk,
        version=sent.version,
        changes=sent.changes,
        language=sent.paging.sheet.language,
        page_no=sent.paging.place_of(page.code),
        seed=sent.paging.sheet.seed,
        served_at=served_at or sent.stamp.served_at,
        invitation_id=way.invitation.pk if way.invitation else None,
        idempotency_key=sent.stamp.nonce,
        draft_id=way.draft.pk if way.draft else None,
        is_counted=sent.is_by_hand,
        sent=sent.paging.page.code,
    )


def _kept_and_to(sent: Sent, page: Page) -> HttpResponse:
    draft = _keep(sent, page)
    if draft.is_over:
        return _to_thanks(sent.request, sent.way, draft)
    return HttpResponseRedirect(with_language(sent.way.url_of(draft), p=page.code))


def _hand_in(sent: Sent) -> HttpResponse:
    way, sheet = sent.way, sent.paging.sheet
    try:
        submission = submit_response(
            way.collector.pk,
            answers=sheet.answers,
            language=sheet.language,
            version_number=sent.version.number,
            invitation_id=way.invitation.pk if way.invitation else None,
            idempotency_key=None if way.invitation else sent.stamp.nonce,
            started_at=sent.stamp.served_at,
            source={"mode": "page"} | _visitor(sent),
            is_counted=sent.is_by_hand,
            draft_id=way.draft.pk if way.draft else None,
            seed=sheet.seed,
            page=sent.paging.page.code,
        )
    except AnswersRefused as refusal:
        if sent.paging.is_long:
            _keep(sent, sent.paging.page)
        wrong = sent.paging.first_wrong(refusal.errors)
        return page_of(sent.request, way, wrong, status=422)
    return _to_thanks(sent.request, way, submission.response)


def _visitor(sent: Sent) -> dict[str, str]:
    """What stands for a browser for one day, where the survey's owner wants one answer from each:
    a keyed digest, of which no address can be read, and which is another one for other surveys."""
    if not sent.way.is_once_a_browser:
        return {}
    agent = sent.request.headers.get("User-Agent", "")
    survey = sent.way.collector.survey_id
    who = f"{survey}:{timezone.localdate()}:{client_address(sent.request)}:{agent}"
    return {"visitor": signature("survey-visitor", who)}


def _to_thanks(request: HttpRequest, way: Way, response: Response) -> HttpResponse:
    is_secure = request.is_secure()
    redirect = HttpResponseRedirect(with_language(way.thanks_url(response)))
    if way.is_once_a_browser:
        # What the survey's owner asked for; it says no more than "answered".
        redirect.set_cookie(
            way.cookie,
            "1",
            max_age=365 * 24 * 3600,
            httponly=True,
            secure=is_secure,
            # In a page of another site browsers bring back no other (and those that bring back
            # none at all there show the survey again).
            samesite="None" if is_secure and way.collector.origins else "Lax",
        )
    return redirect
