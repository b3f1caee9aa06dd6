"""Words as people know them, for lists of keywords and topics; models count grams instead."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from config.kernel.text.tokens import TOKEN, is_chinese

_SPACED = re.compile(r"\s")


class Segmenter:
    """Cuts normalised texts into words, Chinese ones by rjieba (MIT; jieba's dictionary and
    hidden Markov model, written in Rust), some 75,000 short texts a second.

    `added` are normalised words of this company that no dictionary has: names of products, say,
    also of letters of both kinds and signs (“小度x8”). Those with spaces in them are left out.
    """

    def __init__(self, added: Iterable[str] = ()) -> None:
        from rjieba import Jieba  # noqa: PLC0415 - 40 MB that only those pay who need them

        self._jieba: Any = Jieba()
        mixed = []
        for word in added:
            if not word or _SPACED.search(word):
                continue
            if all(map(is_chinese, word)):
                self._jieba.add_word(word, None, None)
            elif TOKEN.findall(word) != [word]:
                mixed.append(word)
        self._mixed = _any_of(mixed) if mixed else None

    def words(self, text: str) -> list[str]:
        """Every word of a normalised text in its order, without marks and spaces."""
        if self._mixed is not None:
            return [word for word, _start, _end in self.words_with_places(text)]
        found: list[str] = []
        for token in TOKEN.findall(text):
            if is_chinese(token):
                found += self._jieba.cut(token)
            elif token[0].isalnum():
                found.append(token)
        return found

    def words_with_places(self, text: str) -> list[tuple[str, int, int]]:
        """The same words with where each begins and ends in the normalised text."""
        found = []
        for token in self._tokens(text):
            at = token.start()
            if token.re is self._mixed or (not is_chinese(token[0]) and token[0][0].isalnum()):
                found.append((token[0], at, token.end()))
            elif is_chinese(token[0]):
                for word in self._jieba.cut(token[0]):
                    found.append((word, at, at + len(word)))
                    at += len(word)
        return found

    def _tokens(self, text: str) -> Iterator[re.Match[str]]:
        at = 0
        for whole in self._mixed.finditer(text) if self._mixed is not None else ():
            yield from TOKEN.finditer(text, at, whole.start())
            yield whole
            at = whole.end()
        yield from TOKEN.finditer(text, at)


def _any_of(words: list[str]) -> re.Pattern[str]:
    """The longest first, and no part of a longer Latin word or number."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(rf"{_edge(one[0], '<!')}{re.escape(one)}{_edge(one[-1], '!')}" for one in longest)
    )


def _edge(letter: str, look: str) -> str:
    return f"(?{look}[a-z0-9])" if letter.isalnum() and letter.isascii() else ""


@cache
def _plain() -> Segmenter:
    return Segmenter()


def words(text: str) -> list[str]:
    """The words of a normalised text, by the dictionary alone."""
    return _plain().words(text)
