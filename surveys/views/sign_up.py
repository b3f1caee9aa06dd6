"""The pages on which anybody signs up for an event, and looks after their sign-up. They work
without a script; GET changes nothing, because mail scanners open every link.

Who is signed up is nobody's business: signing up with an address that is signed up already looks
the same as with a new one, and the mail that goes to it says how it stands.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from config.kernel.errors import DomainError
from config.kernel.headers import secret_address
from config.kernel.ratelimit import Limit, client_address, within_limit, within_limits
from surveys.distribution.gathering_mail import calendar_of
from surveys.forms.sign_up import SignUpForm
from surveys.models import Booking, Gathering
from surveys.rules.calendar_file import calendar_file
from surveys.selectors.gatherings import open_gathering
from surveys.services.booking import (
    book,
    book_again,
    cancel_booking,
    free_places,
    why_closed,
)
from surveys.views.answer_pages import TRAP
from surveys.views.language import chosen_language, speaking

PER_VISITOR_AND_HOUR = 60  # whole offices come from one address
PER_ADDRESS_AND_HOUR = 5
CHANGES_AN_HOUR = 20  # of one sign-up: each of them sends a mail


@public
@never_cache
@csrf_exempt  # there is no session to ride on: whoever posts here is nobody in particular
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, slug: str) -> HttpResponse:
    gathering = _gathering(slug)
    return speaking(request, "", lambda: _sign_up(request, gathering))


def _gathering(slug: str) -> Gathering:
    found = open_gathering(slug)
    if found is None:
        raise Http404
    return found


def _sign_up(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    if request.method != "POST":
        return _page(request, gathering, SignUpForm())
    if "switch_language" in request.POST:
        typed = {name: request.POST.get(name, "") for name in ("name", "address", "remark")}
        return _page(request, gathering, SignUpForm(initial=typed))
    return _sent(request, gathering, SignUpForm(request.POST))


def _sent(request: HttpRequest, gathering: Gathering, form: SignUpForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, gathering, form, status=422)
    done = f"{reverse('surveys:signed_up', args=[gathering.slug])}?lang={chosen_language()}"
    if request.POST.get(TRAP):  # a program: it may believe that it was successful
        return HttpResponseRedirect(done)
    given = form.cleaned_data
    if not _may_sign_up(request, given["address"]):
        form.add_error(
            None,
            _("Much has come from here within the hour. What you wrote is still below: please "
              "send it a little later."),
        )  # fmt: skip
        return _page(request, gathering, form, status=429)
    try:
        book(
            gathering.pk,
            name=given["name"],
            address=given["address"],
            remark=given["remark"],
            language=chosen_language(),
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        gathering.refresh_from_db()
        return _page(request, gathering, form, status=422)
    return HttpResponseRedirect(done)


def _may_sign_up(request: HttpRequest, address: str) -> bool:
    return within_limits(
        Limit(f"event:{client_address(request)}", PER_VISITOR_AND_HOUR, seconds=3600),
        Limit(f"event:{address.lower()}", PER_ADDRESS_AND_HOUR, seconds=3600),
    )


def _page(
    request: HttpRequest, gathering: Gathering, form: SignUpForm, status: int = 200
) -> HttpResponse:
    free = free_places(gathering)
    context = {
        "gathering": gathering,
        "form": form,
        "closed": why_closed(gathering),
        "free": free,
        "is_full": free == 0,
        "trap": TRAP,
    }
    return render(request, "surveys/gatherings/sign_up.html", context, status=status)


@public
@never_cache
@require_safe
def signed_up(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everybody, whoever was signed up before."""
    gathering = _gathering(slug)
    context = {"gathering": gathering, "may_wait": free_places(gathering) == 0}
    return speaking(
        request, "", lambda: render(request, "surveys/gatherings/signed_up.html", context)
    )


@public
@secret_address
@csrf_exempt  # the link alone says whose word it is
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """A participant's own page."""
    one = _booking(token)
    return speaking(request, one.language, lambda: _own_page(request, one))


def _booking(token: str) -> Booking:
    one = Booking.objects.select_related("gathering").of_token(token)
    if one is None or not one.address:
        raise Http404
    return one


def _own_page(request: HttpRequest, one: Booking) -> HttpResponse:
    problem, status = "", 200
    if request.method == "POST" and not within_limit(
        f"booking:{one.pk}", limit=CHANGES_AN_HOUR, seconds=3600
    ):
        problem, status = (
            _("This was changed many times within the hour. Please try again a little later."),
            429,
        )
    elif request.method == "POST":
        try:
            _change(one, request.POST.get("what", ""))
        except DomainError as refusal:
            problem, status = str(refusal.message), 422
        else:
            return HttpResponseRedirect(f"{request.path}?lang={chosen_language()}")
    closed = why_closed(one.gathering)
    context = {
        "booking": one,
        "gathering": one.gathering,
        "problem": problem,
        "may_cancel": not one.is_cancelled and not one.gathering.is_over
        and not one.gathering.is_cancelled,
        "may_book": one.is_cancelled and not closed,
    }  # fmt: skip
    return render(request, "surveys/gatherings/booking.html", context, status=status)


def _change(one: Booking, what: str) -> None:
    if what == "cancel" and not one.gathering.is_over and not one.gathering.is_cancelled:
        cancel_booking(one.pk)
    elif what == "again":
        book_again(one.pk)


@public
@secret_address
@require_safe
def booking_calendar(request: HttpRequest, token: str) -> HttpResponse:
    one = _booking(token)

    def file() -> HttpResponse:
        answer = HttpResponse(
            calendar_file(calendar_of(one)), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = 'attachment; filename="event.ics"'
        return answer

    return speaking(request, one.language, file)
