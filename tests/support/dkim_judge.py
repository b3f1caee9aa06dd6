"""Judges DKIM signatures as a receiver does (RFC 6376, RFC 8463), written from the standard and
not from our signer: it begins with what the signature says, and knows nothing of how it was made.

Only what is needed here: relaxed/relaxed, SHA-256, RSA and Ed25519, the whole body. Its verdicts
were compared with those of dkimpy once; that one has no wheel.
"""

import base64
import email
import hashlib
from collections.abc import Mapping
from email import policy

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_der_public_key


def signature_holds(raw: bytes, which: int, records: Mapping[str, str]) -> bool:
    """Whether the signature at this place, from the top, is good for the mail `raw`. `records`:
    name in the DNS → text. Raises KeyError for a key that is not published."""
    fields = _fields(raw)
    stated = [value for name, value in fields if name == "dkim-signature"][which]
    tags = _tags(stated)
    assert (tags["v"], tags["c"]) == ("1", "relaxed/relaxed")
    body = raw.partition(b"\r\n\r\n")[2]
    if base64.b64decode(tags["bh"]) != hashlib.sha256(_body(body)).digest():
        return False
    unsigned = stated[: stated.rindex("b=") + 2]
    signed = [*_named(fields, tags["h"]), f"dkim-signature:{_value(unsigned)}"]
    record = _tags(records[f"{tags['s']}._domainkey.{tags['d']}"])
    key, code = base64.b64decode(record["p"]), base64.b64decode(tags["b"])
    data = "\r\n".join(signed).encode("utf-8", "surrogateescape")
    try:
        if tags["a"] == "rsa-sha256":
            load_der_public_key(key).verify(code, data, PKCS1v15(), hashes.SHA256())
        else:
            assert tags["a"] == "ed25519-sha256"
            Ed25519PublicKey.from_public_bytes(key).verify(code, hashlib.sha256(data).digest())
    except InvalidSignature:
        return False
    return True


def _fields(raw: bytes) -> list[tuple[str, str]]:
    head = email.message_from_bytes(raw, policy=policy.compat32)
    return [(name.lower(), str(value)) for name, value in head.raw_items()]


def _tags(text: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in text.split(";") if one.strip())
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _value(text: str) -> str:
    return " ".join(text.split())


def _named(fields: list[tuple[str, str]], names: str) -> list[str]:
    """From the bottom, each field once; a name beyond those there are stands for nothing."""
    left = list(reversed(fields))
    found = []
    for name in names.lower().split(":"):
        field = next((one for one in left if one[0] == name), None)
        if field is not None:
            left.remove(field)
            found.append(f"{name}:{_value(field[1])}")
    return found


def _body(body: bytes) -> bytes:
    lines = [_relaxed(line) for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def _relaxed(line: bytes) -> bytes:
    words = [word for word in line.replace(b"\t", b" ").split(b" ") if word]
    begins = b" " if words and line[:1] in {b" ", b"\t"} else b""
    return begins + b" ".join(words)
