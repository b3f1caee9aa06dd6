"""Turns of speech that tell more than their words: "never better", why-questions, long waits."""

import re

ITSELF = re.compile(r"(\w{1,2})是\1")  # 贵是贵
KEPT = re.compile(r"继续|一直|保持|越来越好|keep|every|all ")
ASKED = re.compile(
    r"为什么|为啥|凭什么|怎么回事|什么时候|啥时候|何时|怎么这么"
    r"|why (?!didn't i|did not i|not)|when will|how long|what's the point"
)
_NONE = r"(?:couldn't|could not|can't|cannot|never|nothing|nobody|no one|no)(?: \w+){0,3} "
NO_BETTER = re.compile(
    r"没有?(?:哪\w|什么|谁)?比\w{1,6}更|(?:不能|没法|无法)(?:再|更)|nothing but\b"
    rf"|{_NONE}(?:better|happier|easier|more|faster|smoother|nicer|greater|finer)\b"
    r"|(?:can't|cannot|could not|couldn't|can never)(?: \w+){1,4} enough\b"
)
SOONER = re.compile(r"why (?:didn't|did not) (?:i|we) .{0,30}(?:sooner|earlier|before)")
NO_WORSE = re.compile(rf"{_NONE}(?:worse|unhappier|slower|ruder|poorer|less)\b")
LATE = re.compile(
    r"还没|还未|一直没|至今没|仍未|仍没|迟迟没|still (?:no|have|has|had|is|was|are|wait)|yet to"
)
_COUNT = r"(?:(?<!\d)\d{1,6}|[一两二三四五六七八九十几半多]{1,6})"
PROMPT = re.compile(rf"{_COUNT}个?(?:分钟|秒钟?|次|遍)(?:左右|之内|以内|内)?就")
WAITED = re.compile(
    r"(?:(?<!\d)\d{1,6}|[两二三四五六七八九十几半多]{1,6})(?:多个|个|多)?(?:半)?(?:小时|钟头|天|周|星期|礼拜|月)(?:了|都|才|还|也)"
)
