"""Praise that may mean the opposite. Nobody can tell for sure from the words: it only marks."""

import re
from collections.abc import Sequence

from config.kernel.text.mood.feelings import ClauseMood
from config.kernel.text.mood.signs import DOUBLE_TONGUED

STRONG = 1.2

_ALWAYS = re.compile(
    r"呵呵|醉了|服了你|好得很(?!呢)|真行啊|真有你的|厉害了|太会|真会玩|长见识|大开眼界|拜你|托你们的福|谢谢啊|真是谢谢|"
    r"good luck with that|way to go|nice going|slow clap|thanks a lot for|thanks so much for|"
    r"thanks? (?:you )?for (?:nothing|ruining|wasting|losing|making me|cancel|leaving)|"
    r"thanks? (?:you )?for the (?:delay|wait)|"
    r"just (?:great|perfect|wonderful|lovely|what i needed)|oh (?:great|joy|wonderful)|"
    r"so much for|what a (?:joke|treat)|great job (?:losing|ruining|cancel|on the delay)|"
    r"(?:love|loving) (?:waiting|being|sitting|how you|the wait)|bravo|well played|sarcasm"
)
_QUOTED = re.compile(r"[\"'“「『](?:\w{1,6}|\w+ service)[\"'”」』]")
_MISHAP = re.compile(
    r"小时|半天|几天|退款|取消|没收到|没到|坏了|迟到|超时|投诉|没人|凉了|洒了|丢|"
    r"hours?|cancel|refund|delay|lost|losing|ruin|late|broken|on hold|waiting|missed|stuck|never"
)


def sounds_ironic(normal: str, moods: Sequence[ClauseMood]) -> bool:
    """Whether strong praise stands beside a mishap with nothing ("but") to part them, or a turn
    of speech that seldom means what it says stands beside a mishap or blame."""
    feelings = [f for mood in moods for f in mood.feelings]
    praise = any(f.value >= STRONG for f in feelings)
    blame = any(f.value <= -STRONG for f in feelings)
    mishap = _MISHAP.search(normal) is not None
    if _ALWAYS.search(normal) and (mishap or blame):
        return True
    if not praise or any(mood.turns for mood in moods):
        return False
    if any(sign in normal for sign in DOUBLE_TONGUED) and (mishap or blame):
        return True
    if _QUOTED.search(normal) and mishap:
        return True
    very = any(f.value >= 2.4 and not f.denied for f in feelings)
    return very and mishap and blame and len(moods) <= 4
