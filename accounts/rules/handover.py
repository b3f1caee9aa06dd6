"""What came of handing a mail to a server, and what then becomes of it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from accounts.enums import MailTrouble, OutgoingState


class Outcome(Enum):
    ACCEPTED = "accepted"
    REFUSED_FOR_NOW = "refused for now"
    REFUSED = "refused"
    # The whole mail was on the wire, but no answer came: it may or may not have arrived.
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Handover:
    """The outcome of one attempt and the server's own words."""

    outcome: Outcome
    answer: str = ""
    # False: the connection ended before the mail was answered.
    reached_server: bool = True
    # What would happen to any other mail too.
    trouble: MailTrouble | None = None
    # False: it says nothing about this mail, which may be tried without end.
    counts: bool = True


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# After the first, second … failed attempt: soon for servers that greylist, three days in all for
# those that are down over a weekend.
WAITS = (
    MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
    *(12 * HOUR,) * 5,
)  # fmt: skip
MAX_ATTEMPTS = len(WAITS) + 1
# Then staff are told that it takes time: after more than an hour.
TOLD_AFTER = 5
# Of a mail that waits for something of ours to be mended.
MENDED_WITHIN = 5 * MINUTE

# Nothing is tried for so long after our server failed for the first, second … time in a row.
_RESTS = tuple(timedelta(seconds=one) for one in (5, 10, 20, 40, 80, 160, 300))
# Servers lock out who comes with a wrong password too often.
_SHORTEST_REST = dict.fromkeys(
    (MailTrouble.LOGIN, MailTrouble.PERMISSION, MailTrouble.CLIENT), 2 * MINUTE
)


def rest_after(failures: int, trouble: MailTrouble) -> timedelta:
    """How long the queue rests after so many failures in a row, this one included."""
    rest = _RESTS[min(failures, len(_RESTS)) - 1]
    return max(rest, _SHORTEST_REST.get(trouble, rest))


def share_of_campaigns(rate: int) -> int:
    """How many of the `rate` mails a minute that a domain takes may be invitations: a fifth, at
    least one, is kept for what somebody waits for; of a single one nothing can be kept."""
    return max(rate - max(rate // 5, 1), 1)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The state after an attempt; `not_before` is set for one that will be repeated."""

    state: OutgoingState
    not_before: datetime | None = None


def next_step(outcome: Outcome, *, attempts: int, was_uncertain: bool, now: datetime) -> NextStep:
    """`attempts` includes the one just made; `was_uncertain` says whether an earlier one ended
    without an answer, be it that the connection broke or that its sender died.

    An uncertain attempt is repeated once, with the same Message-ID, because a mail that came
    twice is better than one that never came. After that, and when a repeated one is refused in
    the end, it stays uncertain: the first copy may well have arrived.
    """
    if outcome is Outcome.ACCEPTED:
        return NextStep(OutgoingState.SENT)
    given_up = OutgoingState.UNCERTAIN if was_uncertain else OutgoingState.FAILED
    if outcome is Outcome.REFUSED or attempts >= MAX_ATTEMPTS:
        uncertain_now = outcome is Outcome.UNCERTAIN
        return NextStep(OutgoingState.UNCERTAIN if uncertain_now else given_up)
    if outcome is Outcome.UNCERTAIN and was_uncertain:
        return NextStep(OutgoingState.UNCERTAIN)
    return NextStep(OutgoingState.RETRY, now + WAITS[attempts - 1])
