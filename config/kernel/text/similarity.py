"""Texts that are nearly the same: written twice, forwarded, copied with a few words changed.

Two looks, because neither is enough. *Fingerprints* (hashed runs of two and three letters,
weighted by how rare they are) find out of thousands the few that could be meant, and do not
mind when sentences change places. What is then read letter by letter, the longest common
subsequence, tells a copy with a fifth of its letters changed from another text about the same:
at 20 percent of scattered edits only half of all runs of letters survive, four fifths of the
letters do.

Sources: TF-IDF cosine (Salton and Buckley 1988, Information Processing and Management 24:513);
sampling of the smallest hashes (Broder 1997, Compression and Complexity of Sequences).
"""

import math
import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from config.kernel.text.normalising import normalise

Fingerprint = NDArray[np.uint32]

DUPLICATE = 0.7  # a similarity from here on is called a duplicate
READ_FIRST, READ_LAST = 400, 100  # letters of a long text that are compared
AT_MOST = 256  # hashes of a fingerprint: all of a text of up to 128 letters
POSSIBLE = 0.28  # cosine from which two texts are read letter by letter
CANDIDATES = 12  # texts that are read letter by letter for one

_NOT_LETTERS = re.compile(r"[\W_]+")
_COPIED = 0.8  # share of common letters from which a text is a copy
_LATIN_LETTERS = 0.1  # runs of two letters are common to most texts written in an alphabet


