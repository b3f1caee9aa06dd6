"""What a chart is made of. Values that are not numbers become gaps, never NaN in a picture."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# Paths, parts of paths, http(s). A second slash after the first would name another host.
_LINK = re.compile(r"/(?![/\\])|[?#]|https?://")


class Step(StrEnum):
    """How much time one position on a time axis covers."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Unit(StrEnum):
    """What a value counts, and so how it is written."""

    COUNT = "count"
    SHARE = "share"  # 0..1, written in percent
    RATING = "rating"  # one decimal
    POINTS = "points"  # whole and signed, as NPS
    HOURS = "hours"


class Tone(StrEnum):
    """A colour with a meaning, as for sentiment; NONE takes the next of the palette."""

    NONE = ""
    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Mark:
    """One value and the list it counts.

    `low`..`high` is its interval, `n` the number of answers behind it. `href` must be a path or
    an http(s) address, otherwise ValueError. Whatever is not a finite number counts as missing.
    """

    value: float | None
    href: str = ""
    low: float | None = None
    high: float | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        if self.href and not _LINK.match(self.href):
            raise ValueError(f"A mark cannot link to {self.href!r}.")
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                object.__setattr__(self, name, None)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Low and high, if both are known."""
        if self.low is None or self.high is None:
            return None
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Series:
    """A name and one mark per position of the axis. A quiet one is there to compare with, as the
    period before or what would have been without a measure: grey and dashed."""

    name: str
    marks: tuple[Mark, ...]
    tone: Tone = Tone.NONE
    is_quiet: bool = False

    def runs(self) -> Iterator[list[int]]:
        """Neighbouring positions that have a value; a gap ends a run."""
        run: list[int] = []
        for index, mark in enumerate(self.marks):
            if mark.value is not None:
                run.append(index)
            elif run:
                yield run
                run = []
        if run:
            yield run


@dataclass(frozen=True, slots=True)
class Item:
    """One category with its mark."""

    name: str
    mark: Mark
    tone: Tone = Tone.NONE


def _end_of(first: date, step: Step) -> date:
    if step is Step.MONTH:
        return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=0 if step is Step.DAY else 6)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The first day of each period, in order. `unfinished` says that the last one still runs.
    `ends` are the last days, for an axis whose first or last period is cut short."""

    dates: tuple[date, ...]
    step: Step
    unfinished: bool = False
    ends: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.ends and len(self.ends) != len(self.dates):
            raise ValueError(f"{len(self.ends)} ends for {len(self.dates)} positions.")

    def __len__(self) -> int:
        return len(self.dates)

    def end(self, position: int) -> date:
        """The last day of a position."""
        return self.ends[position] if self.ends else _end_of(self.dates[position], self.step)


@dataclass(frozen=True, slots=True)
class NameAxis:
    """Categories side by side."""

    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


Axis = TimeAxis | NameAxis


def ensure_aligned(axis: Axis, series: tuple[Series, ...]) -> None:
    """ValueError unless every series has one mark per position."""
    for one in series:
        if len(one.marks) != len(axis):
            raise ValueError(f"{one.name!r} has {len(one.marks)} marks for {len(axis)} positions.")


def known_values(series: tuple[Series, ...]) -> list[float]:
    """All values that are there."""
    return [mark.value for one in series for mark in one.marks if mark.value is not None]
