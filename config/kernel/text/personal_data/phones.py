"""Phones: Chinese mobiles, landlines and service numbers, North American, British and written with
a country code. Pure: texts are given as `surroundings.plain` copies."""

import re

from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans
from config.kernel.text.personal_data.surroundings import is_an_amount, is_of_an_order, words

_EXTENSION = (
    r"(?:[ ]?(?:转|轉|分机号?|ext\.?|extension|x|#)[ ]?[:：.]?[ ]?[0-9]{1,6}"
    r"|-[0-9]{2,5}(?![0-9-]))?"
)
_END = r"(?![0-9])"
_START = r"(?<![0-9])(?<![0-9][.,])"
_MOBILE = re.compile(
    rf"{_START}(?:\(?(?:\+[ ]?|00)?86\)?[ -]{{0,2}})?"
    rf"(?P<number>1[3-9](?:[ .-]{{0,2}}[0-9]){{9}}){_END}",
)
# How people group the eleven digits; and each on its own.
_GROUPS = {(11,), (3, 4, 4), (3, 8), (3, 3, 5), (4, 4, 3), (4, 3, 4), (3, 5, 3), (5, 6), (7, 4)}
_TWO_MOBILES = re.compile(r"(?<![0-9])(1[3-9][0-9]{9})(1[3-9][0-9]{9})(?![0-9])")
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
# Where nothing stands between area and number: only areas that there are.
_REAL_AREA = (
    r"(?:10|2[0-57-9]|3(?:1[0-9]|35|49|[579][0-9])|4(?:[13567][0-9]|2[179]|8[23])|5(?:[1-79][0-9]|"
    r"80)|"
    r"6(?:3[1-5]|6[0238]|9[12])|7(?:01|[1-9][0-9])|8(?:[12359][0-9]|7[0-9]|8[3678])|"
    r"9(?:[0-57][0-9]|9[0-9]))"
)
_LANDLINE = re.compile(
    rf"{_START}(?:"
    rf"\(?(?:\+[ ]?|00)86\)?[ -]{{0,2}}\(?0?{_AREA}\)?[ -]{{0,2}}"
    rf"|\(0{_AREA}\)[ -]{{0,2}}|0{_AREA}[ -]{{1,3}}|0{_REAL_AREA})"
    rf"[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}{_END}{_EXTENSION}",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    rf"{_START}[48]00(?![0 -]{{7}})(?:[ -]?[0-9]){{7}}{_END}{_EXTENSION}", re.IGNORECASE
)
_AMERICAN = re.compile(
    rf"{_START}(?:\+?1[ .-]{{0,2}})?"
    r"(?!\(?[2-79]00)(?:\([2-9][0-9]{2}\)[ .-]{0,2}|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[ .-][0-9]{4}"
    rf"{_END}{_EXTENSION}",
    re.IGNORECASE,
)
# Country codes of one to three digits; of China and North America above.
_CODES = (
    r"(?:1(?=[ .(-]{0,2}[2-9])|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|85[2356]|"
    r"88[06]|9[679][0-9]|"
    r"35[0-9]|37[0-9]|38[0-9]|42[013]|50[0-9]|59[0-9]|2[1-689][0-9]|67[0-9]|68[0-9])"
)
_ABROAD = re.compile(
    rf"(?<![0-9A-Za-z+])(?:\+[ ]?|00(?=(?:44|49|33|39|34|81|82|85[23]|886|6[0156]|7|"
    rf"[2-9][0-9]{{0,2}}[ -])[0-9 ().-]{{8}})){_CODES}(?:[ .-]?\(0?[0-9]{{0,4}}\))?"
    rf"(?:[ .-]{{0,2}}[0-9]){{6,12}}{_END}{_EXTENSION}",
    re.IGNORECASE,
)
_BRITISH = re.compile(
    rf"{_START}(?:\(0[1-3][0-9]{{1,4}}\)[ ]?[0-9]{{3,4}}[ -]?[0-9]{{3,4}}"
    r"|0[127][0-9]{3}[ -][0-9]{3}[ -]?[0-9]{3}|01[0-9]{2}[ -][0-9]{3}[ -][0-9]{4}"
    rf"|07[0-9]{{9}}){_END}{_EXTENSION}",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"[+(]?[0-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9*])")
