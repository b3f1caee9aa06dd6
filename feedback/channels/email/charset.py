"""Turn bytes of mail into text: the label is a hint, the bytes are the witness.

Chinese mail names `gb2312` and contains GBK, names `utf-8` and contains GB 18030, or names
nothing at all. Every function here returns a string that PostgreSQL accepts: no NUL, no lone
surrogate, and never an exception.
"""

import codecs
import re

from feedback.channels.email.japanese import decode_iso_2022_jp
from feedback.channels.email.unlabelled import SAMPLE, likely_chinese, likely_codec

LABEL = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,39}")

# What the label says -> what decodes the bytes that are sent under it in practice.
WIDER = {
    **dict.fromkeys(
        (
            "gb2312", "gb-2312", "gb_2312-80", "gb2312-80", "csgb2312", "gbk", "x-gbk", "cp936",
            "ms936", "windows-936", "gb18030", "gb-18030", "chinese", "euc-cn", "x-euc-cn",
        ),
        "gb18030",
    ),
    **dict.fromkeys(("big5", "big-5", "x-big5", "csbig5", "cn-big5", "big5-eten"), "cp950"),
    **dict.fromkeys(("hz-gb-2312", "hz-gb2312"), "hz"),
    **dict.fromkeys(
        (
            "ks_c_5601-1987", "ks_c_5601", "ks_c_5601-1989", "ksc5601", "ksc_5601", "euc-kr",
            "euckr", "x-euc-kr", "korean", "uhc", "ms949", "x-windows-949",
        ),
        "cp949",
    ),
    **dict.fromkeys(
        (
            "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-31j",
            "windows-932", "x-ms-cp932", "csshiftjis", "cswindows31j",
        ),
        "cp932",
    ),
    **dict.fromkeys(("x-euc-jp", "x-eucjp", "euc_jp", "eucjp-ms", "eucjp"), "euc_jp"),
    **dict.fromkeys(
        ("iso-2022-jp", "csiso2022jp", "iso-2022-jp-ms", "cp50220", "cp50221", "cp50222"),
        "iso2022_jp_ext",
    ),
    **dict.fromkeys(("utf8", "utf-8", "utf_8", "utf8mb4", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("koi8r", "koi8", "cskoi8r"), "koi8-r"),
    **dict.fromkeys(("ucs-2", "ucs2", "iso-10646-ucs-2", "unicode", "utf16"), "utf-16"),
    **dict.fromkeys(("unicode-1-1-utf-7", "x-unicode-2-0-utf-7"), "utf-7"),
    **dict.fromkeys(("x-mac-roman", "x-macroman"), "mac-roman"),
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "windows-874": "cp874",
}  # fmt: skip
WINDOWS = re.compile(r"(?:x-)?(?:windows|win|cp|ms)[-_]?(\d{3,5})")
NARROW = frozenset(
    (
        "", "us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "iso88591",
        "iso_8859-1", "latin1", "latin-1", "windows-1252", "cp1252",
    )
)  # fmt: skip
PAIRED = frozenset(("gb18030", "cp950", "big5hkscs", "cp949", "cp932", "euc_jp", "euc_jisx0213"))
# Codecs that are no character sets, or that take quadratic time.
NOT_FOR_MAIL = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")
SURELY = 5


def clean(text: str) -> str:
    """Drop control characters (tab and line feed stay), join no lines, mend lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SURROGATE.sub("\ufffd", UNWANTED.sub("", text))


def decode_bytes(data: bytes, label: str = "") -> str:
    """Return `data` as clean text, believing the character set `label` as far as it is true."""
    return clean(_decode(data, normal_label(label)))


def normal_label(label: str) -> str:
    """`"GB2312*zh-CN;"` -> `gb2312`; an unreadable label -> empty."""
    label = label.strip(" \t\r\n\"';,").partition("*")[0].lower()
    found = LABEL.match(label)
    return found[0] if found else ""


def says_little(label: str) -> bool:
    """Whether `label` is missing, or the one that programs write without looking."""
    return normal_label(label) in NARROW


def works_in_pairs(label: str) -> bool:
    """Whether `label` names an encoding of two bytes for each Chinese, Japanese, Korean sign."""
    return WIDER.get(normal_label(label)) in PAIRED


def _decode(data: bytes, label: str) -> str:
    for mark, codec in BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    codec = WIDER.get(label) or WINDOWS.sub(r"cp\1", label)
    if label in NARROW or codec in NOT_FOR_MAIL:
        return guess(data)
    if codec == "utf-8":
        return _utf8(data)
    if codec == "utf-16":
        is_ascii = data.isascii() and b"\x00" not in data and b" " in data
        return guess(data) if is_ascii else data.decode(_byte_order(data), "replace")
    if codec in {"gb18030", "cp950"}:
        return _chinese(data, codec)
    return _by_label(data, codec)


def _by_label(data: bytes, codec: str) -> str:
    try:
        text = data.decode(codec)
        return _really_utf8(data, in_pairs=codec in PAIRED) or text
    except UnicodeError:
        return _broken(data, codec)
    except (LookupError, ValueError):
        return guess(data)


def guess(data: bytes) -> str:
    """Decode bytes that carry no believable label: UTF-8, Chinese, Japanese, Korean, Cyrillic,
    then cp1252."""
    if data.isascii():
        return _seven_bit(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    codec = likely_codec(data)
    if codec:
        return data.decode(codec, "replace")
    repaired = data.decode("utf-8", "replace")
    if _mostly_readable(repaired):
        return repaired
    return data.decode("cp1252", "replace")


def _mostly_readable(text: str) -> bool:
    wide = sum(1 for c in text[:SAMPLE] if c > "\x7f")
    return text.count("\ufffd", 0, SAMPLE) * 4 <= wide


def _seven_bit(data: bytes) -> str:
    """ASCII bytes may still be HZ or ISO-2022 text whose label was lost."""
    if b"\x1b$" in data or b"\x1b(" in data:
        for codec in ("iso2022_jp_ext", "iso2022_kr"):
            try:
                return data.decode(codec)
            except UnicodeError:
                continue
        return decode_iso_2022_jp(data)
    return data.decode("ascii")


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        whole, rest = data[: error.start], data[error.start :]
        if error.reason == "unexpected end of data" and (len(rest) > 1 or not whole.isascii()):
            return whole.decode("utf-8")  # cut off inside the last character
        if b"\xed" in data and (paired := _paired(data)):
            return paired
        repaired = data.decode("utf-8", "replace")
        return repaired if _mostly_readable(repaired) else guess(data)


def _paired(data: bytes) -> str:
    """Java writes one emoji as two surrogates of three bytes each (CESU-8)."""
    try:
        return (
            data.decode("utf-8", "surrogatepass")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16")
        )
    except UnicodeError:
        return ""


def _really_utf8(data: bytes, *, in_pairs: bool = True) -> str:
    """Return the text if the bytes are UTF-8 whatever their label says, else empty.

    A few bytes of an encoding that works in pairs may be valid UTF-8 by chance (陆伟 in GBK is),
    but then of two bytes each and few: characters of three bytes, five of two, or single accents
    among many ASCII letters prove it.
    """
    if data.isascii():
        return ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if not in_pairs:
        return text
    wide = [c for c in text[:SAMPLE] if c > "\x7f"]
    letters = sum(1 for c in text[:SAMPLE] if c.isascii() and c.isalpha())
    is_proven = len(wide) >= SURELY or letters > 3 * len(wide)
    return text if is_proven or any(c >= "\u0800" for c in wide) else ""


def _byte_order(data: bytes) -> str:
    """UTF-16 without a mark: zeros and the high bytes of Chinese characters tell the order."""
    sample = data[:SAMPLE]
    high = sum(1 for byte in sample[::2] if not byte or 0x4E <= byte <= 0x9F)
    low = sum(1 for byte in sample[1::2] if not byte or 0x4E <= byte <= 0x9F)
    return "utf-16-le" if low > high else "utf-16-be"


def _chinese(data: bytes, codec: str) -> str:
    if text := _really_utf8(data):
        return text
    for candidate in (codec, "big5hkscs" if codec == "cp950" else codec):
        try:
            return data.decode(candidate)
        except UnicodeDecodeError:
            continue
    other = likely_chinese(data)
    return data.decode(other or codec, "replace")


def _broken(data: bytes, codec: str) -> str:
    """The label is an encoding of its own kind, but the bytes do not keep to it."""
    if text := _really_utf8(data):
        return text
    if codec == "iso2022_jp_ext" and not data.isascii():
        try:
            return data.decode("cp932")  # Shift_JIS sent under the name of its seven-bit sister
        except UnicodeDecodeError:
            return guess(data)
    if codec == "iso2022_jp_ext":
        return decode_iso_2022_jp(data)
    if codec in {"cp932", "cp949", "hz", "utf-7"} or data.isascii():
        return data.decode(codec, "replace")
    return guess(data)
