"""Asking on the phone: the same questions, filled in while talking."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.enums import ContactKind
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.enums import TaskKind
from feedback.models import Feedback
from surveys.errors import AnswersRefused, NotOpen
from surveys.flow.definition import parse
from surveys.flow.walk import answers_in_form
from surveys.forms.calling import OutcomeForm
from surveys.forms.sheet import Sheet, Stamp
from surveys.selectors.circumstances import circumstances_of
from surveys.services.answer_files import take_in_files
from surveys.services.answering import version_to_answer
from surveys.services.calling import survey_to_ask, take_down_call
from surveys.services.defaults import phone_collector


@staff_with("feedback.change_feedback")
@require_http_methods(["GET", "POST"])
def call_back(request: SignedInRequest, number: int) -> HttpResponse:
    """The call-back form of one record. It asks in the customer's language."""
    feedback = get_object_or_404(
        Feedback.objects.visible_to(request.user).select_related("customer"), number=number
    )
    stamp = Stamp.read(request.POST.get("stamp", ""))
    try:
        collector = phone_collector(survey_to_ask(feedback))
        version = version_to_answer(collector, stamp.version if stamp else None)
    except NotOpen:
        return render(request, "surveys/no_call.html", {"feedback": feedback}, status=409)
    definition = parse(version.definition)
    typed = answers_in_form(definition, dict(request.POST.lists()))
    answers = take_in_files(definition, request.FILES, typed)
    language = feedback.customer.language
    sheet = Sheet(
        definition,
        language,
        answers,
        {},
        stamp or Stamp.new(version.number),
        circumstances_of(feedback.customer, language),
    )
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and stamp is None:
        form.add_error(None, _("This page was open for a long time. Please send it again."))
    if not form.is_valid():
        return _page(request, feedback, sheet, form)
    try:
        take_down_call(
            feedback.pk,
            by=request.user,
            answers=answers,
            outcome=form.cleaned_data["outcome"],
            language=sheet.language,
            idempotency_key=sheet.stamp.nonce,
            version_number=sheet.stamp.version,
            started_at=sheet.stamp.served_at,
        )
    except AnswersRefused as refusal:
        return _page(request, feedback, replace(sheet, errors=refusal.errors), form, status=422)
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, feedback, sheet, form)
    toast(request, _("The call is noted."))
    return redirect(feedback)


def _page(
    request: SignedInRequest,
    feedback: Feedback,
    sheet: Sheet,
    form: OutcomeForm,
    status: int | None = None,
) -> HttpResponse:
    phones = feedback.customer.contact_points.filter(kind=ContactKind.PHONE)
    context = {
        "feedback": feedback,
        "sheet": sheet,
        "form": form,
        "phones": [point.value for point in phones],
        "task": feedback.tasks.open().filter(kind=TaskKind.CALL_BACK).first(),
    }
    status = status or (422 if form.errors else 200)
    return render(request, "surveys/call_back.html", context, status=status)
