"""The responses of a survey that look as if nobody meant them: how many, which, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, Q

from accounts.models import User
from surveys.enums import QualityFlag, Verdict
from surveys.flow.definition import Definition, text_in
from surveys.models import QualityCheck, Response, Survey
from surveys.models.quality_check import QualityCheckQuerySet
from surveys.rules.quality import time_of_pages
from surveys.selectors.quality_words import flag_label

# What the list can be narrowed to; the first one is where the work is.
STATES = ("open", "held", "counted", "left_out", "flagged")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many responses stand where."""

    open: int
    held: int
    counted: int
    left_out: int
    flagged: int

    @property
    def is_empty(self) -> bool:
        return not (self.flagged or self.counted or self.left_out)


def checks_of(survey: Survey, user: User) -> QualityCheckQuerySet:
    """Those that were flagged or decided, as far as `user` may see them."""
    mine = QualityCheck.objects.of_those_who(user).filter(survey=survey)
    return mine.filter(Q(score__gt=0) | ~Q(verdict=Verdict.OPEN))


def figures_of(survey: Survey, user: User) -> Figures:
    """One query."""
    counts = {state: Count("pk", filter=_STATES[state]) for state in STATES}
    return Figures(**checks_of(survey, user).aggregate(**counts))


_STATES: Mapping[str, Q] = {
    "open": Q(score__gt=0, verdict=Verdict.OPEN),
    "held": Q(score__gt=0, verdict=Verdict.OPEN, is_held=True),
    "counted": Q(verdict=Verdict.COUNT),
    "left_out": Q(verdict=Verdict.LEAVE_OUT),
    "flagged": Q(score__gt=0),
}


@dataclass(frozen=True, slots=True)
class FlagCount:
    flag: str
    label: str
    n: int


def flag_counts(survey: Survey, user: User, state: str) -> list[FlagCount]:
    """How often each flag was given in a state, most frequent first. One query."""
    rows = (
        in_state(survey, user, state)
        .order_by()
        .annotate(flag=Func(F("flags"), function="unnest"))
        .values("flag")
        .annotate(n=Count("pk"))
    )
    found = [FlagCount(row["flag"], flag_label(row["flag"]), row["n"]) for row in rows]
    return sorted(found, key=lambda one: (-one.n, one.flag))


def in_state(survey: Survey, user: User, state: str) -> QualityCheckQuerySet:
    return checks_of(survey, user).filter(_STATES[state])


def listed_checks(survey: Survey, user: User, state: str, flag: str = "") -> QualityCheckQuerySet:
    """Newest first, ready for the page."""
    rows = in_state(survey, user, state)
    if flag in QualityFlag.values:
        rows = rows.filter(flags__contains=[flag])
    return rows.select_related("response__collector", "decided_by").order_by("-response")


@dataclass(frozen=True, slots=True)
class PageTime:
    """How long somebody was on a page, and how long people usually are."""

    title: str
    code: str
    seconds: float
    median: float | None
    visits: int


def times_of(response: Response, definition: Definition, language: str) -> list[PageTime]:
    """In the order in which the pages were sent; empty where nobody measured it."""
    if not response.trail:
        return []
    medians: Mapping[str, Any] = (
        getattr(response.version, "times", None) and (response.version.times.pages)
    ) or {}
    titles = {page.code: text_in(page.title, language) for page in definition.pages}
    places = {page.code: at for at, page in enumerate(definition.pages, start=1)}
    visits: dict[str, int] = {}
    for code, _spent in response.trail:
        visits[code] = visits.get(code, 0) + 1
    return [
        PageTime(
            title=titles.get(code) or str(places.get(code, code)),
            code=code,
            seconds=spent / 1000,
            median=medians[code][1] / 1000 if code in medians else None,
            visits=visits[code],
        )
        for code, spent in time_of_pages(response.trail).items()
    ]
