"""What a reader found in a file of another program, before it is a definition of ours.

Each reader fills these and nothing else; `assembling` gives codes, translates conditions and
says what could not be taken over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError

# Language as the file writes it → wording. "" is what a file without languages has.
Wording = dict[str, str]


class FileRefused(DomainError):
    """The file is no survey that can be read; the message says why."""

    code = "file_refused"

    def __init__(self, message: Any = "") -> None:
        super().__init__(message or _("This file holds no survey that can be read here."))


@dataclass(frozen=True, slots=True)
class Omitted:
    """Something that was in the file and is not in the survey."""

    place: str
    reason: str
    text: str = ""


@dataclass(eq=False, slots=True)
class Condition:
    """An expression as the file has it. `column` are the cells of a choice, which filters of
    choices name without braces."""

    text: str
    dialect: str  # limesurvey, xpath, surveyjs
    place: str
    column: Mapping[str, str] | None = None
    # A reader that knows the tree gives it; else it is read from the text.
    tree: Any = None
    # The setting of the file that it stands for: no condition by itself, so in no count.
    setting: str = ""


@dataclass(slots=True)
class Item:
    """A choice, a column or a row."""

    name: str
    text: Wording
    when: list[Condition] = field(default_factory=list)
    flags: dict[str, Any] = field(default_factory=dict)  # other, exclusive, missing, score …
    aliases: tuple[str, ...] = ()  # other ways in which conditions of the file call it


@dataclass(slots=True)
class Asked:
    """One question of ours-to-be. `names` are other ways to call it in conditions."""

    name: str
    type: str
    text: Wording
    place: str
    hint: Wording = field(default_factory=dict)
    required: bool = False
    required_when: Condition | None = None
    when: list[Condition] = field(default_factory=list)
    checks: list[tuple[Condition, Wording]] = field(default_factory=list)
    choices: list[Item] = field(default_factory=list)
    rows: list[Item] = field(default_factory=list)
    columns: list[Item] = field(default_factory=list)
    shuffle: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    # Settings of the type that are wording: low, high, unit, label.
    words: dict[str, Wording] = field(default_factory=dict)
    value: Condition | None = None
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class AskedPage:
    name: str
    title: Wording = field(default_factory=dict)
    when: list[Condition] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


@dataclass(slots=True)
class AskedEnd:
    when: Condition
    text: Wording


@dataclass(slots=True)
class Source:
    """A survey as it was read. `counts` are of the file: questions, choices, rows, conditions."""

    format: str
    dialect: str
    title: Wording = field(default_factory=dict)
    intro: Wording = field(default_factory=dict)
    thanks: Wording = field(default_factory=dict)
    default_language: str = ""
    pages: list[AskedPage] = field(default_factory=list)
    ends: list[AskedEnd] = field(default_factory=list)
    shuffle_pages: list[list[str]] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"questions": 0, "choices": 0, "rows": 0, "conditions": 0}
    )

    def leave_out(self, place: str, reason: Any, text: Any = "") -> None:
        self.omitted.append(Omitted(place, str(reason), str(text)[:500]))

    def condition(
        self, text: str, place: str, *, column: Mapping[str, str] | None = None, count: bool = True
    ) -> Condition:
        """An expression of this file; each counts once, however many places it comes to."""
        self.counts["conditions"] += count
        condition = Condition(text, self.dialect, place, column)
        self.conditions.append(condition)
        return condition
