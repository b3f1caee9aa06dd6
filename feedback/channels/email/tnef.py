"""Files and words out of `winmail.dat` (Microsoft TNEF, [MS-OXTNEF]): bounded, no guesses.

A stream is a signature, a key, then attributes of level (1 byte), id and type (4), length (4),
data and checksum (2). Numbers are little-endian. A new attachment begins at attAttachRendData.
"""

import struct
from collections.abc import Iterator

from feedback.channels.email.charset import decode_bytes
from feedback.channels.email.rich_text import rtf_to_text, unpacked_rtf

SIGNATURE = 0x223E9F78
MESSAGE_LEVEL, ATTACHMENT_LEVEL = 1, 2
MESSAGE_PROPERTIES, CODE_PAGE, PLAIN_BODY = 0x9003, 0x9007, 0x800C
BODY, RTF_BODY, HTML_BODY, HTML_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
REND_DATA = 0x9002
TITLE = 0x8010
DATA = 0x800F
PROPERTIES = 0x9005
LONG_FILE_NAME = 0x3707
ATTACH_DATA = 0x3701
MAX_ATTRIBUTES = 10_000
FIXED_SIZES = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8}
FIXED_SIZES |= {0x48: 16}
VARIABLE = frozenset((0x1E, 0x1F, 0xD, 0x102))
UNICODE = 0x1F
UTF8_PAGE = 65_001
OBJECT = 0xD


def read_tnef(data: bytes) -> list[tuple[str, bytes]]:
    """Return (file name, bytes) of each attachment; an unreadable stream gives what was whole."""
    files: list[tuple[str, bytes]] = []
    name, payload = "", None
    for attribute, content in _attributes(data, ATTACHMENT_LEVEL):
        if attribute == REND_DATA:
            if payload is not None:
                files.append((name, payload))
            name, payload = "", None
        elif attribute == TITLE:
            name = name or decode_bytes(content.rstrip(b"\x00"))
        elif attribute == DATA:
            payload = content
        elif attribute == PROPERTIES:
            found = dict(_properties(content))
            name = _long_name(found) or name
            kind, whole = found.get(ATTACH_DATA, (0, b""))
            if whole and (payload is None or kind == OBJECT):
                payload = whole  # the plain attribute then holds only a remark
    if payload is not None:
        files.append((name, payload))
    return files


def read_tnef_text(data: bytes) -> tuple[str, str]:
    """Return the message as (plain text, HTML), whichever of them the stream holds."""
    attributes = dict(_attributes(data, MESSAGE_LEVEL))
    properties = dict(_properties(attributes.get(MESSAGE_PROPERTIES, b"")))
    page = _number(attributes.get(CODE_PAGE, b""))
    plain = _text(properties.get(BODY), page) or _text((0, attributes.get(PLAIN_BODY, b"")), page)
    html_page = _number(properties.get(HTML_CODE_PAGE, (0, b""))[1])
    html = _text(properties.get(HTML_BODY), html_page or page)
    if not html and (packed := properties.get(RTF_BODY, (0, b""))[1]):
        text, is_html = rtf_to_text(unpacked_rtf(packed))
        plain, html = (plain, text) if is_html else (plain or text, "")
    return plain.strip(), html


def _number(content: bytes) -> int:
    return int.from_bytes(content[:4], "little")


def _text(value: tuple[int, bytes] | None, page: int) -> str:
    kind, content = value or (0, b"")
    if kind == UNICODE:
        return content.decode("utf-16-le", "replace").rstrip("\x00")
    label = "utf-8" if page == UTF8_PAGE else f"cp{page}" if page else ""
    return decode_bytes(content.rstrip(b"\x00"), label)


def _attributes(data: bytes, wanted: int) -> Iterator[tuple[int, bytes]]:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return
    position = 6
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        level, attribute, _kind, size = struct.unpack_from("<BHHI", data, position)
        position += 9
        if position + size > len(data):
            return
        if level == wanted:
            yield attribute, data[position : position + size]
        position += size + 2


def _long_name(properties: dict[int, tuple[int, bytes]]) -> str:
    return _text(properties.get(LONG_FILE_NAME), 0)


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield (property id, (type, first value)) of an encoded property list."""
    try:
        (count,) = struct.unpack_from("<I", data)
        position = 4
        for _ in range(min(count, MAX_ATTRIBUTES)):
            kind, prop = struct.unpack_from("<HH", data, position)
            position += 4
            if prop >= 0x8000:
                position = _after_property_name(data, position)
            is_many, base = bool(kind & 0x1000), kind & 0xFFF
            value, position = _values(data, position, base, is_many=is_many)
            yield prop, (base, value)
    except struct.error:
        return


def _after_property_name(data: bytes, position: int) -> int:
    (name_kind,) = struct.unpack_from("<I", data, position + 16)
    position += 20
    if name_kind == 0:
        return position + 4
    (size,) = struct.unpack_from("<I", data, position)
    return int(position + 4 + _padded(size))


def _values(data: bytes, position: int, kind: int, *, is_many: bool) -> tuple[bytes, int]:
    count = 1
    if is_many or kind in VARIABLE:
        (count,) = struct.unpack_from("<I", data, position)
        position += 4
    first = b""
    for index in range(min(count, MAX_ATTRIBUTES)):
        if kind in VARIABLE:
            (size,) = struct.unpack_from("<I", data, position)
            position += 4
        elif kind in FIXED_SIZES:
            size = FIXED_SIZES[kind]
        else:
            raise struct.error(f"unknown property type {kind}")
        if index == 0:
            first = data[position : position + size]
            if kind == OBJECT:
                first = first[16:]  # the interface id in front of an embedded object
        position += _padded(size)
        if position > len(data) + 3:
            raise struct.error("value past the end")
    return first, position


def _padded(size: int) -> int:
    return size + -size % 4
