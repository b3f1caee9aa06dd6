"""ISO-2022-JP as Windows writes it (also called iso-2022-jp-ms, CP50221).

Python's codecs stop at the characters which NEC and IBM added (①, ㈱, 髙) and at half-width
katakana; cp932 knows all of them, so each stretch is moved there.
"""

import re

STRETCH = re.compile(rb"\x1b(\$\(?[@BD]|\([BJI])([^\x1b]*)")


def decode_iso_2022_jp(data: bytes) -> str:
    """Return the text of escape-coded Japanese; what cannot be read becomes U+FFFD."""
    first = data.find(b"\x1b")
    head = data if first < 0 else data[:first]
    out = [head.decode("ascii", "replace")]
    for mode, stretch in STRETCH.findall(data):
        if mode.startswith(b"$"):
            out.append(_double(stretch))
        elif mode == b"(I":
            out.append(bytes(byte | 0x80 for byte in stretch).decode("cp932", "replace"))
        else:
            out.append(stretch.decode("cp932", "replace"))
    return "".join(out)


def _double(stretch: bytes) -> str:
    """Two bytes per character (JIS X 0208) -> Shift_JIS; line breaks stand between them."""
    moved = bytearray()
    position = 0
    while position < len(stretch):
        high = stretch[position]
        if high < 0x21 or position + 1 == len(stretch):
            moved.append(high)
            position += 1
            continue
        low = stretch[position + 1]
        moved.append(((high + 1) >> 1) + (0x70 if high <= 0x5E else 0xB0))
        moved.append(
            (low + 0x7E if high % 2 == 0 else low + (0x1F if low < 0x60 else 0x20)) & 0xFF
        )
        position += 2
    return moved.decode("cp932", "replace")
