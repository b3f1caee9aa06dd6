"""Texts that people upload. Pure."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 2000


def decoded(raw: bytes) -> str:
    """Files of Excel in China are GB 18030 when they are not UTF-8, “Unicode text” is UTF-16;
    what is none of them is read as far as it goes."""
    for encoding in (*_said(raw), "utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _said(raw: bytes) -> list[str]:
    """What the first bytes say of themselves; of UTF-16 without a mark, the zeros do."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return [encoding]
    begins = raw[:_LOOKED_AT]
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        half = begins[first::2]
        if len(half) > 3 and half.count(0) > len(half) * 0.6:
            return [encoding]
    return []
