"""What stands in one cell, as the raw answer of a question. Pure.

Every function raises CellRefused with a sentence that says what is wrong, and what would be
accepted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from django.utils.translation import gettext as _

from config.kernel.punctuation import listed
from surveys.importing.responses.heads import plain
from surveys.questions.base import Option
from surveys.questions.reading import decimal_number

_YES = {"1", "yes", "y", "true", "x", "✓", "✔", "√", "on", "checked", "selected", "ja",
        "是", "有", "选中", "已选", "对", "我同意", "同意", "i agree"}  # fmt: skip
_NO = {"0", "no", "n", "false", "off", "unchecked", "not selected", "-", "nein",
       "否", "无", "未选中", "未选", "错"}  # fmt: skip
_SEPARATORS = ",;|、，；/\n\t "
_MOST_NAMED = 12
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_TIME = re.compile(
    r"(上午|下午|am|pm)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(am|pm)?"
    r"\s*(z|utc|gmt)?\s*([+-]\d{1,2}(?::?\d{2})?)?"
)


class CellRefused(ValueError):
    """`wrong` says what is wrong with a cell, `accepted` what would do."""

    def __init__(self, wrong: str, accepted: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.accepted = wrong, accepted


@dataclass(frozen=True, slots=True)
class Names:
    """By which names the choices of a question are known: codes, and words in any language."""

    codes: dict[str, str]  # plain name → code
    options: tuple[Option, ...]

    @classmethod
    def of(cls, options: Sequence[Option]) -> "Names":
        """Words that two choices share name neither."""
        by_words: dict[str, set[str]] = {}
        for option in options:
            for words in option.text.values():
                by_words.setdefault(plain(words), set()).add(option.code)
        codes = {words: next(iter(found)) for words, found in by_words.items() if len(found) == 1}
        return cls(codes | {plain(one.code): one.code for one in options}, tuple(options))

    def one(self, text: str) -> str | None:
        return self.codes.get(plain(text))

    def accepted(self) -> str:
        words = [f"{one.code} ({next(iter(one.text.values()), '')})" for one in self.options]
        shown = words[:_MOST_NAMED]
        return listed(shown) + (" …" if len(words) > len(shown) else "")


def chosen(names: Names, cell: str) -> str:
    """The code of the choice that a cell names."""
    code = names.one(cell)
    if code is None:
        raise CellRefused(_("This is none of the choices."), names.accepted())
    return code


def several(names: Names, cell: str) -> list[str]:
    """The codes of the choices that a cell names, one behind the other: with commas, semicolons,
    bars, lines or spaces between, also where commas stand in the words of a choice."""
    found: list[str] = []
    rest = plain(cell.replace("\n", " ; "))
    by_length = sorted(names.codes, key=len, reverse=True)
    while rest := rest.strip(_SEPARATORS):
        name = next((one for one in by_length if _begins_with(rest, one)), None)
        if name is None:
            piece = re.split(r"[,;|、，；]", rest)[0].strip()
            wrong = _("“%(piece)s” is none of the choices.") % {"piece": piece[:60]}
            raise CellRefused(wrong, names.accepted())
        found.append(names.codes[name])
        rest = rest[len(name) :]
    return list(dict.fromkeys(found))


def _begins_with(rest: str, name: str) -> bool:
    return rest.startswith(name) and (len(rest) == len(name) or rest[len(name)] in _SEPARATORS)


def ticked(cell: str, *names: str) -> bool:
    """Whether a box was ticked. Some programs write the choice itself in its column: `names`."""
    word = plain(cell)
    if word in _YES or word in {plain(name) for name in names if name}:
        return True
    if word in _NO:
        return False
    raise CellRefused(_("This says neither yes nor no."), _("1 or 0, yes or no, or an empty cell"))


def number(cell: str) -> float | int:
    found = decimal_number(cell)
    if found is None:
        raise CellRefused(_("This is no number."), _("a number such as 4 or 12.5"))
    return int(found) if found.is_integer() else found


def day(cell: str, *, month_first: bool) -> str:
    """YYYY-MM-DD."""
    found, _rest = _day(cell, month_first)
    return found.isoformat()


def moment(cell: str, *, month_first: bool, zone: timezone | object) -> datetime:
    """When something was; without a zone in the cell it is a time of `zone`."""
    found, rest = _day(cell, month_first)
    rest = rest.removeprefix("t").strip()
    if not rest:
        return datetime.combine(found, time(0), tzinfo=zone)  # type: ignore[arg-type]
    match = _TIME.fullmatch(rest)
    if match is None:
        raise _no_day()
    before, hour, minute, second, after, utc, shift = match.groups()
    half = before or after
    hours = int(hour)
    if half in {"pm", "下午"} and hours < 12:
        hours += 12
    if half in {"am", "上午"} and hours == 12:
        hours = 0
    try:
        clock = time(hours, int(minute), int(second or 0))
        where = _shift(shift) if shift else UTC if utc else zone
    except ValueError as wrong:
        raise _no_day() from wrong
    return datetime.combine(found, clock, tzinfo=where)  # type: ignore[arg-type]


def _shift(text: str) -> timezone:
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if text.startswith("-") else away)


def _day(cell: str, month_first: bool) -> tuple[date, str]:
    text = plain(cell)
    if match := _YEAR_FIRST.match(text):
        year, month, day_ = (int(one) for one in match.groups())
    elif match := _YEAR_LAST.match(text):
        first, second, year = (int(one) for one in match.groups())
        is_month_first = "." not in match[0] and (second > 12 or (month_first and first <= 12))
        month, day_ = (first, second) if is_month_first else (second, first)
    else:
        raise _no_day()
    try:
        return date(year, month, day_), text[match.end() :].lstrip(", ")
    except ValueError as wrong:
        raise _no_day() from wrong


def _no_day() -> CellRefused:
    return CellRefused(
        _("This is no day, or no time of day, that can be read."),
        _("2026-11-23, 2026-11-23 14:05, 23.11.2026 or 2026年11月23日"),
    )


def seconds(cell: str) -> int:
    """Seconds, or minutes and seconds such as 2:05 or “2分5秒”."""
    text = plain(cell)
    if match := re.fullmatch(r"(?:(\d+):)?(\d+):(\d{2})", text):
        hours, minutes, rest = (int(one or 0) for one in match.groups())
        return hours * 3600 + minutes * 60 + rest
    if match := re.fullmatch(r"(?:(\d+)\s*(?:分钟?|min|m))?\s*(?:(\d+)\s*(?:秒|sec|s))?", text):
        return int(match[1] or 0) * 60 + int(match[2] or 0)
    found = decimal_number(text)
    if found is None or found < 0:
        raise CellRefused(_("This is no time span."), _("seconds, such as 95, or 1:35"))
    return round(found)
