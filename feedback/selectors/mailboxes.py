"""How the mailboxes are doing, in the words of people."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.enums import InboundState, MailboxProblem, Quarantined
from feedback.models import InboundMail, Mailbox, PushAddress
from feedback.rules.sizes import in_megabytes

# Polled every 20 seconds; without success for so long something is wrong, said or not.
LATE = timedelta(minutes=10)
FETCHABLE = {Quarantined.TOO_LARGE, Quarantined.FETCHED_AGAIN, Quarantined.NOT_FETCHED}


def mailboxes_with_counts() -> QuerySet[Mailbox]:
    """All of them, with `in_quarantine` and `unread`: mails nobody could read, or has yet."""
    return Mailbox.objects.select_related("team", "push").annotate(
        in_quarantine=_how_many(InboundState.QUARANTINED),
        unread=_how_many(InboundState.RECEIVED),
    )


def _how_many(state: InboundState) -> Coalesce:
    mails = (
        InboundMail.objects.filter(mailbox=OuterRef("pk"), state=state)
        .order_by()
        .values("mailbox")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Coalesce(Subquery(mails, output_field=IntegerField()), 0)


def how_mailbox_is(mailbox: Mailbox, now: datetime) -> tuple[str, str]:
    """One word and its tone."""
    if not mailbox.is_active:
        return pgettext("a mailbox", "Off"), "gray"
    if not mailbox.imap_host:
        return _("Mail is brought in"), "blue"
    if mailbox.last_error:
        return pgettext("a mailbox", "Fails"), "red"
    if mailbox.succeeded_at is None:
        return pgettext("a mailbox", "Not read yet"), "amber"
    if mailbox.succeeded_at < now - LATE:
        return pgettext("a mailbox", "Late"), "amber"
    return pgettext("a mailbox", "Works"), "green"


def error_in_words(stored: str) -> str:
    """What is wrong with a mailbox, for people; the server's own words behind it."""
    problem, _colon, said = stored.partition(": ")
    if problem not in MailboxProblem.values:
        return stored
    sentence = str(MailboxProblem(problem).label)
    return (
        _("%(problem)s The server said: %(said)s")
        % {
            "problem": sentence,
            "said": said,
        }
        if said
        else sentence
    )


def push_url(mailbox_id: int, *, secret: str = "") -> str:
    """Where providers bring its mail by HTTP; with the secret, as those want it who know no
    other way of giving it."""
    scheme, _sep, rest = settings.SITE_URL.partition("://")
    who = f"mail:{secret}@" if secret else ""
    return f"{scheme}://{who}{rest}{reverse('feedback:mail_push', args=[mailbox_id])}"


def push_of(mailbox: Mailbox) -> PushAddress | None:
    """None when nothing is taken by HTTP."""
    push: PushAddress | None = getattr(mailbox, "push", None)
    return push if push is not None and push.is_open else None


def quarantine_of(mailbox: Mailbox) -> QuerySet[InboundMail]:
    """Newest first, without the bytes."""
    return (
        InboundMail.objects.filter(mailbox=mailbox, state=InboundState.QUARANTINED)
        .select_related("mailbox")
        .defer("raw")
        .order_by("-pk")
    )


def can_be_fetched_whole(inbound: InboundMail) -> bool:
    """Whether only the beginning is kept, the limit would let the whole mail in now, and its
    mailbox can be asked for it. The caller has the mailbox."""
    box = inbound.mailbox
    return (
        inbound.state == InboundState.QUARANTINED
        and inbound.reason in FETCHABLE
        and inbound.uid is not None
        and inbound.size <= settings.MAIL_MAX_BYTES
        and box.is_active
        and bool(box.imap_host)
    )


def mails_to_fetch_again(mailbox: Mailbox) -> QuerySet[InboundMail]:
    """Those that somebody wants to have whole, without the bytes."""
    rows = InboundMail.objects.filter(
        mailbox=mailbox, state=InboundState.QUARANTINED, reason=Quarantined.FETCHED_AGAIN
    )
    return rows.defer("raw").order_by("pk")


def reason_in_words(mail: InboundMail) -> str:
    """Why a mail is in quarantine. Asks for the mailbox of one that was too large."""
    if mail.reason == Quarantined.TOO_LARGE:
        return _too_large(mail)
    known = {
        Quarantined.FETCHED_AGAIN: _("The whole mail is being fetched from the mail server."),
        Quarantined.GONE: _(
            "It was too large when it came, and the mail server does not have it any more. Only "
            "its beginning is kept here; “Process again” files that."
        ),
        Quarantined.NOT_FETCHED: _(
            "It could not be fetched: the mail server refused it, or was too slow, time and "
            "again. At most its beginning is kept here; “Process again” tries to fetch it once "
            "more, if the mailbox is still the same one."
        ),
        Quarantined.NO_SENDER: _("It does not say by whom it is, so nobody could be answered."),
        Quarantined.NEVER_READ: _("Reading it was broken off again and again."),
        "": _("It could not be read."),
    }
    error = _("An error came up while it was read: %(error)s") % {"error": mail.reason}
    return known.get(mail.reason, error)


def _too_large(mail: InboundMail) -> str:
    if can_be_fetched_whole(mail):
        return _(
            "It was larger than what was taken in when it came, and would be taken in now. "
            "“Process again” fetches the whole mail from the mail server, if it is still there."
        )
    return _(
        "It is larger than what is taken in (%(limit)s). Only its beginning is kept here, the "
        "whole mail is on the mail server; “Process again” files the beginning. For the whole of "
        "it raise MAIL_MAX_BYTES first."
    ) % {"limit": in_megabytes(settings.MAIL_MAX_BYTES)}
