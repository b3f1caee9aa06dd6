"""Customers behind a publication: telling them, and asking whether they may be quoted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer
from analytics.distribution.publication_mail import write_notice, write_quote_request
from analytics.forms.publications import QuoteForm
from analytics.models import Publication, PublicationNotice, PublicationQuote
from analytics.models.publication import PUBLISH, WRITE
from analytics.selectors.publication_check import evidence_behind
from analytics.selectors.publication_people import people_to_tell, reach_of
from analytics.services.publication_quotes import ask_to_quote
from analytics.services.publication_telling import tell_customers
from analytics.views.publications import changeable_or_404
from config.kernel.errors import DomainError
from config.kernel.http import toast
from feedback.enums import Direction
from feedback.models import Feedback, Message
from surveys.services.inviting import Letter

SHOWN = 100


@staff_with(PUBLISH)
@require_http_methods(["GET", "POST"])
def tell(request: SignedInRequest, pk: int) -> HttpResponse:
    """How many people, and what they get, before it is sent."""
    one = changeable_or_404(request.user, pk)
    if request.method == "POST":
        try:
            n = tell_customers(one.pk, by=request.user)
        except DomainError as refusal:
            toast(request, refusal.message)
        else:
            words = ngettext("%(n)s customer is told.", "%(n)s customers are told.", n)
            toast(request, words % {"n": n})
        return redirect(one)
    first = people_to_tell(one).first() if one.is_published else None
    context = {
        "publication": one,
        "reach": reach_of(one),
        "letter": _letter_to_nobody(one, first.language) if first is not None else None,
    }
    return render(request, "analytics/publication/tell.html", context)


def _letter_to_nobody(one: Publication, language: str) -> Letter:
    """It greets no name, and its links lead nowhere."""
    nobody = Customer(language=language)
    return write_notice(PublicationNotice(publication=one, customer=nobody))


@staff_with(WRITE, "feedback.view_feedback")
@require_http_methods(["GET", "POST"])
def quotes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Records of the evidence that this person may see, and what their customers said about being
    quoted."""
    one = changeable_or_404(request.user, pk)
    form = QuoteForm(request.POST or None)
    if form.is_valid():
        try:
            ask_to_quote(one.pk, form.cleaned_data["feedback"], text=form.cleaned_data["text"],
                         by=request.user, write=write_quote_request)  # fmt: skip
        except DomainError as refusal:
            form.add_error("text", str(refusal.message))
        else:
            toast(request, _("The customer is asked by mail."))
            return redirect("analytics:publication_quotes", one.pk)
    context = {"publication": one, "form": form, **_records(request, one)}
    status = 422 if form.errors else 200
    return render(request, "analytics/publication/quotes.html", context, status=status)


def _records(request: SignedInRequest, one: Publication) -> dict[str, Any]:
    asked = {
        quote.feedback_id: quote for quote in PublicationQuote.objects.filter(publication=one)
    }
    behind = evidence_behind(one.problem_id).exclude(feedback=None).values("feedback")
    seen = Feedback.objects.visible_to(request.user).real()
    shown = list(seen.filter(pk__in=behind).order_by("-pk")[:SHOWN])
    said = Message.objects.filter(feedback__in=shown, direction=Direction.IN).order_by("-pk")
    # The first of each record: it comes last.
    texts = dict(said.values_list("feedback", "text"))
    return {
        "rows": [(one, texts.get(one.pk, ""), asked.get(one.pk)) for one in shown],
    }
