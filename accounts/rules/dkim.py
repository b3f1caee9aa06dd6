"""Signing mail so that its receivers can see that it is ours (DKIM, RFC 6376 and 8463). Pure.

Our own and not dkimpy's, because a mail that is sent once more has to be the same bytes – that
one writes the present time into every signature – and because it comes without a wheel.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
SMALLEST_RSA = 1024  # bits; receivers take no notice of less (RFC 8301)

# Named once more than they occur, so that nobody adds another one on the way.
_SEALED = ("from", "to", "cc", "reply-to", "subject", "date", "message-id")
_SIGNED = (
    "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
    "content-language", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")


# Before the reason, in what is kept as the answer to a mail that waits for its key.
NOT_SIGNED = "The mail could not be signed: "


def signs_for(key_domain: str, address: str) -> bool:
    """Whether a key for `key_domain` signs mail from `address`: of this domain or one below."""
    domain, wanted = address.rpartition("@")[2].lower(), key_domain.strip().lower()
    return bool(wanted) and (domain == wanted or domain.endswith(f".{wanted}"))


class KeyNotUsable(ValueError):
    """The file is no private key that mail can be signed with; says why in plain words."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One key and the name under which its public half stands in the DNS."""

    domain: str
    selector: str
    key: PrivateKey

    @property
    def dns_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def dns_text(self) -> str:
        """What the TXT record of `dns_name` says."""
        if isinstance(self.key, RSAPrivateKey):
            kind, encoding = "rsa", serialization.Encoding.DER
            form = serialization.PublicFormat.SubjectPublicKeyInfo
        else:
            kind, encoding = "ed25519", serialization.Encoding.Raw
            form = serialization.PublicFormat.Raw
        public = self.key.public_key().public_bytes(encoding, form)
        return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def read_signer(domain: str, selector: str, pem: bytes) -> Signer:
    """Raises KeyNotUsable."""
    domain, selector = domain.strip().lower(), selector.strip().lower()
    for name in (domain, selector):
        if not _DNS_NAME.fullmatch(name):
            raise KeyNotUsable(f"“{name}” cannot stand in the DNS")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:
        raise KeyNotUsable("the key is locked with a password") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyNotUsable("this is not a private key in PEM form") from None
    if isinstance(key, RSAPrivateKey) and key.key_size < SMALLEST_RSA:
        raise KeyNotUsable(f"{key.key_size} bits are too few for RSA; take 2048")
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise KeyNotUsable("only RSA and Ed25519 keys can sign mail")
    return Signer(domain, selector, key)


def signature_header(signer: Signer, raw: bytes, *, at: int) -> bytes:
    """The header that signs the mail `raw` (CRLF line ends), with its own line end; it belongs
    in front. `at` is the Unix time that it names. The same arguments give the same bytes."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = _fields(head)
    names = _names(fields)
    is_rsa = isinstance(signer.key, RSAPrivateKey)
    digest = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
    lines = [
        f"v=1; a={'rsa' if is_rsa else 'ed25519'}-sha256; c=relaxed/relaxed; d={signer.domain};",
        f"s={signer.selector}; t={at};",
        *_folded("h=", names),
        f"bh={digest};",
        "b=",
    ]
    unsigned = ("DKIM-Signature: " + "\r\n ".join(lines)).encode("ascii")
    signed = b"".join(
        [_relaxed(field) + b"\r\n" for field in _chosen(fields, names)] + [_relaxed(unsigned)]
    )
    code = base64.b64encode(_sign(signer.key, signed))
    pieces = [code[start : start + 72] for start in range(0, len(code), 72)]
    return unsigned + b"\r\n ".join(pieces) + b"\r\n"


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4: runs of white space are one space, none at the ends of lines, no empty
    lines at the end."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each as it stands, in their order."""
    return re.split(rb"\r\n(?![ \t])", head)


def _name(field: bytes) -> str:
    return field.partition(b":")[0].strip().lower().decode("ascii", "replace")


def _names(fields: list[bytes]) -> list[str]:
    """What h= names: each as often as it occurs, the sealed ones once more."""
    there = [_name(field) for field in fields]
    names = [name for name in (*_SEALED, *_SIGNED) for _ in range(there.count(name))]
    return names + list(_SEALED)


def _chosen(fields: list[bytes], names: list[str]) -> list[bytes]:
    """The fields in the order of `names`; of several of one name the last comes first."""
    left = [(_name(field), field) for field in fields]
    chosen = []
    for name in names:
        at = next((n for n in reversed(range(len(left))) if left[n][0] == name), None)
        if at is not None:
            chosen.append(left.pop(at)[1])
    return chosen


def _relaxed(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip().lower() + b":" + value


def _folded(tag: str, names: list[str]) -> list[str]:
    rows = [names[start : start + 5] for start in range(0, len(names), 5)]
    texts = [":".join(row) for row in rows]
    ended = [f"{text}:" for text in texts[:-1]] + [f"{texts[-1]};"]
    return [f"{tag if n == 0 else ''}{text}" for n, text in enumerate(ended)]


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, PKCS1v15(), hashes.SHA256())
    return key.sign(hashlib.sha256(data).digest())
