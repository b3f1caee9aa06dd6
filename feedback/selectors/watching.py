"""What those who watch the installation ask about mail (/readyz, /metrics)."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils import timezone

from config.kernel.health import Check, Gauge, beat_within, seconds
from feedback.enums import InboundState
from feedback.models import InboundMail, Mailbox

POLLED_WITHIN = 600.0  # seconds


def mail_is_polled() -> Check:
    """That mailboxes were asked for mail lately; does not apply where none is polled."""
    return beat_within("mail-poll", POLLED_WITHIN, needed=Mailbox.objects.polled().exists)


def inbound_gauges() -> Iterable[Gauge]:
    now = timezone.now()
    unread = InboundMail.objects.filter(state=InboundState.RECEIVED).aggregate(
        count=Count("pk"), oldest=Min("received_at")
    )
    quarantined = InboundMail.objects.filter(state=InboundState.QUARANTINED).count()
    yield Gauge(
        "inbound_mail",
        "Mail that nobody has seen yet: stored but not filed, or not understood.",
        {("unread",): unread["count"], ("quarantined",): quarantined},
        ("state",),
    )
    yield Gauge(
        "oldest_inbound_seconds",
        "How long the oldest unread mail has waited.",
        {(): seconds(unread["oldest"], now)},
    )
