"""A measured effect in sentences of the active language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analytics.charts.data import Unit
from analytics.charts.wording import write_number
from analytics.enums import EffectDesign, EffectVerdict
from analytics.metrics.effects import CannotMeasure, Effect, Part, Why, is_certain
from analytics.metrics.intervals import CONFIDENCE
from analytics.rules.effects import Hint

VERDICTS: dict[EffectVerdict, Promise] = {
    EffectVerdict.BETTER: gettext_lazy("It worked"),
    EffectVerdict.WORSE: gettext_lazy("It got worse"),
    EffectVerdict.NO_CHANGE: gettext_lazy("No proof of an effect"),
    EffectVerdict.CANNOT_TELL: gettext_lazy("It cannot be told"),
}
CAVEATS: dict[EffectDesign, Promise] = {
    EffectDesign.BEFORE_AFTER: gettext_lazy(
        "Before and after: whatever else changed at that time counts as effect, too."
    ),
    EffectDesign.INTERRUPTED: gettext_lazy(
        "Interrupted time series: the trend from before is carried on, and what departs from it "
        "counts as effect. Something else that began in the same week cannot be told from it."
    ),
    EffectDesign.CONTROLLED: gettext_lazy(
        "Compared with what was left untouched: it holds as far as both would have gone the same "
        "way without the measure."
    ),
}
HINTS: dict[Hint, Promise] = {
    Hint.OVERLAP: gettext_lazy(
        "Another measure came into force meanwhile; which of them did it cannot be told."
    ),
    Hint.WORST_WEEK: gettext_lazy(
        "The problem was entered right after its worst week. What is picked because it is bad "
        "gets better by itself (regression to the mean): a part of the effect may be that."
    ),
    Hint.APART_BEFORE: gettext_lazy(
        "Both groups went different ways already before the measure: the one left untouched says "
        "little about what would have been."
    ),
    Hint.FEW_WEEKS: gettext_lazy("Fewer than 8 weeks on a side: measure again later."),
    Hint.SHORTENED: gettext_lazy(
        "There are fewer weeks than were asked for: only those that are over, and none before the "
        "first record."
    ),
    Hint.MIXED: gettext_lazy(
        "At once it went one way, and since then the other way: look at the chart."
    ),
    Hint.ALIKE: gettext_lazy(
        "Neighbouring weeks are very much alike (Durbin-Watson below 1): the interval is rather "
        "too narrow."
    ),
    Hint.SEASON: gettext_lazy(
        "A season is not told from the measure; that takes a time series of counts over 104 weeks."
    ),
    Hint.REPEATED: gettext_lazy(
        "It was measured several times. The more often one looks, the likelier one of the results "
        "comes by chance: all of them stand here."
    ),
}


def effect_sentence(what: str, effect: Effect, unit: Unit) -> str:
    """“Received (Delivery) fell by 23% (95% interval: 11% to 34%).” Where the interval
    holds no change: that no change can be told."""
    part = effect.change
    if not is_certain(part, effect.is_ratio):
        words = _(
            "%(what)s: no change can be told; measured was %(change)s, and it may be %(low)s to "
            "%(high)s (%(level)s interval)."
        )
        low, high = (_signed(one, effect, unit) for one in (part.low, part.high))
        change = _signed(part.value, effect, unit)
        said = {"what": what, "change": change, "low": low, "high": high}
        return words % {**said, "level": _level()}
    is_up = part.value > (1.0 if effect.is_ratio else 0.0)
    ends = sorted((_size(part.low, effect), _size(part.high, effect)))
    said = {
        "what": what,
        "much": _written(_size(part.value, effect), effect, unit),
        "low": _written(ends[0], effect, unit),
        "high": _written(ends[1], effect, unit),
        "level": _level(),
    }
    if is_up:
        return _("%(what)s rose by %(much)s (%(level)s interval: %(low)s to %(high)s).") % said
    return _("%(what)s fell by %(much)s (%(level)s interval: %(low)s to %(high)s).") % said


def slope_sentence(effect: Effect, unit: Unit) -> str:
    """What a time series did since, week by week; nothing where it is no time series."""
    part = effect.slope
    if part is None:
        return ""
    said = {
        "much": _signed(part.value, effect, unit),
        "low": _signed(part.low, effect, unit),
        "high": _signed(part.high, effect, unit),
        "level": _level(),
    }
    if not is_certain(part, effect.is_ratio):
        return _("Since then no change of the trend can be told.")
    return _(
        "Since then the trend has changed by %(much)s a week (%(level)s interval: %(low)s to "
        "%(high)s)."
    ) % said  # fmt: skip


def sides_sentence(effect: Effect, unit: Unit) -> str:
    """The figure itself on both sides, with what it is made of."""
    said = {
        "before": write_number(_rounded(effect.before, unit), unit),
        "after": write_number(_rounded(effect.after, unit), unit),
        "n_before": write_number(effect.n_before, Unit.COUNT),
        "n_after": write_number(effect.n_after, Unit.COUNT),
    }
    if effect.is_ratio:
        return _("Before %(before)s a week (%(n_before)s in all), after %(after)s a week "
                 "(%(n_after)s in all).") % said  # fmt: skip
    return _("Before %(before)s (n = %(n_before)s), after %(after)s (n = %(n_after)s).") % said


def untouched_sentence(name: str, effect: Effect, unit: Unit) -> str:
    if effect.untouched is None:
        return ""
    before, after = (write_number(_rounded(one, unit), unit) for one in effect.untouched)
    return _("%(name)s, left untouched: %(before)s before, %(after)s after.") % {
        "name": name,
        "before": before,
        "after": after,
    }


def why_not(refusal: CannotMeasure) -> str:
    """Why the data cannot carry the question, and what would help."""
    n = {"there": refusal.there, "needed": refusal.needed}
    match refusal.why:
        case Why.FEW_WEEKS:
            return _(
                "This takes %(needed)s whole weeks before and after the measure; on one side "
                "there are %(there)s. Wait, or choose more weeks or another design."
            ) % n  # fmt: skip
        case Why.FEW_ANSWERS:
            return _(
                "On one side there are %(there)s answers only; %(needed)s are needed. Choose more "
                "weeks or fewer filters."
            ) % n  # fmt: skip
        case Why.FEW_COUNTED:
            return _(
                "Before the measure %(there)s were counted only; %(needed)s are needed. Choose "
                "more weeks or fewer filters."
            ) % n  # fmt: skip
        case Why.GAPS:
            return ngettext(
                "In %(there)s week there was no answer, and a time series has no gaps. Compare "
                "before and after instead.",
                "In %(there)s weeks there was no answer, and a time series has no gaps. Compare "
                "before and after instead.",
                refusal.there,
            ) % n  # fmt: skip
        case Why.NO_CURVE:
            return _(
                "No curve fits these weeks: on one side there is next to nothing. Compare before "
                "and after instead."
            )
        case Why.NOTHING:
            return _("Nothing was counted in these weeks. Look at the filters.")


def _level() -> str:
    return write_number(CONFIDENCE, Unit.SHARE)


def _size(value: float, effect: Effect) -> float:
    return abs(value - 1.0) if effect.is_ratio else abs(value)


def _written(size: float, effect: Effect, unit: Unit) -> str:
    if effect.is_ratio:
        return write_number(round(size, 3), Unit.SHARE)
    if unit is Unit.SHARE:
        return _("%(n)s percentage points") % {"n": write_number(round(size * 100, 1), Unit.COUNT)}
    if unit is Unit.POINTS:
        return _("%(n)s points") % {"n": write_number(round(size, 1), Unit.COUNT)}
    return write_number(_rounded(size, unit), unit)


def _signed(value: float, effect: Effect, unit: Unit) -> str:
    gap = value - 1.0 if effect.is_ratio else value
    sign = "+" if gap > 0 else "−" if gap < 0 else ""
    return sign + _written(abs(gap), effect, unit)


def _rounded(value: float, unit: Unit) -> float:
    places: dict[Any, int] = {Unit.SHARE: 3, Unit.RATING: 2}
    return round(value, places.get(unit, 1))


def interval_of(part: Part, effect: Effect, unit: Unit) -> tuple[str, str, str]:
    """The change and both ends as words with a sign, for tables and files."""
    low, high = _signed(part.low, effect, unit), _signed(part.high, effect, unit)
    return _signed(part.value, effect, unit), low, high
