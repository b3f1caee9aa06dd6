"""What a dashboard is asked to show: days, filters, comparison. All of it is in the URL; what the
URL does not say is as the dashboard has it, and an empty value takes a filter away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError

from accounts.models import Team
from analytics.metrics.periods import Period
from analytics.rules.tiles import BoardPlan
from analytics.selectors.choice import Choice, read_choice
from analytics.selectors.facts.dimension import DIMENSIONS, Key
from feedback.errors import FilterNotKnown
from feedback.selectors.queue_filters import NONE

FILTERS = (
    "team", "branch", "category", "channel", "product", "priority", "language", "mood", "tier",
    "stage", "assignee", "form", "organisation", "survey", "way",
)  # fmt: skip
_DAYS = ("period", "from", "to")
COMPARE, BEFORE = "compare", "before"
MOST_VALUES = 20

Texts = Mapping[str, tuple[str, ...]]
Keys = dict[str, tuple[Key, ...]]


@dataclass(frozen=True)
class Asking:
    """`texts` are the filters as the URL has them, `keys` as the database does. `plan` is where
    the dashboard begins."""

    plan: BoardPlan
    choice: Choice
    texts: Texts = field(default_factory=dict)
    keys: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)
    compares: bool = False

    @property
    def period(self) -> Period:
        return self.choice.period

    @property
    def query(self) -> str:
        """As a query string: only what is not as the dashboard has it."""
        pairs: list[tuple[str, str]] = []
        if not self.choice.preset:
            pairs += [("from", str(self.period.first)), ("to", str(self.period.last))]
        elif self.choice.preset != self.plan.days:
            pairs.append(("period", str(self.choice.preset)))
        for name in FILTERS:
            here, usual = self.texts.get(name, ()), tuple(self.plan.filters.get(name, ()))
            if here != usual:
                pairs += [(name, text) for text in here or ("",)]
        if self.compares != self.plan.compares:
            pairs.append((COMPARE, BEFORE if self.compares else ""))
        return urlencode(pairs)

    def of_days(self, days: int, today: date) -> "Asking":
        return replace(self, choice=self.choice.of_last_days(days, today))

    def without(self, name: str) -> "Asking":
        return replace(
            self, texts={key: texts for key, texts in self.texts.items() if key != name}
        )

    def compared(self, *, compares: bool) -> "Asking":
        return replace(self, compares=compares)

    @property
    def is_as_planned(self) -> bool:
        return not self.query


def read_asking(
    params: Mapping[str, Sequence[str]],
    plan: BoardPlan,
    *,
    teams: Sequence[Team],
    today: date,
    tolerated: Sequence[str] = (),
) -> Asking:
    """Understand the parameters of a dashboard's URL. Raises FilterNotKnown, naming the field,
    for what does not exist."""
    for name in params:
        if name not in {*FILTERS, *_DAYS, COMPARE, "lang", *tolerated}:
            raise FilterNotKnown(name)
    days = {name: params[name] for name in _DAYS if any(params.get(name, ()))}
    choice = read_choice(days or {"period": [str(plan.days)]}, teams=(), today=today)
    texts = {name: tuple(plan.filters[name]) for name in FILTERS if plan.filters.get(name)}
    for name in FILTERS:
        if name in params:
            given = (text.strip()[:200] for text in params[name])
            texts[name] = tuple(dict.fromkeys(text for text in given if text))
    texts = {name: found for name, found in texts.items() if found}
    compares = plan.compares
    if COMPARE in params:
        wanted = params[COMPARE][-1] if params[COMPARE] else ""
        if wanted not in {"", BEFORE}:
            raise FilterNotKnown(COMPARE, wanted[:60])
        compares = wanted == BEFORE
    return Asking(plan, choice, texts, keys_of(texts, teams=teams), compares)


def keys_of(texts: Texts, *, teams: Sequence[Team] | None = None) -> Keys:
    """Filters as the database has them. Raises FilterNotKnown; a team must be one of `teams`."""
    return {name: tuple(_key(name, text, teams) for text in found) for name, found in _few(texts)}


def _few(texts: Texts) -> list[tuple[str, tuple[str, ...]]]:
    for name, found in texts.items():
        if name not in FILTERS:
            raise FilterNotKnown(name)
        if len(found) > MOST_VALUES:
            raise FilterNotKnown(name, found[-1][:60])
    return list(texts.items())


def _key(name: str, text: str, teams: Sequence[Team] | None) -> Any:
    if text == NONE:
        return None
    if "\0" in text:
        raise FilterNotKnown(name)
    try:
        key = DIMENSIONS[name].read(text)
    except (LookupError, ValueError, ValidationError):
        raise FilterNotKnown(name, text[:60]) from None
    if name == "team" and teams is not None and key not in {one.pk for one in teams}:
        raise FilterNotKnown(name, text[:60])
    return key
