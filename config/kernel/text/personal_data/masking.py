"""A text with its personal data covered, one way everywhere. Pure.

What is left says which one it is to somebody who knows it (the last digits of a card, the provider
of a mail address), and reaches nobody.
"""

import re
from collections.abc import Callable, Iterable

from config.kernel.text.personal_data.finding import (
    OwnPattern,
    find_in_beginning,
    find_personal_data,
)
from config.kernel.text.personal_data.kinds import Found, Kind

COVER = "****"  # always four: how long it was is nobody's business
_MOBILE = re.compile(r"(?:0086|86)?(1[3-9][0-9]{9})")
_CITY = re.compile(r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?[\u4e00-\u9fff]{2,6}?市")


def masked(text: str, found: Iterable[Found] | None = None) -> str:
    """`text` with what was `found` (by default: everything) covered: 138****5678,
    l****@example.org, 王****, 北京市****. Masking twice changes nothing."""
    pieces: list[str] = []
    done = 0
    for one in find_personal_data(text) if found is None else found:
        pieces += (text[done : one.start], cover(one.kind, one.value))
        done = one.end
    return "".join([*pieces, text[done:]]) if done else text


def masked_beginning(text: str, letters: int, own: Iterable[OwnPattern] = ()) -> str:
    """The first `letters` of a text, masked; of a number that is cut by the end nothing shows."""
    return masked(*find_in_beginning(text, letters, own))


def without(text: str, found: Iterable[Found]) -> str:
    """`text` with a space for each of what was `found`: for what reads words, to which even the
    rest of a number would be one."""
    pieces: list[str] = []
    done = 0
    for one in found:
        pieces += (text[done : one.start], " ")
        done = one.end
    return "".join([*pieces, text[done:]])


def masked_between(text: str, found: Iterable[Found], start: int, end: int) -> str:
    """`text[start:end]` with what was `found` in the whole text covered. What goes on beyond
    `end` is covered up to there, and stands only where it begins."""
    pieces: list[str] = []
    done = start
    for one in found:
        if one.end <= start or one.start >= end:
            continue
        pieces.append(text[done : one.start])
        if one.start >= start:
            pieces.append(cover(one.kind, one.value))
        done = min(one.end, end)
    return "".join([*pieces, text[done:end]])


def cover(kind: Kind, value: str) -> str:
    """How a value of this kind is shown to those who may not see it."""
    return _COVERS.get(kind, _nothing)(value)


def _nothing(_value: str) -> str:
    return COVER


def _phone(value: str) -> str:
    digits = "".join(str(int(sign)) for sign in value if sign.isdecimal())
    if mobile := _MOBILE.fullmatch(digits):
        return f"{mobile[1][:3]}{COVER}{mobile[1][-4:]}"
    return f"{COVER}{digits[-2:]}"


def _mail(value: str) -> str:
    name, at, domain = value.rpartition("@")
    return f"{name[:1]}{COVER}@{domain}" if at else f"{value[:1]}{COVER}"


def _last_four(value: str) -> str:
    return f"{COVER}{value[-4:]}"


def _first(value: str) -> str:
    return f"{value[:1]}{COVER}"


def _place(value: str) -> str:
    city = _CITY.match(value)
    return f"{city[0] if city else ''}{COVER}"


def _link(value: str) -> str:
    host = re.match(r"(?:https?://)?[^/?#@]+(?=[/?#])", value)
    return f"{host[0] if host else ''}/{COVER}"


_COVERS: dict[Kind, Callable[[str], str]] = {
    Kind.PHONE: _phone,
    Kind.EMAIL: _mail,
    Kind.BANK_CARD: _last_four,
    Kind.IBAN: _last_four,
    Kind.NAME: _first,
    Kind.WECHAT: _first,
    Kind.QQ: _first,
    Kind.ADDRESS: _place,
    Kind.URL: _link,
}
