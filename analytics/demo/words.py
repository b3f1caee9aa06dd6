"""The texts of the demo company, read from the TOML files beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.kernel.bilingual import is_chinese
from feedback.enums import Priority

FOLDER = Path(__file__).parent / "texts"
TOPIC_FILES = ("water", "air", "wishes", "delivery", "people", "shop")
SLOTS = frozenset(
    {"product", "cartridge", "part", "room", "city", "order", "date", "days", "hour"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said about one topic in one language. `issues` are (subject, text, which of the
    answers fit it), `questions` (the agent's question, the customer's answer)."""

    issues: list[tuple[str, str, tuple[int, ...]]]
    answers: list[str]
    questions: list[tuple[str, str]]
    solved: list[str]
    not_solved: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that customers write about: how often, how badly, and how it goes on."""

    code: str
    category: str
    kinds: frozenset[str]  # of products
    weight: float
    priorities: dict[Priority, int]
    shapes: dict[str, int]
    stage: str
    tags: list[str]
    severity: float  # what it takes from a rating of five; negative = praise
    photo: str  # what is photographed (module pictures); "" = nothing
    words: dict[str, Words]

    def words_in(self, language: str) -> Words:
        return self.words["zh" if is_chinese(language) else "en"]


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def topics() -> tuple[Topic, ...]:
    return tuple(_topic(row) for name in TOPIC_FILES for row in read(name)["topic"])


def phrases(language: str) -> dict[str, Any]:
    """Greetings, thanks, comments … in one language."""
    part: dict[str, Any] = read("phrases")["zh" if is_chinese(language) else "en"]
    return part


def names(key: str, language: str = "") -> Any:
    """A list of names.toml: `names("cities", "en")` is `en_cities`."""
    prefix = "" if not language else "zh_" if is_chinese(language) else "en_"
    return read("names")[prefix + key]


def tag_name(code: str) -> str:
    """The name, in both languages at once, of a tag of names.toml."""
    name: str = read("names")["tags"][code]
    return name


def _topic(row: dict[str, Any]) -> Topic:
    return Topic(
        code=row["code"],
        category=row["category"],
        kinds=frozenset(row["kinds"]),
        weight=row["weight"],
        priorities={Priority[name.upper()]: n for name, n in row["priorities"].items()},
        shapes=row["shapes"],
        stage=row["stage"],
        tags=[tag_name(code) for code in row["tags"]],
        severity=row["severity"],
        photo=row.get("photo", ""),
        words={code: _words(row[code]) for code in ("zh", "en")},
    )


def _words(row: dict[str, Any]) -> Words:
    every = range(len(row["answers"]))
    return Words(
        issues=[
            (one[0], one[1], tuple(one[2] if len(one) > 2 else every)) for one in row["issues"]
        ],
        questions=[(ask, answer) for ask, answer in row["questions"]],
        **{key: row[key] for key in ("answers", "solved", "not_solved", "notes")},
    )
