"""Whether a link lets somebody in, and where else they can turn."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.utils import timezone

from feedback.enums import TaskKind
from feedback.models import Feedback, Mailbox, Task
from surveys.enums import CollectorChannel
from surveys.models import Collector, Invitation, Response

# Collectors whose link anybody may follow.
OPEN_CHANNELS = (
    CollectorChannel.LINK,
    CollectorChannel.QR,
    CollectorChannel.PAPER,  # the code on the forms
    CollectorChannel.KIOSK,
    CollectorChannel.EMBED,
    CollectorChannel.POPUP,
)
# Those that stand in pages of others.
FRAMED_CHANNELS = (CollectorChannel.EMBED, CollectorChannel.POPUP)


class Door(Enum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of trying a link; `at` is the moment that the page names."""

    door: Door
    at: datetime | None = None


def entry_by(collector: Collector, invitation: Invitation | None) -> Entry:
    """Whether `invitation`, or anybody by the collector's own link, may answer now."""
    now = timezone.now()
    if invitation is not None:
        response = response_to(invitation)
        if response is not None:
            return Entry(Door.USED, response.completed_at)
        if invitation.expires_at is not None and invitation.expires_at <= now:
            return Entry(Door.EXPIRED, invitation.expires_at)
    if collector.is_active and collector.opens_at is not None and now < collector.opens_at:
        return Entry(Door.NOT_YET, collector.opens_at)
    if not collector.is_open(now) or is_full(collector):
        past = collector.closes_at is not None and collector.closes_at <= now
        return Entry(Door.CLOSED, collector.closes_at if past else None)
    return Entry(Door.OPEN)


def is_full(collector: Collector) -> bool:
    if collector.response_limit is None:
        return False
    return Response.objects.complete().filter(collector=collector).count() >= (
        collector.response_limit
    )


def response_to(invitation: Invitation) -> Response | None:
    """The answers that this invitation brought."""
    return Response.objects.filter(invitation=invitation).over().first()


def open_collector(token: str) -> Collector | None:
    """The collector whose open link carries this token."""
    return (
        Collector.objects.select_related("survey")
        .filter(token=token, channel__in=OPEN_CHANNELS)
        .first()
    )


def draft_of(key: UUID) -> Response | None:
    """What was begun (or handed in) under this key by a link that anybody may follow; with its
    version and its collector."""
    found = Response.objects.select_related("collector__survey", "version").filter(
        key=key, invitation=None, collector__channel__in=OPEN_CHANNELS
    )
    return next(iter(found.defer("version__definition").order_by()), None)


def address_to_write_to(feedback: Feedback | None) -> str:
    """The mailbox a customer can write to instead; "" when there is none."""
    if feedback is not None and feedback.mailbox is not None:
        return feedback.mailbox.address
    mailbox = Mailbox.objects.filter(is_active=True).order_by("pk").first()
    return mailbox.address if mailbox else ""


def call_expected(feedback: Feedback | None) -> Task | None:
    """The call that somebody will make because of what was answered."""
    if feedback is None:
        return None
    return feedback.tasks.open().filter(kind=TaskKind.CALL_BACK).first()
