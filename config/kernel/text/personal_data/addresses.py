"""Where people live: Chinese addresses down to a number, English streets, postcodes. Pure: texts
are given as `surroundings.plain` copies."""

import re

from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans
from config.kernel.text.personal_data.surroundings import words

_FIGURE = (
    r"(?:[0-9A-Za-z]{1,5}(?:-[0-9]{1,5}){0,3}|[一二三四五六七八九十百]{1,4}|[甲乙丙丁东西南北])"
)
_DOOR = r"(?:号院|号楼|号|弄|栋|幢|座|单元|层|楼|室|房|户|门|塔|支弄|號|棟|樓)"
_PROVINCES = (
    "北京|上海|天津|重庆|重慶|河北|山西|辽宁|遼寧|吉林|黑龙江|江苏|江蘇|浙江|安徽|福建|江西|山东|"
    "山東|河南|湖北|湖南|"
    "广东|廣東|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|臺灣|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_CITIES = (
    "广州|廣州|深圳|杭州|南京|苏州|武汉|成都|西安|郑州|长沙|青岛|济南|沈阳|大连|厦门|福州|宁波|"
    "无锡|合肥|昆明|哈尔滨|"
    "长春|石家庄|太原|南昌|南宁|贵阳|海口|兰州|银川|西宁|拉萨|呼和浩特|乌鲁木齐|东莞|佛山|珠海|"
    "中山|惠州|温州|嘉兴|"
    "绍兴|金华|台州|常州|南通|徐州|扬州|烟台|潍坊|泉州|洛阳|保定|唐山|台北|臺北|高雄"
)
# 北京东路 and 中山路 are streets of other towns.
_BEGIN = re.compile(
    rf"(?:{_PROVINCES}|{_CITIES})(?![东西南北中]?[一二三四五]?(?:路|街|大街|大道|巷))"
)
# The number of a house decides: it is looked for first, then what stands before it.
# Each begins with its own sign: that is what makes looking for them cheap.
_HOUSE = re.compile(
    r"(?P<road>路|街|大道|道|巷|弄|胡同|村|庄|屯|组|社区|小区|新村|花园|花苑|家园|公寓|大厦|大楼|"
    r"广场|苑|园|庭|府|里|区|期|号|中心|城|座|湾|轩|居|阁)"
    rf"[ ]?(?P<figure>{_FIGURE})(?P<door>[ ]?{_DOOR})"
)
# Words that are a part of an address only behind these.
_ONLY_BEHIND = {
    "弄": "0123456789",
    "里": "东西南北中",
    "区": "东西南北中一二三四五六七八九十0123456789ABCD",
    "期": "东西南北中一二三四五六七八九十0123456789ABCD",
}
_TAIL = re.compile(
    rf"(?:[ ,，]?(?:{_FIGURE}[ ]?{_DOOR}|[\u4e00-\u9fff]{{2,10}}?(?:大厦|大楼|广场|小区|花园|公寓|"
    rf"家园|花苑|新村|写字楼)))*"
    r"(?:[ -]?[0-9]{3,4}(?![0-9年月元号])室?|[ ]?[0-9]{1,4}(?:-[0-9]{1,4}){1,3}室?|"
    r"-[0-9]{1,4}(?:-[0-9]{1,4})*室?)?"
)
# What an address is made of, from left to right, each part ending with its word.
_PARTS = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:省|自治区|特别行政区|市|自治州|地区|盟|区|县|旗|新区|开发区|镇|乡|"
    r"街道|區|縣|鎮|鄉)"
)
# A town alone is nobody's address.
_NEAR = re.compile(r"[0-9]|路|街|大道|巷|弄|胡同|村|小区|社区|花园|花苑|公寓|大厦|家园|苑|号")
_LEVEL = re.compile(r"省|自治区|市|区|县|镇|乡|街道|區|縣")
_STOP = re.compile(
    r".*(?:[^\u4e00-\u9fff0-9A-Za-z -]|住在|住址|寄到|送到|寄往|发到|送至|寄至|地址|位于|坐落|"
    r"座落|搬到|家在|改到|改成|改为|"
    r"就在|[我你他们]在|到了|去了|来到|前往|在(?!地)|到|住|往|于|去|从|来自|是|为|说|问|给|有|的|"
    r"了|和(?!平)|让|向|离|叫|看|按|[我你]家)",
    re.DOTALL,
)
_SAID = re.compile(
    r"(?:地址|住址|住处|住在|家住|寄到|寄往|寄至|送到|送至|邮寄到|户籍)(?:是|为|在|改成|改为|"
    r"改到)?[ ]?[:：]?[ ]?[\"'“「]?"
    r"(?P<place>[\u4e00-\u9fff0-9A-Za-z#·\- ]{4,60})"
)
_PLACE = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-z0-9·-]{2,24}?(?:省|市|自治区|区|县|镇|乡|街道|路|街|大道|巷|弄|胡同|"
    r"村|小区|社区|"
    r"花园|花苑|公寓|大厦|广场|家园|新村|苑|园|城|號|号院|号楼|号|栋|幢|座|单元|室|楼)[ ]?){2,9}"
)
_STREET_KINDS = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|"
    r"Terrace|Ter|"
    r"Close|Crescent|Cres|Square|Sq|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Gardens|Grove|Mews|"
    r"Row|Walk)"
)
_CITY_AFTER = (
    r"(?:,?[ ](?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|Fl|#)\.?[ ]?#?[A-Za-z0-9-]{1,6})?"
    r"(?:,[ ]?[A-Z][a-z][A-Za-z.'-]*(?:[ ][A-Z][a-z][A-Za-z.'-]*){0,2})?"
    r"(?:,?[ ][A-Z]{2}[ ][0-9]{5}(?:-[0-9]{4})?|,?[ ][A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2})?"
)
_STREET = re.compile(
    r"(?<![0-9A-Za-z$£€.,/-])(?:(?:Flat|Apt|Apartment|Unit|Suite|Room)\.?[ ][A-Za-z0-9-]{1,6},?[ "
    r"])?"
    r"[1-9][0-9]{0,4}[A-Za-z]?(?:-[0-9]{1,4})?,?[ ](?:[NSEW]\.?[ ])?"
    rf"(?:(?:[A-Z][A-Za-z'’.-]*|[0-9]{{1,3}}(?:st|nd|rd|th))[ "
    rf"]){{1,4}}{_STREET_KINDS}(?![A-Za-z])\.?{_CITY_AFTER}"
)
_SMALL_STREET = re.compile(
    r"(?<![0-9A-Za-z$£€.,/-])[1-9][0-9]{0,4}[ ](?P<words>(?:[a-z'’]+[ ]){1,3})(?:street|avenue|"
    r"road|lane|boulevard|blvd)(?![A-Za-z])"
    rf"{_CITY_AFTER}"
)
_NO_STREET = words(
    "minute minutes min mins hour hours mile miles way lane km block blocks of the a in on and "
    "different "
    "other more years year day days times people cars off from by down up star main-road to"
)
_BOX = re.compile(r"\bP\.?[ ]?O\.?[ ]?Box[ ][0-9]{1,6}\b", re.IGNORECASE)
_AREAS = words(
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX "
    "FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML "
    "N NE NG NN NP "
    "NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF "
    "TN TQ TR TS TW "
    "UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    r"(?<![0-9A-Za-z])([A-Z]{1,2})[0-9][A-Z0-9]?[ ][0-9][ABD-HJLNP-UW-Z]{2}(?![0-9A-Za-z])"
)


