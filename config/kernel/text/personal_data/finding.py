"""Personal data of a text, with its places. Pure: no database, no Django.

Each kind has a detector: a pattern, a check digit where the number has one, and what stands around
it (an order, an amount, a version is nobody). Detectors are asked only where the text holds a sign
of theirs; matching runs over a copy with plain digits of the same length, so that places fit the
text as it was given.
"""

import re
from bisect import bisect
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from config.kernel.text.personal_data import (
    addresses,
    birthdays,
    documents,
    names,
    online,
    phones,
    surroundings,
)
from config.kernel.text.personal_data.kinds import Certainty, Found, Kind, Span, Spans

EVERY_KIND = frozenset(Kind)


def shape(written: str) -> re.Pattern[str]:
    """A pattern as people write it: # is a digit, ? a letter, * any letters and digits at the
    end or in between (40 at most), everything else itself: SO-########, HY??####."""
    parts = {"#": "[0-9]", "?": "[A-Za-z]", "*": "[0-9A-Za-z]{0,40}"}
    return re.compile("".join(parts.get(sign) or re.escape(sign) for sign in written))


@dataclass(frozen=True, slots=True)
class Keep:
    """What is never masked: `words` as they are written (in any case, spaces and dashes left
    out), and what has one of these `shapes` as a whole."""

    words: frozenset[str] = frozenset()
    shapes: tuple[re.Pattern[str], ...] = ()

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, str) or not (self.words or self.shapes):
            return False
        return _bare(value) in self.words or any(one.fullmatch(value) for one in self.shapes)


NOTHING = Keep()


def keeping(words: Iterable[str] = (), shapes: Iterable[str] = ()) -> Keep:
    """What is kept, of words and shapes (see `shape`) as people write them."""
    return Keep(
        frozenset(filter(None, map(_bare, words))),
        tuple(shape(one.strip()) for one in shapes if one.strip()),
    )


