"""How much a piece of feedback tells: targeted, authentic, specific, timely. Each is a sum of
points with reasons between 0 and 100; the score is their weighted mean. Pure; docs/quality.md
says the same in a table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEIGHTS = {"targeted": 30, "authentic": 30, "specific": 25, "timely": 15}  # percent
BEGIN = {"targeted": 30, "authentic": 70, "specific": 20, "timely": 70}
# Code of the reason → the side it counts for, and its points.
REASONS: dict[str, tuple[str, int]] = {
    "names_product": ("targeted", 30),
    "names_order": ("targeted", 30),
    "has_category": ("targeted", 15),
    "names_place": ("targeted", 10),
    "names_model": ("targeted", 15),
    "verified": ("authentic", 15),
    "known_customer": ("authentic", 15),
    "same_text_elsewhere": ("authentic", -45),
    "said_before": ("authentic", -30),
    "burst": ("authentic", -30),
    "contradiction": ("authentic", -25),
    "links": ("authentic", -20),
    "no_words": ("authentic", -40),
    "some_length": ("specific", 15),
    "full_length": ("specific", 15),
    "very_short": ("specific", -20),
    "says_when": ("specific", 15),
    "says_how_much": ("specific", 15),
    "says_what_is_wanted": ("specific", 10),
    "has_files": ("specific", 15),
    "fresh": ("timely", 30),
    "some_weeks_old": ("timely", -20),
    "long_ago": ("timely", -50),
}
HIGH, LOW = 65, 40  # from here on it is high; below this, low
BURST = 5  # records of one customer within an hour
SHORT, SOME, FULL = 6, 20, 80  # letters; an English word counts as two
FRESH_DAYS, OLD_DAYS = 7, 90

_DAY = re.compile(
    r"(?<!\d)(?:(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]|(\d{1,2})\s*月)\s*(\d{1,2})(?!\d)"
)
_WHEN = re.compile(
    r"今天|昨天|前天|刚才|刚刚|上午|下午|晚上|早上|中午|凌晨|上周|本周|这周|周[一二三四五六日天]|星期"
    r"|\d+\s*(?:点|时|分钟|小时|天|周|个月)|\d{1,2}[:\uff1a]\d\d|\b(?:today|yesterday|tonight|morning"
    r"|afternoon|evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day|last week|this week"
    r"|\d+ (?:minutes?|hours?|days?|weeks?))\b",
    re.I | re.A,
)
_NOW = re.compile(
    r"今天|昨天|刚才|刚刚|\b(?:today|yesterday|just now|this morning)\b", re.I | re.A
)
_LONG_AGO = re.compile(
    r"去年|前年|几年前|多年前|半年前|\b(?:last year|years? ago|months ago)\b", re.I | re.A
)
_AMOUNT = re.compile(
    r"\d+(?:\.\d+)?\s*(?:元|块|¥|%|件|个|次|台|箱|公斤|kg|g|cm|mm|ml|l|w|v|°|度|usd|eur|rmb|times|pieces)"
    r"|[¥$€£]\s*\d",
    re.I | re.A,
)
_MODEL = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{3,20}\b", re.A)
_WANTED = re.compile(
    r"希望|请|要求|建议|能不能|可以吗|退款|退货|换货|补发|赔"
    r"|\b(?:please|would like|i want|refund|replace|suggest|could you|should)\b",
    re.I | re.A,
)
_LINK = re.compile(r"https?://|www\.", re.I | re.A)
_PRAISE = re.compile(
    r"非常满意|很满意|太好了|好评|完美|\b(?:excellent|perfect|love it|great)\b", re.I | re.A
)
_BLAME = re.compile(
    r"太差|垃圾|差评|失望|投诉|骗子|\b(?:terrible|awful|worst|useless|scam)\b", re.I | re.A
)
_WORD = re.compile(r"[A-Za-z]+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a record. `score` is the customer's rating 1–5 if there is one;
    `same_elsewhere` and `said_before` count earlier records with the same text, of others and of
    the same customer; `within_hour` counts this customer's records of the hour before, this one
    included; `others_of_customer` those before."""

    text: str
    received_at: datetime
    has_product: bool = False
    has_order: bool = False
    has_category: bool = False
    has_place: bool = False
    files: int = 0
    score: int | None = None
    is_verified: bool = False
    others_of_customer: int = 0
    within_hour: int = 1
    same_elsewhere: int = 0
    said_before: int = 0


