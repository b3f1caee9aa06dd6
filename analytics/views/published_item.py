"""One publication for everybody, with votes and comments on what is planned. Never kept by caches:
it says whether this browser has voted."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public
from accounts.models import Customer
from analytics.forms.published import CommentOnPlanForm
from analytics.models import Publication, PublicationNotice
from analytics.selectors.publication_voters import votes_of
from analytics.selectors.published import item_of, published_item, shown_comments
from analytics.services.publication_comments import may_comment, write_comment
from analytics.services.publication_votes import may_vote, take_vote_back, vote
from analytics.views.published import for_everybody, frame
from config.kernel.errors import DomainError
from config.kernel.ratelimit import Limit, client_address, within_limits
from config.kernel.tokens import digest, new_secret

COOKIE, SALT = "voter", "huiyin.voter"
A_YEAR = 365 * 24 * 3600
# A family or an office may share an address; a program that throws its cookie away gets no
# further than this.
VOTES_PER_PLAN_AND_DAY = 5
VOTES_PER_HOUR = 60
COMMENTS_PER_HOUR = 10
COMMENTS_PER_ADDRESS = 5


@public
@never_cache
@require_safe
@for_everybody
def item(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    one = _published(pk)
    if not one.is_published:
        context = {**frame(language, "published_item", pk), "publication": one}
        return render(request, "analytics/public/withdrawn.html", context, status=410)
    return _page(request, language, one, CommentOnPlanForm())


@public
@never_cache
@csrf_exempt  # nobody is signed in here; whether another site sent it, its origin says
@require_POST
@for_everybody
def vote_on(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """do=vote or do=back."""
    one = _published(pk)
    if is_from_elsewhere(request):
        return HttpResponse(status=403)
    secret = _secret(request) or new_secret()
    customer = _customer(request, one)
    voter = digest(secret)
    response = HttpResponseRedirect(_back(request, one, language, "#vote"))
    if request.POST.get("do") == "back":
        take_vote_back(one.pk, voter=voter, customer=customer)
        return response
    has_voted = votes_of(one.pk, voter=voter, customer=customer).exists()
    if not has_voted and not _may_vote_from(request, one):
        return _page(request, language, one, CommentOnPlanForm(), too_many=True, status=429)
    if not vote(one.pk, voter=voter, customer=customer):
        raise Http404
    response.set_cookie(
        COOKIE,
        signing.dumps(secret, salt=SALT),
        max_age=A_YEAR,
        path="/you-said/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@public
@never_cache
@csrf_exempt  # as above
@require_POST
@for_everybody
def comment_on(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    one = _published(pk)
    if is_from_elsewhere(request):
        return HttpResponse(status=403)
    form = CommentOnPlanForm(request.POST)
    if not form.is_valid():
        return _page(request, language, one, form, status=422)
    done = HttpResponseRedirect(_back(request, one, language, "#comments", sent="1"))
    if form.is_trapped:  # a program: it may believe that it was successful
        return done
    address = form.cleaned_data["address"]
    if not _may_comment_from(request, address):
        form.add_error(
            None,
            _("Much has come from here within the hour. What you wrote is still below: please "
              "send it a little later."),
        )  # fmt: skip
        return _page(request, language, one, form, status=429)
    try:
        write_comment(
            one.pk,
            text=form.cleaned_data["text"],
            language=language,
            key=form.nonce,
            address=address,
            customer=_customer(request, one),
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, language, one, form, status=422)
    return done


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sent it, as browsers say. A program that says nothing is
    held back by the limits."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site and site not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc != request.get_host()
    except ValueError:  # no browser of ours says "http://["
        return True


def _page(
    request: HttpRequest,
    language: str,
    one: Publication,
    form: CommentOnPlanForm,
    *,
    too_many: bool = False,
    status: int = 200,
) -> HttpResponse:
    if not one.is_published:
        raise Http404
    secret, customer = _secret(request), _customer(request, one)
    voted = votes_of(one.pk, voter=digest(secret) if secret else "", customer=customer)
    context = {
        **frame(language, "published_item", one.pk),
        "item": item_of(one, language),
        "may_vote": may_vote(one),
        "has_voted": one.is_plan and voted.exists(),
        "may_comment": may_comment(one),
        "comments": shown_comments(one.pk) if one.is_plan else [],
        "form": form,
        "by": _by(request) if customer is not None else "",
        "was_sent": "sent" in request.GET,
        "too_many": too_many,
    }
    response = render(request, "analytics/public/item.html", context, status=status)
    if customer is not None:  # the address is somebody's key
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _published(pk: int) -> Publication:
    try:
        one = published_item(pk)
    except OverflowError as gone:
        raise Http404 from gone
    if one is None:
        raise Http404
    return one


def _secret(request: HttpRequest) -> str:
    """What this browser keeps; "" where it keeps nothing of ours."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return ""
    return found if isinstance(found, str) else ""


def _by(request: HttpRequest) -> str:
    return request.POST.get("by", "") or request.GET.get("by", "")


def _customer(request: HttpRequest, one: Publication) -> Customer | None:
    """Whose link in a mail this is."""
    token = _by(request)
    notice = PublicationNotice.objects.of_token(token) if token else None
    if notice is None or notice.publication_id != one.pk:
        return None
    customer: Customer = notice.customer
    return None if customer.erased_at else customer


def _back(request: HttpRequest, one: Publication, language: str, anchor: str, **query: str) -> str:
    if _customer(request, one) is not None:
        query["by"] = _by(request)
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{one.public_path(language)}{'?' if asked else ''}{asked}{anchor}"


def _may_vote_from(request: HttpRequest, one: Publication) -> bool:
    here = client_address(request)
    return within_limits(
        Limit(f"vote:{one.pk}:{here}", VOTES_PER_PLAN_AND_DAY, seconds=24 * 3600),
        Limit(f"votes:{here}", VOTES_PER_HOUR, seconds=3600),
    )


def _may_comment_from(request: HttpRequest, address: str) -> bool:
    here = Limit(f"comment:{client_address(request)}", COMMENTS_PER_HOUR, seconds=3600)
    if not address:
        return within_limits(here)
    return within_limits(here, Limit(f"comment:{address}", COMMENTS_PER_ADDRESS, seconds=3600))
