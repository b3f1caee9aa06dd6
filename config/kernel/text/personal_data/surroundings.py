"""What stands around a number says what it is: an order, an amount, a version. Pure."""

import re

# Full-width and mathematical signs and other dashes become the plain one: always one character
# for one, so that places in the copy are places in the text.
_PLAIN: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF5B))},
    **{ord(full): chr(ord(full) - 0xFEE0) for full in "＃（）＋－．／＿"},
    **{0x1D7CE + place: str(place % 10) for place in range(50)},
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\u3000\ufeff"), " "),
}
_TO_CHANGE = re.compile("[" + "".join(map(chr, _PLAIN)) + "]")

# A word for something that is no person, directly before a number.
_OF_AN_ORDER = re.compile(
    r"(?:订单|訂單|运单|運單|快递|快遞|物流|流水|交易|支付单|退款|退货|售后|工单|案件|受理|投诉单|"
    r"服务单|"
    r"单号|單號|货号|型号|序列|设备|机器|产品|商品|条形?码|批[号次]|发票|合同|保单|票据|凭证|航班|"
    r"车次|会员|"
    r"(?<![证卡份])编[号码]|编码|追踪|取件码|验证码|券码|积分|版本|"
    r"\b(?:order|tracking|invoice|ticket|case|reference|ref|booking|confirmation|pnr|transaction|"
    r"txn|"
    r"parcel|shipment|serial|sn|s/n|imei|model|sku|upc|ean|isbn|item|product|batch|lot|policy|"
    r"contract|"
    r"member|membership|flight|version|build|po|rma|receipt|voucher|coupon|claim))"
    r"(?:编?号码?|单号|[ ]?(?:no\.?|nr\.?|num(?:ber)?|id|code|#))?"
    r"[ ]?(?:是|为|為|is|was)?[ ]?[:：=#]?[ ]?[\"'“「(（]?[A-Z]{0,3}-?$",
    re.IGNORECASE,
)
_AMOUNT_BEFORE = re.compile(
    r"(?:[¥￥$€£]|\b(?:RMB|CNY|USD|EUR|GBP|HKD)|金额|价格|共计|总价)[ ]?[:：]?[ ]?$"
)
_UNIT_AFTER = re.compile(
    r"[ ]?(?:元|块钱|万|亿|美金|美元|个[^号]|次|人|件|字节|公里|米|克|斤|mAh|[kKmM][gGmMbB]\b|"
    r"dollars|yuan|"
    r"RMB|CNY|USD|%|％)|[.,][0-9]"
)


def words(listed: str) -> frozenset[str]:
    """The words of a list, which spaces part."""
    return frozenset(listed.split())


def plain(text: str) -> str:
    """A copy of `text` of the same length, with plain digits, Latin letters, dashes, spaces and
    brackets for full-width and other ones."""
    return _TO_CHANGE.sub(_as_plain, text)


def _as_plain(found: re.Match[str]) -> str:
    return _PLAIN[ord(found[0])]


def is_of_an_order(text: str, start: int) -> bool:
    """Directly before `start` stands what says that a number of a thing follows."""
    return _OF_AN_ORDER.search(text[max(0, start - 26) : start]) is not None


def is_an_amount(text: str, start: int, end: int) -> bool:
    """Money before it, a unit or a fraction after it."""
    return (
        _UNIT_AFTER.match(text, end) is not None
        or _AMOUNT_BEFORE.search(text[max(0, start - 8) : start]) is not None
    )
