"""Whom to ask on the phone: who is next, somebody looked for, what was begun; and the script."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer
from config.kernel.http import toast
from config.kernel.numbers import row_id
from surveys.errors import CallGoesOn, NotOpen
from surveys.forms.phoning import CallScriptForm
from surveys.models import Invitation, PhoneCall, Survey
from surveys.rules.call_scripts import VARIABLES
from surveys.selectors.calls import (
    calls_of,
    people_to_call,
    surveys_to_ask,
    unfinished_calls,
    with_open_notes,
)
from surveys.services.phoning import begin_call, call_next, call_script_of, save_call_script
from surveys.views.tabs import survey_of, survey_tabs

ENTER = "surveys.add_response"
WRITE = "surveys.change_survey"
FOUND, WAITING, SHOWN = 12, 15, 20


@staff_with(ENTER)
@require_GET
def entry(request: SignedInRequest) -> HttpResponse:
    """Which survey somebody is asked; `?customer=` names whom."""
    customer = _customer_named(request.GET.get("customer", ""))
    context = {"surveys": surveys_to_ask(), "customer": customer}
    return render(request, "surveys/entry.html", context)


@staff_with(ENTER)
@require_GET
def phone(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Whom to call: the next person of those who were invited, somebody looked for, nobody."""
    found = survey_of(slug)
    words = request.GET.get("who", "").strip()[:100]
    customer = _customer_named(request.GET.get("customer", ""))
    matches = Customer.objects.known().matching(words).for_list().order_by("name", "pk")
    waiting = people_to_call(found, request.user)
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "phone"),
        "words": words,
        "customers": [customer] if customer else list(matches[:FOUND]) if words else [],
        "waiting": list(waiting[:WAITING]),
        "waiting_count": waiting.count(),
        "unfinished": list(unfinished_calls(found, request.user)[:SHOWN]),
        "calls": list(with_open_notes(calls_of(found), request.user).exclude(outcome="")[:SHOWN]),
        "can_be_asked": surveys_to_ask().filter(pk=found.pk).exists(),
        "may_write": request.user.has_perm(WRITE),
    }
    return render(request, "surveys/phone.html", context)


@staff_with(ENTER)
@require_POST
def begin(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Begin a call: of whoever is next, of a person, of answers that were begun."""
    found = get_object_or_404(Survey, slug=slug)
    try:
        call = _begun(request, found)
    except (NotOpen, CallGoesOn) as refusal:
        toast(request, str(refusal.message))
        call = None
    if call is None:
        return redirect("surveys:phone", slug=slug)
    return redirect("surveys:phone_call", slug=slug, pk=call.pk)


def _begun(request: SignedInRequest, survey: Survey) -> PhoneCall | None:
    by, whom = request.user, request.POST.get("whom", "")
    if whom == "next":
        call = call_next(survey.pk, by=by)
        if call is None:
            toast(request, _("There is nobody to call at the moment."))
        return call
    kind, _colon, number = whom.partition(":")
    pk = row_id(number)
    if kind == "invitation" and pk is not None:
        invitation = get_object_or_404(people_to_call(survey, by), pk=pk)
        plain = Invitation.objects.select_related("customer").get(pk=invitation.pk)
        return begin_call(survey.pk, by=by, invitation=plain)
    if kind == "call" and pk is not None:
        old = get_object_or_404(unfinished_calls(survey, by), pk=pk)
        if not old.is_over and old.agent_id == by.pk:
            return old
        return begin_call(survey.pk, by=by, response=old.response, customer=old.customer)
    customer = None
    if kind == "customer":
        customer = get_object_or_404(Customer.objects.known(), pk=pk)
    return begin_call(survey.pk, by=by, customer=customer)


@staff_with(WRITE)
@require_http_methods(["GET", "POST"])
def call_script(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """What is said before the first question."""
    found = get_object_or_404(Survey, slug=slug)
    form = CallScriptForm(request.POST or None, instance=call_script_of(found))
    if form.is_valid():
        save_call_script(form.instance)
        toast(request, _("Saved."))
        return redirect("surveys:phone", slug=slug)
    context = {"survey": found, "form": form, "variables": VARIABLES}
    status = 422 if form.errors else 200
    return render(request, "surveys/call_script.html", context, status=status)


def _customer_named(number: str) -> Customer | None:
    pk = row_id(number)
    if pk is None:
        return None
    return Customer.objects.known().for_list().filter(pk=pk).first()
