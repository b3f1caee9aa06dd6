"""Capability links and secrets: made here, compared in constant time, never stored in clear."""

import hashlib
import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SIGNATURE_LENGTH = 20  # hex characters = 80 bits: unguessable, and short enough for an address


def signature(purpose: str, value: str, *, key: str | None = None) -> str:
    """HMAC-SHA256 over `value`, bound to one purpose; 20 lower-case hex characters."""
    mac = salted_hmac(f"huiyin.{purpose}", value, secret=key, algorithm="sha256")
    return mac.hexdigest()[:SIGNATURE_LENGTH]


def signature_holds(purpose: str, value: str, given: str) -> bool:
    """Whether `given` signs `value`, with the present key or one that is being retired."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    matches = [
        constant_time_compare(signature(purpose, value, key=key), given.lower()) for key in keys
    ]
    return any(matches)


def new_secret(size: int = 32) -> str:
    """A random URL-safe secret of `size` bytes."""
    return secrets.token_urlsafe(size)


def digest(secret: str) -> str:
    """What is stored of a random secret: SHA-256, 64 hex characters. Not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()
