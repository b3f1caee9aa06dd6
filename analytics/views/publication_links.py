"""What the links in mails about publications open: to hear no more of such things, and whether
words of theirs may be quoted. GET changes nothing, because mail scanners open every link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.models import Customer
from analytics.enums import QuoteState
from analytics.models import PublicationNotice, PublicationQuote
from analytics.selectors.publication_people import wants_to_hear
from analytics.services.publication_quotes import answer_quote
from analytics.services.publication_telling import stop_telling, tell_again
from config.kernel.headers import secret_address


@public
@secret_address
@csrf_exempt  # mail programs post here (RFC 8058), and the link itself says whose word it is
@require_http_methods(["GET", "HEAD", "POST"])
def stop_publications(request: HttpRequest, token: str) -> HttpResponse:
    notice = PublicationNotice.objects.of_token(token)
    if notice is None or notice.customer.erased_at is not None:
        raise Http404
    customer = _now(notice.customer)
    if request.method == "POST":
        tell_again(customer) if "again" in request.POST else stop_telling(customer)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=200, content_type="text/plain")
        return HttpResponseRedirect(request.path)
    context = {
        "has_stopped": not wants_to_hear(customer),
        "can_return": customer.do_not_contact_at is None,
    }
    with override(customer.language):
        return render(request, "analytics/public/stop.html", context)


@public
@secret_address
@csrf_exempt  # the link alone says whose word it is
@require_http_methods(["GET", "HEAD", "POST"])
def quote_consent(request: HttpRequest, token: str) -> HttpResponse:
    quote = PublicationQuote.objects.of_token(token)
    if quote is None or quote.customer.erased_at is not None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("answer") in {"yes", "no"}:
            answer_quote(quote.pk, given=request.POST["answer"] == "yes")
        return HttpResponseRedirect(request.path)
    context = {
        "quote": quote,
        "words": quote.publication.wording(quote.customer.language),
        "is_given": quote.state == QuoteState.GIVEN,
        "is_refused": quote.state == QuoteState.REFUSED,
    }
    with override(quote.customer.language):
        return render(request, "analytics/public/quote.html", context)


def _now(customer: Customer) -> Customer:
    """Who they are today: they may have turned out to be somebody else."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer
