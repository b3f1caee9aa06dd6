"""Taking personal data out of texts that stay: what is known of the person, and whatever looks
like a way to reach somebody."""

import re
from collections.abc import Callable, Iterable

GONE = "…"
SHORTEST = 2  # one letter is no name that could be looked for
# Chinese stands beside Latin letters and digits without a space: borders are those of ASCII.
_ADDRESS = re.compile(r"[A-Za-z0-9._+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# 7 to 18 digits with what people put between them: phone, card and identity numbers.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\+?[0-9](?:[ ().-]{0,2}[0-9]){6,17}[xX]?(?![A-Za-z0-9])")


def redactor(known: Iterable[str]) -> Callable[[str], str]:
    """A function that replaces in a text every one of the `known` names and contacts, in any
    case, and everything that looks like an address or a long number, by "…"."""
    words = sorted({one.strip() for one in known if len(one.strip()) >= SHORTEST}, key=len)
    longest_first = [_as_pattern(one) for one in reversed(words)]
    named = re.compile("|".join(longest_first), re.IGNORECASE) if longest_first else None

    def redact(text: str) -> str:
        text = _NUMBER.sub(GONE, _ADDRESS.sub(GONE, text))
        return named.sub(GONE, text) if named is not None else text

    return redact


def _as_pattern(word: str) -> str:
    """A word of letters is not looked for inside another; Chinese has no borders of words."""
    escaped = re.escape(word)
    if not word.isascii():
        return escaped
    return (
        rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"
        if word[0].isalnum() and word[-1].isalnum()
        else escaped
    )