@dataclass(frozen=True, slots=True)
class Match:
    """`key` of a text seen before and its similarity (0..1)."""

    key: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Places of two texts in what was given, the earlier first, and their similarity (0..1)."""

    one: int
    other: int
    similarity: float


def compared(text: str) -> str:
    """What of a text is compared: normalised, and of a long one its beginning and its end."""
    whole = normalise(text)
    if len(whole) <= READ_FIRST + READ_LAST:
        return whole
    return f"{whole[:READ_FIRST]} {whole[-READ_LAST:]}"


def fingerprint(text: str) -> Fingerprint:
    """At most `AT_MOST` hashes of the runs of two and three letters of a text, ascending; the
    smallest where there are more, so that two texts keep the same of what they share. A text of
    one letter has none."""
    letters = np.frombuffer(compared(text).encode("utf-32-le", "replace"), np.uint32)
    if len(letters) < 2:
        return np.empty(0, np.uint32)
    twos = letters[:-1] * np.uint32(0x9E3779B1) ^ letters[1:] * np.uint32(0x85EBCA6B)
    threes = (twos[:-1] ^ np.uint32(0x68E31DA4)) * np.uint32(0xC2B2AE35) ^ letters[2:] * np.uint32(
        0x27D4EB2F
    )
    return np.unique(_mixed(np.concatenate((twos, threes))))[:AT_MOST]


def packed(print_: Fingerprint) -> bytes:
    """A fingerprint as it is kept: four bytes for each hash, little-endian."""
    return print_.astype("<u4").tobytes()


def unpacked(kept: bytes | memoryview) -> Fingerprint:
    return np.frombuffer(kept, "<u4").astype(np.uint32, copy=False)


def cosine(one: Fingerprint, other: Fingerprint) -> float:
    """Cosine (0..1) of two sets of runs, all weighing the same."""
    if len(one) == AT_MOST or len(other) == AT_MOST:
        ends = [print_[-1] for print_ in (one, other) if len(print_) == AT_MOST]
        one, other = (print_[print_ <= min(ends)] for print_ in (one, other))
    if not len(one) or not len(other):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / math.sqrt(len(one) * len(other))


def common_letters(one: str, other: str) -> float:
    """Share (0..1) of the letters of two texts that stand in both in the same order: twice the
    longest common subsequence by the letters of both; of two texts without letters 1."""
    return Indel.normalized_similarity(one, other)


def similarity(one: str, other: str) -> float:
    """How much of two texts is the same, 0..1; from `DUPLICATE` (0.7) on one is a copy of the
    other. Capitals, width, traditional characters and punctuation do not count.

    The higher of two measures, each moved so that 0.7 is its own line: the cosine of runs of
    letters (line at 0.7, for alphabets at 0.8) and the common letters (line at 0.8).
    """
    return _similarity(_Read(one), _Read(other))


def copies(
    text: str, print_: Fingerprint, others: Mapping[int, tuple[str, Fingerprint]]
) -> list[Match]:
    """Those of some texts, by their keys, that are copies of one or the other way round, with
    their `similarity`, in their order. All with their fingerprints."""
    one = _Read(text, print_)
    found = []
    for key, other in others.items():
        value = _similarity(one, _Read(*other))
        if value >= DUPLICATE:
            found.append(Match(key, value))
    return found


def duplicates(texts: Sequence[str], *, least: float = DUPLICATE) -> list[Pair]:
    """All pairs of texts whose similarity is at least `least`, in the order of the texts.

    Each text is read beside the `CANDIDATES` nearest to it; of many copies of one text each is
    thus paired with some of the others, not with all.
    """
    reads = [_Read(text) for text in texts]
    block = _Block([read.print for read in reads])
    pairs: dict[tuple[int, int], Pair] = {}
    for at, read in enumerate(reads):
        for near in block.near(read.print, CANDIDATES + 1, POSSIBLE):
            one, other = sorted((at, near.key))
            if one == other or (one, other) in pairs:
                continue
            pairs[one, other] = Pair(one, other, _similarity(reads[one], reads[other]))
    return sorted(
        (pair for pair in pairs.values() if pair.similarity >= least),
        key=lambda pair: (pair.one, pair.other),
    )


class Recent:
    """The fingerprints of the last `limit` texts, to be asked which of them are near a new one.

    Lies in the memory of a worker (about 10 bytes a hash); of each text at most `hashes` are
    kept, the smallest. Most rows stand in postings sorted by hash, the newest in a tail that is
    looked through; when the tail is long both become one and what is older than `limit` is
    forgotten. Keys are ids: texts come in about their order, each once.
    """

    def __init__(self, *, limit: int = 20_000, hashes: int = AT_MOST) -> None:
        self._limit = limit
        self._hashes = hashes
        self._keys: list[int] = []
        self._known: set[int] = set()
        self._ascending: list[int] = []  # the same keys
        self._rows: list[Fingerprint] = []
        self._block = _Block([])

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def last_key(self) -> int | None:
        """The highest key that was added: what came after it is still to be added."""
        return self._ascending[-1] if self._ascending else None

    def since(self, key: int) -> list[int]:
        """Keys above `key` that are known already, ascending."""
        return self._ascending[bisect_right(self._ascending, key) :]

    def add(self, key: int, print_: Fingerprint) -> None:
        self.extend([(key, print_)])

    def extend(self, rows: Iterable[tuple[int, Fingerprint]]) -> None:
        """Texts with their keys, the oldest first. Many at once are much faster than one by
        one."""
        for key, print_ in rows:
            if key in self._known:
                continue
            self._known.add(key)
            insort(self._ascending, key)
            self._keys.append(key)
            # A copy: a part of an array keeps the whole of it.
            self._rows.append(print_[: self._hashes].copy())
        if len(self._rows) - len(self._block) > max(256, len(self._block) // 16):
            self._keys, self._rows = self._keys[-self._limit :], self._rows[-self._limit :]
            self._known, self._ascending = set(self._keys), sorted(self._keys)
            self._block = _Block(self._rows)

    def nearest(
        self,
        print_: Fingerprint,
        *,
        at_most: int = CANDIDATES,
        least: float = POSSIBLE,
        before: int | None = None,
    ) -> list[Match]:
        """Texts whose cosine with `print_` is at least `least`, the nearest first; only those
        with a key below `before`. The cosine is weighted by rareness among what was seen; read
        the texts with `similarity` to decide."""
        print_ = print_[: self._hashes]
        allowed = None
        if before is not None and before <= (self.last_key or 0):  # else all of them are
            allowed = np.array(self._keys, np.int64) < before
        in_block = self._block.near(print_, at_most, least, allowed)
        found = [*in_block, *self._in_tail(print_, least)]
        found.sort(key=lambda match: (-match.similarity, -match.key))
        oldest = len(self._rows) - self._limit
        return [
            Match(self._keys[match.key], match.similarity)
            for match in found
            if match.key >= oldest and (allowed is None or allowed[match.key])
        ][:at_most]

    def _in_tail(self, print_: Fingerprint, least: float) -> Iterator[Match]:
        begin = len(self._block)
        tail = self._rows[begin:]
        if not tail or not len(print_):
            return
        lengths = np.array([len(row) for row in tail])
        starts = np.concatenate(([0], np.cumsum(lengths)))
        flat = np.concatenate(tail)
        at = np.minimum(np.searchsorted(print_, flat), len(print_) - 1)
        running = np.concatenate(([0], np.cumsum(print_[at] == flat)))
        common = running[starts[1:]] - running[starts[:-1]]
        values = common / np.sqrt(np.maximum(lengths, 1) * len(print_))
        for place in np.flatnonzero(values >= least):
            yield Match(begin + int(place), float(values[place]))


class _Block:
    """Rows sorted by hash. `near` gives places in the rows."""

    def __init__(self, rows: Sequence[Fingerprint]) -> None:
        self._count = len(rows)
        lengths = np.array([len(row) for row in rows], np.int64)
        flat = np.concatenate(rows) if len(rows) else np.empty(0, np.uint32)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
        order = np.argsort(flat, kind="stable")
        self._owner = owner[order]
        self._hashes, self._starts, counts = np.unique(
            flat[order], return_index=True, return_counts=True
        )
        self._counts = counts
        self._weights = np.square(self._rareness(counts))
        norms = np.bincount(self._owner, np.repeat(self._weights, counts), minlength=self._count)
        self._norms = np.sqrt(np.maximum(norms, 1e-9))

    def __len__(self) -> int:
        return self._count

    def _rareness(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """ln((1 + texts) / (1 + texts with the run)) + 1; the same for all where a few texts say
        nothing about what is common."""
        if self._count < 200:
            return np.ones(len(counts))
        return np.log((1 + self._count) / (1 + counts)) + 1

    def near(
        self,
        print_: Fingerprint,
        at_most: int,
        least: float,
        allowed: NDArray[np.bool_] | None = None,
    ) -> list[Match]:
        if not self._count or not len(print_):
            return []
        at = np.minimum(np.searchsorted(self._hashes, print_), len(self._hashes) - 1)
        known = at[self._hashes[at] == print_]
        unknown = self._rareness(np.zeros(1, np.int64))[0] ** 2 * (len(print_) - len(known))
        norm = math.sqrt(max(float(self._weights[known].sum()) + unknown, 1e-9))
        # Runs that every tenth text has find nobody, and would cost most.
        telling = known[self._counts[known] <= max(64, self._count // 10)]
        if not len(telling):
            telling = known
        dots = np.zeros(self._count)
        for gram in telling:
            start = self._starts[gram]
            dots[self._owner[start : start + self._counts[gram]]] += self._weights[gram]
        values = dots / (self._norms * norm)
        if allowed is not None:
            values[~allowed[: self._count]] = 0
        # What the common runs would add is unknown here, hence a little less than asked for.
        places = np.flatnonzero(values >= least * 0.7)
        places = places[np.argsort(-values[places], kind="stable")][:at_most]
        return [Match(int(place), float(values[place])) for place in places]


class _Read:
    """A text that is compared with others; what is asked of it is found out once."""

    def __init__(self, text: str, print_: Fingerprint | None = None) -> None:
        read = compared(text)
        self.print = fingerprint(text) if print_ is None else print_
        self.letters = _NOT_LETTERS.sub("", read) or read  # without spaces and punctuation

    @cached_property
    def is_in_an_alphabet(self) -> bool:
        return len(self.letters.encode("ascii", "ignore")) * 2 > len(self.letters)


def _similarity(one: _Read, other: _Read) -> float:
    if one.letters == other.letters:
        return 1.0
    near = cosine(one.print, other.print)
    if one.is_in_an_alphabet and other.is_in_an_alphabet:
        near -= _LATIN_LETTERS
    shorter, longer = sorted((len(one.letters), len(other.letters)))
    # Not to be reached any more, however well the letters fit.
    if 2 * shorter / (shorter + longer) < _COPIED:
        return max(near, 0.0)
    letters = common_letters(one.letters, other.letters) - (_COPIED - DUPLICATE)
    return max(near, letters, 0.0)


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread over all 32 bits, so that the smallest are a fair sample."""
    hashes = (hashes ^ hashes >> np.uint32(16)) * np.uint32(0x7FEB352D)
    hashes = (hashes ^ hashes >> np.uint32(15)) * np.uint32(0x846CA68B)
    return hashes ^ hashes >> np.uint32(16)
