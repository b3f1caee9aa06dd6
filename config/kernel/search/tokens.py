"""What a text can be found by.

A run of Chinese, Japanese, Korean or Thai letters gives every pair of neighbours and its last
letter alone: whoever looks for two letters looks for one token, and one letter is how some token
begins. A word of other letters gives itself; searches look for how it begins. What has a digit
(a phone, an order, a model) gives itself from each letter on, so that any piece of it is how
some token begins; so does a word that letters without spaces follow (`USB线`).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

LONGEST = 40  # letters of a token; what is longer is compared by its first ones
PIECES = 100  # places of one word at which pieces begin

UNSPACED = (
    "\u0e00-\u0eff\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
RUN = re.compile(f"([{UNSPACED}]+)|[^\\W_{UNSPACED}]+")
_DIGIT = re.compile(r"\d")


def tokens(folded: str) -> Iterator[str]:
    """The tokens of a folded text; some more than once."""
    for run in RUN.finditer(folded):
        word = run[0]
        if run[1]:
            yield from pairs(word)
            yield word[-1]
        elif _goes_on_unspaced(folded, run.end()):
            yield from pieces(word)
        elif _DIGIT.search(word):
            yield from pieces(word, shortest=2)
        else:
            yield word[:LONGEST]


def pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def pieces(word: str, *, shortest: int = 1) -> Iterator[str]:
    """The word from its first letter, from its second … on."""
    yield word[:LONGEST]
    for at in range(1, min(PIECES, len(word) - shortest + 1)):
        yield word[at : at + LONGEST]


def _goes_on_unspaced(folded: str, at: int) -> bool:
    following = RUN.match(folded, at)
    return following is not None and following[1] is not None


def month_token(at: datetime) -> str:
    """Says in which month (UTC) something came in; no text has it, for @ is not a letter."""
    return _token_of(_months_of(at))


def month_tokens(last: datetime, number: int) -> list[str]:
    """Those of the month of `last` and of the ones before it, `number` in all."""
    newest = _months_of(last)
    return [_token_of(newest - back) for back in range(number)]


def _months_of(at: datetime) -> int:
    day = at.astimezone(UTC)
    return day.year * 12 + day.month - 1


def _token_of(months: int) -> str:
    return f"@{months // 12}-{months % 12 + 1:02}"
