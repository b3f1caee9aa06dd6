"""What a macro does to a record, as it is stored: a list of {"do": kind, "to": value}.

status      code of a status
priority    "low", "normal", "high", "urgent"
category    code of a category
add_tags, remove_tags   names
team        id
assignee    id, "me" (who runs it) or "none"
task        {"kind": of TaskKind, "reason": text, "hours": until it is due, "whose": "assignee"
            or "me"}
note        text, with the variables of a reply template
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

ME, NOBODY, ASSIGNEE = "me", "none", "assignee"
# Of these a list may hold several.
_OFTEN = {"task", "note"}
_HANDS_OVER = {"team", "assignee"}
PRIORITIES = ("low", "normal", "high", "urgent")
AT_MOST = 20
LONGEST_NOTE = 10_000
LONGEST_TAG = 60
LONGEST_REASON = 40
MOST_HOURS = 24 * 365


class ChangeNotUnderstood(ValueError):
    """A stored or sent description that makes no sense; `at` counts from 1."""

    def __init__(self, at: int, name: str = "") -> None:
        super().__init__(f"change {at}: {name}")
        self.at = at
        self.name = name


@dataclass(frozen=True, slots=True)
class Change:
    do: str
    to: Any

    def as_stored(self) -> dict[str, Any]:
        return {"do": self.do, "to": self.to}


def read_changes(stored: Any) -> list[Change]:
    """Raises ChangeNotUnderstood. Whether a code or an id exists is for the caller to find out."""
    if not isinstance(stored, list) or len(stored) > AT_MOST:
        raise ChangeNotUnderstood(0)
    changes: list[Change] = []
    for at, one in enumerate(stored, 1):
        do = one.get("do") if isinstance(one, dict) else None
        if not isinstance(do, str) or do not in KINDS:
            raise ChangeNotUnderstood(at, str(do))
        if set(one) != {"do", "to"} or not _FITS[do](one["to"]):
            raise ChangeNotUnderstood(at, do)
        if do not in _OFTEN and any(other.do == do for other in changes):
            raise ChangeNotUnderstood(at, do)
        changes.append(Change(do, one["to"]))
    return changes


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and _can_be_stored(value, longest)


def _can_be_stored(value: str, longest: int) -> bool:
    """The database takes neither NUL nor half a character."""
    half = any("\ud800" <= one <= "\udfff" for one in value)
    return len(value) <= longest and "\x00" not in value and not half


def _is_tag(value: Any) -> bool:
    return _is_text(value, LONGEST_TAG) and "," not in value


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _is_task(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"kind", "reason", "hours", "whose"}:
        return False
    hours = value["hours"]
    return (
        _is_text(value["kind"], 20)
        and isinstance(value["reason"], str)
        and _can_be_stored(value["reason"], LONGEST_REASON)
        and isinstance(hours, int)
        and not isinstance(hours, bool)
        and 0 < hours <= MOST_HOURS
        and value["whose"] in (ASSIGNEE, ME)
    )


def _is_code(value: Any) -> bool:
    return _is_text(value, 60)


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= AT_MOST and all(map(_is_tag, value))


_FITS: dict[str, Callable[[Any], bool]] = {
    "status": _is_code,
    "category": _is_code,
    "priority": lambda value: isinstance(value, str) and value in PRIORITIES,
    "add_tags": _are_tags,
    "remove_tags": _are_tags,
    "team": _is_id,
    "assignee": lambda value: (isinstance(value, str) and value in (ME, NOBODY)) or _is_id(value),
    "task": _is_task,
    "note": lambda value: _is_text(value, LONGEST_NOTE),
}
KINDS = tuple(_FITS)


def before_and_after_answer(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """The order given is kept; an answer goes out before the record is handed over, so that it
    is signed by whoever runs the macro and does not take the record back."""
    rows: Sequence[Change] = list(changes)
    at = next((n for n, one in enumerate(rows) if one.do in _HANDS_OVER), len(rows))
    return list(rows[:at]), list(rows[at:])
