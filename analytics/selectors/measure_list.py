"""The measures of a board or a table, narrowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from analytics.enums import MeasureKind, MeasureStatus
from analytics.models import Measure
from feedback.errors import FilterNotKnown

ALL, OPEN, OVERDUE, MINE = "all", "open", "overdue", "mine"
NAMES = ("view", "show", "kind", "owner", "sort")
BOARD, TABLE = "board", "table"
SORTS = ("due", "newest", "budget")
IN_A_COLUMN = 50


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """What the address asks for; `given`: its parameters that are not as usual."""

    view: str = BOARD
    show: str = ""
    kind: str = ""
    owner: str = ""
    sort: str = SORTS[0]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.given.keys() & {"show", "kind", "owner"})


def read_measure_choice(params: Mapping[str, str]) -> MeasureChoice:
    """Understand the parameters of the address. Raises FilterNotKnown, naming the field."""
    given = {name: params.get(name, "").strip()[:40] for name in NAMES}
    given = {name: value for name, value in given.items() if value}
    known: dict[str, Sequence[str]] = {
        "view": (BOARD, TABLE),
        "show": (OPEN, OVERDUE, *MeasureStatus.values),
        "kind": MeasureKind.values,
        "owner": (MINE,),
        "sort": SORTS,
    }
    for name, value in given.items():
        if value not in known[name]:
            raise FilterNotKnown(name, value)
    return MeasureChoice(**given, given=given)


def measures_for_list(user: User, choice: MeasureChoice) -> QuerySet[Measure]:
    """With their problem, their owner and how many of their steps are done."""
    found = Measure.objects.visible_to(user)
    match choice.show:
        case "open":
            found = found.open()
        case "overdue":
            found = found.overdue(timezone.localdate())
        case status if status:
            found = found.filter(status=status)
    if choice.kind:
        found = found.filter(kind=choice.kind)
    if choice.owner == MINE:
        found = found.filter(owner=user)
    orders = {
        "due": (F("due_on").asc(nulls_last=True), "pk"),
        "newest": ("-pk",),
        "budget": (F("budget").desc(nulls_last=True), "pk"),
    }
    counted = found.annotate(
        steps_of_all=Count("steps", distinct=True),
        steps_done=Count("steps", filter=Q(steps__done_at__isnull=False), distinct=True),
    )
    return counted.select_related("problem", "owner").order_by(*orders[choice.sort])


def measure_counts(user: User) -> dict[str, int]:
    """How many are open, overdue, and one's own that are open."""
    seen = Measure.objects.visible_to(user)
    today = timezone.localdate()
    return seen.aggregate(
        open=Count("pk", filter=Q(pk__in=seen.open().values("pk"))),
        overdue=Count("pk", filter=Q(pk__in=seen.overdue(today).values("pk"))),
        mine=Count("pk", filter=Q(pk__in=seen.open().filter(owner=user).values("pk"))),
    )
