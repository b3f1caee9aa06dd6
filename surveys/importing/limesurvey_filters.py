"""Array filters of LimeSurvey: a row is there when the row of the same code was answered in an
earlier question (array_filter), or was not (array_filter_exclude). Here these are conditions of
rows and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.importing.limesurvey_kinds import Given
from surveys.importing.source import Condition, Item, Source

SETTINGS = ("array_filter", "array_filter_exclude")
BY_CHOICE = frozenset("L!OR")  # letters whose answers are filtered, and not their rows
_DUAL, _CELLS = "1", ":;"


@dataclass(frozen=True, slots=True)
class Part:
    """A question as far as filters ask for it: its letter, the codes of its rows (or of its
    choices, where it has no rows) and of its columns, and its own filters."""

    name: str
    letter: str
    rows: Sequence[str]
    columns: Sequence[str]
    filters: Mapping[str, Sequence[str]]  # setting → names of questions


def names_in(value: str) -> list[str]:
    return [one.strip() for one in value.split(";") if one.strip()]


def add_filters(given: Given, parts: Mapping[str, Part], source: Source) -> None:
    """Give each row (or choice) of a question the conditions that its filters come to."""
    items = given.choices if given.letter in BY_CHOICE else given.rows
    for setting, names in _with_those_before(given.name, parts).items():
        text = given.settings.get(setting, "") or "; ".join(names)
        for name in names:
            for item in items:
                _add(item, parts.get(name), (setting, text), given.place, source)
    # A filter that no row answers to, as one that asks for a question which does not exist.
    for setting in SETTINGS:
        value = given.settings.get(setting, "")
        if value and not any(one.setting == setting for item in items for one in item.when):
            source.conditions.append(
                Condition(value, source.dialect, given.place, setting=setting)
            )


def _with_those_before(name: str, parts: Mapping[str, Part]) -> dict[str, list[str]]:
    """Its own filters, and those of the questions that they ask: what is filtered out there was
    not answered, and is not there for an exclusion either."""
    found: dict[str, list[str]] = {setting: [] for setting in SETTINGS}
    waiting, seen = [name], {name}
    while waiting:
        part = parts.get(waiting.pop(0))
        for setting, names in (part.filters if part else {}).items():
            for one in names:
                if one not in found[setting]:
                    found[setting].append(one)
                if one not in seen:
                    seen.add(one)
                    waiting.append(one)
    return found


def _add(item: Item, part: Part | None, said: tuple[str, str], place: str, source: Source) -> None:
    setting, text = said
    if part is None or item.name not in part.rows:
        return
    verb, joint = ("notempty", "or") if setting == "array_filter" else ("empty", "and")
    trees: list[Any] = [[verb, ["var", name]] for name in _cells_of(part, item.name)]
    tree = trees[0] if len(trees) == 1 else [joint, *trees]
    condition = Condition(text, source.dialect, place, tree=tree, setting=setting)
    source.conditions.append(condition)
    item.when.append(condition)


def _cells_of(part: Part, row: str) -> list[str]:
    """By which names its answers in one row go (limesurvey_kinds.asked_of)."""
    if part.letter == _DUAL:
        return [f"{part.name}_{number}_{row}" for number in (0, 1)]
    if part.letter in _CELLS and part.columns:
        return [f"{part.name}_{row}_{column}" for column in part.columns]
    return [f"{part.name}_{row}"]
