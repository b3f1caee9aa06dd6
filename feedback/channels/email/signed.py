"""The message inside an opaque S/MIME signature (`smime.p7m`). Unwraps, verifies nothing.

CMS (RFC 5652) as far as needed: ContentInfo { signedData, [0] SignedData { version, digests,
{ id-data, [0] OCTET STRING } … } }. Lengths may be indefinite, strings constructed.
"""

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")
MAX_CHUNKS = 100_000
CONSTRUCTED, OCTETS = 0x24, 0x04


def signed_content(payload: bytes) -> bytes:
    """Return the signed bytes, or nothing if `payload` is encrypted or no CMS."""
    if SIGNED_DATA not in payload[:64]:
        return b""
    start = payload.find(DATA, 0, 4096)
    if start < 0:
        return b""
    position = start + len(DATA)
    if payload[position : position + 1] != b"\xa0":
        return b""
    position, _ = _length(payload, position + 1)
    return _octets(payload, position)


def is_enveloped(payload: bytes) -> bool:
    """Whether `payload` is encrypted for somebody who has a key."""
    return any(kind in payload[:64] for kind in (ENVELOPED, AUTH_ENVELOPED))


def _octets(data: bytes, position: int) -> bytes:
    tag = data[position] if position < len(data) else 0
    position, size = _length(data, position + 1)
    if tag == OCTETS and size is not None:
        return data[position : position + size]
    if tag != CONSTRUCTED:
        return b""
    chunks: list[bytes] = []
    end = len(data) if size is None else position + size
    for _ in range(MAX_CHUNKS):
        if position >= end or data[position] != OCTETS:
            break
        position, size = _length(data, position + 1)
        if size is None:
            break
        chunks.append(data[position : position + size])
        position += size
    return b"".join(chunks)


def _length(data: bytes, position: int) -> tuple[int, int | None]:
    """Return (offset of the content, its length or None if indefinite)."""
    first = data[position] if position < len(data) else 0
    if first < 0x80:
        return position + 1, first
    count = first & 0x7F
    if not count:
        return position + 1, None
    return position + 1 + count, int.from_bytes(data[position + 1 : position + 1 + min(count, 8)])
