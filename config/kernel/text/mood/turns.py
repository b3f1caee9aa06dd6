"""Sets the clauses of a sentence against each other: but, although, if only."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from config.kernel.text.mood import speech
from config.kernel.text.mood.feelings import ClauseMood
from config.kernel.text.mood.hits import as_pattern
from config.kernel.text.mood.lists import both
from config.kernel.text.sentences import Link

BEHIND_BUT, BEFORE_BUT, GIVING_WAY, WISHING = 1.6, 0.55, 0.35, 0.7
WISHED = -0.4
BUT_FOR, UNREAL = 1.2, 0.1
INFERRED = 0.8
SHORT = 3  # clauses: in longer texts others tell more surely than what may be inferred


@dataclass(frozen=True, slots=True)
class _Openings:
    turn: re.Pattern[str]
    concession: re.Pattern[str]
    wish: re.Pattern[str]


@cache
def _openings() -> _Openings:
    def opening(section: str) -> re.Pattern[str]:
        zh, en = both(section)
        english = "|".join(map(re.escape, sorted(en, key=len, reverse=True)))
        return re.compile(
            rf"\W{{0,8}}(?:而|and |so |也 ?)?(?:(?:{as_pattern(zh)})|(?:{english})\b)"
        )

    return _Openings(opening("turn"), opening("concession"), opening("wish"))


def weigh_turns(text: str, inside: list[ClauseMood], before: list[ClauseMood]) -> None:
    """Gives the clauses of one sentence their weights, and those before it less if it turns."""
    words = _openings()
    behind_but = False
    for number, mood in enumerate(inside):
        start, end = mood.span.start, mood.span.end
        said = text[start:end]
        if (
            words.wish.match(text, start, end)
            and not speech.KEPT.search(said)
            and not speech.TO_OTHERS.match(said)
            and not speech.SOONER.search(said)
        ):
            mood.value = min(mood.value * 0.3, 0.0) + WISHED
            mood.weight = WISHING
        if (
            mood.span.link is Link.CONCESSION
            or words.concession.match(text, start, end)
            or "倒是" in said
            or speech.ITSELF.search(said)
        ):
            mood.weight, behind_but = GIVING_WAY, False
        elif mood.span.link is Link.CONTRAST or words.turn.match(text, start, end) or "却" in said:
            mood.turns = behind_but = True
            mood.weight = BEHIND_BUT
            for earlier in inside[:number] or before[-3:]:
                earlier.weight *= BEFORE_BUT
        elif behind_but:
            mood.weight = BEHIND_BUT
        if speech.RATHER.match(said):
            mood.weight = UNREAL
        if but_for := speech.BUT_FOR.match(said):
            _credit(mood, inside[number + 1 :], english=but_for[0].isascii())
    if not before and len(inside) <= SHORT:
        _infer(text, inside)


def _credit(mood: ClauseMood, behind: list[ClauseMood], *, english: bool) -> None:
    """ "Without their help I would still be lost": what was not missing is what tells. In English
    one clause says both."""
    mood.turns = True
    mood.value = BUT_FOR if english else mood.value or BUT_FOR
    for one in behind:
        one.weight = UNREAL


def _infer(text: str, inside: list[ClauseMood]) -> None:
    """What is set against something and holds no word that is known means the opposite of it:
    贵是贵,但是… is praise."""
    for before, mood in pairwise(inside):
        said = before.value * before.weight
        against = before.weight == GIVING_WAY or speech.BUT.match(text, mood.span.start)
        if against and not mood.value and said:
            mood.value = -INFERRED if said > 0 else INFERRED
