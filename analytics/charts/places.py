"""Where numbered circles stand so that none covers another."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

RADIUS = 10.0
_PITCH = 2 * RADIUS + 3
_ROUNDS = 120
_TURN = math.pi * (3 - math.sqrt(5))  # the golden angle: equal places part in all directions

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Placed:
    """`origin` is the true place, `at` where its circle stands, None for one that its cell has no
    room for; `more` counts those beside the last circle of a cell."""

    origin: Point
    at: Point | None
    more: int = 0

    @property
    def is_moved(self) -> bool:
        """Whether a line should lead from the circle to the true place."""
        return self.at is not None and math.dist(self.origin, self.at) > RADIUS


def in_cells(cells: Sequence[tuple[int, int]], box_of: Callable[[int, int], Box]) -> list[Placed]:
    """Circles in rows in the middle of their cells, in the order given."""
    placed: dict[int, Placed] = {}
    for cell in set(cells):
        box = box_of(*cell)
        members = [index for index, one in enumerate(cells) if one == cell]
        placed |= dict(zip(members, _in_one(len(members), box), strict=True))
    return [placed[index] for index in range(len(cells))]


def _in_one(count: int, box: Box) -> list[Placed]:
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    across = max(1, int((right - left - 2) // _PITCH))
    down = max(1, int((bottom - top - 2) // _PITCH))
    room = across * down
    shown = count if count <= room else max(room - 1, 1)
    rows = math.ceil(shown / across)
    found = []
    for index in range(shown):
        row, column = divmod(index, across)
        in_row = min(across, shown - row * across)
        if count > shown and row == rows - 1:
            in_row = min(across, in_row + 1)  # the number of the rest stands beside the last
        x = middle[0] + (column - (in_row - 1) / 2) * _PITCH
        y = middle[1] + (row - (rows - 1) / 2) * _PITCH
        found.append(Placed((x, y), (x, y)))
    if count > shown:
        found[-1] = replace(found[-1], more=count - shown)
    return found + [Placed(middle, None)] * (count - shown)


def kept_apart(points: Sequence[Point], box: Box) -> list[Placed]:
    """Circles as near to their points as they can be without touching one another, inside the
    box. Always the same for the same points."""
    at = [
        (x + math.cos(index * _TURN) * 0.01, y + math.sin(index * _TURN) * 0.01)
        for index, (x, y) in enumerate(points)
    ]
    for _round in range(_ROUNDS):
        if not _push(at):
            break
        at = [_inside(one, box) for one in at]
    return [Placed(origin, one) for origin, one in zip(points, at, strict=True)]


def _push(at: list[Point]) -> bool:
    """Move each pair that is too close apart by half of what is missing; whether any was."""
    moved = False
    for index in range(len(at)):
        for other in range(index + 1, len(at)):
            gap = math.dist(at[index], at[other])
            if gap >= _PITCH - 0.5:
                continue
            moved = True
            shift = (_PITCH - gap) / 2
            dx, dy = (
                ((at[other][0] - at[index][0]) / gap, (at[other][1] - at[index][1]) / gap)
                if gap
                else (math.cos(other * _TURN), math.sin(other * _TURN))
            )
            at[index] = (at[index][0] - dx * shift, at[index][1] - dy * shift)
            at[other] = (at[other][0] + dx * shift, at[other][1] + dy * shift)
    return moved


def _inside(point: Point, box: Box) -> Point:
    left, top, right, bottom = box
    return (
        min(max(point[0], left + RADIUS), right - RADIUS),
        min(max(point[1], top + RADIUS), bottom - RADIUS),
    )
