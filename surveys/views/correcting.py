"""Correcting what was handed in: the same questions, filled in with what was answered."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.punctuation import labelled
from surveys.enums import ResponseStatus
from surveys.errors import AnswersRefused, CorrectedSince
from surveys.flow.definition import Definition, parse
from surveys.flow.walk import answers_in_form
from surveys.forms.quality import ReasonForm
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Response
from surveys.questions.files import File
from surveys.questions.registry import type_of
from surveys.selectors.answers import stored_answers, with_answers
from surveys.selectors.circumstances import circumstances_of
from surveys.services.correcting import correct_response, newest_correction
from surveys.views.quality import DECIDE, LOOK
from surveys.views.tabs import survey_of


@staff_with(LOOK, DECIDE)
@require_http_methods(["GET", "POST"])
def correct(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponse:
    """It asks in the language of the response. Files stay as they are."""
    found = survey_of(slug)
    mine = Response.objects.visible_to(request.user).filter(
        survey=found, is_test=False, status=ResponseStatus.COMPLETE
    )
    rows = with_answers(mine.select_related("version", "customer"))
    response = get_object_or_404(rows, key=key)
    definition = parse(response.version.definition)
    stored = stored_answers(response, definition)
    sent = request.method == "POST"
    seen = _seen(request) if sent else None
    typed = _typed(request, definition) if sent else {}
    shown = {code: raw for code, raw in (stored | typed).items() if raw is not None}
    sheet = _sheet(response, definition, shown)
    form = ReasonForm(request.POST if sent else None)
    context: dict[str, Any] = {
        "survey": found,
        "response": response,
        "form": form,
        "seen": seen if seen is not None else newest_correction(response.pk),
    }
    if not form.is_valid():
        context["sheet"] = sheet
        status = 422 if sent else 200
        return render(request, "surveys/correct.html", context, status=status)
    try:
        made = correct_response(
            response.pk,
            answers=typed,
            reason=form.cleaned_data["reason"],
            by=request.user,
            seen=seen,
        )
    except AnswersRefused as refusal:
        context["sheet"] = replace(sheet, errors=refusal.errors)
        return render(request, "surveys/correct.html", context, status=422)
    except CorrectedSince as refusal:
        form.add_error(None, [str(refusal.message), *_since(response, seen or 0)])
        context |= {"sheet": sheet, "seen": newest_correction(response.pk)}
        return render(request, "surveys/correct.html", context, status=409)
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        context["sheet"] = sheet
        return render(request, "surveys/correct.html", context, status=422)
    toast(request, _said(len(made)))
    return redirect("surveys:response", slug=slug, key=key)


def _seen(request: SignedInRequest) -> int | None:
    """The newest correction when the page was served; None when it does not say."""
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _since(response: Response, seen: int) -> list[str]:
    """What others corrected after that, a line each."""
    rows = response.corrections.filter(pk__gt=seen).select_related("question").order_by("pk")
    return [labelled(one.question.text, f"{one.before} → {one.after}") for one in rows]


def _typed(request: SignedInRequest, definition: Definition) -> dict[str, Any]:
    """{code: raw answer} of every question that can be corrected; None where nothing is given."""
    given = answers_in_form(definition, dict(request.POST.lists()))
    shown = set(request.POST.get("asks", "").split())
    return {
        element.code: given.get(element.code)
        for element in definition.elements()
        if type_of(element).is_asked
        and element.type != File.name
        and (element.code in shown or element.code in given)
    }


def _sheet(response: Response, definition: Definition, answers: dict[str, Any]) -> Sheet:
    return Sheet(
        definition,
        response.language,
        answers,
        {},
        Stamp.new(response.version.number),
        circumstances_of(response.customer, response.language),
        response.seed,
    )


def _said(n: int) -> str:
    if not n:
        return _("Nothing is different.")
    return ngettext("%(n)s answer was corrected.", "%(n)s answers were corrected.", n) % {"n": n}
