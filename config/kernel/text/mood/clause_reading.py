"""Reads one clause: denial, strength, and turns of speech that tell more than their words."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain

from config.kernel.text.mood import speech
from config.kernel.text.mood.directions import directions
from config.kernel.text.mood.feelings import ClauseMood, Feeling
from config.kernel.text.mood.hits import Hit, Kind
from config.kernel.text.mood.lists import both, entries
from config.kernel.text.sentences import Clause

REACH = 8  # Chinese letters or English words that a denial reaches over
TURNED_PRAISE, TURNED_BLAME = -0.9, -0.75  # "not good" is nearly bad, "not bad" is mildly good
LEAST = 1.2  # what is denied says at least that much
UNMET = -1.4  # what did not happen
TOO_MUCH = -1.2
UNMATCHED = -0.25  # a denial of something that no list knows
NEEDLESS, NEVER_AGAIN = 0.6, -1.5  # the same for "no need to" and for 再也不
REPEATED = 1.0  # "as promised", after what was or was not done
STILL_NOT = -1.2
ASKED = -0.6
EXTREME = 2.4  # "nothing better"
MENDED = 2.0
NEXT_TO = 4  # letters between a word of degree and what it makes stronger

_TOGETHER = re.compile(r"^\s*(?:和|与|及|又|或|、|也|而且|并且|and|or|nor|/|,\s*nor)*\s*$")
_ENDS = " ,，。.!！~了的吧啊呢"


@dataclass(frozen=True, slots=True)
class _Words:
    too_much: frozenset[str]
    behind: frozenset[str]
    short_of: frozenset[str]
    warning: frozenset[str]
    needless: frozenset[str]
    never_again: frozenset[str]
    mended: frozenset[str]
    matters: frozenset[str]
    echoes: frozenset[str]


@cache
def _words() -> _Words:
    return _Words(
        frozenset(entries("zh", "too much")),
        frozenset(chain(*both("denial behind"))),
        *(
            frozenset(chain(*both(section)))
            for section in (
                "short of",
                "warning",
                "needless",
                "never again",
                "mended",
                "matter",
                "echo",
            )
        ),
    )


class ClauseReader:
    """Goes through the words of one clause from left to right."""

    def __init__(self, text: str, clause: Clause) -> None:
        self._text, self._clause, self._known = text, clause, _words()
        self._mood = ClauseMood(clause)
        self._denials: list[Hit] = []
        self._last: tuple[Hit, int] | None = None  # the word before and how often it was denied
        self._factor, self._factor_end, self._too_much_end = 1.0, -99, -99
        self._unmet: Feeling | None = None  # what was expected and did not happen
        self._long_unmet = False
        self._echo: Hit | None = None  # "as promised", "as usual": says more of the same
        said = text[clause.start : clause.end]
        self._extremes = [
            (sign, match)
            for sign, pattern in ((1, speech.NO_BETTER), (-1, speech.NO_WORSE))
            if (match := pattern.search(said))
        ]

    def read(self, found: list[Hit]) -> ClauseMood:
        found = self._without_directions(found)
        for number, hit in enumerate(found):
            after = found[number + 1] if number + 1 < len(found) else None
            if hit.kind is Kind.DENIAL:
                self._deny(hit)
            elif hit.kind is Kind.STRONGER:
                self._strengthen(hit)
            elif hit.kind is Kind.SIGN:
                self._mood.feelings.append(Feeling(hit.start, hit.end, hit.value))
            elif hit.word == "好" and after and _follows(after, hit):  # 好大, 好吵
                self._factor, self._factor_end = 1.25, hit.end
            elif hit.word in self._known.echoes:
                self._echo = hit
            elif hit.kind is not Kind.NEUTRAL:
                self._feel(hit)
        self._sum_up()
        return self._mood

    def _without_directions(self, found: list[Hit]) -> list[Hit]:
        """The words that are left where what rises and falls is told."""
        start = self._clause.start
        for first, end, value in directions(self._text[start : self._clause.end]):
            self._mood.feelings.append(Feeling(start + first, start + end, value))
            found = [hit for hit in found if not start + first <= hit.start < start + end]
        return found

    def _deny(self, hit: Hit) -> None:
        feelings = self._mood.feelings
        rest = self._text[hit.end : self._clause.end].strip(_ENDS)
        if (
            hit.word in self._known.behind
            and feelings
            and not rest
            and _apart(self._text, feelings[-1].end, hit.start) <= 2
        ):
            if feelings[-1].value > 0:
                feelings[-1].value *= TURNED_PRAISE
            elif hit.word == "没有":  # 一点异味都没有
                feelings[-1].value = LEAST
            feelings[-1].denied = True
            self._denials = []
        else:
            self._denials.append(hit)

    def _strengthen(self, hit: Hit) -> None:
        near = hit.start - self._factor_end <= 1
        self._factor = self._factor * hit.value if near else hit.value
        self._factor_end = hit.end
        if hit.word in self._known.too_much:
            self._too_much_end = hit.end

    def _feel(self, hit: Hit) -> None:
        near = [d for d in self._denials if _apart(self._text, d.end, hit.start) <= REACH]
        times = len(near) or self._shared(hit)
        value, times = self._extreme(hit) or (self._value(hit, near, times), times)
        if self._unmet in self._mood.feelings and times and hit.kind is Kind.VALUE:
            if hit.value < 0 and self._long_unmet:  # "could not solve the problem"
                self._denials, self._last = [], (hit, 0)
                return
            self._mood.feelings.remove(self._unmet)  # the denial was of this, not of that word
        if value > 0 and hit.word in self._known.mended:
            value = max(value, MENDED)  # the problem is solved: it is none any more
            self._mood.feelings = [one for one in self._mood.feelings if one.value > 0]
        self._unmet = None
        if hit.start - self._factor_end <= NEXT_TO:
            value *= self._factor
        if value:
            self._mood.feelings.append(Feeling(hit.start, hit.end, value, bool(times)))
            if hit.kind is Kind.EXPECTED:
                self._unmet = self._mood.feelings[-1]
                self._long_unmet = len(hit.word) > 1
        if hit.kind is Kind.VALUE or (hit.kind is Kind.EXTENT and value):
            self._denials = []
        if hit.kind is not Kind.EXTENT or value:
            self._last, self._factor = (hit, times), 1.0

    def _shared(self, hit: Hit) -> int:
        """How often a word is denied by what denied its neighbour: 没有异味和噪音."""
        if self._last is None or hit.kind is not self._last[0].kind:
            return 0
        between = self._text[self._last[0].end : hit.start]
        return self._last[1] if _TOGETHER.match(between) else 0

    def _extreme(self, hit: Hit) -> tuple[float, int] | None:
        at = hit.start - self._clause.start
        for sign, match in self._extremes:
            if match.start() <= at <= match.end() + 4:
                return EXTREME * (sign if hit.value >= 0 else -1), 2
        return None

    def _value(self, hit: Hit, near: list[Hit], times: int) -> float:
        denied = times % 2 == 1
        by = near[-1].word if near else ""
        if hit.kind is Kind.EXTENT:
            return self._extent(hit, denied, by in self._known.short_of)
        if hit.kind is Kind.EXPECTED:
            return self._expected(hit, denied, times, by in self._known.needless)
        if by in self._known.warning:
            return -max(abs(hit.value), LEAST)
        if not denied:
            return hit.value
        if by in self._known.short_of:
            return -abs(hit.value)
        turned = TURNED_PRAISE if hit.value > 0 else TURNED_BLAME
        return max(abs(hit.value), LEAST) * (1 if hit.value > 0 else -1) * turned

    def _expected(self, hit: Hit, denied: bool, times: int, needless: bool) -> float:
        if not denied:
            return LEAST if times and not needless else 0.0
        if needless:
            return LEAST
        return UNMET * (0.5 if len(hit.word) == 1 else 1.0)

    def _extent(self, hit: Hit, denied: bool, short: bool) -> float:
        if short:
            return -1.0
        if hit.start - self._too_much_end > 1:
            return 0.0
        return TOO_MUCH * (TURNED_BLAME if denied else 1)

    def _sum_up(self) -> None:
        mood, said = self._mood, self._text[self._clause.start : self._clause.end]
        start = self._clause.start
        if not mood.feelings and (hinted := speech.hint(said)):
            value, first, end = hinted
            mood.feelings.append(Feeling(start + first, start + end, value))
        self._leave_out_matters()
        mood.value = sum(feeling.value for feeling in mood.feelings)
        if self._denials and self._unmet is None:
            mood.value += sum(map(self._unmatched, self._denials))
            if not mood.feelings and speech.LATE.search(said):
                mood.value += STILL_NOT
        if telling := speech.telling(said):
            value, first, end = telling
            mood.feelings, mood.value = [Feeling(start + first, start + end, value)], value
            mood.turns = True
        elif speech.ASKED.search(said):
            mood.value = min(mood.value, 0.0) + ASKED
        mood.turns = mood.turns or "没想到" in said or "想不到" in said
        if self._echo and not speech.ASKED.search(said):
            self._repeat(self._echo)

    def _leave_out_matters(self) -> None:
        """What a clause is about tells nothing beside what is said of it: 退款很快."""
        matters = [
            one
            for one in self._mood.feelings
            if not one.denied and self._text[one.start : one.end] in self._known.matters
        ]
        if len(matters) < len(self._mood.feelings):
            for one in matters:
                self._mood.feelings.remove(one)

    def _unmatched(self, denial: Hit) -> float:
        if denial.word in self._known.needless:
            return NEEDLESS
        return NEVER_AGAIN if denial.word in self._known.never_again else UNMATCHED

    def _repeat(self, echo: Hit) -> None:
        value = REPEATED if self._mood.value >= 0 else -REPEATED
        self._mood.feelings.append(Feeling(echo.start, echo.end, value))
        self._mood.value += value


def _follows(after: Hit, hit: Hit) -> bool:
    return after.start == hit.end and after.kind in (Kind.VALUE, Kind.EXTENT)


def _apart(text: str, start: int, end: int) -> int:
    """How far two words are from each other, in Chinese letters or English words."""
    between = text[start:end]
    return len(between.split()) if between.isascii() else len(between)
