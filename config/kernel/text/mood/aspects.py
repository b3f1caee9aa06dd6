"""How somebody feels about each aspect: what the clauses say that name it."""

from bisect import bisect
from collections.abc import Mapping, Sequence

from config.kernel.text.mood.feelings import ClauseMood, strongest, total
from config.kernel.text.mood.labels import score_of
from config.kernel.text.mood.moods import Label, PartMood
from config.kernel.text.mood.odds import ENGLISH, NEUTRAL

BOTH = 1.5  # what pleases and what does not, where an aspect is mixed


def aspects_of(
    normal: str,
    places: list[int],
    moods: Sequence[ClauseMood],
    aspects: Mapping[str, Sequence[str]],
) -> dict[str, PartMood]:
    """Each aspect that is mentioned, with what its clauses say. A clause that only names it is
    answered by the next one, where that names nothing: 房间,很舒服."""
    # Few of many words are said at all.
    said = {
        key: [word for word in words if word and word in normal] for key, words in aspects.items()
    }
    said = {key: words for key, words in said.items() if words}
    named = _named(normal, moods, said)
    found: dict[str, PartMood] = {}
    for key in said:
        about: list[ClauseMood] = []
        for at, mood in enumerate(moods):
            if key in named[at]:
                about.append(mood)
                if not mood.feelings and at + 1 < len(moods) and not named[at + 1]:
                    about.append(moods[at + 1])
        if about:
            z = ENGLISH * total(about)
            label = _label(z, about)
            spans = tuple((places[m.span.start], places[m.span.end]) for m in about)
            found[key] = PartMood(spans, score_of(z, label, about), label)
    return found


def _label(z: float, about: Sequence[ClauseMood]) -> Label:
    good, bad = strongest(about)
    if min(good, -bad) >= BOTH and abs(z) < 2 * NEUTRAL[1]:
        return Label.MIXED
    if abs(z) < NEUTRAL[1]:
        return Label.NEUTRAL
    return Label.POSITIVE if z > 0 else Label.NEGATIVE


def _named(
    normal: str, moods: Sequence[ClauseMood], aspects: Mapping[str, Sequence[str]]
) -> list[set[str]]:
    """What each clause names. Each word is looked for once in the whole text: clauses and words
    are many."""
    named: list[set[str]] = [set() for _ in moods]
    starts = [mood.span.start for mood in moods]
    for key, words in aspects.items():
        for word in words:
            found = normal.find(word)
            while found >= 0:
                at = bisect(starts, found) - 1
                end = moods[at].span.end if at >= 0 else 0
                is_inside = found + len(word) <= end
                if is_inside and _begins(normal, word, found, starts[at]):
                    named[at].add(key)
                    found = normal.find(word, end)
                else:
                    found = normal.find(word, found + 1)
    return named


def _begins(normal: str, word: str, at: int, start: int) -> bool:
    """Latin words are found where a word begins, Chinese ones anywhere."""
    return not word.isascii() or at == start or normal[at - 1] == " "
