"""Changes of a definition that is being written: each function changes the JSON it is given.

A draft may have any fault that `flow.checks` finds, but it has the shape that `is_outline` asks
for: else it can only be changed as a whole."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from surveys.questions.base import Texts
from surveys.questions.registry import TYPES
from surveys.questions.scales import Ces, Csat, Nps

Raw = dict[str, Any]


class NotThere(LookupError):
    """The page or question that should change is not in the definition (any more)."""


def is_outline(raw: Any) -> bool:
    """Whether `raw` has pages and questions with codes, each of them once."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("pages"), list):
        return False
    if not isinstance(raw.get("languages"), list) or not isinstance(raw.get("texts", {}), Mapping):
        return False
    pages = raw["pages"]
    if not all(isinstance(page, Mapping) for page in pages):
        return False
    if not all(isinstance(page.get("elements"), list) for page in pages):
        return False
    things = [one for page in pages for one in page["elements"]]
    if not all(isinstance(one, Mapping) and one.get("type") in TYPES for one in things):
        return False
    return _each_once(pages) and _each_once(things)


def _each_once(things: Iterable[Mapping[str, Any]]) -> bool:
    codes = [thing.get("code") for thing in things]
    return all(isinstance(code, str) and code for code in codes) and len(codes) == len(set(codes))


def elements_of(raw: Raw) -> Iterator[Raw]:
    for page in raw["pages"]:
        yield from page["elements"]


def page_of(raw: Raw, code: str) -> Raw:
    """Raises NotThere."""
    for page in raw["pages"]:
        if page["code"] == code:
            return dict_of(page)
    raise NotThere(code)


def element_of(raw: Raw, code: str) -> Raw:
    """Raises NotThere."""
    page, at = _place_of(raw, code)
    return dict_of(page["elements"][at])


def dict_of(thing: Any) -> Raw:
    return thing if isinstance(thing, dict) else dict(thing)


def _place_of(raw: Raw, code: str) -> tuple[Raw, int]:
    for page in raw["pages"]:
        for at, element in enumerate(page["elements"]):
            if element["code"] == code:
                return page, at
    raise NotThere(code)


def new_code(stem: str, taken: Collection[str]) -> str:
    """`stem` with the first number that makes a code nobody has; `taken` in small letters."""
    number = 1
    while f"{stem}{number}".lower() in taken:
        number += 1
    return f"{stem}{number}"


def codes_of(raw: Raw) -> set[str]:
    """Of questions, in small letters: statistics programs know no capitals."""
    return {element["code"].lower() for element in elements_of(raw)}


# --- pages ------------------------------------------------------------------------------------


def add_page(raw: Raw) -> str:
    """A new last page; gives its code."""
    code = new_code("page", {page["code"].lower() for page in raw["pages"]})
    raw["pages"].append({"code": code, "elements": []})
    return code


def move_page(raw: Raw, code: str, step: int) -> None:
    pages = raw["pages"]
    at = pages.index(page_of(raw, code))
    to = min(max(at + step, 0), len(pages) - 1)
    pages.insert(to, pages.pop(at))


def remove_page(raw: Raw, code: str) -> None:
    """With the questions on it."""
    raw["pages"].remove(page_of(raw, code))


# --- questions --------------------------------------------------------------------------------


def add_element(raw: Raw, element: Raw, page: str, before: str = "") -> None:
    """At the end of the page (the last one unless named), or in front of another question on
    it. The first question of a survey without pages makes one."""
    if not raw["pages"]:
        page = add_page(raw)
    page = page or raw["pages"][-1]["code"]
    elements = page_of(raw, page)["elements"]
    codes = [one["code"] for one in elements]
    elements.insert(codes.index(before) if before in codes else len(elements), element)


def move_element(raw: Raw, code: str, page: str, before: str = "") -> None:
    target = page_of(raw, page)
    holder, at = _place_of(raw, code)
    if before == code:
        return
    element = holder["elements"].pop(at)
    add_element(raw, element, target["code"], before)


def nudge_element(raw: Raw, code: str, step: int) -> None:
    """One place up (-1) or down (1); from the end of a page onto the next one."""
    holder, at = _place_of(raw, code)
    elements, pages = holder["elements"], raw["pages"]
    if 0 <= at + step < len(elements):
        elements.insert(at + step, elements.pop(at))
        return
    number = pages.index(holder) + step
    if 0 <= number < len(pages):
        others = pages[number]["elements"]
        others.insert(0 if step > 0 else len(others), elements.pop(at))


def copy_element(raw: Raw, code: str, taken: Collection[str]) -> str:
    """Behind the one it is a copy of; gives its code. It measures nothing by itself: each role
    is there once."""
    holder, at = _place_of(raw, code)
    copied = as_new(holder["elements"][at], new_code("q", taken))
    holder["elements"].insert(at + 1, copied)
    return str(copied["code"])


def as_new(element: Mapping[str, Any], code: str) -> Raw:
    """A copy under another code that measures nothing special."""
    copied = under_code(element, code)
    copied.pop("role", None)
    if TYPES[copied["type"]].usual_role != "none":
        copied["role"] = "none"
    return copied


