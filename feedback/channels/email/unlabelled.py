"""What encoding do bytes without a believable label have? Told by which signs are frequent.

Chinese comes first: another language wins only where its own commonest letters are seen and the
commonest Chinese characters are not.
"""

import re

SAMPLE = 20_000
PAIR = re.compile(rb"[\x81-\xfe][\x30-\xff]")
HIGH = re.compile(rb"[\x80-\xff]+")

COMMON_CHINESE = frozenset(
    sign.encode("gb18030")
    for sign in (
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于"
        "着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还"
        "进好小部其些主样理心本前开但因只从想实日者意无力与长把机十第公此已工使情明性知全"
        "三又关点正业外将两高间由问很最重并物手应向文体相见被什二等产或新己制身果加月话合"
        "回代内信表化老给世位次度门任常先通教原提比员解水名真处走各入口认条平系气题活更别"
        "打女变四总何电数安少报才结受太量再感建务做接必场件计管期市直资命金指许保至便空您"
        "请谢订单货款退客服收票价快递号码产品买店物流"
    )
)
COMMON_KOREAN = frozenset(
    sign.encode("cp949")
    for sign in (
        "이다는에을가고하기도사한합니안요의를로지나그서들은인해주세습아어시자대라만면수있"
        "없것게데제리스일보저과부정전원불환송배문상품녕감드립오늘"
    )
)

YO = b"\xa3\xb3\xa8\xb8"  # ё and Ё, the only Russian letters below C0
COMMON_KANA = frozenset(sign.encode("euc_jp") for sign in "のはてしたますでがをにと")


def likely_codec(data: bytes) -> str:
    """Return the codec that the first bytes speak for, or empty if they may be Western."""
    sample = data[:SAMPLE]
    pairs = PAIR.findall(sample)
    others = (_japanese, _korean, _cyrillic) if pairs and not _is_surely_chinese(pairs) else ()
    found = next(filter(None, (other(sample, pairs) for other in others)), "")
    return found or likely_chinese(data)


def likely_chinese(data: bytes) -> str:
    """Return `gb18030` or `cp950` if the bytes look like common Chinese text, else empty.

    The 3755 commonest simplified characters sit in rows B0-D7 of GB 2312 with both bytes above
    A0; the commonest traditional ones in rows A4-C6 of Big5, where the second byte is often
    below 7F. Western text in an 8-bit set has single high bytes among ASCII letters instead.
    """
    pairs = PAIR.findall(data[:SAMPLE])
    if not pairs:
        return ""
    common = sum(1 for a, b in pairs if b >= 0xA1 and (0xB0 <= a <= 0xD7 or 0xA1 <= a <= 0xA3))
    if common >= 0.7 * len(pairs) and _decodes(data, "gb18030"):
        return "gb18030"
    big5 = sum(
        1
        for a, b in pairs
        if (0xA4 <= a <= 0xC6 or 0xA1 <= a <= 0xA3) and (b >= 0xA1 or 0x40 <= b <= 0x7E)
    )
    low = sum(1 for a, b in pairs if b <= 0x7E)
    if big5 >= 0.8 * len(pairs) and low <= 0.7 * len(pairs) and _decodes(data, "cp950"):
        return "cp950"
    if common >= 0.5 * len(pairs):
        return "gb18030"
    return ""


def _is_surely_chinese(pairs: list[bytes]) -> bool:
    return sum(pair in COMMON_CHINESE for pair in pairs) >= 0.2 * len(pairs)


def _japanese(sample: bytes, pairs: list[bytes]) -> str:
    """Every sentence has hiragana: row A4 of EUC-JP, row 82 of Shift_JIS."""
    if len(pairs) < 3:
        return ""
    kana = sum(pair in COMMON_KANA for pair in pairs)
    is_high = all(b >= 0xA1 for _, b in pairs)
    if is_high and kana >= max(3, 0.15 * len(pairs)) and _decodes(sample, "euc_jp"):
        return "euc_jp"
    shifted = sum(1 for a, b in pairs if a == 0x82 and 0x9F <= b <= 0xF1)
    return "cp932" if shifted >= 0.3 * len(pairs) and _decodes(sample, "cp932") else ""


def _korean(sample: bytes, pairs: list[bytes]) -> str:
    """Hangul fills rows B0-C8, of which Chinese uses the half."""
    hangul = sum(1 for a, b in pairs if 0xB0 <= a <= 0xC8 and b >= 0xA1)
    common = sum(pair in COMMON_KOREAN for pair in pairs)
    chinese = sum(pair in COMMON_CHINESE for pair in pairs)
    is_korean = len(pairs) > 2 and hangul >= 0.9 * len(pairs)
    is_common = common >= 0.3 * len(pairs) and common > 2 * chinese
    return "cp949" if is_korean and is_common and _decodes(sample, "cp949") else ""


def _cyrillic(sample: bytes, pairs: list[bytes]) -> str:
    """Words of letters from C0 up: small ones are the lower half in KOI8-R, the upper in
    Windows-1251. In two-byte encodings a third of the second bytes is below C0."""
    words = HIGH.findall(sample)
    letters = b"".join(words).translate(None, YO)
    if len(letters) < 12 or len(letters) < 3 * len(words):
        return ""
    if sum(1 for byte in letters if byte >= 0xC0) < 0.97 * len(letters):
        return ""
    lower = sum(1 for byte in letters if 0xC0 <= byte <= 0xDF)
    return "koi8-r" if 2 * lower > len(letters) else "cp1251"


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data[:SAMPLE].decode(codec)
    except UnicodeDecodeError as error:
        return error.start >= min(len(data), SAMPLE) - 4  # the sample may end inside a character
    return True
