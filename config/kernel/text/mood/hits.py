"""Finds in a text the words that carry feeling or change it, Chinese and English alike."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import Any

from config.kernel.text.mood.lists import entries, sections
from config.kernel.text.mood.signs import signs

VADER_SCALE = 0.6  # its means reach from -4 to 4, ours from -3 to 3
REMEMBERED = 100_000  # English words with what they are
_WORD = re.compile(r"[a-z0-9]+(?:/\d+)?(?:'[a-z]+)?")
_ANY = "*"
_OPPOSITE = re.compile(r"(?:un|in|im|ir|il|dis|non)(?=[a-z]{5})")
_BETWEEN = ("过", "了", "个", "过一次", "了一次", "一次", "着")  # of a verb and its object


class Kind(IntEnum):
    VALUE = 1
    EXPECTED = 2  # speaks only when it is denied
    EXTENT = 3  # speaks only when there is too much of it
    DENIAL = 4
    STRONGER = 5  # or weaker
    NEUTRAL = 6
    SIGN = 7  # emoji and faces: no denial turns them round


Known = tuple[Kind, float]
# A word that stands in several sections is what the first of these says.
_SECTIONS = {
    "neutral": Kind.NEUTRAL,
    "echo": Kind.VALUE,
    "value": Kind.VALUE,
    "matter": Kind.VALUE,
    "denial": Kind.DENIAL,
    "short of": Kind.DENIAL,
    "warning": Kind.DENIAL,
    "needless": Kind.DENIAL,
    "never again": Kind.DENIAL,
    "stronger": Kind.STRONGER,
    "expected": Kind.EXPECTED,
    "extent": Kind.EXTENT,
    "too much": Kind.STRONGER,
    "denial behind": Kind.DENIAL,
}


@dataclass(slots=True)
class Hit:
    """A word at `start` up to `end` of the normal form; `value` is its feeling (-3..3), for
    STRONGER a factor."""

    start: int
    end: int
    kind: Kind
    value: float
    word: str


def hits(text: str) -> list[Hit]:
    """Every word of the lists in a normalised text, in its order, none inside another."""
    found = [Hit(start, end, Kind.SIGN, value, "") for start, end, value in signs(text)]
    if not text.isascii():
        found += _chinese_hits(text)
    tokens = list(_WORD.finditer(text))
    if tokens:
        found += _english_hits(tokens)
    found.sort(key=lambda hit: (hit.start, -hit.end))
    apart: list[Hit] = []
    for hit in found:
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return apart


def as_pattern(words: Iterable[str]) -> str:
    """A pattern that finds the longest of many words without trying them one after another."""
    tree: dict[str, Any] = {}
    for word in words:
        at = tree
        for letter in word:
            at = at.setdefault(letter, {})
        at[""] = {}
    return _branches(tree)


def _branches(tree: dict[str, Any]) -> str:
    ways = [re.escape(letter) + _branches(rest) for letter, rest in sorted(tree.items()) if letter]
    if not ways:
        return ""
    if "" in tree:
        return f"(?:{'|'.join(ways)})?"
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _listed(name: str, parted_by: str | None = None) -> Iterator[tuple[str, Known]]:
    found = sections(name, parted_by)
    for section, kind in _SECTIONS.items():
        numbered = [one for one in found.items() if one[0][0] == section]
        for (_, number), words in sorted(numbered, key=lambda one: -abs(one[0][1])):
            for word in words:
                yield word, (kind, number or (1.0 if kind is Kind.STRONGER else 0.0))


@cache
def _chinese() -> tuple[dict[str, tuple[int, ...]], dict[str, Known]]:
    """The lengths of the words that begin with a letter, the longest first; and the words."""
    words: dict[str, Known] = {}
    for word, known in _listed("zh"):
        words.setdefault(word, known)
    for verb in entries("zh", "separable"):  # 掉线: 掉过线, 掉了线
        words |= {f"{verb[0]}{between}{verb[1:]}": words[verb] for between in _BETWEEN}
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {one: tuple(sorted(of, reverse=True)) for one, of in lengths.items()}, words


def _chinese_hits(text: str) -> Iterator[Hit]:
    """Far faster than one pattern of all words, which tries every first letter in turn."""
    lengths, words = _chinese()
    behind = 0
    for at, letter in enumerate(text):
        if at < behind or letter not in lengths:
            continue
        for length in lengths[letter]:
            word = text[at : at + length]
            if (known := words.get(word)) is not None:
                behind = at + len(word)
                yield Hit(at, behind, known[0], known[1], word)
                break


class _English:
    """Phrases by their first two words (or the first and `*`, where the second is one of any
    ending), the longest first; single words by themselves; `*` stands for any ending."""

    def __init__(self) -> None:
        self._single: dict[str, Known] = {}
        self._stems: dict[str, Known] = {}
        self.phrases: dict[tuple[str, str], list[tuple[list[str], Known]]] = {}
        for phrase, known in _listed("en", ","):
            words = _WORD.findall(phrase)
            if len(words) > 1:
                words[-1] += _ANY if phrase.endswith(_ANY) else ""
                key = (words[0], _ANY if words[1].endswith(_ANY) else words[1])
                self.phrases.setdefault(key, []).append((words, known))
            elif phrase.endswith(_ANY):
                self._stems.setdefault(words[0], known)
            else:
                self._single.setdefault(words[0], known)
        for found in self.phrases.values():
            found.sort(key=lambda one: -len(one[0]))
        self._firsts = {first for first, _ in self.phrases}
        self._vader = dict(_vader())
        self._known: dict[str, Known | None] = {}

    def beginning(self, texts: list[str], at: int) -> Iterator[tuple[list[str], Known]]:
        """The phrases that may begin with the word at a place."""
        if texts[at] in self._firsts and at + 1 < len(texts):
            yield from self.phrases.get((texts[at], texts[at + 1]), ())
            yield from self.phrases.get((texts[at], _ANY), ())

    def of(self, word: str) -> Known | None:
        """What one word is, if anything."""
        if word in self._known:
            return self._known[word]
        found = (
            self._single.get(word)
            or self._of_stem(word)
            or self._of_vader(word)
            or self._opposite(word)
        )
        if len(self._known) < REMEMBERED:
            self._known[word] = found
        return found

    def _of_stem(self, word: str) -> Known | None:
        beginnings = (word[:length] for length in range(len(word), 2, -1))
        return next((self._stems[one] for one in beginnings if one in self._stems), None)

    def _opposite(self, word: str) -> Known | None:
        """ "Inattentive" is what "attentive" is not."""
        prefix = _OPPOSITE.match(word)
        if prefix is None:
            return None
        rest = word[prefix.end() :]
        known = self._single.get(rest) or self._of_stem(rest) or self._of_vader(rest)
        if known is None or known[0] is not Kind.VALUE or known[1] <= 0:
            return None
        return Kind.VALUE, -known[1]

    def _of_vader(self, word: str) -> Known | None:
        value = self._vader.get(word)
        return None if value is None else (Kind.VALUE, value)


@cache
def _english() -> _English:
    return _English()


def _vader() -> Iterator[tuple[str, float]]:
    """The words of VADER (MIT): Hutto and Gilbert, 2014. Only its word list is used."""
    text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8")
    for line in text.splitlines():
        word, mean, *_ = line.split("\t")
        if word.isalpha():
            yield word.lower(), float(mean) * VADER_SCALE


def _english_hits(tokens: list[re.Match[str]]) -> Iterator[Hit]:
    english = _english()
    texts = [token[0] for token in tokens]
    at = 0
    while at < len(tokens):
        length, known = 1, None
        for phrase, meant in english.beginning(texts, at):
            if _stands(phrase, texts, at):
                length, known = len(phrase), meant
                break
        known = known or english.of(texts[at])
        if known is not None:
            start, end = tokens[at].start(), tokens[at + length - 1].end()
            yield Hit(start, end, known[0], known[1], " ".join(texts[at : at + length]))
        at += length


def _stands(phrase: list[str], texts: list[str], at: int) -> bool:
    *whole, last = phrase
    there = texts[at : at + len(phrase)]
    if len(there) < len(phrase) or there[:-1] != whole:
        return False
    return there[-1].startswith(last[:-1]) if last.endswith(_ANY) else there[-1] == last
