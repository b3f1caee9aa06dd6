"""Sets the clauses of a sentence against each other: but, although, if only."""

import re
from dataclasses import dataclass
from functools import cache

from config.kernel.text.mood import speech
from config.kernel.text.mood.feelings import ClauseMood
from config.kernel.text.mood.hits import as_pattern
from config.kernel.text.mood.lists import both
from config.kernel.text.sentences import Link

BEHIND_BUT, BEFORE_BUT, GIVING_WAY, WISHING = 1.6, 0.55, 0.35, 0.7
WISHED = -0.4


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
        if words.wish.match(text, start, end) and not speech.KEPT.search(said):
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
