"""Writing down what a customer said on the phone, at the counter, in a letter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.models import Customer
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.numbers import row_id
from feedback.enums import Channel
from feedback.forms.new import NewFeedbackForm
from feedback.forms.public import incoming
from feedback.models import Feedback
from feedback.services.take_down import take_down_feedback
from feedback.views.records import ADD

MATCHES = 8


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A new record by hand. Sent twice, it is one record."""
    if request.method == "GET" or "find" in request.POST:
        return _draw(request, _blank(request))
    form = NewFeedbackForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, form, status=422)
    data = form.wanted
    try:
        feedback = take_down_feedback(
            **{**data, "files": incoming(data["files"]), "channel": Channel(data["channel"])},
            by=request.user,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return _draw(request, form, status=422)
    if not Feedback.objects.visible_to(request.user).filter(pk=feedback.pk).exists():
        toast(request, _("Written down as #%(number)s.") % {"number": feedback.number})
        return redirect("feedback:queue")
    toast(request, _("Written down."))
    return redirect(feedback)


@staff_with(ADD)
@require_POST
def new_questions(request: SignedInRequest) -> HttpResponse:
    """The custom fields that belong to what is chosen so far, with what was typed into them."""
    form = NewFeedbackForm(request.POST).unchecked()
    return render(request, "feedback/_custom_inputs.html", {"groups": form.groups})


@staff_with(ADD)
@require_GET
def find_customer(request: SignedInRequest) -> HttpResponse:
    """Customers whose name or contact holds the words, to choose from."""
    return render(request, "feedback/_customer_matches.html", _matches(request.GET.get("who", "")))


def _blank(request: HttpRequest) -> NewFeedbackForm:
    """The form with what is known already: the customer that the link names, or everything that
    was typed before somebody pressed "Find"."""
    initial = {"language": get_language() or "zh-hans"}
    typed = {
        name: request.POST[name] for name in request.POST if name in NewFeedbackForm.base_fields
    }
    given = request.GET.get("customer", "")
    if row_id(given) is not None:
        typed["customer"] = given
    return NewFeedbackForm(initial=initial | typed)


def _matches(words: str) -> dict[str, object]:
    words = words.strip()[:100]
    found = Customer.objects.known().matching(words).for_list().order_by("name", "pk")
    return {"words": words, "customers": list(found[:MATCHES]) if words else []}


def _draw(request: SignedInRequest, form: NewFeedbackForm, *, status: int = 200) -> HttpResponse:
    pk = row_id(str(form["customer"].value()))
    chosen = None
    if pk is not None:
        chosen = Customer.objects.known().for_list().filter(pk=pk).first()
    context = {
        "form": form,
        "chosen": chosen,
        "matches": _matches(request.POST.get("who", "")),
        "cancel_url": reverse("feedback:queue"),
    }
    return render(request, "feedback/new.html", context, status=status)
