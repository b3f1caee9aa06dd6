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
    r"|(?:hard|difficult|impossible|tough) to (?:find|get|imagine|ask for)(?: \w+){0,2} better\b"
    rf"|{_NONE}(?:better|happier|easier|more|faster|smoother|nicer|greater|finer)\b"
    r"|(?:can't|cannot|could not|couldn't|can never)(?: \w+){1,4} enough\b"
)
SOONER = re.compile(
    r"(?:why (?:didn't|did not)|wish(?:ed)?|if only) (?:i|we|i'd|we'd)\b(?: had| have)?"
    r" (?:find|found|discover(?:ed)?|buy|bought|try|tried|switch(?:ed)?|join(?:ed)?|met|got"
    r"|come|came)\b.{0,30}(?:sooner|earlier|before|long ago|years ago)"
    r"|(?:要是|如果|真该|应该)(?:能|早)?[早点些]{1,3}(?:遇到|遇见|发现|买|找到|认识).{0,12}就好了?"
)
NO_WORSE = re.compile(
    r"(?:hard|difficult|impossible|tough) to (?:find|get|imagine)(?: \w+){0,2} worse\b"
    rf"|{_NONE}(?:worse|unhappier|slower|ruder|poorer|less)\b"
)
LATE = re.compile(
    r"还没|还未|一直没|至今没|仍未|仍没|迟迟没|still (?:no|have|has|had|is|was|are|wait)|yet to"
)
_COUNT = r"(?:(?<!\d)\d{1,6}|[一两二三四五六七八九十几半多]{1,6})"
_COUNT_EN = r"(?:a|an|one|two|three|four|five|ten|a few|few|a couple of|\d{1,3})"
_LITTLE_TIME = r"(?:seconds?|secs?|minutes?|mins?|moments?|clicks?|steps?)"
_MUCH_TIME = r"(?:hours|days|weeks|months|years|an hour|a day|a week|a month|ages|forever)"
PROMPT = re.compile(
    rf"{_COUNT}个?(?:分钟|秒钟?|次|遍|趟)(?:左右|之内|以内|内)?就"
    r"|(?:半个?小时|一小时|一天|半天|当天|当场|隔天|第二天|次日|立马|马上|立刻)(?:左右|之内|内)?就"
    rf"|只(?:要|用|需|需要|花|跑|等|去)了?{_COUNT}(?:个?(?:小时|分钟|秒钟?)|次|遍|趟)"
    r"|没等\w{1,6}就|不(?:另|额外|再)?收\w{0,4}费|免\w{0,3}费"
    rf"|(?:took|takes|in|within|under|only)(?: (?:me|us|only|just|about|under|less than))*"
    rf" {_COUNT_EN} {_LITTLE_TIME}|(?:in|within|under|less than) an hour"
)
ALWAYS = re.compile(
    r"\b(?:always|everything|everyone|everybody|anytime"
    r"|(?:every|each) (?!day|time|week|month|year|hour|other|morning|night|single)\w+)\b"
)
WAITED = re.compile(
    r"(?:(?<!\d)\d{1,6}|[两二三四五六七八九十几半多]{1,6})(?:多个|个|多)?(?:半)?"
    r"(?:小时|钟头|天|周|星期|礼拜|月)(?:了|都|才|还|也)"
    rf"|要等|跑了{_COUNT}[趟次]|跑(?:断|了好几|了几)"
    rf"|(?:took|takes|taken|waited|after)(?: (?:me|us|them|over|about|almost|more than|\w+))?"
    rf" {_MUCH_TIME}"
)
_HINTS = ((PROMPT, 1.2), (WAITED, -1.2), (ALWAYS, 0.8))


def hint(said: str) -> tuple[float, int, int] | None:
    """What a clause says that holds no word of feeling, with where it begins and ends."""
    for pattern, value in _HINTS:
        if match := pattern.search(said):
            return value, match.start(), match.end()
    return None


_BY_FAR = r"(?: a (?:bit|lot|little)| much| far| way| so much| somewhat)?"
COULD_BE = re.compile(
    rf"(?:could|should|might) (?:have been|be|have|use|do with){_BY_FAR}"
    r" (?:better|more|less|nicer|faster|quicker|easier|cleaner|clearer|warmer|fresher|friendlier"
    r"|cheaper|quieter|smoother|simpler|bigger|larger|kinder|hotter|softer|stronger|safer)\b"
)
_LOSS = r"(?:[掉耗费跑没断漏]电|掉[色漆毛粉]|[褪退]色|磨损|老化|变质|涨价|损耗|凉|坏|旧|脏)得?"
LOST_SLOWLY = re.compile(rf"{_LOSS}(?:并?不|不太|不算|没那么|没有那么)快|{_LOSS}(?:很|挺|比较)?慢")
LOST_FAST = re.compile(rf"{_LOSS}(?:太|很|特别|非常|也太|贼|超级?|这么|真|有点|飞)?快")
SERIOUSLY = re.compile(r"(?:tak(?:e|es|ing)|took) .{1,25} seriously")
LOYAL = re.compile(
    r"(?:never|won't|wouldn't|not|don't|no need to|no reason to)(?: \w+){0,4}"
    r" (?:anywhere else|anyone else|anything else|elsewhere|another)\b"
    r"|不[会想]?(?:再|去|要|考虑)?(?:换|选|考虑|找)(?:别|其他|其它)"
)
_TELLING = (
    (SOONER, 2.0),
    (LOYAL, 1.3),
    (LOST_SLOWLY, 1.3),
    (LOST_FAST, -1.3),
)
_DENIED = re.compile(r"\b(?:not|never|nobody|no one|\w+n't|refused?|fail(?:ed|s)?)\b")


def telling(said: str) -> tuple[float, int, int] | None:
    """What a clause says as a whole, whatever its words say, with where it begins and ends."""
    for pattern, value in _TELLING:
        if match := pattern.search(said):
            return value, match.start(), match.end()
    if match := SERIOUSLY.search(said):
        denied = _DENIED.search(said, 0, match.start())
        return -1.3 if denied else 1.3, match.start(), match.end()
    match = COULD_BE.search(said)
    if match and not NO_BETTER.search(said):
        return -1.3, match.start(), match.end()
    return None


RATHER = re.compile(r"与其")  # 与其说贵,不如说值: the second counts
BUT = re.compile(r"\s*(?:但是?|可是|然而|(?:but|however|yet)\b)")
# Conditions that wish for nothing: 如果你想买, "if you need one".
TO_OTHERS = re.compile(
    r"if (?:you|anyone|somebody|someone)(?: are|'re)? (?:want|need|like|love|have|looking|after)\b"
    r"|(?:如果|要是|假如|若)(?:你|您|大家|有人|谁)"
)
BUT_FOR = re.compile(
    r"(?:要不是|若不是|如果不是|要是没有|如果没有)"
    r"|(?:without (?:\w+ ){1,4}(?:i|we)(?: would|'d)|if it (?:weren't|wasn't|hadn't been) for"
    r"|if not for|(?:had|were) it not (?:been )?for)"
)
