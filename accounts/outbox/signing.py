"""Signing outgoing mail with the keys that settings.MAIL_DKIM_KEYS names."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004

from accounts.models import OutgoingMessage
from accounts.rules.dkim import KeyNotUsable, Signer, read_signer, signature_header, signs_for


def signed(message: OutgoingMessage, raw: bytes) -> bytes:
    """`raw`, the bytes of `message`, with a signature of each key that is for its sender. The
    same bytes each time, because the signature names the moment at which the mail was written.

    Raises KeyNotUsable when a key that should sign cannot, unless MAIL_DKIM_OPTIONAL says that
    such mail goes out without. Keys of other domains are not even read.
    """
    at = int(message.created_at.timestamp())
    headers = []
    for entry in settings.MAIL_DKIM_KEYS:
        if not signs_for(entry.partition(":")[0], message.from_address):
            continue
        try:
            headers.append(signature_header(signer_of(entry), raw, at=at))
        except KeyNotUsable:
            if not settings.MAIL_DKIM_OPTIONAL:
                raise
    return b"".join([*headers, raw])


def signer_of(entry: str) -> Signer:
    """The key that one entry "domain:selector:file" names. Raises KeyNotUsable."""
    domain, selector, path = ([*entry.split(":", 2), "", ""])[:3]
    if not path:
        raise KeyNotUsable(f"“{entry}” is not of the form domain:selector:file")
    try:
        file = Path(path)
        return _read(domain, selector, file, file.stat().st_mtime_ns)
    except OSError as trouble:
        raise KeyNotUsable(f"{path} cannot be read: {trouble.strerror}") from None
    except KeyNotUsable as trouble:
        raise KeyNotUsable(f"{path}: {trouble}") from None


@lru_cache(maxsize=32)
def _read(domain: str, selector: str, file: Path, _changed: int) -> Signer:
    return read_signer(domain, selector, file.read_bytes())


def check_keys(**_: Any) -> list[CheckMessage]:
    """Said whenever the product starts. A warning: mail waits meanwhile, all else goes on."""
    found: list[CheckMessage] = []
    for entry in settings.MAIL_DKIM_KEYS:
        try:
            signer_of(entry)
        except KeyNotUsable as trouble:
            found.append(
                Warning(
                    f"Mail cannot be signed: {trouble}.",
                    hint="Mend MAIL_DKIM_KEYS or the file. Until then mail goes out unsigned."
                    if settings.MAIL_DKIM_OPTIONAL
                    else "Mend MAIL_DKIM_KEYS or the file. Until then mail of this sender waits; "
                    "MAIL_DKIM_OPTIONAL=1 lets it out unsigned.",
                    id="accounts.W001",
                )
            )
    return found
