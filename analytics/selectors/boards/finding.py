"""Dashboards by the word or number in an address: ready ones and what people made."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from analytics.charts.context import Note
from analytics.models import Dashboard, DashboardTile, TimelineNote
from analytics.rules.ready_boards import READY
from analytics.rules.tiles import MOST_TILES, BoardPlan, TilePlan

_LONGEST = 12  # digits of a number in an address


class NoSuchBoard(LookupError):
    """There is none, or it is not for this person."""


@dataclass(frozen=True)
class Board:
    """`own` is what somebody made, None for a ready one."""

    plan: BoardPlan
    own: Dashboard | None = None
    may_change: bool = False

    @property
    def url(self) -> str:
        return reverse("analytics:board", args=[self.plan.key])

    def tile(self, key: str) -> TilePlan:
        """Raises NoSuchBoard."""
        for one in self.plan.tiles:
            if one.key == key:
                return one
        raise NoSuchBoard(key)


def board_of(user: User, key: str) -> Board:
    """Raises NoSuchBoard."""
    if key in READY:
        return Board(READY[key])
    own = own_board(user, key)
    tiles = DashboardTile.objects.active().filter(dashboard=own).in_order()[:MOST_TILES]
    plan = plan_of(own, tuple(tile.plan for tile in tiles))
    return Board(plan, own, own.may_be_changed_by(user))


def own_board(user: User, key: str, *, to_change: bool = False) -> Dashboard:
    """Without its tiles. Raises NoSuchBoard, with `to_change` also where it is not theirs to
    change."""
    if not (key.isascii() and key.isdecimal() and len(key) <= _LONGEST):
        raise NoSuchBoard(key)
    found = Dashboard.objects.active().visible_to(user).filter(pk=int(key)).first()
    if found is None or (to_change and not found.may_be_changed_by(user)):
        raise NoSuchBoard(key)
    return found


def plan_of(own: Dashboard, tiles: tuple[TilePlan, ...]) -> BoardPlan:
    return BoardPlan(
        key=str(own.pk),
        name=own.name,
        tiles=tiles,
        days=own.days,
        filters={name: tuple(texts) for name, texts in own.filters.items()},
        compares=own.compares,
    )


def notes_between(user: User, first: date, last: date) -> tuple[Note, ...]:
    """What happened then, for charts."""
    rows = TimelineNote.objects.visible_to(user).between(first, last).order_by("day", "pk")
    return tuple(Note(one.day, one.text, one.link) for one in rows[:60])
