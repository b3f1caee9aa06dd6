"""Settings: the addresses that customers write to, how they are doing, and the mails that
nobody could read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import is_htmx, toast
from feedback.channels.mailbox_check import check_mailbox, not_tested
from feedback.enums import Quarantined
from feedback.forms.mailboxes import MailboxForm, SigningKeyForm
from feedback.models import InboundMail, Mailbox
from feedback.selectors.mailboxes import (
    error_in_words,
    how_mailbox_is,
    mailboxes_with_counts,
    push_of,
    push_url,
    quarantine_of,
    reason_in_words,
)
from feedback.services.inbound_mail import process_again
from feedback.services.mail_push import end_push, renew_push_secret, set_signing_key
from feedback.services.mailboxes import fetch_now, save_mailbox

LOOK, CHANGE, ADD = "feedback.view_mailbox", "feedback.change_mailbox", "feedback.add_mailbox"
READ_MAIL, CHANGE_MAIL = "feedback.view_inboundmail", "feedback.change_inboundmail"
A_PAGE = 50


@staff_with(LOOK)
@require_GET
def mailboxes(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = [
        (one, *how_mailbox_is(one, now), error_in_words(one.last_error))
        for one in mailboxes_with_counts()
    ]
    context = {"rows": rows, "may_add": request.user.has_perm(ADD)}
    return render(request, "feedback/mailboxes.html", context)


@staff_with(LOOK)
@require_GET
def mailbox(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them, with the mails in quarantine for those who may look at mail."""
    return _page(request, pk)


def _page(request: SignedInRequest, pk: int, *, secret: str = "") -> HttpResponse:
    one = get_object_or_404(mailboxes_with_counts(), pk=pk)
    word, tone = how_mailbox_is(one, timezone.now())
    page = Paginator(quarantine_of(one), A_PAGE).get_page(request.GET.get("page"))
    sees_mail = request.user.has_perm(READ_MAIL)
    context = {
        "mailbox": one,
        "push": push_of(one),
        "push_url": push_url(pk),
        "secret_url": push_url(pk, secret=secret) if secret else "",
        "secret": secret,
        "key_form": SigningKeyForm(),
        "word": word,
        "tone": tone,
        "error": error_in_words(one.last_error),
        "page": page,
        "rows": [(mail, reason_in_words(mail)) for mail in page] if sees_mail else [],
        "sees_mail": sees_mail,
        "may_change": request.user.has_perm(CHANGE),
        "may_process": request.user.has_perm(CHANGE_MAIL),
    }
    return render(request, "feedback/mailbox.html", context)


@staff_with(ADD)
@require_http_methods(["GET", "POST"])
def new_mailbox(request: SignedInRequest) -> HttpResponse:
    return _edit(request, MailboxForm(request.POST or None), None)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_mailbox(request: SignedInRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(Mailbox, pk=pk)
    return _edit(request, MailboxForm(request.POST or None, instance=one), one)


def _edit(request: SignedInRequest, form: MailboxForm, one: Mailbox | None) -> HttpResponse:
    if form.is_valid():
        saved = save_mailbox(form.instance, **form.secrets())
        toast(request, _("Saved. Test it now, so that you know that it works."))
        return redirect("feedback:mailbox", pk=saved.pk)
    context = {"form": form, "mailbox": one}
    status = 422 if form.errors else 200
    return render(request, "feedback/mailbox_edit.html", context, status=status)


@staff_with(CHANGE)
@require_POST
def change_mailbox(request: SignedInRequest, pk: int, what: str) -> HttpResponse:
    """test, fetch; push, push-key, push-end: mail by HTTP."""
    one = get_object_or_404(Mailbox, pk=pk)
    match what:
        case "test":
            context = {"mailbox": one, "steps": check_mailbox(one), "not_tested": not_tested(one)}
            # Without a script the steps are a page of their own.
            if is_htmx(request):
                return render(request, "feedback/_mailbox_steps.html", context)
            return render(request, "feedback/mailbox_steps.html", context)
        case "fetch":
            _fetch(request, one)
        case "push":
            _push, secret = renew_push_secret(one)
            return _page(request, pk, secret=secret)
        case "push-key":
            _keep_key(request, one)
        case "push-end":
            end_push(one)
            toast(request, _("No mail is taken by HTTP any more."))
        case _:
            raise Http404
    return redirect("feedback:mailbox", pk=pk)


def _keep_key(request: SignedInRequest, one: Mailbox) -> None:
    form = SigningKeyForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for one in form.errors["signing_key"]))
        return
    try:
        set_signing_key(one, form.cleaned_data["signing_key"])
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        toast(request, _("Saved."))


def _fetch(request: SignedInRequest, one: Mailbox) -> None:
    try:
        fetch_now(one)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        toast(request, _("It is being read now. What comes stands in the queue in a moment."))


@staff_with(CHANGE_MAIL)
@require_POST
def process_mail_again(request: SignedInRequest, pk: int, mail_id: int) -> HttpResponse:
    mail = process_again(_mail(pk, mail_id).pk)
    if mail.reason == Quarantined.FETCHED_AGAIN:
        toast(request, _("The whole mail is being fetched again."))
    else:
        toast(request, _("It is being read again."))
    return redirect(reverse("feedback:mailbox", args=[pk]))


@staff_with(CHANGE_MAIL)
@require_GET
def raw_mail(request: SignedInRequest, pk: int, mail_id: int) -> HttpResponse:
    """The mail as it arrived, as a file."""
    mail = _mail(pk, mail_id)
    response = HttpResponse(bytes(mail.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _mail(pk: int, mail_id: int) -> InboundMail:
    return get_object_or_404(InboundMail, pk=mail_id, mailbox=pk)
