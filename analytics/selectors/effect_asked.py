"""What is asked when an effect is measured, and what may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from analytics.enums import EffectDesign
from analytics.errors import EffectRefused
from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import FactName
from analytics.metrics.effects import Effect
from analytics.models import EffectCheck, Measure
from analytics.rules.effects import USUAL_WEEKS
from analytics.selectors.facts.dimension import DIMENSIONS, names_of
from analytics.selectors.facts.measuring import dimensions_of
from config.kernel.punctuation import listed, with_aside
from feedback.selectors.kept_settings import categories

_OF_SURVEYS = {
    FactName.OVERALL,
    FactName.FUNCTIONAL,
    FactName.SERVICE,
    FactName.EMOTIONAL,
    FactName.NPS,
    FactName.CES,
}
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class EffectAsked:
    """`filters`: dimension → its value, as addresses write it; `untouched`: the dimension that
    tells the group which was left untouched, and its value there."""

    metric: str
    design: EffectDesign
    in_force: date
    weeks_before: int = USUAL_WEEKS
    weeks_after: int = USUAL_WEEKS
    filters: Mapping[str, str] = field(default_factory=dict)
    untouched: tuple[str, str] | None = None

    @classmethod
    def of_inputs(cls, check: EffectCheck) -> "EffectAsked":
        kept = check.inputs
        untouched = kept.get("untouched")
        return cls(
            check.metric,
            EffectDesign(check.design),
            date.fromisoformat(kept["in_force"]),
            kept["weeks_before"],
            kept["weeks_after"],
            kept["filters"],
            (untouched[0], untouched[1]) if untouched else None,
        )

    def as_inputs(self) -> dict[str, Any]:
        return {
            "in_force": self.in_force.isoformat(),
            "weeks_before": self.weeks_before,
            "weeks_after": self.weeks_after,
            "filters": dict(self.filters),
            "untouched": list(self.untouched) if self.untouched else None,
        }


def metrics_for(user: User) -> dict[str, Metric]:
    """Figures whose change can be tested, of what this person may see. Stocks have no weeks of
    their own; how much was answered or resolved follows from how much came in."""
    found = {}
    for key, metric in METRICS.items():
        is_tested = metric.change is not None or key == "volume"
        if is_tested and not metric.is_stock and may_measure(user, metric):
            found[key] = metric
    return found


def may_measure(user: User, metric: Metric) -> bool:
    needed = "surveys.view_response" if metric.fact in _OF_SURVEYS else "feedback.view_feedback"
    return user.has_perm(needed)


def read_keys(asked: EffectAsked) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The filters as the database has them, and those of the untouched group. Raises
    EffectRefused for what there is not."""
    metric = METRICS[asked.metric]
    known = dimensions_of(metric)
    keys = {name: _key(name, text, known) for name, text in asked.filters.items()}
    if asked.design != EffectDesign.CONTROLLED:
        return keys, None
    if asked.untouched is None:
        raise EffectRefused(_("Say which group was left untouched."))
    name, text = asked.untouched
    other = _key(name, text, known)
    if name not in keys:
        label = DIMENSIONS[name].label
        said = _("Say first which group the measure touched: choose one under “%(dimension)s”.")
        raise EffectRefused(said % {"dimension": label})
    if _overlap(name, keys[name], other):
        raise EffectRefused(_("The group left untouched is a part of what the measure touched."))
    return keys, {**keys, name: other}


def _key(name: str, text: str, known: tuple[str, ...]) -> Any:
    if name not in known:
        label = str(DIMENSIONS[name].label) if name in DIMENSIONS else name[:40]
        said = _("This figure cannot be narrowed by “%(dimension)s”.") % {"dimension": label}
        raise EffectRefused(said)
    try:
        return DIMENSIONS[name].read(text)
    except (LookupError, ValueError) as unknown:
        said = _("There is no such %(dimension)s.") % {"dimension": DIMENSIONS[name].label}
        raise EffectRefused(said) from unknown


def _overlap(name: str, one: Any, other: Any) -> bool:
    if one == other:
        return True
    if name not in {"category", "branch"}:
        return False
    known = categories()
    paths = [known[key].path for key in (one, other) if key in known]
    return len(paths) == 2 and (paths[0].startswith(paths[1]) or paths[1].startswith(paths[0]))


def ensure_askable(user: User, asked: EffectAsked) -> Metric:
    """Raises EffectRefused for what this person cannot ask."""
    metric = metrics_for(user).get(asked.metric)
    if metric is None:
        raise EffectRefused(_("The effect on this figure cannot be measured."))
    if asked.in_force.year not in _YEARS:
        raise EffectRefused(_("Choose a date of this century."))
    return metric


def what_was_measured(metric: Metric, filters: Mapping[str, str]) -> str:
    """“Received (Delivery)” in the reader's language; what is gone keeps its text."""
    names = [_name(name, text) for name, text in filters.items()]
    return with_aside(metric.name, listed(names)) if names else str(metric.name)


def name_of(untouched: tuple[str, str] | list[str]) -> str:
    return _name(untouched[0], untouched[1])


def _name(name: str, text: str) -> str:
    dimension = DIMENSIONS.get(name)
    if dimension is None:
        return text
    try:
        key = dimension.read(text)
    except (LookupError, ValueError):
        return text
    return names_of(dimension, [key])[key]


def proposed(measure: Measure, today: date) -> EffectAsked:
    """What is usually asked of a measure: how much comes in of what its problem is about."""
    category = categories().get(measure.problem.category_id or 0)
    return EffectAsked(
        "volume",
        EffectDesign.BEFORE_AFTER,
        measure.in_force_from or measure.due_on or today,
        filters={"category": category.code} if category else {},
    )


def hides_numbers_from(check: EffectCheck, user: User) -> bool:
    """Numbers are shown to whoever sees as much as the one who measured: everything, or the same
    teams."""
    metric = METRICS.get(check.metric)
    if metric is None or not may_measure(user, metric):
        return True
    if check.by_id == user.pk or user.has_perm("accounts.view_every_team"):
        return False
    teams = check.inputs.get("teams")
    mine = set(user.memberships.values_list("team_id", flat=True))
    return teams is None or not set(teams) <= mine


def effect_in(check: EffectCheck) -> Effect:
    """As it was measured then."""
    return Effect.of_json(check.result["effect"])
