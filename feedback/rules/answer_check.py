"""Whether an answer does what an answer should, before it is sent: a light and remarks with their
places, Chinese and English. Pure; hints and never forbids.

What is looked for comes from real answers of service desks: what they have nearly always (a
greeting, what is done, by when) and what they mostly lack when somebody is upset (an apology).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from config.kernel.text.language import Language, language_of
from feedback.rules.placeholders import leftovers
from feedback.rules.relevance import History
from feedback.rules.tone import Tone, judge_tone


class Level(IntEnum):
    NOTE, WARN, STOP = 1, 2, 3


class Light(StrEnum):
    GREEN, AMBER, RED = "green", "amber", "red"


class Point(StrEnum):
    """What may be remarked about an answer as a whole or a place in it, besides its tone."""

    INSULT = "insult"
    HOLLOW = "hollow"
    PLACEHOLDER = "placeholder"
    WRONG_NAME = "wrong_name"
    LANGUAGE = "language"
    NO_APOLOGY = "no_apology"
    NO_ACTION = "no_action"
    NO_DATE = "no_date"
    NO_GREETING = "no_greeting"
    TOO_SHORT = "too_short"
    OFF_TOPIC = "off_topic"
    UNKNOWN_DATA = "unknown_data"


@dataclass(frozen=True, slots=True)
class Remark:
    """`start`, `end`: characters of the answer; the same where something is missing."""

    point: Point | Tone
    level: Level
    start: int = 0
    end: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What is answered. `is_upset`: it was read as negative; `is_late`: a promised time has
    passed; `is_letter`: a mail, which begins with a greeting; `matter`: all that
    is known of it, for what an answer is about; `category`: what it was sorted into."""

    complaint: str = ""
    customer_name: str = ""
    is_upset: bool = False
    is_late: bool = False
    is_letter: bool = False
    matter: str = ""
    category: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    remarks: tuple[Remark, ...]

    @property
    def light(self) -> Light:
        """Red: it should not leave like this. Amber: it could be better."""
        worst = max((one.level for one in self.remarks), default=Level.NOTE)
        return {Level.STOP: Light.RED, Level.WARN: Light.AMBER}.get(worst, Light.GREEN)


LONG = 40  # letters from which a complaint wants more than a line, Latin ones counted by half
SHORT = 14  # letters of an answer that is hardly one
MOST = 20