@dataclass(frozen=True, slots=True)
class Quality:
    """Scores from 0 to 100, and the codes of the reasons in the order of REASONS."""

    score: int
    targeted: int
    authentic: int
    specific: int
    timely: int
    reasons: tuple[str, ...]


def judge(told: Told) -> Quality:
    """The quality of one record as it is known now."""
    found = set(_reasons(told))
    reasons = tuple(code for code in REASONS if code in found)
    sides = {side: _side(side, reasons) for side in WEIGHTS}
    score = round(sum(sides[side] * weight for side, weight in WEIGHTS.items()) / 100)
    return Quality(score, **sides, reasons=reasons)


def _side(side: str, reasons: Iterable[str]) -> int:
    points = [points for of, points in map(REASONS.__getitem__, reasons) if of == side]
    return max(0, min(100, BEGIN[side] + sum(points)))


def _reasons(told: Told) -> Iterator[str]:
    yield from _given(told)
    yield from _doubts(told)
    yield from _substance(told)
    yield from _age(told)


def _given(told: Told) -> Iterator[str]:
    given = {
        "names_product": told.has_product,
        "names_order": told.has_order,
        "has_category": told.has_category,
        "names_place": told.has_place,
        "names_model": bool(_MODEL.search(told.text)),
        "verified": told.is_verified,
        "known_customer": told.others_of_customer > 0,
        "has_files": told.files > 0,
    }
    return (code for code, holds in given.items() if holds)


def _doubts(told: Told) -> Iterator[str]:
    if told.same_elsewhere:
        yield "same_text_elsewhere"
    if told.said_before:
        yield "said_before"
    if told.within_hour >= BURST:
        yield "burst"
    praises, blames = bool(_PRAISE.search(told.text)), bool(_BLAME.search(told.text))
    score = told.score or 3
    if praises != blames and ((score <= 2 and praises) or (score >= 4 and blames)):
        yield "contradiction"
    if len(_LINK.findall(told.text)) > 1:
        yield "links"
    if len(set(_LETTER.findall(told.text))) < 3:
        yield "no_words"


def _substance(told: Told) -> Iterator[str]:
    length = letters_of(told.text)
    if length < SHORT:
        yield "very_short"
    if length >= SOME:
        yield "some_length"
    if length >= FULL:
        yield "full_length"
    if _WHEN.search(told.text) or _DAY.search(told.text):
        yield "says_when"
    if _AMOUNT.search(told.text):
        yield "says_how_much"
    if _WANTED.search(told.text):
        yield "says_what_is_wanted"


def _age(told: Told) -> Iterator[str]:
    """By the latest day that is named and not in the future, else by words."""
    received = told.received_at.date()
    days = [day for day in _days(told.text, received) if day <= received + timedelta(days=1)]
    if days:
        age = (received - max(days)).days
        if age <= FRESH_DAYS:
            yield "fresh"
        elif age > OLD_DAYS:
            yield "long_ago"
        elif age > OLD_DAYS // 3:
            yield "some_weeks_old"
    elif _NOW.search(told.text):
        yield "fresh"
    elif _LONG_AGO.search(told.text):
        yield "long_ago"


def _days(text: str, received: date) -> Iterator[date]:
    for year, month, only_month, day in _DAY.findall(text):
        try:
            named = date(int(year or received.year), int(month or only_month), int(day))
        except ValueError:
            continue
        # "12月30日" said in January was last year.
        if not year and named > received + timedelta(days=1):
            named -= timedelta(days=365)
        yield named


def letters_of(text: str) -> int:
    """How much is said: Chinese letters, and English words as two."""
    words = _WORD.findall(text)
    return len(_LETTER.findall(text)) - sum(len(word) for word in words) + 2 * len(words)
