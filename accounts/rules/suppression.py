"""What mail that came back says about its address. Pure."""

import re

# RFC 3463, "addressing status", without those that are about the sender's address (.7, .8); a
# full mailbox (5.2.2) or a refused text (5.7.1) comes back too and says nothing for good.
_DEAD = re.compile(r"5\.1\.(?:0|1|2|3|6|10)\b")


def is_dead(status: str) -> bool:
    """Whether a status such as "5.1.1" says that there is no such address."""
    return bool(_DEAD.match(status.strip()))
