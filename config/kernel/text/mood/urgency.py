"""How soon a message asks for somebody, by its words: rules for Chinese and English.

Each sign has points; the level follows from the strongest sign and how many point the same way.
Denied danger (没有受伤, nobody was hurt) and praise do not count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from config.kernel.text.mood.lists import sections
from config.kernel.text.normalising import head_and_tail_with_places, normalise_with_places


class Urgency(IntEnum):
    NONE = 0
    SOON = 1  # before others
    TODAY = 2
    NOW = 3


class Sign:
    """Why something is urgent; the names are kept with readings."""

    DANGER = "danger"
    HEALTH = "health"
    LEGAL = "legal"
    PUBLIC = "public"
    MONEY = "money"
    HASTE = "haste"
    DEADLINE = "deadline"
    WAITING = "waiting"
    AGAIN = "again"
    LEAVING = "leaving"
    VULNERABLE = "vulnerable"
    BLOCKED = "blocked"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class UrgencyReason:
    """A sign of haste with its place in the text as written; `points` from 1 to 3."""

    start: int
    end: int
    sign: str
    points: int


@dataclass(frozen=True, slots=True)
class UrgencyReading:
    level: Urgency
    reasons: tuple[UrgencyReason, ...]


_NUMBER = r"(?:(?<!\d)\d{1,6}|一|二|两|三|四|五|六|七|八|九|十|几|好几|多)"
_NUMBER_EN = r"(?:(?<!\d)\d{1,6}|a|one|two|three|four|five|six|seven|several|many|few)"
_DENIED = re.compile(
    r"(?:没有?(?:人|任何)?|未|无|不会|不怕|避免|防止|以免|不|别|无需|不用|不必|不需要)\s*$"
    r"|(?:\bno|\bnot|nobody|no one|never|without|isn't|wasn't|weren't|didn't|don't|doesn't"
    r"|prevent|avoid)(?: \w+){0,2} ?$"
)
_NO_WORRY = re.compile(
    r"不急|不着急|不用急|有空再|方便时|不紧急"
    r"|no rush|not urgent|no hurry|whenever you|take your time"
    r"|when you (?:have|get) (?:time|a chance)"
)
# Where haste is told of, not asked for: 客服马上就回复了, "they responded immediately".
_SERVED = re.compile(
    r"(?:客服|师傅|店家|老板|他们|她|他|工作人员|服务员|护士|医生).{0,6}$"
    r"|(?:they|he|she|staff|team|support|agent|manager|who|and)(?: \w+){0,3} $"
)
_TODAY = {Sign.LEGAL, Sign.BLOCKED, Sign.HASTE, Sign.DEADLINE}
_DENIABLE = {Sign.DANGER, Sign.HEALTH, Sign.SECURITY, Sign.HASTE, Sign.BLOCKED, Sign.LEGAL}
_LOOKS_BACK = 24
MOST = 4_000  # letters that are read: the first and the last half


def urgency_of(text: str, *, positive: float | None = None) -> UrgencyReading:
    """How soon a text asks for somebody, and why. `positive`: the probability that it is
    positive, where a mood was read: praise is seldom urgent."""
    normal, places = head_and_tail_with_places(*normalise_with_places(text), MOST)
    found = [
        UrgencyReason(places[match.start()], places[match.end()], sign, points)
        for sign, points, pattern in _patterns()
        for match in pattern.finditer(normal)
        if not _is_denied(normal, match, sign)
    ]
    level = _level(found)
    if _NO_WORRY.search(normal):
        level = min(level, Urgency.SOON if level < Urgency.NOW else level)
    if positive is not None and positive > 0.85 and level < Urgency.NOW:
        level = Urgency.NONE
    found.sort(key=lambda reason: (-reason.points, reason.start))
    return UrgencyReading(level, tuple(found) if level else ())


@cache
def _patterns() -> list[tuple[str, int, re.Pattern[str]]]:
    found = []
    for (sign, points), listed in sections("urgency").items():
        ways = "|".join(listed).replace("␣", " ")
        ways = ways.replace("{n}", _NUMBER).replace("{N}", _NUMBER_EN)
        found.append((sign, int(points), re.compile(ways)))
    return found


def _is_denied(normal: str, match: re.Match[str], sign: str) -> bool:
    if sign not in _DENIABLE:
        return False
    before = normal[max(0, match.start() - _LOOKS_BACK) : match.start()]
    if _DENIED.search(before):
        return True
    return sign == Sign.HASTE and _SERVED.search(before) is not None


def _level(found: Sequence[UrgencyReason]) -> Urgency:
    """The strongest sign, raised by others of another kind."""
    strongest: dict[str, int] = {}
    for reason in found:
        strongest[reason.sign] = max(strongest.get(reason.sign, 0), reason.points)
    if not strongest:
        return Urgency.NONE
    most = max(strongest.values())
    points = sum(strongest.values())
    if most == 3 and (set(strongest) & {Sign.DANGER, Sign.HEALTH, Sign.SECURITY}):
        return Urgency.NOW
    if set(strongest) == {Sign.VULNERABLE}:
        return Urgency.NONE
    if points >= 6 and len(strongest) >= 3:
        return Urgency.NOW
    if points >= 3 or strongest.keys() & _TODAY or strongest.keys() >= {Sign.MONEY, Sign.WAITING}:
        return Urgency.TODAY
    return Urgency.SOON
