"""A check of an effect as a page shows it: sentences, hints, chart, table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from analytics.charts.context import Note
from analytics.charts.data import Mark, Series, Step, TimeAxis
from analytics.charts.figure import figure
from analytics.charts.line import LineChart
from analytics.enums import EffectDesign, EffectVerdict
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import EffectCheck, Measure
from analytics.rules.effect_words import (
    CAVEATS,
    HINTS,
    VERDICTS,
    effect_sentence,
    sides_sentence,
    slope_sentence,
    untouched_sentence,
)
from analytics.rules.effects import Hint
from analytics.selectors.effect_asked import (
    effect_in,
    hides_numbers_from,
    name_of,
    what_was_measured,
)

VERDICT_TONES = {
    EffectVerdict.BETTER: "green",
    EffectVerdict.WORSE: "red",
    EffectVerdict.NO_CHANGE: "gray",
    EffectVerdict.CANNOT_TELL: "amber",
}
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """`sentences` are empty where its numbers are hidden from this reader."""

    check: EffectCheck
    verdict: str
    tone: str
    what: str
    sentences: list[str]
    hints: list[str]
    caveat: str
    is_hidden: bool


def shown_check(check: EffectCheck, user: User) -> ShownCheck:
    verdict = EffectVerdict(check.verdict)
    hidden = hides_numbers_from(check, user)
    metric = METRICS.get(check.metric)
    what = what_was_measured(metric, check.inputs["filters"]) if metric else check.metric
    return ShownCheck(
        check,
        str(VERDICTS[verdict]),
        VERDICT_TONES[verdict],
        what,
        [] if hidden else _sentences(check, what),
        [] if hidden else _hints(check, user),
        str(CAVEATS[EffectDesign(check.design)]),
        hidden,
    )


def _sentences(check: EffectCheck, what: str) -> list[str]:
    effect, unit = effect_in(check), METRICS[check.metric].unit
    other = check.inputs.get("untouched")
    said = [
        effect_sentence(what, effect, unit),
        sides_sentence(effect, unit),
        untouched_sentence(name_of(other), effect, unit) if other else "",
        slope_sentence(effect, unit),
    ]
    return [one for one in said if one]


def _hints(check: EffectCheck, user: User) -> list[str]:
    found = []
    for code in check.result.get("hints", []):
        if code not in set(Hint):
            continue
        words = str(HINTS[Hint(code)])
        if code == Hint.OVERLAP:
            seen = Measure.objects.visible_to(user).filter(pk__in=check.result["others"])
            names = " ".join(one.reference for one in seen.order_by("pk"))
            words = f"{words} {names}".strip()
        found.append(words)
    return found


def effect_chart(check: EffectCheck) -> LineChart:
    """Week by week, with what would have been without the measure."""
    effect, metric = effect_in(check), METRICS[check.metric]
    days = [date.fromisoformat(day) for day in check.result["weeks"]]
    gap = len(days) - len(effect.without)
    without = [Mark(None)] * gap + [Mark(value) for value in effect.without]
    return LineChart(
        title=str(metric.name),
        axis=TimeAxis(tuple(days), Step.WEEK, ends=tuple(day + WEEK - _DAY for day in days)),
        series=(
            Series(str(metric.name), tuple(Mark(value) for value in effect.values)),
            Series(_("Without the measure"), tuple(without), is_quiet=True),
        ),
        unit=metric.unit,
        notes=(Note(date.fromisoformat(check.inputs["in_force"]), _("Measure"), is_moment=True),),
    )


_DAY = timedelta(days=1)


def effect_figure(check: EffectCheck) -> SafeString:
    return figure(effect_chart(check), wide=True)


def effect_table(check: EffectCheck) -> tuple[list[str], Iterator[list[Any]]]:
    """One line for each week, for a file."""
    effect = effect_in(check)
    gap = len(effect.values) - len(effect.without)
    head = [_("Week from"), _("Measured"), _("Without the measure")]

    def lines() -> Iterator[list[Any]]:
        for at, day in enumerate(check.result["weeks"]):
            without = effect.without[at - gap] if at >= gap else None
            yield [date.fromisoformat(day), effect.values[at], without]

    return head, lines()
