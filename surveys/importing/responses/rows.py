"""One row of a table as the answers of one response. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType, ResponseStatus
from surveys.flow.definition import Definition, text_in
from surveys.flow.walk import Circumstances, Walk, read_answers
from surveys.importing.responses import cells
from surveys.importing.responses.cells import CellRefused, Names
from surveys.importing.responses.heads import plain
from surveys.importing.responses.targets import Part, Target
from surveys.questions.base import Element, Leaf
from surveys.questions.choosing import Consent
from surveys.questions.reading import is_nothing
from surveys.questions.registry import type_of
from surveys.questions.unasked import Hidden

_LANGUAGES = {
    "en": "en", "english": "en", "英文": "en", "英语": "en", "zh": "zh-hans",
    "zh-hans": "zh-hans", "zh-cn": "zh-hans", "cn": "zh-hans", "中文": "zh-hans",
    "chinese": "zh-hans", "汉语": "zh-hans", "简体中文": "zh-hans",
}  # fmt: skip


UNFINISHED = frozenset({ResponseStatus.DRAFT, ResponseStatus.PARTIAL})  # as our exports say it


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one cell. What is only a warning does not keep the row out."""

    column: str
    value: str
    wrong: str
    accepted: str = ""
    is_warning: bool = False


@dataclass(slots=True)
class ReadRow:
    """What the cells of one row say. Facts are under the names of their targets."""

    facts: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(not one.is_warning for one in self.problems)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: the target of each column, the zone of its times, whether 03/04/2026
    is the fourth of March, whether a row comes in that lacks something or breaks a check."""

    head: Sequence[str]
    columns: Sequence[Target | None]
    zone: tzinfo
    month_first: bool = False
    is_lenient: bool = True
    language: str = "en"


@dataclass
class Version:
    """One version of a survey, ready to read rows with."""

    number: int
    definition: Definition

    @cached_property
    def leaves(self) -> dict[str, tuple[Element, Leaf]]:
        return {
            leaf.code: (element, leaf)
            for element in self.definition.elements()
            for leaf in type_of(element).leaves(element)
        }

    @cached_property
    def names(self) -> dict[str, Names]:
        return {code: Names.of(leaf.choices) for code, (_one, leaf) in self.leaves.items()}


def read_row(reading: Reading, version: Version, row: Sequence[str]) -> ReadRow:
    """The cells of a row; what cannot be understood is a problem of the row."""
    read = ReadRow()
    parts: dict[str, _Given] = {}
    for head, target, cell in zip(reading.head, reading.columns, row, strict=False):
        if target is None or not cell:
            continue
        if target.name == "_status" and cell in UNFINISHED:
            wrong = _("This was not handed in: it would count as if it had been.")
            read.problems.append(Problem(head, cell, wrong))
        if not target.is_read:
            continue
        try:
            if target.part == Part.FACT:
                read.facts[target.name] = _fact(reading, target.name, cell)
            elif target.leaf not in version.leaves:
                read.problems.append(_not_asked_then(head, cell, version))
            else:
                given = parts.setdefault(target.leaf, _Given())
                _take(reading, version, target, cell, given)
        except CellRefused as refusal:
            problem = Problem(head, cell[:200], refusal.wrong, refusal.accepted)
            read.problems.append(problem)
    for code, given in parts.items():
        _put(read.answers, version, code, given)
    return read


def version_said(reading: Reading, row: Sequence[str]) -> int | None:
    """The number in the column of the version, if it is one."""
    for target, cell in zip(reading.columns, row, strict=False):
        if target is not None and target.name == "_version":
            return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 7 else None
    return None


def _not_asked_then(head: str, cell: str, version: Version) -> Problem:
    wrong = _("Version %(number)s does not ask this; it is left out.") % {"number": version.number}
    return Problem(head, cell[:200], wrong, is_warning=True)


@dataclass(slots=True)
class _Given:
    """What the columns of one leaf say."""

    whole: Any = None
    ticks: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def _fact(reading: Reading, name: str, cell: str) -> Any:
    match name:
        case "_completed" | "_started":
            return cells.moment(cell, month_first=reading.month_first, zone=reading.zone)
        case "_seconds":
            return cells.seconds(cell)
        case "_language":
            if plain(cell) not in _LANGUAGES:
                raise CellRefused(_("This is no language of ours."), "zh-hans, en")
            return _LANGUAGES[plain(cell)]
        case "_weight":
            found = cells.number(cell)
            if not 0 < found <= 1000:
                raise CellRefused(_("This cannot be a weight."), _("a number above 0, such as 1"))
            return float(found)
        case "_feedback" | "_customer_number":
            text = cell.lstrip("#")
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                raise CellRefused(_("This is no number of ours."), _("a number such as 1024"))
            return int(text)
    return cell[:200]


def _take(reading: Reading, version: Version, target: Target, cell: str, given: _Given) -> None:
    _element, leaf = version.leaves[target.leaf]
    if target.part == Part.WORDS:
        given.words[target.choice] = cell
    elif target.part == Part.CHOICE and leaf.data_type == DataType.RANK:
        given.ticks[target.choice] = cells.number(cell)
    elif target.part == Part.CHOICE:
        option = next((one for one in leaf.choices if one.code == target.choice), None)
        said = option.text.values() if option else ()
        given.ticks[target.choice] = cells.ticked(cell, target.choice, *said)
    else:
        given.whole = _whole(reading, version, target, cell, given)


def _whole(  # noqa: PLR0911 - one line for each kind of answer
    reading: Reading, version: Version, target: Target, cell: str, given: _Given
) -> Any:
    element, leaf = version.leaves[target.leaf]
    names = version.names[leaf.code]
    if element.type == Consent.name:
        return cells.ticked(cell, *(word for one in leaf.choices for word in one.text.values()))
    match leaf.data_type:
        case DataType.SINGLE:
            other = _only_other(leaf, names, cell)
            if other:
                given.words[other] = cell
                return other
            return cells.chosen(names, cell)
        case DataType.MULTI | DataType.RANK:
            return cells.several(names, cell)
        case DataType.NUMBER:
            return names.one(cell) or cells.number(cell)
        case DataType.DATE:
            return cells.day(cell, month_first=reading.month_first)
    return cell


def _only_other(leaf: Leaf, names: Names, cell: str) -> str:
    """The one choice with words of its own, where a cell names no choice: other programs put the
    words of “other” in the place of the choice."""
    others = [one.code for one in leaf.choices if one.is_other]
    return others[0] if len(others) == 1 and names.one(cell) is None else ""


def _put(answers: dict[str, Any], version: Version, code: str, given: _Given) -> None:
    element, leaf = version.leaves[code]
    value = given.whole
    if leaf.data_type == DataType.MULTI:
        picked = [one for one, is_ticked in given.ticks.items() if is_ticked]
        value = list(dict.fromkeys([*(value or ()), *picked])) or None
        if given.words:
            value = {"choices": value or [], "other": given.words}
    elif leaf.data_type == DataType.RANK:
        value = value or {one: str(place) for one, place in given.ticks.items()} or None
    elif given.words:
        value = {"choice": value, "other": given.words}
    if value is None:
        return
    if leaf.part_of:
        answers.setdefault(element.code, {})[code[len(element.code) + 1 :]] = value
    else:
        answers[element.code] = value


def walk_of(
    reading: Reading, version: Version, read: ReadRow, circumstances: Circumstances
) -> Walk:
    """Read the answers as the page would; problems go to the row. What a person could not have
    been asked is left out and said."""
    walk = read_answers(version.definition, read.answers, circumstances)
    asked = {element.code for element in walk.elements()}
    for code, raw in read.answers.items():
        element = next(one for one in version.definition.elements() if one.code == code)
        if code not in asked and not isinstance(type_of(element), Hidden):
            wrong = _("With the other answers this is not asked; it is left out.")
            read.problems.append(_about(reading, element, raw, wrong, is_warning=True))
    for code, sentence in walk.errors.items():
        element = next(one for one in version.definition.elements() if one.code == code)
        raw = read.answers.get(code)
        # An answer that was read, or none: something is missing or a check does not hold.
        is_soft = code in walk.values or is_nothing(raw)
        is_warning = is_soft and reading.is_lenient
        read.problems.append(_about(reading, element, raw, sentence, is_warning=is_warning))
    return walk


def _about(
    reading: Reading, element: Element, raw: Any, wrong: str, *, is_warning: bool
) -> Problem:
    columns = [
        head
        for head, target in zip(reading.head, reading.columns, strict=False)
        if target is not None and target.element == element.code
    ]
    column = columns[0] if columns else text_in(element.text, reading.language)
    value = "" if is_nothing(raw) else _shown(raw)
    return Problem(column, value[:200], wrong, is_warning=is_warning)


def _shown(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return ", ".join(f"{key}: {_shown(one)}" for key, one in raw.items())
    return ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
