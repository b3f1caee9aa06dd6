"""Wording of other programs as ours: two languages, no marks of formatting, names in braces."""

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

from surveys.importing.source import Wording

LANGUAGES = ("zh-hans", "en")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4"})
_UNSEEN = frozenset({"script", "style"})
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]\w*;")
_BRACED = {
    "xpath": re.compile(r"\$\{\s*([^{}]+?)\s*\}|[{}]"),
    "limesurvey": re.compile(r"\{((?:[^{}'\"]|'[^']*'|\"[^\"]*\")*)\}|[{}]"),
    "surveyjs": re.compile(r"\{([^{}]*)\}|[{}]"),
}


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.lost: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.parts.append("\n")
        if tag in {"img", "video", "audio", "iframe", "a", "script", "table", "input"}:
            self.lost.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def plain(text: str) -> tuple[str, list[str]]:
    """The text without markup, and the names of elements that were more than formatting."""
    lost: list[str] = []
    if _MARKUP.search(text):
        reader = _Plain()
        reader.feed(text)
        reader.close()
        text, lost = "".join(reader.parts), reader.lost
    text = re.sub(r"[ \t\xa0]+", " ", text.replace("\r", "\n"))
    return re.sub(r"\s*\n\s*", "\n", text).strip(), lost


def language_of(name: str) -> str:
    """zh-hans or en for the name that a file has for a language; "" for another one."""
    low = name.lower()
    code = re.search(r"\(([\w-]+)\)\s*$", low)
    word = code[1] if code else low
    if word.startswith("zh") or "chinese" in low or "中文" in low or "汉语" in low:
        return "zh-hans"
    return "en" if word.startswith("en") and word.split("-")[0] in {"en", "english"} else ""


def both(texts: Wording, default: str) -> dict[str, str]:
    """The wording in each of our languages; what the file lacks is in the words it has."""
    given = {name: text for name, text in texts.items() if text and text.strip()}
    if not given:
        return {}
    ours: dict[str, str] = {}
    for name, text in given.items():
        if language_of(name):
            ours.setdefault(language_of(name), text)
    usual = given.get(default) or given.get("") or given.get("default")
    fallback = usual or next(iter(ours.values()), "") or next(iter(given.values()))
    return {language: ours.get(language, fallback) for language in LANGUAGES}


def foreign(all_texts: Iterable[Wording]) -> list[str]:
    """Languages of the file that have no place here; the one that fills in for ours is not
    among them when it is the only one."""
    names = {name for texts in all_texts for name, text in texts.items() if text}
    named = {name for name in names if name and name != "default"}
    known = {name for name in named if language_of(name)}
    others = sorted(named - known)
    return others if known or "" in names or "default" in names else others[1:]


def with_names(text: str, dialect: str, say: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """The text with names in braces as ours, and what could not be said: it stays to be read."""
    lost: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        code = say(name.strip()) if name else None
        if code:
            return f"{{{code}}}"
        if name:
            lost.append(match[0])
        return match[0].replace("{", "{{").replace("}", "}}")

    return _BRACED[dialect].sub(replaced, text), lost
