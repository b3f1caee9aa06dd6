"""Settings: other systems that are told of what happens."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from accounts.forms.webhooks import DeliveryFilterForm, ResendForm, WebhookForm
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.selectors.webhook_events import event_label
from accounts.selectors.webhooks import (
    attempts_of,
    body_to_read,
    condition_in_words,
    deliveries_of,
    events_told,
    how_it_is,
    webhooks_with_counts,
    what_came_of_it,
)
from accounts.services.webhooks import (
    change_webhook,
    create_webhook,
    pause_webhook,
    ping_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    send_again,
    send_failed_again,
)
from config.kernel.errors import DomainError
from config.kernel.http import toast

LOOK, CHANGE = "accounts.view_webhookendpoint", "accounts.change_webhookendpoint"
ADD, REMOVE = "accounts.add_webhookendpoint", "accounts.delete_webhookendpoint"
A_PAGE = 50


@staff_with(LOOK)
@require_GET
def webhooks(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = [(one, *how_it_is(one, now)) for one in webhooks_with_counts()]
    return render(
        request, "accounts/webhooks.html", {"rows": rows, "may_add": request.user.has_perm(ADD)}
    )


@staff_with(ADD)
@never_cache
@require_http_methods(["GET", "POST"])
def new_webhook(request: SignedInRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        try:
            made, secret = create_webhook(by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return _page(request, made, secret=secret)
    return _edit(request, form)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(WebhookEndpoint, pk=pk)
    form = WebhookForm(request.POST or None, instance=one)
    if form.is_valid():
        try:
            change_webhook(one.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            toast(request, _("Saved."))
            return redirect("accounts:webhook", pk=one.pk)
    return _edit(request, form, one)


def _edit(
    request: SignedInRequest, form: WebhookForm, one: WebhookEndpoint | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(
        request, "accounts/webhook_edit.html", {"form": form, "webhook": one}, status=status
    )


@staff_with(LOOK)
@never_cache
@require_GET
def webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    """One endpoint with the log of what it was told."""
    return _page(request, get_object_or_404(WebhookEndpoint, pk=pk))


def _page(request: SignedInRequest, one: WebhookEndpoint, *, secret: str = "") -> HttpResponse:
    filters = DeliveryFilterForm(request.GET, events=events_told(one))
    chosen = filters.cleaned_data if filters.is_valid() else {}
    page = Paginator(deliveries_of(one, **chosen), A_PAGE).get_page(request.GET.get("page"))
    applies_to, broken = condition_in_words(one)
    word, tone = how_it_is(one, timezone.now())
    context = {
        "webhook": one,
        "secret": secret,
        "word": word,
        "tone": tone,
        "applies_to": applies_to,
        "broken": broken,
        "event_labels": [event_label(name) for name in one.event_types],
        "filters": filters,
        "is_narrowed": any(chosen.values()),
        "page": page,
        "rows": [
            (row, event_label(row.event), what_came_of_it(row.status, row.problem)) for row in page
        ],
        "resend": ResendForm(),
        **_may(request),
    }
    status = 422 if filters.errors else 200
    return render(request, "accounts/webhook.html", context, status=status)


def _may(request: SignedInRequest) -> dict[str, Any]:
    return {
        "may_change": request.user.has_perm(CHANGE),
        "may_remove": request.user.has_perm(REMOVE),
    }


@staff_with(CHANGE)
@never_cache
@require_POST
def change(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """ping, pause, resume, rotate, resend, remove."""
    one = get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        match what:
            case "ping":
                ping_webhook(one.pk, by=request.user)
                toast(request, _("A test is on its way. The log shows what comes of it."))
            case "pause":
                pause_webhook(one.pk)
            case "resume":
                resume_webhook(one.pk)
            case "rotate":
                changed, secret = rotate_secret(one.pk)
                return _page(request, changed, secret=secret)
            case "resend":
                _resend(request, one)
            case "remove" if request.user.has_perm(REMOVE):
                remove_webhook(one.pk)
                toast(request, _("Deleted."))
                return redirect("accounts:webhooks")
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, refusal.message)
    return redirect("accounts:webhook", pk=one.pk)


def _resend(request: SignedInRequest, one: WebhookEndpoint) -> None:
    form = ResendForm(request.POST)
    if not form.is_valid():
        raise Http404
    since = timezone.now() - timedelta(days=form.cleaned_data["days"])
    count = send_failed_again(one.pk, since=since)
    text = ngettext("%(n)d is sent again.", "%(n)d are sent again.", count)
    toast(request, text % {"n": count})


@staff_with(LOOK)
@require_GET
def delivery(request: SignedInRequest, pk: int, delivery_id: int) -> HttpResponse:
    """What was said, and what came of each attempt."""
    one = _delivery(pk, delivery_id)
    context = {
        "webhook": one.endpoint,
        "delivery": one,
        "event": event_label(one.event),
        "body": body_to_read(one),
        "attempts": attempts_of(one),
        **_may(request),
    }
    return render(request, "accounts/webhook_delivery.html", context)


@staff_with(CHANGE)
@require_POST
def resend(request: SignedInRequest, pk: int, delivery_id: int) -> HttpResponse:
    one = _delivery(pk, delivery_id)
    try:
        send_again(one.pk)
    except DomainError as refusal:
        toast(request, refusal.message)
    else:
        toast(request, _("It is being sent again, under the same id."))
    return redirect("accounts:webhook_delivery", pk=pk, delivery_id=one.pk)


def _delivery(pk: int, delivery_id: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("endpoint").filter(endpoint=pk)
    return get_object_or_404(rows, pk=delivery_id)
