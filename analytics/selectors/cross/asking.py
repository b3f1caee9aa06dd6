"""What a table is asked to show. All of it is in the address, so that it can be kept and sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from accounts.models import Team, User
from analytics.charts.data import Unit
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.rules.tiles import BoardPlan
from analytics.selectors.boards.asking import Asking, read_asking
from analytics.selectors.cross.offered import Offered
from analytics.selectors.crosstab import LEVELS
from analytics.selectors.facts.dimension import Dimension
from analytics.selectors.facts.further import Further
from feedback.errors import FilterNotKnown
from feedback.selectors.further_filters import SEES_CUSTOMERS
from surveys.models import Survey

USUAL_DAYS = 90
SHOWS = ("count", "rows", "columns", "all")
ORDERS = ("size", "name")
CHARTS = ("heat", "stacks")
MOSTS = (5, 8, 12, 20)
LEASTS = (0, 3, 5, 10, 20)
HIDDEN_BELOW = 5  # for those who may not see customers
# Words of the address and what they are when it does not say.
USUAL: Mapping[str, str] = {
    "metric": "volume",
    "rows": "branch",
    "columns": "channel",
    "layers": "",
    "show": "count",
    "order": "size",
    "most": "12",
    "least": "0",
    "level": "95",
    "chart": "heat",
    "bonferroni": "",
    "known": "",
    "answers": "",
}


@dataclass(frozen=True)
class CrossAsking:
    """`given` are the words of the address; `dimensions` in the order rows, columns, layers."""

    base: Asking
    given: Mapping[str, str]
    metric: Metric
    dimensions: tuple[Dimension, ...]
    offered: Offered
    least: int = 0
    further: tuple[Further, ...] = field(default=())

    @property
    def by(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.dimensions)

    @property
    def is_counted(self) -> bool:
        """Whether it counts: then there are shares and a test, otherwise one value a cell."""
        return self.metric.unit is Unit.COUNT

    @property
    def show(self) -> str:
        return self.given["show"] if self.is_counted else "value"

    @property
    def level(self) -> int:
        return int(self.given["level"])

    @property
    def bonferroni(self) -> bool:
        return bool(self.given["bonferroni"])

    @property
    def most(self) -> int:
        return int(self.given["most"])

    @property
    def by_name(self) -> bool:
        return self.given["order"] == "name"

    @property
    def only_known(self) -> bool:
        return bool(self.given["known"])

    @property
    def chart(self) -> str:
        return self.given["chart"] if self.is_counted else "heat"

    @property
    def own(self) -> list[tuple[str, str]]:
        """What it says beside days and filters, without what is as usual."""
        return [(name, text) for name, text in self.given.items() if text != USUAL[name]]

    @property
    def query(self) -> str:
        own = urlencode(self.own)
        return "&".join(part for part in (own, self.base.query) if part)

    @property
    def has_details(self) -> bool:
        """Whether something beside figure, rows, columns and layers is not as usual."""
        return bool({name for name, _text in self.own} - {"metric", "rows", "columns", "layers"})

    def told(self, **words: str) -> "CrossAsking":
        """With other words in the address; what they mean is not looked up."""
        return replace(self, given={**self.given, **words})

    def swapped(self) -> "CrossAsking":
        return self.told(rows=self.given["columns"], columns=self.given["rows"])


def read_cross(
    params: Mapping[str, Sequence[str]], user: User, *, teams: Sequence[Team], today: date
) -> CrossAsking:
    """Understand the address of a table. Raises FilterNotKnown, naming the field, for whatever
    does not exist or is not for this person."""
    given = dict(USUAL)
    for name in USUAL:
        if params.get(name):
            given[name] = params[name][-1].strip()[:100] or USUAL[name]
    plan = BoardPlan("cross", "", days=USUAL_DAYS)
    base = read_asking(params, plan, teams=teams, today=today, tolerated=[*USUAL, "compare"])
    metric = METRICS.get(given["metric"])
    if metric is None:
        raise FilterNotKnown("metric", given["metric"])
    for name, allowed in _ALLOWED.items():
        if given[name] not in allowed:
            raise FilterNotKnown(name, given[name])
    offered = Offered(user, metric, _survey(given["answers"]))
    wanted = [(name, given[name]) for name in ("rows", "columns", "layers") if given[name]]
    found = [_found(offered, place, name) for place, name in wanted]
    _ensure_different(wanted)
    unknown = [name for name in base.keys if name not in offered.narrowed]
    if unknown:
        raise FilterNotKnown(unknown[0])
    least = int(given["least"])
    if not user.has_perm(SEES_CUSTOMERS):
        least = max(least, HIDDEN_BELOW)
    return CrossAsking(
        base,
        given,
        metric,
        tuple(one.dimension if isinstance(one, Further) else one for one in found),
        offered,
        least,
        tuple(one for one in found if isinstance(one, Further)),
    )


def _texts(numbers: Iterable[Any]) -> set[str]:
    return {str(one) for one in numbers}


_ALLOWED: Mapping[str, set[str]] = {
    "show": set(SHOWS),
    "order": set(ORDERS),
    "chart": set(CHARTS),
    "most": _texts(MOSTS),
    "least": _texts(LEASTS),
    "level": _texts(LEVELS),
    "bonferroni": {"", "1"},
    "known": {"", "1"},
}


def _survey(text: str) -> Survey | None:
    if not text:
        return None
    try:
        found = Survey.objects.filter(slug=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise FilterNotKnown("answers", text)
    return found


def _found(offered: Offered, place: str, name: str) -> Dimension | Further:
    try:
        return offered.find(name)
    except FilterNotKnown:
        raise FilterNotKnown(place, name[:60]) from None


def _ensure_different(wanted: Sequence[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for place, name in wanted:
        # A category tells its main category, too.
        kind = "category" if name == "branch" else name
        if kind in seen:
            raise FilterNotKnown(place, name[:60])
        seen.add(kind)