def chinese_addresses(text: str) -> Spans:
    """Addresses with the number of a house or a room, and what follows 地址 or 寄到."""
    done = 0
    for found in _HOUSE.finditer(text):
        only = _ONLY_BEHIND.get(found["road"])
        if found.start() < done or (only and text[found.start() - 1 : found.start()] not in only):
            continue
        floor = max(done, found.start() - 40)
        start = _begin(text, floor, found.start("figure"))
        if start is None:
            continue
        tail = _TAIL.match(text, found.end())
        done = tail.end() if tail else found.end()
        yield Span(start, done, Kind.ADDRESS, Certainty.LIKELY)
    for found in _SAID.finditer(text):
        place = _PLACE.match(text, found.start("place"), found.end("place"))
        if place and _NEAR.search(place[0]):
            rest = _TAIL.match(text, place.end())
            end = rest.end() if rest else place.end()
            yield Span(place.start(), end, Kind.ADDRESS, Certainty.CERTAIN)


def _begin(text: str, floor: int, house: int) -> int | None:
    """Where the address begins whose house number stands at `house`: at the first province or
    city, else after the last word that leads to a place. None where it is no address: one part
    alone (3号楼) says nothing about anybody."""
    window = text[floor:house]
    if stop := _HARD_STOP.match(window):
        floor, window = floor + stop.end(), window[stop.end() :]
    if begin := _BEGIN.search(window):
        return floor + begin.start()
    if stop := _STOP.match(window):
        floor, window = floor + stop.end(), window[stop.end() :]
    window = window.lstrip()
    start = house - len(window)
    levels = len(_LEVEL.findall(window))
    if levels and _PARTS.match(window):
        return start
    return start if _ROAD.fullmatch(window.rstrip()) else None


_HARD_STOP = re.compile(r".*[^\u4e00-\u9fff0-9A-Za-z ()-]", re.DOTALL)
_ROAD = re.compile(r"[\u4e00-\u9fff]{2,10}(?:路|大街|街|大道|巷|弄|胡同|新村|小区|花园|公寓|家园)")


def english_addresses(text: str) -> Spans:
    """A number, a street, and what follows of flat, city, state and postcode; post boxes; British
    postcodes."""
    for found in _STREET.finditer(text):
        yield Span(*_trimmed(text, *found.span()), Kind.ADDRESS, Certainty.LIKELY)
    for found in _SMALL_STREET.finditer(text):
        if not _NO_STREET.intersection(found["words"].split()):
            yield Span(*_trimmed(text, *found.span()), Kind.ADDRESS, Certainty.POSSIBLE)
    for found in _BOX.finditer(text):
        yield Span(*found.span(), Kind.ADDRESS, Certainty.LIKELY)
    for found in _POSTCODE.finditer(text):
        if found[1] in _AREAS:
            yield Span(*found.span(), Kind.POSTCODE, Certainty.LIKELY)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    return start, end - (text[end - 1] in "., ")
