"""What those who watch the installation ask about outgoing mail (/readyz, /metrics)."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils import timezone

from accounts.enums import MailTrouble, OutgoingState
from accounts.models import OutgoingMessage, OutgoingQueue
from accounts.models.outgoing import WAITING
from accounts.rules.dkim import NOT_SIGNED
from config.kernel.health import Check, Finding, Gauge, beat_within, seconds

# Seconds. Every few of them is usual; a run that died with its machine is repeated after as long.
LOOKED_AFTER_WITHIN = 900.0


def mail_is_sent() -> Check:
    """That the outbox was gone through lately, whatever the mail server said to it."""
    return beat_within("outbox", LOOKED_AFTER_WITHIN)


def mail_can_leave() -> Finding | None:
    """Whether the mail server takes our mail and nobody holds it. Pages do not need that."""
    queue = OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).first()
    if queue is None:
        return None
    if queue.held_at is not None:
        return Finding(ok=False, detail=f"held since {queue.held_at:%Y-%m-%d %H:%M}", needed=False)
    if queue.trouble:
        return Finding(ok=False, detail=f"{queue.trouble}: {queue.said}", needed=False)
    if unsigned := mail_without_its_key():
        return Finding(ok=False, detail=unsigned, needed=False)
    return Finding(ok=True, detail="takes mail", needed=False)


def mail_without_its_key() -> str:
    """Whose mail waits because its key (MAIL_DKIM_KEYS) cannot be used, and why, in plain words;
    "" when none does. Mail of other senders goes out meanwhile."""
    waits = OutgoingMessage.objects.filter(
        state=OutgoingState.RETRY, answer__startswith=NOT_SIGNED
    ).order_by("not_before")
    first = waits.first()
    if first is None:
        return ""
    domain = first.from_address.rpartition("@")[2]
    return f"Mail from {domain} waits ({waits.count()} in all). {first.answer}"


def outgoing_gauges() -> Iterable[Gauge]:
    by_state = OutgoingMessage.objects.order_by().values_list("state").annotate(Count("pk"))
    yield Gauge(
        "outgoing_messages",
        "Messages to customers and staff by state.",
        {(state,): count for state, count in by_state},
        ("state",),
    )
    now = timezone.now()
    oldest = OutgoingMessage.objects.filter(state__in=WAITING, not_before__lte=now).aggregate(
        at=Min("not_before")
    )
    yield Gauge(
        "oldest_outgoing_seconds",
        "How long the longest waiting message could have been sent.",
        {(): seconds(oldest["at"], now)},
    )
    queue = OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).first() or OutgoingQueue()
    yield Gauge(
        "outgoing_trouble",
        "1: this keeps all mail from leaving.",
        {(one,): float(queue.trouble == one) for one in MailTrouble.values},
        ("trouble",),
    )
    yield Gauge("outgoing_held", "1: mail is held.", {(): float(queue.held_at is not None)})
