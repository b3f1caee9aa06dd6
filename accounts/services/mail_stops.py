"""The circuit breaker: when too much automatic mail goes to customers, all of it waits until an
admin has looked. What people write goes on, and so does mail to staff."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import NotSent, OutgoingKind, OutgoingState
from accounts.errors import AlreadyStopped, NotStopped
from accounts.models import MailStop, OutgoingMessage, User
from accounts.models.outgoing import BY_ITSELF, WAITING
from accounts.selectors.mail_limits import mail_limits
from accounts.services.admin_mail import mail_admins


def is_too_late(message: OutgoingMessage, now: datetime) -> bool:
    """Whether an automatic answer waited for so long that it is better not sent; never where a
    part of it may have left already."""
    if not OutgoingKind(message.kind).answers_by_itself or message.uncertain_at is not None:
        return False
    if message.state not in WAITING:  # its sender died with it
        return False
    return message.created_at < now - timedelta(hours=mail_limits().too_old_hours)


def stop_if_too_much(message: OutgoingMessage, now: datetime) -> bool:
    """Before `message` is sent, inside that transaction: stop automatic mail, this one too, if
    the limit is reached. True when it was stopped."""
    if not OutgoingKind(message.kind).answers_by_itself:
        return False
    limits = mail_limits()
    lately = now - timedelta(minutes=limits.overall_minutes)
    # What was sent before the last stop ended was looked at by whoever ended it.
    ended = MailStop.objects.order_by("-pk").values_list("resumed_at", flat=True).first()
    since = max(lately, ended) if ended is not None else lately
    sent = OutgoingMessage.objects.filter(kind__in=BY_ITSELF, sent_at__gt=since)
    count = sent.order_by("-sent_at")[: limits.overall].count()
    if count < limits.overall:
        return False
    MailStop.objects.bulk_create([MailStop(sent=count)], ignore_conflicts=True)
    stop = MailStop.objects.in_force().get()
    mail_admins(_stopped_words, once=f"mail-stop:{stop.pk}", kind=OutgoingKind.ACCOUNT)
    return True


@transaction.atomic
def stop_automatic_mail(*, by: User) -> MailStop:
    """A person sees something go wrong. Raises AlreadyStopped."""
    _made = MailStop.objects.bulk_create([MailStop(stopped_by=by)], ignore_conflicts=True)
    stop = MailStop.objects.in_force().get()
    if stop.stopped_by_id != by.pk:
        raise AlreadyStopped
    return stop


@transaction.atomic
def resume_automatic_mail(*, by: User) -> MailStop:
    """What waits goes out again, but for acknowledgements that are too old. Raises NotStopped."""
    stop = MailStop.objects.in_force().select_for_update(of=["self"]).first()
    if stop is None:
        raise NotStopped
    stop.resumed_at, stop.resumed_by = timezone.now(), by
    stop.save(update_fields=["resumed_at", "resumed_by"])
    return stop


@transaction.atomic
def tell_of_floods() -> None:
    """A mail to admins, once a day, when some address would have got too many."""
    today = timezone.localdate()
    rows = OutgoingMessage.objects.filter(
        state=OutgoingState.SUPPRESSED,
        answer=NotSent.TOO_MANY,
        created_at__gt=timezone.now() - timedelta(hours=1),
    )
    if rows.exists():
        mail_admins(_flood_words, once=f"mail-flood:{today}", kind=OutgoingKind.ACCOUNT)


def _stopped_words() -> tuple[str, str]:
    limits = mail_limits()
    text = ngettext(
        "%(n)d automatic mail went to customers within %(minutes)d minutes.",
        "%(n)d automatic mails went to customers within %(minutes)d minutes.",
        limits.overall,
    ) % {"n": limits.overall, "minutes": limits.overall_minutes}
    more = _(
        "Acknowledgements, answers of rules and survey mails wait from now on; nothing is lost. "
        "Look at what waits, and let it go out again:"
    )
    return _("Automatic mail has stopped"), f"{text} {more}\n{_page()}"


def _flood_words() -> tuple[str, str]:
    text = _(
        "So much automatic mail was to go to one address that the rest was held back. Two "
        "programs may be answering each other, or somebody writes in other people's names:"
    )
    return _("Too many automatic mails to one address"), f"{text}\n{_page()}"


def _page() -> str:
    return settings.SITE_URL + reverse("accounts:mail_stops")
