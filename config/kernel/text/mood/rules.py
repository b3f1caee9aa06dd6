"""What a text says by its words: denial, strength, contrast and wishes, clause by clause.

Method: every word of the lists has a value; what is denied in its clause is turned round (an odd
number of denials within reach), words of degree make it stronger or weaker, a clause behind "but"
weighs more and one behind "although" less. In feedback what should have happened and did not is a
complaint.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, pairwise

from config.kernel.text.mood.hits import Hit, Kind, as_pattern, hits
from config.kernel.text.mood.lists import both, entries
from config.kernel.text.sentences import Clause, Link, clauses, sentences

REACH = 8  # Chinese letters or English words that a denial reaches over
TURNED_PRAISE, TURNED_BLAME = -0.9, -0.75  # "not good" is nearly bad, "not bad" is mildly good
LEAST = 1.2  # what is denied says at least that much
UNMET = -1.4  # what did not happen
TOO_MUCH = -1.2
BEHIND_BUT, BEFORE_BUT, GIVING_WAY, WISHING = 1.6, 0.55, 0.35, 0.7
UNMATCHED = -0.25  # a denial of something that no list knows
STILL_NOT = -1.2
WISHED, ASKED = -0.4, -0.6
EXTREME = 2.4  # "nothing better"
MENDED = 2.0
LONGEST = 500  # letters of a clause: who writes no marks parts nothing
NEXT_TO = 4  # letters between a word of degree and what it makes stronger

_TOGETHER = re.compile(r"^\s*(?:和|与|及|又|或|、|也|而且|并且|and|or|nor|/|,\s*nor)*\s*$")
_ITSELF = re.compile(r"(\w{1,2})是\1")  # 贵是贵
_KEPT = re.compile(r"继续|一直|保持|越来越好|keep|every|all ")
_ASKED = re.compile(
    r"为什么|为啥|凭什么|怎么回事|什么时候|啥时候|何时|怎么这么"
    r"|why (?!didn't i|did not i|not)|when will|how long|what's the point"
)
_NONE = r"(?:couldn't|could not|can't|cannot|never|nothing|nobody|no one|no)(?: \w+){0,3} "
_NO_BETTER = re.compile(
    r"没有?(?:哪\w|什么|谁)?比\w{1,6}更|(?:不能|没法|无法)(?:再|更)|nothing but\b"
    rf"|{_NONE}(?:better|happier|easier|more|faster|smoother|nicer|greater|finer)\b"
    r"|(?:can't|cannot|could not|couldn't|can never)(?: \w+){1,4} enough\b"
)
_SOONER = re.compile(r"why (?:didn't|did not) (?:i|we) .{0,30}(?:sooner|earlier|before)")
_NO_WORSE = re.compile(rf"{_NONE}(?:worse|unhappier|slower|ruder|poorer|less)\b")
_FINER = re.compile(
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
    r"|\s(?=(?:and|so|because) (?:i|it|was|were|then|they|we|he|she|now|the|there|got|had)\b)"
)
_LATE = re.compile(
    r"还没|还未|一直没|至今没|仍未|仍没|迟迟没|still (?:no|have|has|had|is|was|are|wait)|yet to"
)
_COUNT = r"(?:(?<!\d)\d{1,6}|[一两二三四五六七八九十几半多]{1,6})"
_PROMPT = re.compile(rf"{_COUNT}个?(?:分钟|秒钟?|次|遍)(?:左右|之内|以内|内)?就")
_WAITED = re.compile(
    r"(?:(?<!\d)\d{1,6}|[两二三四五六七八九十几半多]{1,6})(?:多个|个|多)?(?:半)?(?:小时|钟头|天|周|星期|礼拜|月)(?:了|都|才|还|也)"
)
_ENDS = " ,，。.!！~了的吧啊呢"


@dataclass(slots=True)
class Feeling:
    """One word with what it says here, after denial and strength; places of the normal form."""

    start: int
    end: int
    value: float
    denied: bool = False


@dataclass(slots=True)
class ClauseMood:
    """`value`: the sum of the feelings; `weight`: how much the clause counts in the text."""

    span: Clause
    value: float = 0.0
    weight: float = 1.0
    feelings: list[Feeling] = field(default_factory=list)
    turns: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    turn: re.Pattern[str]
    concession: re.Pattern[str]
    wish: re.Pattern[str]
    too_much: frozenset[str]
    behind: frozenset[str]
    short_of: frozenset[str]
    mended: frozenset[str]


@cache
def _words() -> _Words:
    def opening(section: str) -> re.Pattern[str]:
        zh, en = both(section)
        english = "|".join(map(re.escape, sorted(en, key=len, reverse=True)))
        return re.compile(
            rf"\W{{0,8}}(?:而|and |so |也 ?)?(?:(?:{as_pattern(zh)})|(?:{english})\b)"
        )

    return _Words(
        opening("turn"),
        opening("concession"),
        opening("wish"),
        frozenset(entries("zh", "too much")),
        frozenset(entries("zh", "denial behind")),
        frozenset(chain(*both("short of"))),
        frozenset(chain(*both("mended"))),
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
                inside.append(_ClauseReader(text, part).read(found[first:at]))
        _weigh(text, inside, moods)
        moods += inside
        first, at = at, _up_to(found, at, sentence.end)
        if at > first:  # signs behind the last clause, or a sentence of signs alone
            rest = Clause(found[first].start, sentence.end)
            moods.append(_ClauseReader(text, rest).read(found[first:at]))
    return moods


def total(moods: Sequence[ClauseMood]) -> float:
    """What the clauses say together, some -6 to 6; a long text does not shout."""
    telling = [mood for mood in moods if mood.value]
    summed = sum(mood.value * mood.weight for mood in telling)
    return float(summed / max(1.0, len(telling)) ** 0.5)


def strongest(moods: Sequence[ClauseMood]) -> tuple[float, float]:
    """The sums of what pleases and of what does not, weighted: (>= 0, <= 0)."""
    good = sum(mood.value * mood.weight for mood in moods if mood.value > 0)
    bad = sum(mood.value * mood.weight for mood in moods if mood.value < 0)
    return good, bad


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


class _ClauseReader:
    """Goes through the words of one clause from left to right."""

    def __init__(self, text: str, clause: Clause) -> None:
        self._text, self._clause, self._known = text, clause, _words()
        self._mood = ClauseMood(clause)
        self._denials: list[Hit] = []
        self._last: tuple[Hit, int] | None = None  # the word before and how often it was denied
        self._factor, self._factor_end, self._too_much_end = 1.0, -99, -99
        self._unmet: Feeling | None = None  # what was expected and did not happen
        self._long_unmet = False
        said = text[clause.start : clause.end]
        self._extremes = [
            (sign, match)
            for sign, pattern in ((1, _NO_BETTER), (-1, _NO_WORSE))
            if (match := pattern.search(said))
        ]

    def read(self, found: list[Hit]) -> ClauseMood:
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
            elif hit.kind is not Kind.NEUTRAL:
                self._feel(hit)
        self._sum_up()
        return self._mood

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
        if self._unmet in self._mood.feelings and times and hit.kind is Kind.VALUE:
            self._mood.feelings.remove(
                self._unmet
            )  # the denial was of this, not of the word before
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
        short = bool(near) and near[-1].word in self._known.short_of
        if hit.kind is Kind.EXTENT:
            return self._extent(hit, denied, short)
        if hit.kind is Kind.EXPECTED:
            if denied:
                return UNMET * (0.5 if len(hit.word) == 1 else 1.0)
            return LEAST if times else 0.0
        if not denied:
            return hit.value
        if short:
            return -abs(hit.value)
        turned = TURNED_PRAISE if hit.value > 0 else TURNED_BLAME
        return max(abs(hit.value), LEAST) * (1 if hit.value > 0 else -1) * turned

    def _extent(self, hit: Hit, denied: bool, short: bool) -> float:
        if short:
            return -1.0
        if hit.start - self._too_much_end > 1:
            return 0.0
        return TOO_MUCH * (TURNED_BLAME if denied else 1)

    def _sum_up(self) -> None:
        mood, said = self._mood, self._text[self._clause.start : self._clause.end]
        start = self._clause.start
        for pattern, value in ((_PROMPT, LEAST), (_WAITED, -LEAST)):
            if (match := pattern.search(said)) and not mood.feelings:
                mood.feelings.append(Feeling(start + match.start(), start + match.end(), value))
        mood.value = sum(feeling.value for feeling in mood.feelings)
        if self._denials and self._unmet is None:
            mood.value += UNMATCHED * len(self._denials)
            if not mood.feelings and _LATE.search(said):
                mood.value += STILL_NOT
        if sooner := _SOONER.search(said):
            praise = Feeling(start + sooner.start(), start + sooner.end(), MENDED)
            mood.feelings, mood.value = [praise], MENDED
        elif _ASKED.search(said):
            mood.value = min(mood.value, 0.0) + ASKED


def _follows(after: Hit, hit: Hit) -> bool:
    return after.start == hit.end and after.kind in (Kind.VALUE, Kind.EXTENT)


def _apart(text: str, start: int, end: int) -> int:
    """How far two words are from each other, in Chinese letters or English words."""
    between = text[start:end]
    return len(between.split()) if between.isascii() else len(between)


def _weigh(text: str, inside: list[ClauseMood], before: list[ClauseMood]) -> None:
    """Gives the clauses of one sentence their weights, and those before it less if it turns."""
    words = _words()
    behind_but = False
    for number, mood in enumerate(inside):
        start, end = mood.span.start, mood.span.end
        said = text[start:end]
        if words.wish.match(text, start, end) and not _KEPT.search(said):
            mood.value = min(mood.value * 0.3, 0.0) + WISHED
            mood.weight = WISHING
        if (
            mood.span.link is Link.CONCESSION
            or words.concession.match(text, start, end)
            or "倒是" in said
            or _ITSELF.search(said)
        ):
            mood.weight, behind_but = GIVING_WAY, False
        elif mood.span.link is Link.CONTRAST or words.turn.match(text, start, end) or "却" in said:
            mood.turns = behind_but = True
            mood.weight = BEHIND_BUT
            for earlier in inside[:number] or before[-3:]:
                earlier.weight *= BEFORE_BUT
        elif behind_but:
            mood.weight = BEHIND_BUT
