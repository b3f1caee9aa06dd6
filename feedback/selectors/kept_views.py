"""Saved views, understood: what they keep is read anew each time, because filters, fields and
rows that they name may have gone since. A view that can no longer be read shows nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.conditions import actor_of
from accounts.selectors.personal_data import tells_covered
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.condition import Condition, words_looked_for
from config.kernel.conditions.context import Actor, Context
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown, ViewGone, numbers_covered
from feedback.models import SavedView
from feedback.selectors.queue_filters import Value, read_values

ALLOWED = frozenset({Needs.ACTOR})
Chosen = dict[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view that was read. `problems` are sentences about what no longer makes sense;
    with any of them the view is not run."""

    record: SavedView
    chosen: Chosen = field(default_factory=dict)
    condition: Condition | None = None
    problems: tuple[str, ...] = ()
    # Who "me" is, by person: looked up once for all views that were read together.
    actors: dict[int, Actor] = field(default_factory=dict, compare=False, repr=False)

    @property
    def pk(self) -> int:
        return self.record.pk

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def has_condition(self) -> bool:
        return self.condition is not None and not self.condition.is_always

    @property
    def says(self) -> str:
        """Its condition in words; empty when it has none."""
        if self.condition is None or self.condition.is_always:
            return ""
        return sentence(self.condition)

    def where(self, user: User, *, now: datetime | None = None) -> Q:
        """Its condition for a list that `user` looks at."""
        if self.problems or self.condition is None:
            return Q(pk__in=[])
        if self.condition.is_always:
            return Q()
        return to_q(self.condition, self.context(user, now))

    def context(self, user: User, now: datetime | None = None) -> Context:
        """Who "me" is costs a query, and is only looked up when it is asked."""
        now = now or timezone.now()
        if self.condition is None or Needs.ACTOR not in self.condition.needs:
            return Context(now=now)
        if user.pk not in self.actors:
            self.actors[user.pk] = actor_of(user)
        return Context(now=now, actor=self.actors[user.pk])


def kept_view(number: str, user: User) -> Kept:
    """The saved view that a list is to show. Raises ViewGone when it does not exist, is put
    away, or is not for this person."""
    pk = row_id(number)
    found = SavedView.objects.active().visible_to(user).filter(pk=pk).first() if pk else None
    if found is None:
        raise ViewGone(number)
    return read_views([found], user)[0]


def read_views(views: Iterable[SavedView], user: User) -> list[Kept]:
    """Understand several at once: their conditions cost as many queries as one."""
    views = list(views)
    conditions = read_trees(
        [one.condition for one in views], vocabulary("feedback"), allowed=ALLOWED
    )
    actors: dict[int, Actor] = {}
    return [
        _kept(one, condition, user, actors)
        for one, condition in zip(views, conditions, strict=True)
    ]


def _kept(
    view: SavedView,
    condition: Condition | ConditionInvalid,
    user: User,
    actors: dict[int, Actor],
) -> Kept:
    problems: list[str] = []
    chosen: Chosen = {}
    try:
        chosen = read_chosen(view.filters, user)
    except FilterNotKnown as unknown:
        problems.append(str(unknown.message))
    if isinstance(condition, ConditionInvalid):
        problems += [problem.message for problem in condition.problems]
        return Kept(view, chosen, None, tuple(dict.fromkeys(problems)))
    if any(tells_covered(user, words) for words in words_looked_for(condition)):
        problems.append(numbers_covered())
    return Kept(view, chosen, condition, tuple(problems), actors)


def read_chosen(filters: Any, user: User) -> Chosen:
    """Filter → texts, as a view keeps them. Raises FilterNotKnown."""
    if not isinstance(filters, Mapping):
        raise FilterNotKnown("filters")
    chosen: Chosen = {}
    for name, texts in filters.items():
        if not isinstance(texts, Sequence) or isinstance(texts, str):
            raise FilterNotKnown(name, str(texts)[:60])
        if texts:
            chosen[name] = read_values(name, [str(text) for text in texts], user)
    return chosen


def why_broken(kept: Kept) -> str:
    """One sentence for people, empty when nothing is wrong."""
    if not kept.problems:
        return ""
    return _("This view shows nothing until it is mended. %(why)s") % {
        "why": " ".join(kept.problems)
    }
