"""How an address or a number is written down, so that the same one is found again."""

import re
import unicodedata

from accounts.enums import ContactKind

_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]\x00-\x1f]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x1f]{1,253}")
# What a mail program makes a link of, and what no name has.
_NOT_IN_A_NAME = re.compile(r"[:/@<>{}\[\]|\\]|\w[.。．]\w|\d{3}|www", re.IGNORECASE)
_LONGEST_NAME, _MOST_WORDS = 40, 5
_PHONE_NOISE = re.compile(r"[\s().·\-–—]")


def is_email(value: str) -> bool:
    """Whether mail could be sent there: one @, no white space, brackets or control characters."""
    return len(value) <= 254 and bool(_EMAIL.fullmatch(value)) and "." in value.rpartition("@")[2]


def name_to_greet(name: str) -> str:
    """`name` if it can pass for one, else "": what a stranger typed as a name goes out in our
    name, to an address that may not be theirs, so it carries no link and no sentence."""
    name = " ".join(name.split())
    if len(name) > _LONGEST_NAME or len(name.split()) > _MOST_WORDS:
        return ""
    return "" if _NOT_IN_A_NAME.search(name) else name


def normalise_contact(kind: str, value: str) -> str:
    """The stored form: NFKC without spaces at the ends; e-mail in lower case; phone numbers as
    digits, with +86 dropped from Chinese mobile numbers."""
    value = unicodedata.normalize("NFKC", value).strip()
    if kind == ContactKind.EMAIL:
        return value.lower()
    if kind == ContactKind.PHONE:
        digits = _PHONE_NOISE.sub("", value)
        return re.sub(r"^(?:\+|00)86(?=1\d{10}$)", "", digits)
    return value
