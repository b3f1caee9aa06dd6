"""When rules of automation run, and whether they would set each other off without end. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import ge, gt, le, lt
from typing import Any

from feedback.enums import Priority, RuleEvent, TimelineKind

MAX_DEPTH = 5  # rules set off by rules set off by rules …
CHANGES_A_DAY = 100  # by rules, on one record

_EVENTS = {
    TimelineKind.RECEIVED: RuleEvent.CREATED,
    TimelineKind.MESSAGE_IN: RuleEvent.CUSTOMER_WROTE,
    TimelineKind.REPLIED: RuleEvent.ANSWERED,
    TimelineKind.NOTED: RuleEvent.NOTED,
    TimelineKind.STATUS: RuleEvent.STATUS,
    TimelineKind.REOPENED: RuleEvent.STATUS,
    TimelineKind.ASSIGNED: RuleEvent.ASSIGNED,
    TimelineKind.PRIORITY: RuleEvent.PRIORITY,
    TimelineKind.CATEGORY: RuleEvent.CATEGORY,
    TimelineKind.TAGS: RuleEvent.TAGS,
    TimelineKind.FIELDS: RuleEvent.FIELDS,
    TimelineKind.RATED: RuleEvent.RATED,
}
_SLA_EVENTS = {"warned": RuleEvent.SLA_WARNED, "breached": RuleEvent.SLA_BREACHED}
# Kinds of lines in a story that may set a rule off: the trigger on the timeline notes them.
HEARD = (*_EVENTS, TimelineKind.SLA)

# Whose change is which event; tags are "tag:<id>".
_EVENT_OF_FIELD = {
    "status": RuleEvent.STATUS,
    "state": RuleEvent.STATUS,
    "team": RuleEvent.ASSIGNED,
    "assignee": RuleEvent.ASSIGNED,
    "priority": RuleEvent.PRIORITY,
    "category": RuleEvent.CATEGORY,
    "tag": RuleEvent.TAGS,
}
_OWN = "field."  # custom fields
_CHANGED = frozenset({"changed", "changed_to", "changed_from"})


def event_of(kind: str, data: Mapping[str, Any]) -> RuleEvent | None:
    """The event that a line of a record's story is; None for what no rule hears of: automatic
    mail, strangers who write, an answer that was taken back, an automatic answer."""
    if data.get("automatic") or data.get("recalled") or data.get("third_party"):
        return None
    if kind == TimelineKind.SLA:
        return _SLA_EVENTS.get(data.get("what", ""))
    return _EVENTS.get(TimelineKind(kind))


@dataclass(frozen=True, slots=True)
class Doing:
    """What a rule waits for (`when` narrows it down: its condition) and what it does. `sets`:
    field → the value it gives it, which is a change only the first time. `adds`: events that it
    causes anew each time it runs, such as a note."""

    id: int
    waits_for: str
    sets: Mapping[str, Hashable] = field(default_factory=dict)
    adds: frozenset[str] = frozenset()
    when: tuple[Any, ...] = ("and",)

    def adds_for(self, other: "Doing") -> bool:
        """Sets `other` off each time anew."""
        return other.waits_for in self.adds

    def sets_off(self, other: "Doing") -> bool:
        if self.adds_for(other):
            return True
        causes = {_EVENT_OF_FIELD.get(name.partition(":")[0]) for name in self.sets}
        return other.waits_for in causes and not becomes_false(other.when, self.sets)


def loop_in(rules: Iterable[Doing]) -> tuple[int, ...]:
    """Rules that would set each other off without end, by id; empty when all come to rest.

    Setting a field sets others off only once, since the second time nothing changes. So a circle
    goes on when it consists of what is added anew each time, or when two of its rules want
    another value in the same field. Of conditions, only what the change itself rules out is
    looked at: whether the rest would stop the circle depends on data that change.
    """
    by_id = {rule.id: rule for rule in rules}
    for circle in _circles(by_id, Doing.adds_for):
        return circle
    for circle in _circles(by_id, Doing.sets_off):
        if _disagree([by_id[pk] for pk in circle]):
            return circle
    return ()


def _circles(
    by_id: Mapping[int, Doing], leads_to: Callable[[Doing, Doing], bool]
) -> Iterator[tuple[int, ...]]:
    """Groups of rules each of which leads to each other one of the group, and to itself."""
    after = {
        pk: {other.id for other in by_id.values() if leads_to(rule, other)}
        for pk, rule in by_id.items()
    }
    reached = {start: _reachable(start, after) for start in by_id}
    seen: set[int] = set()
    for start in by_id:
        circle = tuple(pk for pk in by_id if pk in reached[start] and start in reached[pk])
        if circle and start not in seen:
            seen |= set(circle)
            yield circle


def _reachable(start: int, after: Mapping[int, set[int]]) -> set[int]:
    """What is set off by `start`, by those that it sets off, and so on."""
    found: set[int] = set()
    left = list(after[start])
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left.extend(after[one])
    return found


def _disagree(circle: list[Doing]) -> bool:
    wanted: dict[str, Hashable] = {}
    return any(
        wanted.setdefault(name, value) != value
        for rule in circle
        for name, value in rule.sets.items()
    )


def never_heard(tree: Iterable[Any], event: str) -> str:
    """A field that a condition (its tree) wants to have changed, although this event never
    changes it: then it holds of nothing. Empty when there is none."""
    head, *rest = tree
    tests = rest if head == "and" else [[head, *rest]]
    for operator, name, *_wanted in (one for one in tests if len(one) > 1):
        if operator in _CHANGED and isinstance(name, str):
            heard = RuleEvent.FIELDS if name.startswith(_OWN) else _EVENT_OF_FIELD.get(name)
            if heard is not None and heard != event:
                return name
    return ""


def becomes_false(tree: Iterable[Any], sets: Mapping[str, Hashable]) -> bool:
    """Whether a condition (its tree) surely does not hold of a record with these values: one of
    the tests that all have to hold is about one of them, and fails."""
    head, *rest = tree
    tests = rest if head == "and" else [[head, *rest]]
    return any(_fails(test, sets) for test in tests)


_FAILS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: wanted != value,
    "changed_to": lambda value, wanted: wanted != value,
    "is_not": lambda value, wanted: wanted == value,
    "in": lambda value, wanted: value not in wanted,
    "not_in": lambda value, wanted: value in wanted,
    "empty": lambda value, _wanted: value is not None,
    "not_empty": lambda value, _wanted: value is None,
}


def _fails(test: list[Any], sets: Mapping[str, Hashable]) -> bool:
    operator, name, *wanted = test
    if name == "tag":
        return _tags_fail(operator, wanted, sets)
    if not isinstance(name, str) or name not in sets:
        return False
    one = wanted[0] if wanted else None
    if name == "priority" and operator in _COMPARES:
        ranks = {one.name.lower(): int(one) for one in Priority}
        return not _COMPARES[operator](ranks.get(str(sets[name]), 0), ranks.get(str(one), 0))
    return operator in _FAILS and _FAILS[operator](sets[name], one)


_COMPARES: dict[str, Callable[[int, int], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}


def _tags_fail(operator: str, wanted: list[Any], sets: Mapping[str, Hashable]) -> bool:
    given = [sets.get(f"tag:{tag}") for tag in (wanted[0] if wanted else ())]
    match operator:
        case "has_none":
            return True in given
        case "has_any":
            return all(one is False for one in given)
        case "has_all":
            return False in given
        case "empty":
            return any(name.startswith("tag:") and value for name, value in sets.items())
    return False
