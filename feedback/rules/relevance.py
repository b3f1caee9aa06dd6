"""Whether an answer is about what the customer wrote. Pure; Chinese and English.

Good answers often take up no word of a complaint (“it leaks” – “a technician comes tomorrow”), so
few common words prove nothing. What proves something is that a text is usually the answer to
something else: it lies near answers that were given before (cosine of words weighed by how rare
they are), and none of those was given to a complaint like this one. Without enough history a
short table of subjects says so much more carefully.

Source: TF-IDF cosine (Salton and Buckley 1988, Information Processing and Management 24:513).
Limits from the demo company (records apart from those of the history): of good answers 0.4 to 0.7
percent are called foreign, of answers to another category 44 to 47; by the table none and 1.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.kernel.text.normalising import normalise
from config.kernel.text.words import words
from feedback.rules.subjects import COMMON, REMEDIES, subjects_in

ENOUGH = 300  # answers of before from which on they are asked
TELLING = 4  # words of content that both texts have at least
NEAR = 0.3  # cosine from which an answer of before is like the one that is written
SEVERAL = 3  # records with such answers, so that one strange answer proves nothing
TAKEN_UP = 0.05  # cosine from which an answer takes up what was said
ALIKE = 0.05  # cosine from which two complaints are alike
_TOP = 8
_STEM = 6  # letters of a Latin word that tell it from others
_Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of before: what it answered, of which record, sorted as what (None: not)."""

    said: str
    answer: str
    record: int
    category: int | None = None


class History:
    """Answers of before, to be asked whether a new one is about its matter. Some milliseconds
    for one answer; about 0.3 ms for each of `answered` to begin with."""

    def __init__(self, answered: Iterable[Answered] = ()) -> None:
        self._rows = list(answered)
        read = [(content(one.said), content(one.answer)) for one in self._rows]
        self._seen = Counter(word for texts in read for text in texts for word in text)
        self._said = [self._weighed(said) for said, _answer in read]
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, (_said, answer) in enumerate(read):
            for word, weight in self._weighed(answer).items():
                self._places[word].append((at, weight))

    def is_about_something_else(self, answer: str, said: str, category: int | None = None) -> bool:
        """Whether `answer` is usually given to something else than `said`, which is all that is
        known of the matter, of the `category` that it was sorted into. Of what nobody has sorted
        only the table is asked: the history would be wrong in one of fifty."""
        theirs, ours = content(said), content(answer)
        if min(len(theirs), len(ours)) < TELLING:
            return False
        if category is None or len(self._rows) < ENOUGH:
            return not theirs & ours and _other_subject(said, answer)
        matter, written = self._weighed(theirs), self._weighed(ours)
        if _cosine(matter, written) >= TAKEN_UP:
            return False
        near = self._near(written)
        if len({self._rows[at].record for at in near}) < SEVERAL:
            return False
        if any(self._rows[at].category == category for at in near):
            return False
        return all(_cosine(matter, self._said[at]) < ALIKE for at in near)

    def _near(self, written: _Vector) -> Sequence[int]:
        found: dict[int, float] = defaultdict(float)
        for word, weight in written.items():
            for at, other in self._places.get(word, ()):
                found[at] += weight * other
        nearest = sorted(found.items(), key=lambda one: -one[1])[:_TOP]
        return [at for at, cosine in nearest if cosine >= NEAR]

    def _weighed(self, text: Iterable[str]) -> _Vector:
        """Weights of length 1: words of many texts tell little."""
        many = 2 * len(self._rows) + 1
        weights = {word: math.log(many / (1 + self._seen[word])) for word in text}
        length = math.sqrt(sum(one * one for one in weights.values())) or 1.0
        return {word: one / length for word, one in weights.items()}


def content(text: str) -> set[str]:
    """Words that say what a text is about, English ones without their endings."""
    found = {one for one in words(normalise(text)) if len(one) > 1}
    latin = {one[:_STEM] for one in found if one.isascii() and len(one) > 3 and one.isalpha()}
    return (latin | {one for one in found if not one.isascii()}) - COMMON


def _cosine(one: _Vector, other: _Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def _other_subject(said: str, answer: str) -> bool:
    """Whether an answer speaks at length of subjects that were not mentioned."""
    theirs, ours = subjects_in(said), subjects_in(answer)
    at_length = {name for name, times in ours.items() if times > 1} - REMEDIES
    return bool(theirs and at_length) and not theirs.keys() & ours.keys()
