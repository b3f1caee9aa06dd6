"""How an answer sounds: words of blame, absolutes and shouting, Chinese and English. Pure.

A first, simple set: it hints and never forbids. Text analysis may put something better behind the
same place (feedback.panels.register_composer_check).
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    BLAME = "blame"
    ABSOLUTE = "absolute"
    SHOUTING = "shouting"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start`, `end`: characters of the text."""

    tone: Tone
    start: int
    end: int
    words: str


_PATTERNS: dict[Tone, str] = {
    Tone.BLAME: (
        r"(?:是|都怪|怪)(?:您|你)(?:自己|的问题|的错|没有?)|(?:您|你)(?:自己)?(?:操作不当|没看清|搞错|弄错|理解错)"
        r"|\byou (?:failed|neglected|forgot|should have|did(?:n't| not) (?:read|follow))\b"
        r"|\byour (?:own )?(?:fault|mistake)\b"
    ),
    Tone.ABSOLUTE: (
        r"绝对不(?:可能|会)|不可能|从来没有?|肯定不是|百分之?百|一律不"
        r"|\b(?:never|always|impossible|absolutely not|definitely not|guaranteed)\b"
    ),
    Tone.SHOUTING: r"[!！]{2,}|[?？]{2,}|\b[A-Z]{4,}(?:\s+[A-Z]{2,})+\b",
    Tone.COLD: (
        r"(?:与|跟)我们无关|我们不负责|不是我们的(?:问题|错|责任)|不归我们管|(?:没|毫无)办法|规定就是这样|爱(?:买|用)不(?:买|用)"
        r"|\b(?:not our (?:problem|fault)|nothing we can do|company policy"
        r"|as (?:already )?(?:stated|mentioned))\b"
    ),
}
_FLAGS = {tone: 0 if tone == Tone.SHOUTING else re.IGNORECASE for tone in Tone}
_COMPILED = {tone: re.compile(pattern, _FLAGS[tone]) for tone, pattern in _PATTERNS.items()}
MOST = 20


def judge_tone(text: str) -> list[Finding]:
    """What may sound wrong to somebody who is upset, in the order of the text; 20 at most."""
    found = [
        Finding(tone, match.start(), match.end(), match.group(0))
        for tone, pattern in _COMPILED.items()
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda one: (one.start, one.end))[:MOST]
