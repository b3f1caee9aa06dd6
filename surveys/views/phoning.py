"""Asking on the phone: staff read the questions out and take the answers down, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import User
from accounts.rules.contact import name_to_greet
from config.kernel.bilingual import localized
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.site import site_name
from feedback.services.template_values import greeting
from surveys.errors import AnswersRefused, NotOpen
from surveys.flow.definition import Page, parse
from surveys.flow.walk import answers_in_form
from surveys.forms.browser import browser_data
from surveys.forms.paging import Paging, changes_of
from surveys.forms.phoning import EndOfCallForm
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import PhoneCall, Response, SurveyVersion
from surveys.rules.letters import fill
from surveys.selectors.answers import said_in, stored_answers, with_answers
from surveys.selectors.calls import calls_of, numbers_of, people_to_call, with_open_notes
from surveys.selectors.circumstances import circumstances_of
from surveys.selectors.contact import does_not_want_surveys
from surveys.selectors.rewards import thanked_with
from surveys.services.answer_files import take_in_files, with_files
from surveys.services.answering import version_to_answer
from surveys.services.defaults import phone_collector
from surveys.services.drafting import with_changes
from surveys.services.phoning import call_script_of, end_call, hand_in_call, keep_call_page
from surveys.views.answer_state import before
from surveys.views.answer_ways import Way
from surveys.views.phone_lists import ENTER

KNOWN = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Taken:
    """A page of the call as it came back, or as it is shown first."""

    call: PhoneCall
    version: SurveyVersion
    stamp: Stamp
    paging: Paging
    changes: Mapping[str, Any]


@staff_with(ENTER)
@require_http_methods(["GET", "POST"])
def phone_call(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """One page of the questions at a time; the script stands above the first one."""
    call = _call(request, slug, pk)
    if call.is_over:
        return _ended(request, call)
    try:
        taken = _read(request, call)
    except NotOpen:
        toast(request, str(NotOpen().message))
        return redirect("surveys:phone", slug=slug)
    form = EndOfCallForm(request.POST if request.POST.get("go") == "end" else None)
    if request.method == "GET" or "switch_language" in request.POST:
        return _page(request, taken, form)
    try:
        return _go(request, taken, form)
    except DomainError as refusal:
        return _page(request, taken, form, problem=str(refusal.message), status=409)


def _read(request: SignedInRequest, call: PhoneCall) -> Taken:
    """The page that is open, with what was posted from it."""
    posted = request.POST
    stamp = Stamp.read(posted.get("stamp", ""))
    way = Way(phone_collector(call.survey), call.invitation, call.response)
    if call.response is not None:
        version = call.response.version
    else:
        version = version_to_answer(way.collector, stamp.version if stamp else None)
    stamp = stamp or Stamp.new(version.number)
    definition = parse(version.definition)
    begun, changes, at = before(way, definition), {}, request.GET.get("p", "")
    if request.method == "POST":
        page = definition.page_named(posted.get("page", ""))
        answers = answers_in_form(definition, dict(posted.lists()))
        answers = take_in_files(definition, request.FILES, answers)
        changes = changes_of(page, answers, posted.get("asks", ""), is_first=not begun)
        if call.response is not None and call.response.typed is None:  # given up: typed anew
            changes = begun | changes
        at = page.code
    language = _language(request, call)
    sheet = Sheet(
        definition,
        language,
        with_files(definition, with_changes(begun, changes)),
        {},
        stamp,
        circumstances_of(call.customer, language),
        call.response.seed if call.response else None,
    )
    reached = call.response.page_no if call.response else 0
    paging = Paging(sheet, at, reached, is_begun=call.response is not None)
    if request.method == "POST":
        paging = paging.opened(at)
    return Taken(call, version, stamp, paging, changes)


def _language(request: SignedInRequest, call: PhoneCall) -> str:
    wishes = (request.POST.get("switch_language"), request.POST.get("language"))
    return next((wish for wish in wishes if wish in KNOWN), call.language)


def _go(request: SignedInRequest, taken: Taken, form: EndOfCallForm) -> HttpResponse:
    """Back, on, away with an outcome, or handed in."""
    where, paging, call = request.POST.get("go", ""), taken.paging, taken.call
    if where == "end":
        _keep(taken, paging.page)
        if not form.is_valid():
            return _page(request, taken, form, status=422)
        end_call(call.pk, **form.cleaned_data)
        toast(request, _("The call is noted."))
        return redirect("surveys:phone", slug=call.survey.slug)
    if where == "back":
        return _kept_and_to(taken, paging.before or paging.page)
    faults = paging.faults
    has_more = paging.has_more(request.POST.get("asks"))
    if faults or has_more:
        _keep(taken, paging.page)
        again = replace(taken, paging=replace(paging, errors={} if has_more else faults))
        problem = "" if not has_more else _("The answers lead to another question on this page.")
        status = 422 if faults and not has_more else 200
        return _page(request, again, form, problem=problem, status=status)
    if paging.after is not None:
        return _kept_and_to(taken, paging.after)
    return _hand_in(request, taken, form)


def _keep(taken: Taken, page: Page) -> None:
    sheet = taken.paging.sheet
    keep_call_page(
        taken.call.pk,
        version=taken.version,
        changes=taken.changes,
        language=sheet.language,
        page_no=taken.paging.place_of(page.code),
        seed=sheet.seed,
        served_at=taken.stamp.served_at,
    )


def _kept_and_to(taken: Taken, page: Page) -> HttpResponse:
    _keep(taken, page)
    address = reverse("surveys:phone_call", args=[taken.call.survey.slug, taken.call.pk])
    return HttpResponseRedirect(f"{address}?p={page.code}")


def _hand_in(request: SignedInRequest, taken: Taken, form: EndOfCallForm) -> HttpResponse:
    call, sheet = taken.call, taken.paging.sheet
    try:
        hand_in_call(
            call.pk,
            by=request.user,
            answers=sheet.answers,
            language=sheet.language,
            version_number=taken.version.number,
            seed=sheet.seed,
            served_at=taken.stamp.served_at,
        )
    except AnswersRefused as refusal:
        _keep(taken, taken.paging.page)
        wrong = replace(taken, paging=taken.paging.first_wrong(refusal.errors))
        return _page(request, wrong, form, status=422)
    return redirect("surveys:phone_call", slug=call.survey.slug, pk=call.pk)


def _page(
    request: SignedInRequest,
    taken: Taken,
    form: EndOfCallForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    call, paging = taken.call, taken.paging
    customer = call.customer
    context = {
        "survey": call.survey,
        "call": call,
        "sheet": paging.sheet,
        "paging": paging,
        "flow": browser_data(paging),
        "form": form,
        "problem": problem,
        "script": "" if paging.before else _script(request, call, paging.sheet.language),
        "phones": numbers_of(customer),
        "earlier": _earlier(call, request.user),
        "does_not_want": customer is not None and does_not_want_surveys(customer),
        "languages": [(code, name) for code, name in settings.LANGUAGES],
    }
    return render(request, "surveys/phone_call.html", context, status=status)


def _script(request: SignedInRequest, call: PhoneCall, language: str) -> str:
    name = name_to_greet(call.customer.name) if call.customer else ""
    values = {
        "customer.name": name,
        "customer.greeting": greeting(name, language),
        "survey.title": localized(call.survey, "title", language),
        "company.name": site_name(language),
        "agent.name": request.user.name,
    }
    return fill(call_script_of(call.survey).intro_in(language), values)


def _earlier(call: PhoneCall, user: User) -> list[PhoneCall]:
    """Calls of the same person with this survey before this one."""
    if call.customer_id is None:
        return []
    before_it = calls_of(call.survey).filter(customer=call.customer_id, pk__lt=call.pk)
    return list(with_open_notes(before_it, user).exclude(outcome="")[:5])


def _ended(request: SignedInRequest, call: PhoneCall) -> HttpResponse:
    """What was said, what to say to end the call, and who is next."""
    response = None
    if call.response_id and call.response and call.response.is_over:
        response = with_answers(
            Response.objects.select_related("version").filter(pk=call.response_id)
        ).get()
    thanks = ""
    if response is not None:
        definition = parse(response.version.definition)
        answers, stamp = stored_answers(response, definition), Stamp.new(response.version.number)
        end = definition.end(response.source.get("end", ""))
        words = Sheet(definition, call.language, answers, {}, stamp).words
        thanks = words((end.text if end else None) or definition.thanks)
    context = {
        "survey": call.survey,
        "call": call,
        "response": response,
        "said": said_in(response) if response else [],
        "thanks": thanks,
        "thanked": thanked_with(response) if response else None,
        "waiting_count": people_to_call(call.survey, request.user).count(),
    }
    return render(request, "surveys/phone_done.html", context)


def _call(request: SignedInRequest, slug: UUID, pk: int) -> PhoneCall:
    """A call of one's own; those who see every team see those of others, too."""
    calls = PhoneCall.objects.select_related(
        "survey__team", "customer", "invitation", "agent", "response__version"
    )
    if not request.user.has_perm("accounts.view_every_team"):
        calls = calls.filter(agent=request.user)
    return get_object_or_404(calls, survey__slug=slug, pk=pk)