def remove_element(raw: Raw, code: str) -> None:
    holder, at = _place_of(raw, code)
    holder["elements"].pop(at)


def replace_element(raw: Raw, code: str, element: Raw) -> None:
    """With a new code, everything that names the old one follows."""
    holder, at = _place_of(raw, code)
    holder["elements"][at] = element
    if element["code"] != code:
        _rename(raw, code, element)


def under_code(element: Mapping[str, Any], code: str) -> Raw:
    """A copy under another code; its checks name that."""
    copied: Raw = deepcopy(dict(element)) | {"code": code}
    for written, renamed in _renamings(str(element["code"]), copied):
        if "checks" in copied:
            copied["checks"] = _replaced(copied["checks"], written, renamed)
    return copied


def without_others(element: Mapping[str, Any]) -> Raw:
    """A copy that names no other question: its conditions stay behind, and those of its choices
    and rows, and checks that ask for more than its own answer."""
    kept = {name: one for name, one in element.items() if name not in {"when", "required_when"}}
    copied: Raw = deepcopy(kept)
    for name in ("choices", "rows", "columns"):
        for part in copied.get(name) or ():
            part.pop("when", None)
    own = [written for written, _renamed in _renamings("", copied)]
    checks = [
        one
        for one in copied.pop("checks", None) or ()
        if not _names_others(str(one.get("that", "")), own)
    ]
    return copied | ({"checks": checks} if checks else {})


def _names_others(text: str, own: Iterable[re.Pattern[str]]) -> bool:
    for written in own:
        text = written.sub("", text)
    return "{" in text


def _rename(raw: Raw, old: str, element: Raw) -> None:
    for written, renamed in _renamings(old, element):
        for key, value in list(raw.items()):
            if key != "languages":
                raw[key] = _replaced(value, written, renamed)


def _renamings(old: str, element: Raw) -> list[tuple[re.Pattern[str], str]]:
    """How `element` and its parts were named under the code `old` ("" = its own), and how they
    are named now."""
    code = element["code"]
    parts = [*(element.get("rows") or ()), *(element.get("choices") or ())]
    ends = ["", *(f"_{one['code']}" for one in parts)]
    return [
        (re.compile(rf"\{{{re.escape((old or code) + end)}(?=[}}.|])"), f"{{{code}{end}")
        for end in ends
    ]


def _replaced(value: Any, written: re.Pattern[str], renamed: str) -> Any:
    if isinstance(value, str):
        return written.sub(lambda _found: renamed, value)
    if isinstance(value, list):
        return [_replaced(one, written, renamed) for one in value]
    if isinstance(value, dict):
        return {key: _replaced(one, written, renamed) for key, one in value.items()}
    return value


# --- what a new question looks like -----------------------------------------------------------

_ASKED: dict[str, Texts] = {
    Nps.name: {
        "zh-hans": "您有多大可能把我们推荐给朋友或同事？",
        "en": "How likely are you to recommend us to a friend or colleague?",
    },
    Csat.name: {
        "zh-hans": "总的来说，您对我们满意吗？",
        "en": "Overall, how satisfied are you with us?",
    },
    Ces.name: {
        "zh-hans": "“这家公司让我很轻松地解决了问题。”您同意吗？",
        "en": "“The company made it easy for me to get this done.” Do you agree?",
    },
    "consent": {
        "zh-hans": "我们可以就您的回答与您联系吗？",
        "en": "May we contact you about your answers?",
    },
}
_CHOICE: Texts = {"zh-hans": "选项 %d", "en": "Choice %d"}
_ROW: Texts = {"zh-hans": "第 %d 项", "en": "Item %d"}
_AGREE: tuple[Texts, ...] = (
    {"zh-hans": "非常不同意", "en": "Strongly disagree"},
    {"zh-hans": "不同意", "en": "Disagree"},
    {"zh-hans": "一般", "en": "Neither"},
    {"zh-hans": "同意", "en": "Agree"},
    {"zh-hans": "非常同意", "en": "Strongly agree"},
)


def fresh_element(kind: str, code: str, languages: Iterable[str], *, has_role: bool) -> Raw:
    """A new question of a kind: as much as can be said beforehand is there. `has_role` tells
    that its usual role is taken."""
    languages = list(languages)
    words = _ASKED.get(kind, {})
    element: Raw = {
        "code": code,
        "type": kind,
        "text": {language: words.get(language, "") for language in languages},
    }
    one = TYPES[kind]
    if has_role:
        element["role"] = "none"
    if one.has_choices:
        element["choices"] = [
            {"code": f"c{number}", "text": _numbered(_CHOICE, number, languages)}
            for number in range(1, 4)
        ]
    if one.has_rows:
        element["rows"] = [
            {"code": f"r{number}", "text": _numbered(_ROW, number, languages)}
            for number in range(1, 4)
        ]
        element["columns"] = [
            {"code": f"c{number}", "text": {one: texts.get(one, "") for one in languages}}
            | {"score": number}
            for number, texts in enumerate(_AGREE, start=1)
        ]
    return element


def _numbered(texts: Texts, number: int, languages: Iterable[str]) -> dict[str, str]:
    return {one: texts.get(one, "%d") % number for one in languages}
