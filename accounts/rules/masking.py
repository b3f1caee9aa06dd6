"""Taking out of a text what tells who somebody is, or how to reach them. Pure.

One mark and one idea of what is found, wherever words stay and their writer goes: records that
are anonymised, customers who are forgotten, logs that keep what a machine answered. What a text
betrays by what it tells, only deleting it helps against.
"""

import re
from collections.abc import Callable, Iterable

GONE = "▇▇▇"  # nobody types it, and it is no sign of an omission as "…" is
SHORTEST_NAME = 2  # one letter is no name that could be looked for

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”，。；！？、）)】》」]{1,2000}", re.IGNORECASE)
# Chinese stands beside Latin letters without a space: an address in ASCII ends where ASCII does.
_LABEL = r"(?:[A-Za-z0-9-]{1,63}|[^\W\x00-\x7f][\w-]{0,62})"
_ADDRESS = re.compile(
    r"(?:[A-Za-z0-9._%+'-]{1,64}|[\w.%+-]{0,63}[^\W\x00-\x7f])[@＠]"
    rf"{_LABEL}(?:\.{_LABEL}){{0,8}}"
)
# A day, as people write when they bought something, is no number that reaches anybody.
_DAY = (
    r"(?<!\d)(?P<day>(?:19|20)\d\d(?P<mark>[-./])"
    r"(?:0?[1-9]|1[0-2])(?P=mark)(?:0?[1-9]|[12]\d|3[01]))(?![-.]?\d)"
)
# Phones, identity and bank cards, serial numbers: seven digits or more (also full width ones),
# with what people put between them; an identity card may end with X.
_BETWEEN = r"[ \u00a0\u3000()（）.·‐‑–－-]{0,2}"
_NUMBER = rf"[+＋]?[(（]?\d(?:{_BETWEEN}\d){{6,}}(?:[xX](?![A-Za-z]))?"
_DAY_OR_NUMBER = re.compile(rf"{_DAY}|{_NUMBER}")
# Spelled in Chinese figures, to get past filters such as this one.
_SPELLED = re.compile(r"[〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]{7,}")
# What a line of a form says about somebody: the label stays, what follows it goes.
_FORM = re.compile(
    r"(?P<label>(?:^|(?<=[\s,，;；。|（(·]))(?:"
    r"姓名|名字|称呼|收件人|收货人|联系人|寄件人|客户姓名|用户名|昵称|微信号?|QQ号?|旺旺号?|"
    r"(?:(?:full|first|last|family|given|your)[ ]?)?name|"
    r"recipient|contact[ ]person|we ?chat(?:[ ]id)?"
    r")[ ]?[:：][ ]?)(?P<value>[^\s,，;；。|、)）][^\n,，;；。|、)）]{0,39})",
    re.IGNORECASE | re.MULTILINE,
)
_PLACE = re.compile(
    r"(?P<label>(?:^|(?<=[\s,，;；。|（(·]))(?:"
    r"(?:收货|收件|寄件|家庭|详细|联系)?地址|住址|(?:(?:home|street|postal|delivery)[ ])?address"
    r")[ ]?[:：][ ]?)(?P<value>[^\s;；。|][^\n;；。|]{0,119})",
    re.IGNORECASE | re.MULTILINE,
)
_WECHAT = re.compile(r"(?P<label>微信号?(?:是|为)?[ ]?)(?P<value>[A-Za-z][A-Za-z0-9_-]{5,19})")
_HAN = re.compile(r"[\u3400-\u9fff]{2,4}")
_TWO_FOR_A_FAMILY = re.compile(
    "欧阳|司马|上官|诸葛|司徒|东方|独孤|南宫|闻人|夏侯|尉迟|公孙|皇甫|令狐|宇文|长孙|慕容|端木"
)
_TITLES = "先生|女士|小姐|太太|师傅|老师"
# A letter of a script that puts spaces between words.
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
# Tokens and keys: long words that hold a digit.
_TOKEN = re.compile(r"(?=[\w+/=.-]*\d)[\w+/=.-]{20,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def masker(known: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that puts GONE in the place of every link, address and long number, of what the
    lines of a form say about a person, and of the `known` names and contacts in any case: as a
    whole, the parts of a name (Ashdown; 梅梅), and a Chinese family name before a title."""
    named = _known_as_pattern(known)

    def mask(text: str) -> str:
        text = _ADDRESS.sub(GONE, _LINK.sub(GONE, text))
        for labelled in (_FORM, _PLACE, _WECHAT):
            text = labelled.sub(rf"\g<label>{GONE}", text)
        text = _DAY_OR_NUMBER.sub(lambda found: found["day"] or GONE, text)
        text = _SPELLED.sub(GONE, text)
        return named.sub(GONE, text) if named is not None else text

    return mask


def finder(known: Iterable[str]) -> Callable[[str], bool]:
    """A function that says whether a text holds one of the `known` names and contacts."""
    named = _known_as_pattern(known)
    return lambda text: named is not None and named.search(text) is not None


def locator(known: Iterable[str]) -> Callable[[str], list[tuple[int, int]]]:
    """A function that gives the places (from, to) in a text where one of the `known` names and
    contacts stands, or what people sign with. A single word in small Latin letters is a word and
    no name: “may”, not “May”."""
    named = _known_as_pattern(known)

    def is_word(found: str) -> bool:
        return found.isascii() and found.isalpha() and found.islower()

    def places(text: str) -> list[tuple[int, int]]:
        hits = named.finditer(text) if named is not None else ()
        return [hit.span() for hit in hits if not is_word(hit[0])]

    return places


def masked_address(address: str) -> str:
    """An e-mail address of which one still sees the provider: "l▇▇▇@example.org"."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}{GONE}@{domain}" if name else GONE


def masked_log(text: str, *, secrets: Iterable[str] = (), longest: int = 1000) -> str:
    """`text` as a log keeps it: masked as by `masker`, without tokens and the given `secrets`, at
    most `longest` characters of it."""
    # Bounded before it is looked at, too; a secret cut in two is a token still.
    text = _CONTROL.sub("", text[: longest * 4])
    for secret in filter(None, secrets):
        text = text.replace(secret, GONE)
    return masker()(_TOKEN.sub(GONE, text))[:longest]


def _known_as_pattern(known: Iterable[str]) -> re.Pattern[str] | None:
    wholes = {" ".join(one.split()) for one in known}
    wholes = {one for one in wholes if len(one) >= SHORTEST_NAME}
    words = wholes | {part for one in wholes for part in _parts(one)}
    patterns = [_as_pattern(one) for one in sorted(words, key=len, reverse=True)]
    families = {_family(one) for one in wholes if _HAN.fullmatch(one)}
    patterns += [rf"{one}(?={_TITLES})" for one in sorted(families)]
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _parts(name: str) -> list[str]:
    """What people sign with: the words of a name, a Chinese given name of two characters."""
    if _HAN.fullmatch(name):
        given = name.removeprefix(_family(name))
        return [given] if len(given) > 1 else []
    return [part for part in name.split() if len(part) > SHORTEST_NAME]


def _family(name: str) -> str:
    return name[:2] if len(name) > 2 and _TWO_FOR_A_FAMILY.match(name) else name[:1]


def _as_pattern(name: str) -> str:
    """Where a name begins or ends with a letter, none stands beside it: “Li” is no part of
    “like”. Chinese has no borders of words. Spaces may be written, left out or doubled."""
    spelled = r"[\s.,·-]{0,3}".join(re.escape(part) for part in name.split())
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, name[0]) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, name[-1]) else ""
    return f"{before}{spelled}{after}"
