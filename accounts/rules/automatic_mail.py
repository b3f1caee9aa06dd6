"""To whom mail that nobody wrote may go, and how much of it. Pure.

Two programs that answer each other's mail would go on for ever, and their subjects differ each
time; so it is counted by address, whatever the mail says.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

# Addresses behind which no person reads.
_NOBODY = re.compile(
    r"(mailer-daemon|postmaster|abuse|root|no-?_?reply.*|do-?_?not-?_?reply.*|bounces?([+._-].*)?)@",
    re.IGNORECASE,
)


def _minutes(*pairs: tuple[int, int]) -> dict[timedelta, int]:
    return {timedelta(minutes=window): most for most, window in pairs}


# At most so many automatic mails to one address within the window …
PER_ADDRESS = _minutes((30, 10), (60, 30), (120, 60), (240, 180), (360, 600))
# … and about one matter …
PER_MATTER = _minutes((10, 10), (15, 30), (25, 60), (50, 180), (100, 600))
# … and acknowledgements, which a stranger can cause by writing in somebody else's name.
ACKNOWLEDGEMENTS = _minutes((10, 180))

LONGEST = max(*PER_ADDRESS, *PER_MATTER, *ACKNOWLEDGEMENTS)

# What people set; the other windows keep their proportion.
HOUR = timedelta(hours=1)
TO_ONE_ADDRESS_AN_HOUR = PER_ADDRESS[HOUR]
ABOUT_ONE_MATTER_AN_HOUR = PER_MATTER[HOUR]
ACKNOWLEDGEMENTS_IN_THREE_HOURS = ACKNOWLEDGEMENTS[3 * HOUR]


def ceilings(
    usual: Mapping[timedelta, int], most: int, *, window: timedelta
) -> dict[timedelta, int]:
    """`usual` with `most` within `window`, and the other windows in proportion; at least one."""
    return {span: max(1, round(one * most / usual[window])) for span, one in usual.items()}


def reads_nobody(address: str) -> bool:
    """Whether `address` is one of those that machines use: no-reply, mailer-daemon …"""
    return bool(_NOBODY.match(address.strip()))


def ceiling_reached(counts: Mapping[timedelta, int], ceilings: Mapping[timedelta, int]) -> bool:
    """`counts`: how many were sent within each window that `ceilings` names."""
    return any(counts.get(window, 0) >= most for window, most in ceilings.items())


def without_tag(address: str) -> str:
    """`help+t12.abc@example.com` → `help@example.com`, in lower case."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