def _bare(value: str) -> str:
    return re.sub(r"[\s-]", "", value).casefold()


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """A pattern of the installation: what it finds is masked as `Kind.OWN`."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Detector:
    kinds: frozenset[Kind]
    find: Callable[[str], Spans]


def _detector(find: Callable[[str], Spans], *kinds: Kind) -> _Detector:
    return _Detector(frozenset(kinds), find)


# In the order in which a place is given away when two find the same: the first wins.
_ORDER = (
    Kind.OWN,
    Kind.URL,
    Kind.EMAIL,
    Kind.ID_CARD,
    Kind.IBAN,
    Kind.COMPANY_CODE,
    Kind.SSN,
    Kind.NATIONAL_INSURANCE,
    Kind.PASSPORT,
    Kind.ADDRESS,
    Kind.BIRTH_DATE,
    Kind.BANK_CARD,
    Kind.PHONE,
    Kind.WECHAT,
    Kind.QQ,
    Kind.PLATE,
    Kind.IP,
    Kind.NAME,
    Kind.POSTCODE,
)
_RANK = {kind: place for place, kind in enumerate(_ORDER)}

_WITH_NUMBERS = (
    _detector(phones.phones, Kind.PHONE),
    _detector(documents.identity_cards, Kind.ID_CARD),
    _detector(documents.bank_cards, Kind.BANK_CARD),
    _detector(documents.company_codes, Kind.COMPANY_CODE),
    _detector(documents.passports, Kind.PASSPORT),
    _detector(documents.foreign_numbers, Kind.SSN, Kind.NATIONAL_INSURANCE, Kind.IBAN),
    _detector(online.qq_numbers, Kind.QQ),
)
_BIRTHDAYS = _detector(birthdays.birthdays, Kind.BIRTH_DATE)
_PLATES = _detector(documents.plates, Kind.PLATE)
_MACHINES = _detector(online.machine_addresses, Kind.IP)
_ENGLISH_ADDRESSES = _detector(addresses.english_addresses, Kind.ADDRESS, Kind.POSTCODE)
_CHINESE_ADDRESSES = _detector(addresses.chinese_addresses, Kind.ADDRESS)
_SPELLED_PHONES = _detector(phones.spelled_phones, Kind.PHONE)
_MAIL = _detector(online.mail_addresses, Kind.EMAIL)
_SPELLED_MAIL = _detector(online.spelled_mail_addresses, Kind.EMAIL)
_WECHAT = _detector(online.wechat_ids, Kind.WECHAT)
_LINKS = _detector(online.telling_links, Kind.URL)
_CHINESE_NAMES = _detector(names.chinese_names, Kind.NAME)
_ENGLISH_NAMES = _detector(names.english_names, Kind.NAME)

BEYOND = 200  # letters in which anything personal ends, and what stands around it
BEFORE, AFTER = 48, 48  # letters around a long number that say what it is

# Signs that must be there before a detector is asked. Cheap, and most texts hold none of them.
_LONG_NUMBER = re.compile(r"[0-9](?:[ ().-]{0,2}[0-9]){4}")
_BIRTH = re.compile(r"生日|生于|[出日0-9][ ]?生|[Bb](?:orn|irth|ORN|IRTH)|[Dd]\.?[Oo]\.?[Bb]")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Za-z][·•. -]?[0-9A-Za-z]{4}")
_DOTS = re.compile(r"[0-9]\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f:]{4}")
_SPELLED = re.compile(
    r"[一壹幺][三四五六七八九叁肆伍陆柒捌玖][ -]?[零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]"
)
_STREET = re.compile(r"[0-9][A-Za-z]?,? [A-Za-z0-9]|Box")
_HOUSE = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十][ ]?[号弄栋幢座单层楼室房户門门號棟樓]|址|寄[到往至]|"
    r"送[到至]|住在|位于"
)
_SPELLED_AT = re.compile(
    r"[\[({<][ ]?(?:[aA][tT]|@)|艾特|圈a| (?:at|AT) |[A-Za-z0-9_][ ]?[#*][ ]?[A-Za-z0-9]"
)
_CHAT = re.compile(r"[微威薇vV]信|[wWvV][xX]|[wW][eE](?:[cC][hH]|[iI][xX])")
_LINK = re.compile(r"://|www\.", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{3}")
_PERSON = re.compile(
    r"我叫|我的?名|我是|本人|名[叫字]|[姓户]名|人|先生|女士|小姐|[车业]主|乘客|患者|称呼|真名|员|"
    r"客服|经理|骑手|司机|师傅|"
    r"医生|护士|老师|销售|导购|顾问|工号"
)


def find_personal_data(
    text: str,
    kinds: Collection[Kind] = EVERY_KIND,
    keep: Keep = NOTHING,
    own: Iterable[OwnPattern] = (),
    least: Certainty = Certainty.POSSIBLE,
) -> list[Found]:
    """What of these `kinds` stands in `text`, from left to right, nothing overlapping: kind,
    `start` and `end` in `text` as it was given, the value there, and how sure it is (at least
    `least`). What `keep` holds is left out; `own` patterns are looked for besides."""
    plain = surroundings.plain(text)
    spans = [
        span
        for span in _spans(plain, frozenset(kinds))
        if span.kind in kinds and span.certainty >= least
    ]
    for one in own:
        spans += [
            Span(*found.span(), Kind.OWN, Certainty.CERTAIN)
            for found in one.pattern.finditer(plain)
            if found[0]
        ]
    if not spans:
        return []
    return [
        Found(span.kind, span.start, span.end, text[span.start : span.end], span.certainty)
        for span in _without_overlaps(spans)
        if text[span.start : span.end] not in keep and plain[span.start : span.end] not in keep
    ]


def find_in_beginning(
    text: str, letters: int, own: Iterable[OwnPattern] = ()
) -> tuple[str, list[Found]]:
    """The first `letters` of a text and all personal data in them. What begins there and ends
    beyond is neither cut nor overlooked: the text is as much longer."""
    every = find_personal_data(text[: letters + BEYOND], own=own)
    found = [one for one in every if one.start < letters]
    end = max(letters, found[-1].end) if found else letters
    return text[:end], found


def _spans(plain: str, kinds: frozenset[Kind]) -> Spans:
    for detector in _asked(plain):
        if not detector.kinds.isdisjoint(kinds):
            yield from detector.find(plain)
    asked = [one for one in _WITH_NUMBERS if not one.kinds.isdisjoint(kinds)]
    for start, end in _around_numbers(plain) if asked else ():
        piece = plain[start:end]
        for detector in asked:
            for span in detector.find(piece):
                yield span._replace(start=span.start + start, end=span.end + start)


def _around_numbers(plain: str) -> Iterable[tuple[int, int]]:
    """Where long numbers stand, with what is written around them: most of a text holds none."""
    start, end = -1, -1
    for found in _LONG_NUMBER.finditer(plain):
        if start < 0:
            start = max(0, found.start() - BEFORE)
        elif found.start() - BEFORE > end:
            yield start, end
            start = found.start() - BEFORE
        end = found.end() + AFTER
    if start >= 0:
        yield start, end


def _asked(plain: str) -> Iterable[_Detector]:
    """The detectors of which a sign stands in the text, besides those of long numbers."""
    if _BIRTH.search(plain):
        yield _BIRTHDAYS
    if _PLATE.search(plain):
        yield _PLATES
    if _DOTS.search(plain):
        yield _MACHINES
    if _SPELLED.search(plain):
        yield _SPELLED_PHONES
    if _HOUSE.search(plain):
        yield _CHINESE_ADDRESSES
    if "@" in plain:
        yield _MAIL
    if _PERSON.search(plain):
        yield _CHINESE_NAMES
    if _LETTERS.search(plain):
        yield from _asked_of_letters(plain)


def _asked_of_letters(plain: str) -> Iterable[_Detector]:
    yield _ENGLISH_NAMES
    if _SPELLED_AT.search(plain):
        yield _SPELLED_MAIL
    if _CHAT.search(plain):
        yield _WECHAT
    if _LINK.search(plain):
        yield _LINKS
    if _STREET.search(plain):
        yield _ENGLISH_ADDRESSES


def _without_overlaps(spans: list[Span]) -> list[Span]:
    """Of spans that overlap the one of the stronger kind, then the longer one; from left to
    right."""
    if len(spans) == 1:
        return spans
    taken: list[Span] = []  # from left to right, so that only the neighbours need be asked
    for span in sorted(spans, key=lambda one: (_RANK[one.kind], one.start - one.end, one.start)):
        at = bisect(taken, span)
        is_free = at == 0 or taken[at - 1].end <= span.start
        if is_free and (at == len(taken) or span.end <= taken[at].start):
            taken.insert(at, span)
    return taken
