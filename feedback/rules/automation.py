"""Whether automation rules would set each other off without end. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Doing:
    """What a rule waits for and what it does. `sets`: field → the value it gives it, which is a
    change only the first time. `adds`: events that it causes anew each time it runs, such as a
    note or an answer. `waits_for` is empty for a rule that runs by the clock."""

    id: int
    waits_for: str
    sets: Mapping[str, Hashable] = field(default_factory=dict)
    adds: frozenset[str] = frozenset()

    def adds_for(self, other: "Doing") -> bool:
        """Sets `other` off each time anew."""
        return other.waits_for in self.adds

    def sets_off(self, other: "Doing") -> bool:
        return self.adds_for(other) or (bool(self.sets) and other.waits_for == CHANGED)


def loop_in(rules: Iterable[Doing]) -> tuple[int, ...]:
    """Rules that would set each other off without end, by id; empty when all come to rest.

    Setting a field sets others off only once, since the second time nothing changes. So a circle
    goes on when it consists of what is added anew each time, or when two of its rules want
    another value in the same field. Conditions are not looked at: whether one of them would stop
    the circle depends on data that change.
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
