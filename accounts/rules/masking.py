"""Hiding what a log should not keep. Pure."""

import re
from collections.abc import Iterable

MASK = "•••"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Phone, card and identity numbers, with the marks that people put between the digits.
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}")
# Tokens and keys: long words that hold a digit.
_TOKEN = re.compile(r"(?=[\w+/=.-]*\d)[\w+/=.-]{20,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def masked(text: str, *, secrets: Iterable[str] = (), longest: int = 1000) -> str:
    """`text` without e-mail addresses, long numbers, tokens and the given `secrets`, at most
    `longest` characters of it."""
    # Bounded before it is looked at, too; a secret cut in two is a token still.
    text = _CONTROL.sub("", text[: longest * 4])
    for secret in filter(None, secrets):
        text = text.replace(secret, MASK)
    for pattern in (_ADDRESS, _TOKEN, _NUMBER):
        text = pattern.sub(MASK, text)
    return text[:longest]
