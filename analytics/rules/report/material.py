"""The numbers of a report as they were gathered: what its sentences, charts and tables are made
of, and how it is kept as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from analytics.metrics.intervals import SMALL_SAMPLE, Estimate
from analytics.metrics.trend import Change, Direction

Raw = dict[str, Any]


class Quantity(StrEnum):
    """What a number counts, and so how it is written."""

    COUNT = "count"
    SHARE = "share"  # 0..1
    SECONDS = "seconds"
    RATING = "rating"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about the period, and what it is compared with.

    `n` answers are behind it; `low`..`high` is its interval; `second` a further number of the
    same kind (of times: what nine of ten stay within). `before` is the same for the period before
    (`n_before` answers), `direction` what may be said of the difference: "up" and "down" only
    where it is significant, "unclear" otherwise, "" where nothing can be compared. `url` leads to
    the list behind it."""

    key: str
    label: str
    quantity: Quantity
    value: float | None
    n: int = 0
    low: float | None = None
    high: float | None = None
    second: float | None = None
    before: float | None = None
    second_before: float | None = None
    n_before: int = 0
    direction: str = ""
    url: str = ""

    @property
    def is_small(self) -> bool:
        """Fewer than 30 answers on one of the two sides: an indication and no more."""
        return 0 < self.n < SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a ranking: `count` of its total, a share 0..1; `direction` as of a figure."""

    name: str
    count: int
    share: float
    url: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Names by how often they came, the most frequent first; `nameless` of the total have none."""

    key: str
    label: str
    total: int
    entries: tuple[Entry, ...] = ()
    nameless: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: words, or a number in words, and the list behind it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that was gathered. `charts` are those of rules.report.charts_in_json by their
    keys."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    charts: Mapping[str, Raw] = field(default_factory=dict)


def share_figure(
    key: str, label: str, share: Estimate | None, change: Change | None, *, url: str = ""
) -> Figure:
    """A share with its interval, beside the one of the period before."""
    if share is None:
        return Figure(key, label, Quantity.SHARE, None)
    return Figure(
        key,
        label,
        Quantity.SHARE,
        share.value,
        share.n,
        share.low,
        share.high,
        before=None if change is None else share.value - change.difference,
        n_before=0 if change is None else change.n_before,
        direction="" if change is None else change.direction.value,
        url=url,
    )


def count_direction(before: int, after: int, parts: Sequence[int]) -> str:
    """Whether a number of things that happened differs from the one of a period of the same
    length by more than chance.

    z = (after - before) / √(φ · (after + before)); what happens comes in waves, so the variance is
    the one of Poisson times φ, the variance of `parts` (after, cut into stretches) by their mean
    and at least 1 (quasi-Poisson). |z| >= 1.96 counts. "" where the period before had nothing."""
    if not before:
        return ""
    mean = sum(parts) / len(parts) if parts else 0
    spread = 1.0
    if len(parts) > 2 and mean:
        spread = max(1.0, sum((one - mean) ** 2 for one in parts) / (len(parts) - 1) / mean)
    z = (after - before) / (spread * (after + before)) ** 0.5
    if abs(z) < CERTAIN:
        return Direction.UNCLEAR.value
    return (Direction.UP if z > 0 else Direction.DOWN).value


CERTAIN = 1.96


def in_json(material: Material) -> Raw:
    return {
        "figures": {key: _told(one) for key, one in material.figures.items()},
        "rankings": {key: _told(one) for key, one in material.rankings.items()},
        "tables": {key: _told(one) for key, one in material.tables.items()},
        "charts": dict(material.charts),
    }


def from_json(raw: Mapping[str, Any]) -> Material:
    return Material(
        {key: _figure(one) for key, one in raw.get("figures", {}).items()},
        {key: _ranking(one) for key, one in raw.get("rankings", {}).items()},
        {key: _table(one) for key, one in raw.get("tables", {}).items()},
        raw.get("charts", {}),
    )


def _told(one: Any) -> Raw:
    """Without what is as usual, which is most of it."""
    usual = {part.name: part.default for part in fields(one)}
    return {
        name: value for name, value in asdict(one).items() if value != usual.get(name, object())
    }


def _figure(raw: Raw) -> Figure:
    return Figure(**{**raw, "value": raw.get("value"), "quantity": Quantity(raw["quantity"])})


def _ranking(raw: Raw) -> Ranking:
    return Ranking(**{**raw, "entries": tuple(Entry(**one) for one in raw.get("entries", ()))})


def _table(raw: Raw) -> Table:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in raw["rows"])
    return Table(raw["key"], raw["label"], tuple(raw["header"]), rows)
