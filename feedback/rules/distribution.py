"""Who of a team gets the next record. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from feedback.enums import Distribution


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is there. `open`: records of theirs that wait for us; `most`: how many they
    may have (None = any number); `skills`: how many tags of the record they know."""

    user_id: int
    open: int = 0
    most: int | None = None
    skills: int = 0

    @property
    def has_room(self) -> bool:
        return self.most is None or self.open < self.most


def who_is_next(
    mode: str, members: Iterable[Member], *, after: int | None, by_skill: bool = False
) -> Member | None:
    """The member who gets a record; None when it is done by hand or nobody has room.

    With `by_skill` only those who know the most tags of the record are asked. `after` is who got
    the last one: their turn comes last. Among those with equally few open records it goes by turn.
    """
    able = [one for one in members if one.has_room]
    if mode == Distribution.MANUAL or not able:
        return None
    if by_skill:
        best = max(one.skills for one in able)
        able = [one for one in able if one.skills == best]
    in_turn = sorted(able, key=lambda one: (one.user_id <= (after or 0), one.user_id))
    if mode == Distribution.LEAST_OPEN:
        return min(in_turn, key=lambda one: one.open)
    return in_turn[0]
