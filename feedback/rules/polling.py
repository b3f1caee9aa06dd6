"""When a mailbox is asked for mail again. Pure."""

from datetime import timedelta

from feedback.enums import MailboxProblem

# A little less than the time between two runs of the periodic task, so that none is skipped.
EVERY = timedelta(seconds=15)
# After the first, second … failed poll in a row.
_RESTS = tuple(timedelta(seconds=one) for one in (20, 60, 120, 300, 600, 900))
# Servers lock out who comes with a wrong password too often.
_SHORTEST = dict.fromkeys(
    (
        MailboxProblem.SIGN_IN,
        MailboxProblem.SIGN_IN_AGAIN,
        MailboxProblem.TOKEN_REFUSED,
        MailboxProblem.CLIENT,
    ),
    timedelta(minutes=2),
)


def rest_after(failures: int, problem: MailboxProblem) -> timedelta:
    """How long a mailbox is left alone after so many failed polls in a row, the last of them
    because of `problem`."""
    rest = _RESTS[min(max(failures, 1), len(_RESTS)) - 1]
    return max(rest, _SHORTEST.get(problem, rest))
