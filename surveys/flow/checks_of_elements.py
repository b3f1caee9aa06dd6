"""What is wrong with one question of a definition."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled, listed
from surveys.enums import QuestionRole
from surveys.flow.definition import ELEMENT_KEYS, parse_element
from surveys.flow.setting_forms import setting_faults, texts_faults
from surveys.questions.base import QuestionType
from surveys.questions.registry import TYPES

QUESTION_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
ROW_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")
CHOICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# Names of our own in the address of the answer page, and of values that come from the server.
RESERVED_CODES = frozenset({"lang", "language", "today", "customer"})
LONGEST_CHOICE = 1000
MOST_CHOICES = 500

_CHOICE_FLAGS = frozenset({"other", "exclusive", "missing", "fixed"})
_CHOICE_KEYS = frozenset({"code", "text", "score", "when"}) | _CHOICE_FLAGS
_ROW_KEYS = frozenset({"code", "text", "when", "fixed"})
_CHECK_KEYS = frozenset({"that", "text"})
_OF_CHOICES = frozenset({"choices", "shuffle"})
_OF_ROWS = frozenset({"rows", "columns", "shuffle"})


def within(where: str, faults: Iterator[str]) -> Iterator[str]:
    return (labelled(where, fault) for fault in faults)


def unknown_keys(raw: Mapping[str, Any], known: Any) -> Iterator[str]:
    for name in sorted(set(map(str, raw)) - set(known)):
        yield _("“%(name)s” is not known here.") % {"name": name}


def is_code(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def element_faults(raw: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        yield _("a question must be an object with “code”, “type” and “text”.")
        return
    name = raw.get("type")
    kind = TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        yield _("“type” must be one of %(names)s.") % {"names": listed(sorted(TYPES))}
        return
    form = list(_common_form(raw, kind, languages))
    yield from form
    if not form:
        yield from kind.faults(parse_element(raw))


def _known_keys(kind: QuestionType) -> frozenset[str]:
    left_out = (_OF_CHOICES if not kind.has_choices else frozenset()) | (
        _OF_ROWS if not kind.has_rows else frozenset()
    )
    common = ELEMENT_KEYS - left_out
    if kind.has_choices or kind.has_rows:
        common |= {"shuffle"}
    return common | set(kind.settings)


def _common_form(
    raw: Mapping[str, Any], kind: QuestionType, languages: list[str]
) -> Iterator[str]:
    yield from unknown_keys(raw, _known_keys(kind))
    code = raw.get("code")
    if not is_code(code, QUESTION_CODE):
        yield _("give it a code: a letter, then letters, digits and _ (at most 40).")
    elif str(code).lower() in RESERVED_CODES:
        yield _("this code is used by the product itself; choose another.")
    yield from within(_("text"), texts_faults(raw.get("text"), languages))
    if raw.get("hint"):
        yield from within(_("hint"), texts_faults(raw["hint"], languages))
    role = raw.get("role", QuestionRole.NONE)
    if not isinstance(role, str) or role not in QuestionRole.values:
        yield _("“role” must be one of %(names)s.") % {"names": listed(QuestionRole.values)}
    if not isinstance(raw.get("required", False), bool):
        yield _("“required” must be true or false.")
    for name in ("when", "required_when"):
        yield from _expression(raw, name)
    yield from _checks(raw.get("checks", []), languages)
    yield from _parts(raw, kind, languages)
    for name, form in kind.settings.items():
        if name in raw:
            yield from setting_faults(name, form, raw[name], languages)


def _expression(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    if raw.get(name) is not None and not isinstance(raw[name], str):
        yield _("“%(name)s” must be a condition written as text.") % {"name": name}


def _checks(checks: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(checks, list):
        yield _("“%(name)s” must be a list.") % {"name": "checks"}
        return
    for number, check in enumerate(checks, start=1):
        where = _("check %(number)s") % {"number": number}
        if not isinstance(check, Mapping) or not isinstance(check.get("that"), str):
            yield labelled(where, _("must be an object with “that” and “text”."))
            continue
        yield from within(where, unknown_keys(check, _CHECK_KEYS))
        yield from within(where, texts_faults(check.get("text"), languages))


def _parts(raw: Mapping[str, Any], kind: QuestionType, languages: list[str]) -> Iterator[str]:
    shuffled = ["choices"] if kind.has_choices else ["choices", "rows", "both"]
    shuffle = raw.get("shuffle", "")
    if shuffle != "" and (not isinstance(shuffle, str) or shuffle not in shuffled):
        yield _("“%(name)s” must be one of %(names)s.") % {
            "name": "shuffle",
            "names": listed(shuffled),
        }
    if kind.has_choices:
        yield from _listed(raw.get("choices"), "choices", _("choice %(number)s"), languages)
    if kind.has_rows:
        yield from _listed(raw.get("rows"), "rows", _("row %(number)s"), languages)
        yield from _listed(raw.get("columns"), "columns", _("column %(number)s"), languages)


def _listed(things: Any, name: str, place: str, languages: list[str]) -> Iterator[str]:
    if not isinstance(things, list):
        yield _("“%(name)s” must be a list.") % {"name": name}
        return
    if len(things) > MOST_CHOICES:
        yield _("“%(name)s” has room for %(most)s.") % {"name": name, "most": MOST_CHOICES}
    seen: set[str] = set()
    for number, thing in enumerate(things, start=1):
        where = place % {"number": number}
        if not isinstance(thing, Mapping):
            yield labelled(where, _("must be an object with “code” and “text”."))
            continue
        found = _row(thing) if name == "rows" else _choice(thing)
        yield from within(where, found)
        yield from within(where, texts_faults(thing.get("text"), languages, LONGEST_CHOICE))
        yield from within(where, _expression(thing, "when"))
        code = str(thing.get("code")).lower()
        if code in seen:
            yield labelled(where, _("the code “%(code)s” is used twice.") % {"code": code})
        seen.add(code)


def _row(row: Mapping[str, Any]) -> Iterator[str]:
    yield from unknown_keys(row, _ROW_KEYS)
    if not is_code(row.get("code"), ROW_CODE):
        yield _("give it a code of letters, digits and _.")
    yield from _flags(row, {"fixed"})


def _choice(choice: Mapping[str, Any]) -> Iterator[str]:
    yield from unknown_keys(choice, _CHOICE_KEYS)
    if not is_code(choice.get("code"), CHOICE_CODE):
        yield _("give it a code of letters, digits, _ and -.")
    score = choice.get("score")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        yield _("“score” must be a number.")
    yield from _flags(choice, _CHOICE_FLAGS)


def _flags(raw: Mapping[str, Any], names: Any) -> Iterator[str]:
    for flag in sorted(set(names) & set(raw)):
        if not isinstance(raw[flag], bool):
            yield _("“%(name)s” must be true or false.") % {"name": flag}
