"""The queue of outgoing mail as a whole: what keeps it from leaving, and holding it by hand.

A restored backup holds itself: its rows say in which database they were written.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.enums import MailHeld, MailTrouble, OutgoingKind, OutgoingState
from accounts.errors import TooLateToRecall
from accounts.events import OutgoingSettled
from accounts.models import OutgoingMessage, OutgoingQueue, User
from accounts.models.outgoing import WAITING
from accounts.rules.handover import rest_after
from accounts.services.admin_mail import mail_admins
from accounts.services.outbox import recall
from config.kernel.events import announce

# In the place of a server's answer.
CANCELLED_BY_ADMIN = "Cancelled by an admin."
CANCELLED_HERE = "Cancelled when the queue of outgoing mail was let go."


# A trouble that was over sooner is told to nobody afterwards.
WORTH_A_MAIL = timedelta(minutes=10)


class Waiting(StrEnum):
    """What becomes of the mail that waited when the queue is let go."""

    SEND = "send"
    CANCEL_EARLIER = "cancel_earlier"  # written before it was held; later mail is sent
    CANCEL = "cancel"


def present_queue() -> OutgoingQueue:
    """How it goes with outgoing mail. Holds the queue when this database turns out to be another
    one than that in which its rows were written."""
    here = database_identity()
    queue = OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).first()
    if queue is None:
        queue, _is_new = OutgoingQueue.objects.get_or_create(
            pk=OutgoingQueue.ONLY, defaults={"database": here}
        )
    if queue.database == here:
        return queue
    if not queue.database:
        OutgoingQueue.objects.filter(pk=queue.pk, database="").update(database=here)
    else:
        OutgoingQueue.objects.filter(pk=queue.pk, database=queue.database).update(
            database=here,
            held_at=timezone.now(),
            held_because=MailHeld.RESTORED,
            held_by=None,
            **_WELL,
        )
    queue.refresh_from_db()
    return queue


@lru_cache(maxsize=8)
def _identity(_name: str, _host: str, _port: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid, has_function_privilege('pg_control_system()', 'execute') "
            "FROM pg_database WHERE datname = current_database()"
        )
        oid, may_ask = cursor.fetchone()
        cluster = 0
        if may_ask:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            (cluster,) = cursor.fetchone()
    return f"{cluster}.{oid}"


def database_identity() -> str:
    """What differs between a database and one made from its dump."""
    where = connection.settings_dict
    return _identity(*(str(where.get(key, "")) for key in ("NAME", "HOST", "PORT")))


_WELL: dict[str, Any] = {
    "trouble": "", "said": "", "failing_since": None, "failures": 0, "next_try_at": None,
}  # fmt: skip


def note_trouble(trouble: MailTrouble, said: str) -> None:
    """No mail can leave; try again after a rest that grows with each failure."""
    present_queue()
    with transaction.atomic():
        queue = OutgoingQueue.objects.select_for_update().get(pk=OutgoingQueue.ONLY)
        now = timezone.now()
        queue.trouble, queue.said, queue.failures = trouble, said, queue.failures + 1
        queue.failing_since = queue.failing_since or now
        queue.next_try_at = now + rest_after(queue.failures, trouble)
        queue.save(update_fields=list(_WELL))


def note_success() -> None:
    """The server answered to a mail. Admins hear of a trouble that lasted, once: while it does,
    every page says so, and no mail would reach them."""
    in_trouble = OutgoingQueue.objects.exclude(trouble="")
    if not in_trouble.exists():
        return
    with transaction.atomic():
        queue = in_trouble.select_for_update().first()
        if queue is None:
            return
        since, why = queue.failing_since, MailTrouble(queue.trouble)
        OutgoingQueue.objects.filter(pk=queue.pk).update(**_WELL)
        if since is not None and timezone.now() - since >= WORTH_A_MAIL:
            mail_admins(
                lambda: _over_words(since, why),
                once=f"mail-trouble:{since:%Y%m%d%H%M%S}",
                kind=OutgoingKind.ACCOUNT,
            )


def _over_words(since: datetime, why: MailTrouble) -> tuple[str, str]:
    moment = date_format(timezone.localtime(since), "SHORT_DATETIME_FORMAT")
    text = _(
        "No mail had left since %(moment)s: %(why)s Nothing was lost; what waited leaves now."
    )
    page = settings.SITE_URL + reverse("accounts:outgoing")
    return _("Mail leaves again"), f"{text % {'moment': moment, 'why': why.label}}\n{page}"


def try_now() -> None:
    """Somebody mended it: do not wait for the end of the rest."""
    OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).update(next_try_at=None)


def hold_queue(*, by: User | None) -> OutgoingQueue:
    """Nothing leaves until `release_queue`."""
    present_queue()
    OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY, held_at=None).update(
        held_at=timezone.now(), held_because=MailHeld.PERSON, held_by=by
    )
    return present_queue()


@transaction.atomic
def release_queue(*, waiting: Waiting) -> int:
    """Let mail go again; how many that waited were cancelled. Whoever promised one of these is
    told that it never leaves; what left meanwhile is passed over."""
    queue = OutgoingQueue.objects.select_for_update().filter(held_at__isnull=False).first()
    if queue is None:
        return 0
    # One that was being sent when the backup was made is like one that waits.
    mails = OutgoingMessage.objects.filter(
        state__in=[*WAITING, OutgoingState.SENDING, OutgoingState.HELD]
    )
    if queue.held_because == MailHeld.PERSON:  # a sender has it in hand: too late
        mails = mails.exclude(state=OutgoingState.SENDING, lease_until__gt=timezone.now())
    if waiting == Waiting.SEND:
        mails = mails.none()
    elif waiting == Waiting.CANCEL_EARLIER:
        mails = mails.filter(created_at__lt=queue.held_at)
    cancelled = cancel_mails(list(mails.values_list("pk", flat=True)))
    OutgoingQueue.objects.filter(pk=queue.pk).update(
        held_at=None, held_because="", held_by=None, **_WELL
    )
    return cancelled


@transaction.atomic
def cancel_mails(outgoing_ids: Collection[int]) -> int:
    """Those of these mails that have not left never do; how many. Each is announced."""
    cancelled = 0
    for pk in outgoing_ids:
        try:
            message = recall(pk, also_started=True)
        except TooLateToRecall:
            continue
        _say_cancelled(message, CANCELLED_HERE)
        cancelled += 1
    return cancelled


@transaction.atomic
def cancel_mail(outgoing_id: int) -> OutgoingMessage:
    """An admin decides that this mail, which waits, is not sent; whoever promised it is told.
    Raises TooLateToRecall."""
    message = recall(outgoing_id, also_waiting=True)
    _say_cancelled(message, CANCELLED_BY_ADMIN)
    return message


def _say_cancelled(message: OutgoingMessage, why: str) -> None:
    message.answer = why
    message.save(update_fields=["answer"])
    announce(OutgoingSettled(outgoing_id=message.pk))
