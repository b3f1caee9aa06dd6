"""How the mailboxes are doing, in the words of people."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback.enums import InboundState, MailboxProblem
from feedback.models import InboundMail, Mailbox, PushAddress

# Polled every 20 seconds; without success for so long something is wrong, said or not.
LATE = timedelta(minutes=10)


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
        .defer("raw")
        .order_by("-pk")
    )


def reason_in_words(reason: str) -> str:
    """Why a mail is in quarantine."""
    match reason:
        case "too_large":
            return _(
                "It is larger than what is taken in. Only its beginning is kept here, the whole "
                "mail is on the mail server; “Process again” files the beginning."
            )
        case "no_sender":
            return _("It does not say by whom it is, so nobody could be answered.")
        case "reading_never_ended":
            return _("Reading it was broken off again and again.")
        case "":
            return _("It could not be read.")
    return _("An error came up while it was read: %(error)s") % {"error": reason}