_LEVEL_OF_TONE = {
    Tone.BLAME: Level.WARN,
    Tone.ABSOLUTE: Level.NOTE,
    Tone.SHOUTING: Level.WARN,
    Tone.COLD: Level.WARN,
}
_PLACES: tuple[tuple[Point, Level, str], ...] = (
    (
        Point.INSULT,
        Level.STOP,
        (
            r"白痴|蠢货|傻[瓜逼子]|有病吧|脑子有|神经病|闭嘴|滚[开蛋]?(?=[!！。，,]|$)|无理取闹|刁民|你懂什么"
            r"|\b(?:idiot|stupid|moron|shut up|ridiculous|nonsense|crazy customer|liar)\b"
        ),
    ),
    (
        Point.HOLLOW,
        Level.NOTE,
        (
            r"高度重视|有关部门|相关部门|深表遗憾|敬请谅解|尽快(?:为您)?(?:处理|解决|回复|答复)"
            r"|\b(?:as soon as possible|rest assured|relevant departments?|valued customer"
            r"|we take (?:this|your \w+) (?:very )?seriously|at your earliest convenience)\b"
        ),
    ),
    (
        Point.PLACEHOLDER,
        Level.STOP,
        (
            r"【(?:姓名|客户|日期|金额|订单号?|产品|公司|单号)[^】\n]{0,10}】"
            r"|(?<![xX×])[xX×]{3,40}(?=先生|女士|元|号|月|日)|\bTBD\b|\bXXX+\b"
            r"|\[(?:name|customer|date|amount|order|product|company|insert)[^\]\n]{0,20}\]"
        ),
    ),
)
_COMPILED = [
    (point, level, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for point, level, pattern in _PLACES
]
_APOLOGY = re.compile(
    r"抱歉|对不起|致歉|道歉|歉意|不好意思|给您添(?:了)?麻烦|让您久等|请(?:您)?原谅|是我们(?:的错|没|不好|疏忽|工作)"
    r"|\b(?:sorry|apolog(?:y|ies|ise|ize)\w*|our (?:mistake|fault|error)|we let you down)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"已经?(?:为您|帮您|给您|将|安排|退|补|更换|修|处理|联系|通知|提交|登记|核实|解决|发|寄|转|申请|记录|查)|(?:退款|换货|更换|补发|维修)(?:完成|成功|好了)"
    r"|\b(?:i|we) (?:have|'ve) (?:now |just |already )?(?!received|read|noted)\w+"
    r"|\bhas been \w+ed\b|\b(?:we|i) (?:refunded|replaced|sent|fixed|repaired|changed|checked)\b"
    r"|\b(?:we|i) (?:credited|corrected|booked)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"(?:会|将|马上|立即|现在就?|这就)(?:为您|给您|帮您|安排|派|退|补|换|更换|联系|打电话|发|寄|上门|核实|处理|跟进|回电|回复|通知)|安排(?:师傅|人员|专人|同事|上门)"
    r"|\b(?:we|i)(?:'ll| will| are going to| am going to) (?!be (?:happy|glad))\w+"
    r"|\b(?:technician|colleague|courier|engineer) will\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"请(?:您)?(?:问|提供|告诉|告知|发|回复|确认|把|说明|拍)|(?:能否|可否|方便|能不能|可以).{0,18}[?？吗]|您可以|建议您"
    r"|\b(?:could|can|would) you\b|\bplease (?:send|tell|let|try|check|confirm|reply|give|provide)"
    r"|\byou can\b|\?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_DATE = re.compile(
    r"\d{1,2}\s*[月/.-]\s*\d{1,2}|\d{1,2}\s*[:：]\s*\d{2}|[今明后]天|[今明]晚|当天|本?周[一二三四五六日末内]|下周|星期|礼拜|月底|(?<!\d)\d{1,6}\s{0,8}(?:个)?(?:工作日|小时|分钟|天|日)(?:内|之内|以内|后|左右)?"
    r"|[一二两三四五六七八九十]{1,6}\s{0,8}(?:个)?(?:工作日|小时|天)"
    r"|\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|\b(?:next|this) week\b"
    r"|\b(?:within|in|by|before|on|until)\s+(?:the\s+)?(?:\d+|one|two|three|four|five|seven|ten|end)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b"
    r"|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\s*(?:尊敬的|亲爱的|您好|你好|亲[，,]|早上好|下午好|晚上好|[一-鿿]{1,4}(?:先生|女士|小姐|老师|经理|总)"
    r"|(?:dear|hello|hi|hey|good (?:morning|afternoon|evening))\b)",
    re.IGNORECASE,
)
_NAMED_ZH = re.compile(r"^\s*(?:(?:尊敬的|亲爱的)\s{0,8})?([一-鿿]{1,4}?)(先生|女士|小姐)")
# A name stands behind a title, or it ends the greeting: what goes on is a sentence (“Hello, thank
# you for telling us”). One in small letters is a single word with a comma.
_NAMED_EN = re.compile(
    r"^\s*(?i:dear|hello|hi|hey|good (?:morning|afternoon|evening)),?[ ]+"
    r"(?:(?i:mr|mrs|ms|miss|dr)\.?[ ]+([A-Za-z][\w'’-]+(?:[ ][A-Z][\w'’-]+){0,2})"
    r"|([A-Z][\w'’-]+(?:[ ][A-Z][\w'’-]+){0,2})(?=[ ]*(?:[,，!:\n–—-]|$))"
    r"|([a-z][\w'’-]+)(?=,))"
)
_NOBODY = (
    "customer sir madam all team there everyone everybody folks friend again thanks"
    " 客户 用户 顾客 朋友 各位 先生 女士"
)
_NO_NAMES = frozenset(_NOBODY.split())
NO_HISTORY = History()


def check_answer(text: str, about: About, history: History = NO_HISTORY) -> Checked:
    """What should be said otherwise, in the order of the answer, what is missing last; at most
    twenty remarks. An empty text has none. `history`: answers of before."""
    if not text.strip():
        return Checked(())
    found = [*_of_tone(text), *_in_places(text), *_wrong_name(text, about)]
    found.sort(key=lambda one: (one.start, one.end))
    return Checked((*found, *_as_a_whole(text, about, history))[:MOST])


def _of_tone(text: str) -> Iterator[Remark]:
    for one in judge_tone(text):
        yield Remark(one.tone, _LEVEL_OF_TONE[one.tone], one.start, one.end, one.words)


def _in_places(text: str) -> Iterator[Remark]:
    for point, level, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield Remark(point, level, match.start(), match.end(), match[0])
    for start, end in leftovers(text):
        yield Remark(Point.PLACEHOLDER, Level.STOP, start, end, text[start:end])


def _wrong_name(text: str, about: About) -> Iterator[Remark]:
    """The greeting is for somebody else: a surname, or a name none of whose parts is theirs."""
    name = about.customer_name.strip()
    if not name:
        return
    match = _NAMED_ZH.match(text)
    if match and match[1] not in _NO_NAMES:
        is_theirs = match[1] in name or name in match[1]
        is_chinese = "一" <= name[0] <= "鿿"
        if is_chinese and not is_theirs:
            yield Remark(
                Point.WRONG_NAME, Level.STOP, match.start(1), match.end(), match[0].strip()
            )
        return
    match = _NAMED_EN.match(text)
    if match is None or not name.isascii():
        return
    named = match[1] or match[2] or match[3]
    said = [one.lower() for one in re.findall(r"[\w'’-]+", named)]
    theirs = {one.lower() for one in re.findall(r"[\w'’-]+", name)}
    if said[0] not in _NO_NAMES and not theirs & set(said):
        start, end = match.span(match.lastindex or 0)
        yield Remark(Point.WRONG_NAME, Level.STOP, start, end, named)


def _as_a_whole(text: str, about: About, history: History) -> Iterator[Remark]:
    if _other_language(text, about.complaint):
        yield Remark(Point.LANGUAGE, Level.STOP)
    is_long = _size(about.complaint) >= LONG
    if is_long and _size(text) < SHORT:
        yield Remark(Point.TOO_SHORT, Level.WARN)
        return
    if (about.is_upset or about.is_late) and not _APOLOGY.search(text):
        yield Remark(Point.NO_APOLOGY, Level.WARN)
    is_done, will_be = _DONE.search(text), _WILL.search(text)
    if about.is_upset and not (is_done or will_be or _ASKS.search(text)):
        yield Remark(Point.NO_ACTION, Level.WARN)
    elif will_be and not is_done and not _DATE.search(text):
        yield Remark(Point.NO_DATE, Level.NOTE, will_be.start(), will_be.end(), will_be[0])
    if about.is_letter and not _GREETING.search(text):
        yield Remark(Point.NO_GREETING, Level.NOTE)
    matter = about.matter or about.complaint
    is_comparable = not _other_language(text, matter)
    if is_comparable and history.is_about_something_else(text, matter, about.category):
        yield Remark(Point.OFF_TOPIC, Level.WARN)


def _other_language(text: str, complaint: str) -> bool:
    """Whether one is in Chinese and the other in English; a mixed one fits both."""
    both = {Language.CHINESE, Language.ENGLISH}
    return {language_of(text).language, language_of(complaint).language} == both


def _size(text: str) -> float:
    """Letters, where two of a Latin word say as much as one Chinese."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text if letter.isalnum())
