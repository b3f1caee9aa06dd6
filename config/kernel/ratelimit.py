"""How often a stranger may do something: counters in the shared cache."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

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


def within_limit(name: str, *, limit: int, seconds: int) -> bool:
    """Count one more of `name` in the present window; False from the one after `limit` on.

    Two processes that count at the same instant may miss one: it is a brake, not a ledger.
    """
    window = int(time.time()) // seconds
    # Of one length, without the address that may be part of it: the column has an end.
    key = f"limit:{digest(name)}:{window}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:  # it expired between the two calls
        return True
