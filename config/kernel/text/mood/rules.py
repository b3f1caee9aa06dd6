"""What a text says by its words: denial, strength, contrast and wishes, clause by clause.

Method: every word of the lists has a value; what is denied in its clause is turned round (an odd
number of denials within reach), words of degree make it stronger or weaker, a clause behind "but"
weighs more and one behind "although" less. In feedback what should have happened and did not is a
complaint.
"""

import re
from itertools import pairwise

from config.kernel.text.mood.clause_reading import ClauseReader
from config.kernel.text.mood.feelings import ClauseMood
from config.kernel.text.mood.hits import Hit, hits
from config.kernel.text.mood.turns import weigh_turns
from config.kernel.text.sentences import Clause, Link, clauses, sentences

LONGEST = 500  # letters of a clause: who writes no marks parts nothing
_FINER = re.compile(
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
    r"|\s(?=(?:and|so|because) (?:i|it|was|were|then|they|we|he|she|now|the|there|got|had)\b)"
)


def feel(text: str) -> list[ClauseMood]:
    """The clauses of a normalised text with what their words say."""
    found = hits(text)
    moods: list[ClauseMood] = []
    at = 0
    for sentence in sentences(text):
        inside: list[ClauseMood] = []
        for clause in _joined(text, clauses(text, sentence)):
            for part in _finer(text, clause):
                first, at = at, _up_to(found, at, part.end)
                inside.append(ClauseReader(text, part).read(found[first:at]))
        weigh_turns(text, inside, moods)
        moods += inside
        first, at = at, _up_to(found, at, sentence.end)
        if at > first:  # signs behind the last clause, or a sentence of signs alone
            rest = Clause(found[first].start, sentence.end)
            moods.append(ClauseReader(text, rest).read(found[first:at]))
    return moods


def _up_to(found: list[Hit], at: int, end: int) -> int:
    while at < len(found) and found[at].start < end:
        at += 1
    return at


def _joined(text: str, parts: list[Clause]) -> list[Clause]:
    """ "Anything but easy" and "nothing but praise" are no contrasts."""
    found: list[Clause] = []
    for part in parts:
        if found and text[found[-1].start : part.start].rstrip().endswith(("anything", "nothing")):
            before = found.pop()
            part = Clause(before.start, part.end, before.link)  # noqa: PLW2901
        found.append(part)
    return found


def _finer(text: str, clause: Clause) -> list[Clause]:
    """Also parts at spaces between Chinese letters, which many write for commas, and where "and"
    begins a sentence of its own, and at every 500 letters: every word of a clause is held against
    the others."""
    marks = [mark.start() for mark in _FINER.finditer(text, clause.start, clause.end)]
    return [
        Clause(at, min(at + LONGEST, end), clause.link if at == clause.start else Link.NONE)
        for start, end in pairwise([clause.start, *marks, clause.end])
        for at in range(start, end, LONGEST)
    ]
