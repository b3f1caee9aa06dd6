"""The forms by which anybody tells us something. No login, no cookie, and no script needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import public
from accounts.enums import ContactKind
from accounts.services.custom_values import ValuesRefused
from accounts.services.customers import find_or_create_customer
from config.kernel.bilingual import is_chinese
from config.kernel.headers import secret_address
from config.kernel.kept import settings_at
from config.kernel.ratelimit import Limit, client_address, within_limits
from feedback.enums import Channel
from feedback.forms.custom_inputs import values_in
from feedback.forms.public import FeedbackForm, incoming, new_stamp
from feedback.models import Category, Feedback, FormDefinition
from feedback.selectors.form_definitions import form_at, usual_form
from feedback.selectors.status_page import feedback_by_token
from feedback.services.form_definitions import FormRefused, receive_through_form

PER_VISITOR_AND_HOUR = 20
QUESTIONS_PER_HOUR = 600
PER_ADDRESS_AND_HOUR = 10


@public
@never_cache
@csrf_exempt  # there is no session to ride on: whoever posts here is nobody in particular
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_form(request: HttpRequest, form_code: str = "") -> HttpResponse:
    with settings_at():  # one statement says whether all that is kept is still true
        return _form_page(request, form_code)


def _form_page(request: HttpRequest, form_code: str) -> HttpResponse:
    definition = _definition(form_code)
    if definition.archived_at is not None:
        return render(request, "feedback/public/gone.html", {"definition": definition}, status=410)
    if request.method != "POST":
        initial = {"stamp": new_stamp(), "category": _preset(request)}
        return _page(request, FeedbackForm(initial=initial, definition=definition))
    return _sent(request, FeedbackForm(request.POST, request.FILES, definition=definition))


def _sent(request: HttpRequest, form: FeedbackForm) -> HttpResponse:
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
    except (FormRefused, ValuesRefused) as refusal:  # changed since the page was opened
        form.add_error(None, str(refusal.message))
        return _page(request, form, status=422)
    return redirect("feedback:thanks", token=feedback.status_token)


@public
@never_cache
@csrf_exempt  # as above; it only reads
@require_POST
def form_questions(request: HttpRequest, form_code: str) -> HttpResponse:
    """The questions that belong to what is chosen on a form, with what was typed into them: the
    page brings them in by a script, and the form sent without one asks for them itself."""
    definition = _definition(form_code)
    if definition.archived_at is not None:
        return HttpResponse(status=410)
    if not within_limits(
        Limit(f"questions:{client_address(request)}", QUESTIONS_PER_HOUR, seconds=3600)
    ):
        return HttpResponse(status=429)
    form = FeedbackForm(request.POST, definition=definition)
    return render(request, "feedback/public/_questions.html", {"form": form.unchecked()})


@public
@secret_address
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    feedback = get_object_or_404(feedback_by_token(token))
    context = {"feedback": feedback, "definition": feedback.form or usual_form()}
    return render(request, "feedback/public/thanks.html", context)


def _definition(code: str) -> FormDefinition:
    found = form_at(code) if code else usual_form()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, form: FeedbackForm, status: int = 200) -> HttpResponse:
    return render(request, "feedback/public/form.html", {"form": form}, status=status)


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
    return receive_through_form(
        form.definition,
        channel=Channel.WEB_FORM,
        customer=customer,
        subject="",
        text=wanted["text"],
        language=language,
        category=wanted.get("category"),
        priority=wanted.get("priority"),
        product=wanted.get("product"),
        order_number=wanted.get("order_number", ""),
        files=incoming(wanted.get("files") or []),
        custom=values_in(wanted),
        sender_name=wanted["name"],
        sender_address=wanted["email"],
        submission_key=_key(form),
        is_new=True,
        is_spam=form.is_trapped,
    )
