"""By what a mail that is brought by HTTP proves where it comes from. Pure.

Three ways: the secret itself (bearer, or the password of basic authentication, which providers
take from the address); Standard Webhooks (standardwebhooks.com: the same signature as that of
our own webhooks); Mailgun's (HMAC-SHA256 of timestamp and token, as its documentation says).
Everything is compared as bytes and in constant time.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import string
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts.rules.webhook_signature import PREFIX, signature

_LETTERS = string.ascii_letters + string.digits
# Of base64, so that it is a secret of Standard Webhooks (33 bytes), and of letters and digits
# only, so that it stands in an address as it is.
_LENGTH = 44
TOLERANCE = timedelta(minutes=5)
# Mailgun brings a mail again for eight hours, and does not say whether it signs it anew.
MAILGUN_TOLERANCE = timedelta(hours=24)


def new_push_secret() -> str:
    return PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def carries_secret(authorization: str, known: Sequence[str]) -> bool:
    """Whether the header Authorization holds one of the `known` secrets."""
    scheme, _, given = authorization.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return _is_one_of(_bytes(given.strip()), known)
        case "basic":
            try:
                pair = base64.b64decode(_bytes(given.strip()), validate=True)
            except (binascii.Error, ValueError):
                return False
            return _is_one_of(pair.partition(b":")[2], known)
    return False


def is_fresh(timestamp: str, now: datetime, tolerance: timedelta) -> bool:
    """`timestamp`: seconds since 1970, as text."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= tolerance.total_seconds()


def webhook_signature_holds(headers: Mapping[str, str], body: bytes, known: Sequence[str]) -> bool:
    """Whether one of the signatures in `headers` (lower case) is made with one of the `known`
    secrets. The timestamp is one that `is_fresh` has seen."""
    made = [
        signature(
            one,
            message_id=headers["webhook-id"],
            timestamp=int(headers["webhook-timestamp"]),
            body=body,
        )
        for one in known
    ]
    given = headers["webhook-signature"].split()[:10]
    return any(_is_one_of(_bytes(one), made) for one in given)


def mailgun_signature_holds(key: str, *, timestamp: str, token: str, given: str) -> bool:
    mac = hmac.new(_bytes(key), _bytes(timestamp + token), hashlib.sha256).hexdigest()
    return _is_one_of(_bytes(given.lower()), [mac])


def _is_one_of(given: bytes, known: Sequence[str]) -> bool:
    return any(bool(one) and hmac.compare_digest(given, _bytes(one)) for one in known)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
