"""The figures of a dashboard's tiles, asked together; a tile that fails says why and stands
alone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.charts.context import Note
from analytics.charts.data import Step, Unit
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.periods import Period
from analytics.rules.tiles import OVER_TIME, TilePlan, charts_for
from analytics.selectors.boards.asking import Asking, Keys, keys_of
from analytics.selectors.facts.dimension import DIMENSIONS
from analytics.selectors.facts.measuring import dimensions_of, measure_all
from analytics.selectors.facts.question import Answer, Question, asked
from feedback.errors import FilterNotKnown

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TileFigure:
    """`answer` is what was measured, `before` the same of the period before, step by step, where
    that is compared. `problem` says in words why there is nothing."""

    plan: TilePlan
    metric: Metric | None = None
    answer: Answer | None = None
    before: Answer | None = None
    problem: str = ""
    notes: tuple[Note, ...] = ()
    now: datetime = field(default_factory=timezone.now)

    @property
    def title(self) -> str:
        if self.plan.title or self.metric is None:
            return str(self.plan.title)
        return title_of(self.metric, self.plan.by)


class _Refused(Exception):
    """With the reason in words."""


def title_of(metric: Metric, by: Sequence[str]) -> str:
    """What a tile without a title of its own is called."""
    if not by:
        return str(metric.name)
    labels = " × ".join(str(DIMENSIONS[name].label) for name in by if name in DIMENSIONS)
    return _("%(metric)s by %(dimensions)s") % {"metric": metric.name, "dimensions": labels}


def figures_of(
    user: User,
    plans: Sequence[TilePlan],
    asking: Asking,
    now: datetime,
    notes: Sequence[Note] = (),
) -> list[TileFigure]:
    """One for each plan, in their order, of what `user` may see."""
    wanted: dict[int, list[Question]] = {}
    found = [TileFigure(plan, METRICS.get(plan.metric)) for plan in plans]
    for at, plan in enumerate(plans):
        try:
            wanted[at] = _questions(plan, asking)
        except _Refused as refusal:
            found[at] = TileFigure(plan, METRICS.get(plan.metric), problem=str(refusal))
    answers = _measured(user, wanted, now)
    for at in wanted:
        plan, metric = plans[at], METRICS[plans[at].metric]
        if at not in answers:
            found[at] = TileFigure(plan, metric, problem=_("This could not be counted."))
            continue
        answer, *rest = answers[at]
        found[at] = TileFigure(
            plan, metric, answer, rest[0] if rest else None, notes=tuple(notes), now=now
        )
    return found


def _measured(
    user: User, wanted: dict[int, list[Question]], now: datetime
) -> dict[int, list[Answer]]:
    """All at once, as that is cheapest; where that fails, each by itself."""
    questions = [one for several in wanted.values() for one in several]
    try:
        answers = iter(measure_all(user, questions, now=now))
        return {at: [next(answers) for _one in several] for at, several in wanted.items()}
    except Exception:
        _log.exception("tiles of a dashboard are asked one by one")
    found = {}
    for at, several in wanted.items():
        try:
            found[at] = measure_all(user, several, now=now)
        except Exception:  # one broken tile leaves the page standing
            _log.exception("a tile of %s could not be counted", several[0].metric)
    return found


def _questions(plan: TilePlan, asking: Asking) -> list[Question]:
    metric = METRICS.get(plan.metric)
    if metric is None:
        raise _Refused(_("This metric is not there any more."))
    filters = _filters(plan, asking)
    known = dimensions_of(metric)
    for name in (*plan.by, *filters):
        if name not in known:
            label = DIMENSIONS[name].label if name in DIMENSIONS else name
            words = {"metric": metric.name, "dimension": label}
            raise _Refused(
                _("“%(metric)s” cannot be told apart by “%(dimension)s”.") % words
                if name in plan.by
                else _("“%(metric)s” cannot be narrowed by “%(dimension)s”.") % words
            )
    if plan.chart not in charts_for(metric, len(plan.by)):
        raise _Refused(_("This chart does not fit this metric."))
    has_steps = plan.chart in OVER_TIME
    period = asking.period
    question = asked(
        plan.metric,
        period,
        by=plan.by,
        step=step_of(metric, period) if has_steps else None,
        filters=filters,
    )
    if not (asking.compares and has_steps and not plan.by):
        return [question]
    step = question.step
    return [question, asked(plan.metric, period.before, step=step, filters=filters)]


def step_of(metric: Metric, period: Period) -> Step:
    """Counts are shown by finer steps than what needs many answers to say anything."""
    return period.step if metric.unit is Unit.COUNT else period.broad_step


def filters_of(plan: TilePlan, asking: Asking) -> dict[str, tuple[str, ...]]:
    """The same as `_filters`, as addresses write them; nothing is left of what excludes each
    other."""
    found = dict(asking.texts)
    for name, texts in plan.filters.items():
        found[name] = tuple(one for one in texts if one in found.get(name, texts))
    return found


def _filters(plan: TilePlan, asking: Asking) -> Keys:
    """Those of the page and those of the tile, both at once."""
    try:
        own = keys_of(plan.filters)
    except FilterNotKnown as unknown:
        raise _Refused(str(unknown.message)) from None
    found: Keys = dict(asking.keys)
    for name, keys in own.items():
        found[name] = tuple(one for one in keys if one in found.get(name, keys))
        if not found[name]:
            raise _Refused(_("The filters of the page leave nothing of those of this tile."))
    return found
