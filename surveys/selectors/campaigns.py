"""How far a collector's invitations have come."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Delivery, OutgoingState
from accounts.models import OutgoingMessage
from surveys.enums import InvitationState, NotAsked, Sending
from surveys.models import Collector, Invitation
from surveys.models.invitation import InvitationQuerySet
from surveys.selectors.overview import REACHED

# The speed is that of so long a time.
LATELY = timedelta(minutes=10)
_ON_ITS_WAY = {OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.RETRY}
_BY_MAIL = {
    OutgoingState.HELD: "held",
    OutgoingState.UNCERTAIN: "uncertain",
    OutgoingState.FAILED: "failed",
    OutgoingState.SENT: "delivered",
}
_BY_REASON: dict[str, str] = {NotAsked.ASKED_RECENTLY: "throttled", NotAsked.STOPPED: "stopped"}
_LOOKED_AT_IT = {InvitationState.OPENED, InvitationState.STARTED, InvitationState.COMPLETED}

_LABELS = {
    "later": _("Their time has not come"),
    "waiting": pgettext_lazy("of an invitation", "Waiting"),
    "held": _("Held back"),
    "sent": _("Handed over"),
    "delivered": _("Delivered, as far as known"),
    "bounced": _("Came back"),
    "uncertain": _("Sent or lost"),
    "failed": _("Could not be sent"),
    "opened": _("Opened the survey"),
    "answered": pgettext_lazy("of an invitation", "Answered"),
    "throttled": _("Not sent: asked too recently"),
    "not_asked": _("Not sent for another reason"),
    "stopped": _("Stopped before they went out"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Each invitation counts once in one of the first ten; `opened` and `answered` are some of
    those."""

    later: int = 0  # their time has not come
    waiting: int = 0
    held: int = 0
    delivered: int = 0  # handed over, and nothing to the contrary was heard
    bounced: int = 0
    uncertain: int = 0
    failed: int = 0
    throttled: int = 0  # by the rules about how rarely one person is asked
    not_asked: int = 0  # for any other reason
    stopped: int = 0
    opened: int = 0
    answered: int = 0
    is_busy: bool = False
    per_minute: float = 0
    ends_at: datetime | None = None

    @property
    def sent(self) -> int:
        """Handed over to the mail server."""
        return self.delivered + self.bounced

    @property
    def total(self) -> int:
        """Everybody whom it is about, but for those who are not asked."""
        return self.later + self.waiting + self.held + self.done

    @property
    def done(self) -> int:
        return self.sent + self.uncertain + self.failed

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def progress_of(collector: Collector, user: Any, now: datetime | None = None) -> Progress:
    """Of the invitations that `user` may see; two statements."""
    now = now or timezone.now()
    mine = Invitation.objects.visible_to(user).filter(collector=collector)
    rows = mine.order_by().values("state", "reason", "outgoing__state", "outgoing__delivery")
    counts: Counter[str] = Counter()
    last: datetime | None = None
    for row in rows.annotate(
        n=Count("pk"), early=Count("pk", filter=Q(send_at__gt=now)), last=Max("send_at")
    ):
        where = _where(row, collector)
        early = row["early"] if where == "waiting" and row["outgoing__state"] is None else 0
        counts += Counter({where: row["n"] - early, "later": early})
        if row["state"] in _LOOKED_AT_IT:
            counts["opened"] += row["n"]
            counts["answered"] += row["n"] if row["state"] == InvitationState.COMPLETED else 0
        if early:
            last = row["last"]
    return _with_times(collector, counts, _speed(mine, now), last, now)


def figures_in_words(progress: Progress) -> list[tuple[str, int]]:
    """(label, how many), those that are none left out but for the most asked for."""
    always = {"waiting", "sent", "answered"}
    # As long as only answers prove that somebody opened it, it would say the same twice.
    known = [one for one in _LABELS if one != "opened" or progress.opened > progress.answered]
    rows = [(name, getattr(progress, name)) for name in known]
    return [(str(_LABELS[name]), n) for name, n in rows if n or name in always]


def _with_times(
    collector: Collector, counts: Counter[str], speed: float, last: datetime | None, now: datetime
) -> Progress:
    """`last`: for when the last invitation is planned."""
    to_do = counts["waiting"] + (counts["held"] if collector.sending != Sending.PAUSED else 0)
    if collector.sending == Sending.STOPPED:
        to_do += counts["later"]
    ends_at = None
    if collector.sending == Sending.ON and to_do and speed:
        ends_at = now + timedelta(minutes=to_do / speed)
        ends_at = max(ends_at, last or ends_at)
    return Progress(**counts, is_busy=to_do > 0, per_minute=speed, ends_at=ends_at)


def _where(row: Mapping[str, Any], collector: Collector) -> str:
    """In which of the first ten figures these invitations count."""
    state, mail = row["state"], row["outgoing__state"]
    if state == InvitationState.QUEUED:
        return "held" if collector.sending == Sending.PAUSED else "waiting"
    if row["reason"] in _BY_REASON:
        return _BY_REASON[row["reason"]]
    if mail in _ON_ITS_WAY:
        return "waiting"
    # Its mail is removed after a while; that it came back is kept.
    if row["outgoing__delivery"] == Delivery.BOUNCED or state == InvitationState.BOUNCED:
        return "bounced"
    if mail is None:  # its row was removed since, or it never had one
        return "delivered" if state in REACHED else "not_asked"
    return _BY_MAIL.get(mail, "not_asked")


def _speed(mine: InvitationQuerySet, now: datetime) -> float:
    """Mails a minute in the last minutes; 0 when none left."""
    mails = mine.filter(outgoing__isnull=False).values("outgoing")
    lately = OutgoingMessage.objects.filter(sent_at__gt=now - LATELY, pk__in=mails).aggregate(
        n=Count("pk"), first=Min("sent_at")
    )
    if not lately["n"]:
        return 0
    return float(lately["n"] / max((now - lately["first"]) / timedelta(minutes=1), 1))
