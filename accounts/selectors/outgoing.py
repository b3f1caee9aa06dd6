"""Outgoing mail as the page and the API list it."""

from django.db.models import Count, Q, QuerySet

from accounts.enums import Delivery, OutgoingState
from accounts.models import OutgoingMessage

CAME_BACK = "came_back"
# Never shown in a list, and big.
_TEXTS = ("body_text", "body_html", "references", "headers", "attachments", "in_reply_to")


def outgoing_mails(
    *, state: str = "", words: str = "", by_address: bool = True
) -> QuerySet[OutgoingMessage]:
    """The newest first; in a state (OutgoingState or "came_back"), with a subject that has these
    words or, with `by_address`, to an address that has them."""
    rows = OutgoingMessage.objects.defer(*_TEXTS)
    if state == CAME_BACK:
        rows = rows.filter(delivery=Delivery.BOUNCED)
    elif state:
        rows = rows.filter(state=state)
    if words := words.strip():
        found = Q(subject__icontains=words)
        rows = rows.filter(found | Q(to_address__icontains=words) if by_address else found)
    return rows.order_by("-pk")


def waiting_counts() -> dict[str, int]:
    """How many wait or need somebody: state → count, those that are none left out."""
    wanted = [
        OutgoingState.QUEUED, OutgoingState.RETRY, OutgoingState.SENDING, OutgoingState.HELD,
        OutgoingState.UNCERTAIN, OutgoingState.FAILED,
    ]  # fmt: skip
    rows = OutgoingMessage.objects.filter(state__in=wanted).order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))
