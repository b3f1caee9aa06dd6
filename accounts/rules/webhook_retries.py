"""When a webhook is tried again, and when a receiver is given a rest. Pure."""

from datetime import timedelta

# After the first, second … attempt that failed; after the last of them nobody tries any more.
# About three days in all.
WAITS = tuple(
    timedelta(seconds=one)
    for one in (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
MOST_ATTEMPTS = len(WAITS) + 1
# Of a wait, added at random: whoever failed together does not come back together.
JITTER = 0.2
LONGEST_WISH = timedelta(days=1)

# One failure after the other, whichever the delivery: then the receiver rests.
FAILURES_UNTIL_REST = 5
FIRST_REST = timedelta(seconds=30)
FIRST_REST_UNREACHED = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=15)


def wait_after(attempts: int, *, chance: float, wish: timedelta | None = None) -> timedelta | None:
    """How long to wait after `attempts` failed ones; None = give up. `chance` is a random number
    from 0 to 1; `wish` what the receiver asked for (Retry-After), heard up to a day."""
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = WAITS[max(attempts, 1) - 1] * (1 + JITTER * chance)
    return max(wait, min(wish, LONGEST_WISH)) if wish is not None else wait


def rest_after(failures: int, *, reached: bool) -> timedelta | None:
    """How long nothing at all is sent to a receiver after `failures` in a row; None = go on.
    One that could not even be reached costs us its time-out and rests at once."""
    if not reached:
        return min(FIRST_REST_UNREACHED * 2 ** min(failures - 1, 12), LONGEST_REST)
    if failures < FAILURES_UNTIL_REST:
        return None
    return min(FIRST_REST * 2 ** min(failures - FAILURES_UNTIL_REST, 12), LONGEST_REST)
