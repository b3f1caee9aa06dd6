"""Signatures of outgoing webhooks. Pure.

Source: Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over "id.timestamp.body" with
the bytes behind `whsec_`, in base64 after "v1,"; several signatures stand side by side while a
secret is being changed, so that a receiver may know either.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32  # the standard allows 24 to 64


def new_webhook_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_webhook_secret(text: str) -> bool:
    """Whether receivers could use it as a secret."""
    if not text.startswith(PREFIX):
        return False
    try:
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return 24 <= len(raw) <= 64


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """For one secret: `v1,…`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    mac = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def signed_headers(
    keys: Iterable[str], *, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """What goes with the body; `timestamp` in seconds since 1970. `keys` are the present secret
    and, for a while, the one before."""
    marks = [signature(one, message_id=message_id, timestamp=timestamp, body=body) for one in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(marks),
    }
