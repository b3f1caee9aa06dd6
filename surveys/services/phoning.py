"""Surveys asked on the phone: a call begins, goes on page by page, and ends with an outcome."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.models import Customer, User
from surveys.enums import LAST_OUTCOMES, CallOutcome
from surveys.errors import CallGoesOn, CallIsOver
from surveys.models import (
    CallScript,
    ContactEvent,
    Invitation,
    PhoneCall,
    Response,
    Survey,
    SurveyVersion,
)
from surveys.rules.call_scripts import PAUSES, USUAL
from surveys.selectors.calls import people_to_call
from surveys.selectors.contact import address_digest
from surveys.services.answering import (
    Submission,
    ensure_open,
    submit_response,
    version_to_answer,
)
from surveys.services.defaults import phone_collector
from surveys.services.drafting import keep_draft


@transaction.atomic
def begin_call(
    survey_id: int,
    *,
    by: User,
    customer: Customer | None = None,
    invitation: Invitation | None = None,
    response: Response | None = None,
    language: str = "",
) -> PhoneCall:
    """Somebody is being called: `customer` (None: nobody we know), the person of `invitation`,
    or whoever gave the answers begun in `response`. Raises NotOpen when the survey takes none,
    CallGoesOn when an invited person is being called."""
    survey = Survey.objects.select_related("team").get(pk=survey_id)
    collector = phone_collector(survey)
    ensure_open(collector, None)
    version_to_answer(collector)
    if response is not None:
        customer, invitation = response.customer, response.invitation
        language = language or response.language
    elif invitation is not None:
        customer = invitation.customer
        response = Response.objects.begun().filter(invitation=invitation).first()
    if invitation is not None:
        _ensure_not_called(invitation)
    usual = customer.language if customer else survey.default_language
    return PhoneCall.objects.create(
        survey=survey,
        customer=customer,
        invitation=invitation,
        response=response,
        agent=by,
        language=language or usual,
    )


def _ensure_not_called(invitation: Invitation) -> None:
    """Two people who choose the same person at once: the second one waits here."""
    Invitation.objects.select_for_update(of=["self"]).get(pk=invitation.pk)
    calls = PhoneCall.objects.filter(invitation=invitation)
    if calls.going_on(timezone.now()).exists():
        raise CallGoesOn


@transaction.atomic
def call_next(survey_id: int, *, by: User) -> PhoneCall | None:
    """Begin the call of whoever is to be called next; None when nobody is. Two people who ask
    at once get two different persons. Raises NotOpen."""
    waiting = people_to_call(Survey.objects.get(pk=survey_id), by).values_list("pk", flat=True)
    for pk in list(waiting[:20]):
        locked = Invitation.objects.select_for_update(of=["self"], skip_locked=True)
        invitation = locked.select_related("customer").filter(pk=pk).first()
        calls = PhoneCall.objects.filter(invitation=pk)
        if invitation is not None and not calls.going_on(timezone.now()).exists():
            return begin_call(survey_id, by=by, invitation=invitation)
    return None


@transaction.atomic
def keep_call_page(
    call_id: int,
    *,
    version: SurveyVersion,
    changes: Mapping[str, Any],
    language: str,
    page_no: int,
    seed: int,
    served_at: datetime,
) -> PhoneCall:
    """What one page of the questions brought is kept, as on the page for customers. Raises
    NotOpen, LinkExpired."""
    call = _locked(call_id)
    if call.is_over:
        return call
    draft = keep_draft(
        phone_collector(call.survey).pk,
        version=version,
        changes=changes,
        language=language,
        page_no=page_no,
        seed=seed,
        served_at=served_at,
        invitation_id=call.invitation_id,
        idempotency_key=_key(call),
        draft_id=call.response_id,
        customer=call.customer,
        entered_by=call.agent,
    )
    call.response, call.language = draft, language
    call.save(update_fields=["response", "language"])
    return call


@transaction.atomic
def hand_in_call(
    call_id: int,
    *,
    by: User,
    answers: Mapping[str, Any],
    language: str,
    version_number: int,
    seed: int,
    served_at: datetime,
) -> Submission:
    """The questions are through: the answers become a response of the phone. Sent twice, it is
    one. Raises AnswersRefused, NotOpen, LinkExpired, and CallIsOver where it ended otherwise."""
    call = _locked(call_id)
    if call.is_over and call.outcome != CallOutcome.ANSWERED:
        raise CallIsOver
    submission = submit_response(
        phone_collector(call.survey).pk,
        answers=answers,
        language=language,
        version_number=version_number,
        invitation_id=call.invitation_id,
        customer=call.customer,
        idempotency_key=None if call.invitation_id else _key(call),
        started_at=served_at,
        source={"mode": "phone"},
        entered_by=by,
        draft_id=call.response_id,
        seed=seed,
    )
    if not call.is_over:
        _end(call, CallOutcome.ANSWERED, response=submission.response)
    return submission


@transaction.atomic
def end_call(
    call_id: int,
    *,
    outcome: CallOutcome,
    again_at: datetime | None = None,
    note: str = "",
) -> PhoneCall:
    """The call is over without all answers; what was taken down stays for the next call. Whoever
    was not reached is called again later, by themselves. Raises CallIsOver."""
    call = _locked(call_id)
    if call.is_over:
        raise CallIsOver
    if again_at is None and outcome in PAUSES:
        again_at = timezone.now() + PAUSES[outcome]
    _end(call, outcome, again_at=again_at, note=note)
    return call


@transaction.atomic
def save_call_script(script: CallScript) -> CallScript:
    script.save()
    return script


def call_script_of(survey: Survey) -> CallScript:
    """What was written for this survey; else what is usual, not stored."""
    found = CallScript.objects.filter(survey=survey).first()
    return found or CallScript(survey=survey, **USUAL)


def _locked(call_id: int) -> PhoneCall:
    return (
        PhoneCall.objects.select_for_update(of=["self"])
        .select_related("survey__team", "customer", "agent")
        .get(pk=call_id)
    )


def _key(call: PhoneCall) -> str:
    return f"call:{call.pk}"


def _end(
    call: PhoneCall,
    outcome: CallOutcome,
    *,
    again_at: datetime | None = None,
    note: str = "",
    response: Response | None = None,
) -> None:
    call.outcome, call.again_at, call.note = outcome, again_at, note.strip()
    call.ended_at = timezone.now()
    call.response = response or call.response
    call.save(update_fields=["outcome", "again_at", "note", "ended_at", "response"])
    if call.customer is not None and outcome in LAST_OUTCOMES[:2]:
        # They were asked, and said something: contact rules count it.
        phone = call.customer.contact_points.filter(kind=ContactKind.PHONE).first()
        ContactEvent.objects.create(
            customer=call.customer,
            address_digest=address_digest(phone.value if phone else ""),
            survey=call.survey,
        )