_SAID = re.compile(
    r"(?:电话|電話|手机|手機|座机|固话|热线|传真|联系方式|联系我|拨打|致电|回电|来电|"
    r"(?<![a-z])(?:tele?phone|phone|mobile|cell|tel|fax|whatsapp|telegram|"
    r"(?:call|text|ring|reach|contact)(?:[ ]me)?(?:[ ](?:at|on|back[ ](?:at|on)))?|my[ ]number))"
    r"(?:[ ]?(?:号码|號碼|号|是|为|為|no\.?|number|#|is|at))*[ ]?[:：.]?[ ]?$",
    re.IGNORECASE,
)
_FIGURES = "零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_SPELLED = re.compile(
    rf"(?<![{_FIGURES}0-9])[一壹幺][三四五六七八九叁肆伍陆柒捌玖](?:[ -]?[{_FIGURES}]){{9}}"
    rf"(?![{_FIGURES}0-9])"
)
_A_DAY = re.compile(r"(?:19|20)[0-9]{2}(?P<mark>[-./ ]?)(?:0?[1-9]|1[0-2])(?P=mark)[0-3]?[0-9]\b")
# Letters that may touch a number and still let it be a phone.
_CONTACT_WORDS = words(
    "tel phone mobile cell call mob t m p h wx vx v qq whatsapp fax no number num hp ph am pm"
)
_LETTERS_BEFORE = re.compile(r"[A-Za-z_]{1,12}$")


def spelled_phones(text: str) -> Spans:
    """Mobiles in Chinese figures."""
    for found in _SPELLED.finditer(text):
        yield _phone(found.start(), found.end(), Certainty.LIKELY)


def phones(text: str) -> Spans:
    """All phones written in digits."""
    yield from _mobiles(text)
    for found in _A_NUMBER.finditer(text):
        start, end = found.span()
        if (
            (start == 0 or not text[start - 1].isdigit())
            and _SAID.search(text[max(0, start - 24) : start])
            and not _A_DAY.match(text, start)
            and not is_an_amount(text, start, end)
        ):
            yield _phone(start, end, Certainty.CERTAIN)
    for pattern in (_LANDLINE, _SERVICE, _AMERICAN, _BRITISH, _ABROAD):
        for found in pattern.finditer(text):
            if _may_be_a_phone(text, *found.span()) and not _goes_on(text, *found.span()):
                yield _phone(found.start(), found.end(), Certainty.LIKELY)


def _mobiles(text: str) -> Spans:
    for found in _MOBILE.finditer(text):
        number = found["number"]
        groups = tuple(len(part) for part in re.split(r"[ .-]+", number))
        grouped = len(groups) > 1
        if (groups not in _GROUPS and set(groups) != {1}) or (
            grouped and _goes_on(text, found.start(), found.end())
        ):
            continue
        if _may_be_a_phone(text, *found.span()):
            start = found.start()
            bracket = text[start] == "(" and ")" not in found[0]
            yield _phone(start + bracket, found.end(), Certainty.CERTAIN)
    for found in _TWO_MOBILES.finditer(text):
        if _may_be_a_phone(text, *found.span()):
            yield _phone(*found.span(1), Certainty.POSSIBLE)
            yield _phone(*found.span(2), Certainty.POSSIBLE)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Groups of digits stand before or after it: a part of something longer."""
    return (
        text[start].isdigit()
        and start > 1
        and text[start - 1] in " -."
        and text[start - 2].isdigit()
    ) or (end + 1 < len(text) and text[end] in " -." and text[end + 1].isdigit())


def _may_be_a_phone(text: str, start: int, end: int) -> bool:
    if start and (
        text[start - 1].isascii() and (text[start - 1].isalpha() or text[start - 1] == "_")
    ):
        letters = _LETTERS_BEFORE.search(text[max(0, start - 13) : start])
        if letters is None or letters[0].lower().strip("_") not in _CONTACT_WORDS:
            return False
    abroad = "+" in text[start : start + 2]
    return (abroad or not is_of_an_order(text, start)) and not is_an_amount(text, start, end)


def _phone(start: int, end: int, certainty: Certainty) -> Span:
    return Span(start, end, Kind.PHONE, certainty)
