"""The form by which anybody tells us something. No login, no script, no cookie."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from accounts.enums import ContactKind
from accounts.services.custom_values import ValuesRefused
from accounts.services.customers import find_or_create_customer
from config.kernel.bilingual import is_chinese
from config.kernel.headers import secret_address
from config.kernel.ratelimit import Limit, client_address, within_limits
from feedback.enums import Channel
from feedback.forms.custom_inputs import values_in
from feedback.forms.public import FeedbackForm, incoming, new_stamp
from feedback.models import Category, Feedback
from feedback.selectors.status_page import feedback_by_token
from feedback.services.intake import receive_feedback

PER_VISITOR_AND_HOUR = 20
PER_ADDRESS_AND_HOUR = 10


@public
@never_cache
@csrf_exempt  # there is no session to ride on: whoever posts here is nobody in particular
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_form(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = FeedbackForm(initial={"stamp": new_stamp(), "category": _preset(request)})
        return _page(request, form)
    form = FeedbackForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    known = Feedback.objects.filter(submission_key=_key(form)).first()
    if known is not None:  # sent again by an impatient hand: nothing new, so nothing to count
        return redirect("feedback:thanks", token=known.status_token)
    if not _may_send(request, form.cleaned_data["email"]):
        form.add_error(
            None,
            _("Much has come from here within the hour. What you wrote is still below: please "
              "send it a little later."),
        )  # fmt: skip
        return _page(request, form, status=429)
    try:
        feedback = _receive(form)
    except ValuesRefused as refusal:  # a field was changed since the page was opened
        form.add_error(None, str(refusal.message))
        return _page(request, form, status=422)
    return redirect("feedback:thanks", token=feedback.status_token)


@public
@secret_address
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    feedback = get_object_or_404(feedback_by_token(token))
    return render(request, "feedback/public/thanks.html", {"feedback": feedback})


def _page(request: HttpRequest, form: FeedbackForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "categories": Category.objects.public()}
    return render(request, "feedback/public/form.html", context, status=status)


def _preset(request: HttpRequest) -> Category | None:
    """`?about=service`: the site may link to the form with the subject chosen."""
    about = request.GET.get("about")
    return Category.objects.public().filter(code=about).first() if about else None


def _may_send(request: HttpRequest, email: str) -> bool:
    return within_limits(
        Limit(f"form:{client_address(request)}", PER_VISITOR_AND_HOUR, seconds=3600),
        Limit(f"form:{email.lower()}", PER_ADDRESS_AND_HOUR, seconds=3600),
    )


def _key(form: FeedbackForm) -> str:
    return f"form:{form.nonce}"


def _receive(form: FeedbackForm) -> Feedback:
    wanted = form.cleaned_data
    language = "zh-hans" if is_chinese(get_language()) else "en"
    customer = find_or_create_customer(
        kind=ContactKind.EMAIL, value=wanted["email"], name=wanted["name"], language=language
    )
    return receive_feedback(
        channel=Channel.WEB_FORM,
        customer=customer,
        subject="",
        text=wanted["text"],
        language=language,
        category=wanted["category"],
        product=wanted.get("product"),
        order_number=wanted["order_number"],
        files=incoming(wanted["files"]),
        custom=values_in(wanted),
        sender_name=wanted["name"],
        sender_address=wanted["email"],
        submission_key=_key(form),
        is_new=True,
        is_spam=form.is_trapped,
    )
