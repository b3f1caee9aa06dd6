"""How often a stranger may do something: counters that all processes share."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from config.kernel.models import RateCount
from config.kernel.tokens import digest


def client_address(request: HttpRequest) -> str:
    """The visitor's address as our own proxies saw it: as many X-Forwarded-For entries are
    believed as there are trusted proxies. IPv6 is cut to its /64, which is one subscriber."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXY_COUNT:
            address = hops[-settings.TRUSTED_PROXY_COUNT]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


@dataclass(frozen=True, slots=True)
class Limit:
    """`name` may happen `at_most` times within `seconds`, counted from the first time."""

    name: str
    at_most: int
    seconds: int

    @property
    def key(self) -> str:
        # Of one length, without the address that may be part of it: the column has an end.
        return digest(self.name)


def within_limits(*limits: Limit) -> bool:
    """Count each of these once more; False as soon as one is over its limit."""
    counted = count_once_more(*limits)
    return all(counted[one.key][0] <= one.at_most for one in limits)


def is_used_up(limit: Limit) -> bool:
    """Whether one more would be over the limit; nothing is counted."""
    rows = RateCount.objects.filter(key=limit.key, until__gt=timezone.now())
    return rows.filter(count__gte=limit.at_most).exists()


def within_limit(name: str, *, limit: int, seconds: int) -> bool:
    """Count one more of `name`; False from the one after `limit` on."""
    return within_limits(Limit(name, limit, seconds))


def count_once_more(*limits: Limit) -> dict[str, tuple[int, float]]:
    """For each key: how often by now, this time included, and the seconds until the count
    begins anew. One statement, so that no two processes can miss one another."""
    now = timezone.now()
    rows = sorted({one.key: now + timedelta(seconds=one.seconds) for one in limits}.items())
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(rows=", ".join(["(%s, 1, %s)"] * len(rows))),
            [*(value for row in rows for value in row), now, now],
        )
        return {key: (count, (until - now).total_seconds()) for key, count, until in cursor}


# In the order of their keys, so that two visitors cannot wait for one another.
_COUNT = """
INSERT INTO kernel_ratecount AS kept (key, count, until) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.until <= %s THEN 1 ELSE kept.count + 1 END,
    until = CASE WHEN kept.until <= %s THEN excluded.until ELSE kept.until END
RETURNING key, count, until
"""
