"""Where somebody is reached or known on the net: mail, WeChat, QQ, links with tokens, addresses of
machines. Pure: texts are given as `surroundings.plain` copies."""

import re

from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans
from config.kernel.text.personal_data.surroundings import is_an_amount

# ASCII on purpose: Chinese stands beside an address without a space.
_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_%+-])?"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = re.compile(
    rf"(?:{_LOCAL}|(?<![^\W\x00-\x7f])[^\W\x00-\x7f]{{1,4}})@{_LABEL}(?:\.{_LABEL}){{1,5}}"
)
_PROVIDERS = (
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|aol|proton(?:mail)?|gmx|"
    r"qq|foxmail|163|126|yeah|139|189|sina|sohu|aliyun|21cn|tom)"
)
_AT = r"[ ]?(?:[\[({<][ ]?(?:at|AT|At|@)[ ]?[\])}>]|艾特|圈a)[ ]?"
_DOT = r"[ ]?(?:[\[({<][ ]?(?:dot|DOT|Dot|\.)[ ]?[\])}>]|[ ]dot[ ]|点|\.)[ ]?"
_SPELLED_MAIL = re.compile(rf"{_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{1,4}}")
_SPOKEN_MAIL = re.compile(
    rf"{_LOCAL}(?:[ ](?:dot|DOT)[ ]{_LOCAL})?[ ](?:at|AT)[ ](?:{_LABEL}(?:[ ](?:dot|DOT)[ "
    rf"]{_LABEL}){{1,3}}"
    rf"|{_PROVIDERS}\.(?:com|net|org|cn|co\.uk|de))(?![A-Za-z0-9])"
)
_HASH_MAIL = re.compile(
    rf"{_LOCAL}[ ]?[#*][ ]?{_PROVIDERS}(?:\.|[ ]?点[ ]?)(?:com|net|cn)(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_WECHAT_ID = re.compile(r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9]{6,24}")
# Directly after the word only what holds a digit, _ or -: “微信WeChat” is no id.
_WECHAT = re.compile(
    r"(?:微信|威信|薇信|(?<![A-Za-z0-9/._-])(?:wechat|weixin|vx|wx)|[vV]信)"
    r"(?:(?P<said>[ ]?(?:账号|帐号|号码?|ID|id|[:：]|是|为|is|#)(?:[ ]?(?:[:：]|是|为|is))?)|[ "
    r"]?)[ ]?[\"'“「]?"
    r"(?P<number>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_.@-])",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])QQ|扣扣|企鹅)(?:群|账号|帐号|号码?|是|为|No\.?|is|ID|[ ])*[ ]?[:：#]?[ "
    r"]?[\"'“「]?"
    r"(?P<number>[1-9][0-9]{4,10})(?![0-9A-Za-z@.])",
    re.IGNORECASE,
)

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”\u3000-\u303f\u4e00-\u9fff，。；！？）]{4,2000}", re.IGNORECASE
)
_TELLING = re.compile(
    r"[?&#;](?:[a-z_-]*token|[a-z_-]*key|sig(?:nature)?|auth|code|ticket|session(?:id)?|sid|uid|u|"
    r"user(?:id|name)?|"
    r"open_?id|union_?id|customer(?:id)?|member(?:id)?|email|e?mail|phone|mobile|tel|name|"
    r"password|pwd|hash|invite|jwt)"
    r"=[^&#]{3,}|://[^/@\s]+:[^/@\s]+@|"
    r"/(?=[A-Za-z_-]*[0-9])(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{20,}(?=[/?#]|$)|"
    r"/eyJ[A-Za-z0-9_-]{10,}",
    re.IGNORECASE,
)
_IPV4 = re.compile(
    r"(?<![0-9A-Za-z.])(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\.(?:25[0-5]|2[0-4][0-9]|"
    r"1?[0-9]{1,2})){3}"
    r"(?![0-9])(?!\.[0-9])(?!号|版|[A-Za-z])"
)
_IPV6 = re.compile(
    r"(?<![0-9A-Fa-f:.])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|"
    r"(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6})(?![0-9A-Fa-f:])"
)
_IP_SAID = re.compile(
    r"(?:(?<![A-Za-z])ips?|地址|服务器|登[录陆]|address|server|host|from|client|ping)\S{0,6}[ ]?$",
    re.IGNORECASE,
)
_VERSION_SAID = re.compile(
    r"(?:版本|版|升级到?|更新到?|固件|系统|软件|客户端|(?<![A-Za-z])(?:v|ver|version|firmware|"
    r"release|build|"
    r"ios|android|windows|macos|chrome|app|driver|section|update[sd]?(?:[ ]to)?))\S{0,3}[ ]?$",
    re.IGNORECASE,
)


def mail_addresses(text: str) -> Spans:
    """E-mail addresses with a sign @."""
    for found in _MAIL.finditer(text):
        yield Span(*found.span(), Kind.EMAIL, Certainty.CERTAIN)


def spelled_mail_addresses(text: str) -> Spans:
    """E-mail addresses that are written out: name (at) example (dot) com, name#163.com."""
    for pattern in (_SPELLED_MAIL, _SPOKEN_MAIL, _HASH_MAIL):
        for found in pattern.finditer(text):
            yield Span(*found.span(), Kind.EMAIL, Certainty.LIKELY)


def wechat_ids(text: str) -> Spans:
    """WeChat ids: wxid_…, and what follows the word."""
    for found in _WECHAT_ID.finditer(text):
        yield Span(*found.span(), Kind.WECHAT, Certainty.CERTAIN)
    for found in _WECHAT.finditer(text):
        number = found["number"]
        if any(sign.isdigit() or sign in "_-" for sign in number) or (
            found["said"] and found["said"].strip() not in {"id", "ID"}
        ):
            yield Span(*found.span("number"), Kind.WECHAT, Certainty.LIKELY)


def qq_numbers(text: str) -> Spans:
    """QQ numbers after the word."""
    for found in _QQ.finditer(text):
        if not is_an_amount(text, *found.span("number")):
            yield Span(*found.span("number"), Kind.QQ, Certainty.LIKELY)


def telling_links(text: str) -> Spans:
    """Links that carry a token, a password or who somebody is; others are no personal data."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?)]}'*")
        if _TELLING.search(link):
            yield Span(found.start(), found.start() + len(link), Kind.URL, Certainty.LIKELY)


def machine_addresses(text: str) -> Spans:
    """Addresses of IPv4 and IPv6; numbers of versions are none, and four small numbers only are
    where the text says so."""
    for found in _IPV4.finditer(text):
        before = text[max(0, found.start() - 16) : found.start()]
        said = _IP_SAID.search(before) is not None
        octets = [int(one) for one in found[0].split(".")]
        if said or (octets[0] >= 10 and max(octets) >= 100 and not _VERSION_SAID.search(before)):
            yield Span(*found.span(), Kind.IP, Certainty.CERTAIN if said else Certainty.LIKELY)
    for found in _IPV6.finditer(text):
        if found[0].count(":") >= 4 or "::" in found[0]:
            yield Span(*found.span(), Kind.IP, Certainty.LIKELY)
