"""Difference in differences: what changed where the measure was taken, beyond what changed in a
group that it did not touch."""

import math

from analytics.metrics.intervals import CONFIDENCE, normal_quantile
from analytics.metrics.trend import Change, normal_p


def beyond(treated: Change, untouched: Change, *, confidence: float = CONFIDENCE) -> Change:
    """(after - before) of the treated minus that of the untouched group, in the unit of both.

    The interval joins those of the two changes by the method of variance estimates recovery
    (Zou & Donner 2008, Statistics in Medicine 27:1693-1702), so it fits shares, means and scores
    alike; both must have been made with `confidence`. The p-value is that of a normal with the
    interval's width. The sizes are the smaller ones of the two groups. Holds only as far as both
    groups would have gone the same way without the measure.
    """
    difference = treated.difference - untouched.difference
    down = math.hypot(treated.difference - treated.low, untouched.high - untouched.difference)
    up = math.hypot(treated.high - treated.difference, untouched.difference - untouched.low)
    error = (down + up) / 2 / normal_quantile(confidence)
    return Change(
        difference,
        difference - down,
        difference + up,
        normal_p(difference, error),
        min(treated.n_before, untouched.n_before),
        min(treated.n_after, untouched.n_after),
    )
