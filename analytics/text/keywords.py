"""Words and phrases: in how many texts, and which say what sets two groups of texts apart."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from analytics.text.stop_words import STOP_WORDS

Counts = NDArray[np.int64]

LEAST_TOGETHER = 0.4  # how strongly the words of a phrase belong together, -1..1
LEAST_TEXTS = 5  # that have a phrase; three of few texts
FEW = 2000
# What is known of words in general weighs as much as so many words, at most a tenth of those that
# are compared.
PRIOR_WORDS = 1000.0

_A_LETTER = re.compile(r"[^\W\d_]")
_A_NUMBER = re.compile(r"\d{4}")  # of an order, a case, a year
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Wording:
    """What counts as a keyword: without `stop` (beside our own list), `synonyms` counted as the
    word that they stand for, `own` as they are written. All words as they are folded."""

    stop: Collection[str] = frozenset()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    own: Collection[str] = frozenset()

    def keyword(self, word: str) -> str | None:
        """What a word counts as; None where it says nothing."""
        if word in self.stop or (word in STOP_WORDS and word not in self.own):
            return None
        word = self.synonyms.get(word, word)
        if word in self.own:
            return word
        word = singular(word)
        word = self.synonyms.get(word, word)
        if word in STOP_WORDS or word in self.stop or not _says_something(word):
            return None
        return word

    def written(self, keyword: str) -> list[str]:
        """All words that count as this one: which texts to look for behind its number."""
        stand_for = [
            word for word, for_ in self.synonyms.items() if keyword in {for_, singular(for_)}
        ]
        found = {form for word in (keyword, *stand_for) for form in _forms(word)}
        return sorted(form for form in found if self.keyword(form) == keyword)


@dataclass(frozen=True, slots=True)
class Term:
    """A keyword, or two or three that stand beside each other."""

    words: tuple[str, ...]

    @property
    def label(self) -> str:
        gap = "" if all(_IDEOGRAPH.search(word) for word in self.words) else " "
        return gap.join(self.words)


@dataclass(frozen=True, slots=True)
class Odds:
    """How a term sets two groups apart: above 0 it belongs to the first. `log_odds` is the
    natural logarithm of the ratio of its odds, `z` that by its standard error: beyond ±1.96 the
    difference is hardly chance."""

    first: int
    second: int
    log_odds: float
    z: float


class Terms:
    """The keywords of many texts and who has them. `texts` are the words of each, every word
    once, in their order."""

    def __init__(
        self,
        texts: Iterable[Sequence[str]],
        wording: Wording | None = None,
        *,
        with_phrases: bool = True,
    ) -> None:
        wording = wording or Wording()
        said = [*map(list, texts)]
        every = list(chain.from_iterable(said))
        names: dict[str, int] = {}
        known = {}
        for word in dict.fromkeys(every):
            keyword = wording.keyword(word)
            known[word] = -1 if keyword is None else names.setdefault(keyword, len(names))
        flat = np.fromiter(map(known.__getitem__, every), np.int64, len(every))
        owner = np.repeat(np.arange(len(said)), np.array([len(text) for text in said], np.int64))
        flat, owner = flat[flat >= 0], owner[flat >= 0]
        self.texts = count = len(said)
        self.terms = [Term((name,)) for name in names]
        self._owner, self._term = _once(owner, flat)
        self._least = LEAST_TEXTS if count >= FEW else 3
        if with_phrases and len(flat):
            self._add_phrases(flat, owner)

    def of(self, chosen: NDArray[np.bool_] | None = None) -> Counts:
        """In how many of the `chosen` texts (of all) each term is."""
        terms = self._term if chosen is None else self._term[chosen[self._owner]]
        return np.bincount(terms, minlength=len(self.terms))

    def by_group(self, group_of: NDArray[np.int64], groups: int) -> Counts:
        """In how many texts of each group each term is: one row for each group. `group_of` has
        a number for each text; below 0 it is in none."""
        group = group_of[self._owner]
        inside = group >= 0
        cells = group[inside] * len(self.terms) + self._term[inside]
        counts = np.bincount(cells, minlength=groups * len(self.terms))
        return counts.reshape(groups, len(self.terms))

    def _add_phrases(self, flat: Counts, owner: Counts) -> None:
        counts = np.bincount(flat, minlength=len(self.terms))
        beside = (owner[:-1] == owner[1:]) & (flat[:-1] != flat[1:])
        first, second, of = flat[:-1][beside], flat[1:][beside], owner[:-1][beside]
        size = len(self.terms)
        owners, cells = _once(of, first * size + second)
        pairs, inverse, together = np.unique(cells, return_inverse=True, return_counts=True)
        score = _belonging(together, counts[pairs // size], counts[pairs % size], self.texts)
        kept = (together >= self._least) & (score >= LEAST_TOGETHER)
        number = np.where(kept, np.cumsum(kept) - 1 + size, -1)[inverse]
        self._owner = np.concatenate((self._owner, owners[number >= 0]))
        self._term = np.concatenate((self._term, number[number >= 0]))
        for pair in pairs[kept]:
            one, other = self.terms[pair // size], self.terms[pair % size]
            self.terms.append(Term(one.words + other.words))
        self._add_threes(flat, owner, set(pairs[kept].tolist()), size)

    def _add_threes(self, flat: Counts, owner: Counts, pairs: set[int], size: int) -> None:
        """Three words whose pairs are phrases and that are mostly all three."""
        found: dict[tuple[int, int, int], set[int]] = {}
        is_pair = np.isin(
            np.where(owner[:-1] == owner[1:], flat[:-1] * size + flat[1:], -1),
            np.fromiter(pairs, np.int64, len(pairs)),
        )
        at = np.flatnonzero(is_pair[:-1] & is_pair[1:])
        threes = zip(flat[at].tolist(), flat[at + 1].tolist(), flat[at + 2].tolist(), strict=True)
        for three, of in zip(threes, owner[at].tolist(), strict=True):
            if three[0] != three[2]:
                found.setdefault(three, set()).add(of)
        counts = {
            term.words: int(count) for term, count in zip(self.terms, self.of(), strict=True)
        }
        for three, owners in found.items():
            words = tuple(self.terms[one].words[0] for one in three)
            if len(owners) >= max(self._least, min(counts[words[:2]], counts[words[1:]]) / 2):
                self._owner = np.concatenate((self._owner, np.array(sorted(owners))))
                self._term = np.concatenate(
                    (self._term, np.full(len(owners), len(self.terms), np.int64))
                )
                self.terms.append(Term(words))


def holds(text: Sequence[str], words: Sequence[str], wording: Wording) -> bool:
    """Whether a text has the words of a term beside each other, as `Terms` counts them."""
    said = [keyword for word in text if (keyword := wording.keyword(word))]
    width = len(words)
    return any(tuple(said[at : at + width]) == tuple(words) for at in range(len(said) - width + 1))


def telling(terms: Sequence[Term], counts: Counts) -> NDArray[np.bool_]:
    """Which terms say something of their own: not words that are nearly always (four fifths)
    part of one longer phrase."""
    place = {term.words: at for at, term in enumerate(terms)}
    tells = counts > 0
    for term, count in zip(terms, counts, strict=True):
        length = len(term.words)
        parts = {
            term.words[start : start + width]
            for width in range(1, length)
            for start in range(length - width + 1)
        }
        for part in parts & place.keys():
            if count >= 0.8 * counts[place[part]] and counts[place[part]]:
                tells[place[part]] = False
    return tells


def log_odds(
    first: Counts, second: Counts, background: Counts | None = None, *, prior: float | None = None
) -> list[Odds]:
    """Which terms set two groups of texts apart, for each term in the order of the counts.

    Log-odds ratio with an informative Dirichlet prior, which keeps rare words from winning:
    δ = ln((y₁+α)/(n₁+α₀-y₁-α)) - ln((y₂+α)/(n₂+α₀-y₂-α)) with the counts y of a term, n of all
    terms of a group, and the prior α = α₀ · share of the term in `background` (both groups
    without one), α₀ = `prior` (by default a
    tenth of all, at most 1,000); z = δ / √(1/(y₁+α) + 1/(y₂+α)).
    Source: Monroe, Colaresi and Quinn 2008, Political Analysis 16:372-403, equations 16 to 22.
    """
    if len(first) == 1:  # all there is: its odds are no number in either group
        return [Odds(int(first[0]), int(second[0]), 0.0, 0.0)]
    if prior is None:
        prior = min(PRIOR_WORDS, (int(first.sum()) + int(second.sum())) / 10)
    known = first + second if background is None else np.maximum(background, first + second)
    alpha = prior * known / max(int(known.sum()), 1)
    # A prior of less than a hundredth of a word would make the variance that of nothing.
    alpha = np.maximum(alpha, 0.01)
    total = alpha.sum()
    one, other = first + alpha, second + alpha
    delta = np.log(one / (first.sum() + total - one)) - np.log(
        other / (second.sum() + total - other)
    )
    z = delta / np.sqrt(1 / one + 1 / other)
    return [
        Odds(int(a), int(b), float(d), float(score))
        for a, b, d, score in zip(first, second, delta, z, strict=True)
    ]


def singular(word: str) -> str:
    """English words without the s of plural and possession; others as they are. Source: Harman
    1991, Journal of the American Society for Information Science 42:7-15 (“S” stemmer), with
    -es after s, x, z, ch and sh."""
    if not word.isascii() and "’" not in word:
        return word
    for ending in ("'s", "’s", "s'", "s’"):
        if word.endswith(ending):
            return word.removesuffix(ending)
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word if word in _IES else word[:-3] + "y"
    if word.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


_IES = frozenset({"series", "species", "movies", "cookies", "calories"})


def _forms(word: str) -> list[str]:
    forms = [word]
    if word.isascii():
        forms += [word + ending for ending in ("s", "es", "'s", "’s", "s'", "s’")]
        forms += [word[:-1] + "ies"] if word.endswith("y") else []
    return forms


def _says_something(word: str) -> bool:
    if _A_NUMBER.search(word):
        return False
    if _IDEOGRAPH.search(word):
        return len(word) > 1 or word in _SINGLE
    return len(word) > 2 and bool(_A_LETTER.search(word)) and "://" not in word


# Words of one character that say something by themselves.
_SINGLE = frozenset("贵慢脏差臭吵烂破坏假冷热酸甜苦辣咸油硬软香快退换丢漏裂")


def _once(owner: Counts, value: Counts) -> tuple[Counts, Counts]:
    """Each value of an owner once."""
    if not len(value):
        return owner, value
    # One number for both, of 200,000 texts and three million words still one of 63 bits: sorting
    # by two keys takes three times as long.
    wide = int(value.max()) + 1
    both = np.sort(owner * wide + value)
    return np.divmod(both[np.diff(both, prepend=-1) > 0], wide)


def _belonging(together: Counts, first: Counts, second: Counts, texts: int) -> NDArray[np.float64]:
    """Normalised pointwise mutual information, -1 (never) to 1 (always together). Source: Bouma
    2009, Proceedings of GSCL: ln(p(ab)/(p(a)p(b))) / -ln p(ab)."""
    share = together / texts
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.log(share * texts * texts / (first * second)) / -np.log(share)
    return np.where(together == texts, 1.0, score)
