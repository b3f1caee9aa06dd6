"""What a measure did to a figure: the three designs, what they refuse, and how it is said."""

from datetime import date
from math import exp

import pytest
from django.utils.translation import override

from analytics.enums import EffectDesign, EffectVerdict
from analytics.metrics.catalogue.metrics import METRICS
from analytics.metrics.catalogue.sums import Sums
from analytics.metrics.effects import (
    CannotMeasure,
    Effect,
    Weeks,
    Why,
    against_untouched,
    apart_before,
    before_and_after,
    time_series,
)
from analytics.metrics.interrupted import interrupted_counts
from analytics.metrics.rates import rate_ratio, ratio_beyond
from analytics.rules.effect_words import (
    effect_sentence,
    sides_sentence,
    slope_sentence,
    why_not,
)
from analytics.rules.effects import (
    Hint,
    Span,
    asks_again,
    hints_of,
    picked_at_its_worst,
    span_of,
    verdict_of,
)

VOLUME, CSAT = METRICS["volume"], METRICS["csat"]
BEFORE = (30, 28, 33, 31, 29, 35, 30, 32, 27, 33)
AFTER = (22, 25, 21, 27, 20, 24, 23, 26, 22, 24)


def counts(before, after):
    return Weeks(*(tuple(Sums({"n": n}) for n in side) for side in (before, after)))


def ratings(before, after, n=20):
    """So many satisfied ones each week, out of `n`."""
    return Weeks(
        *(
            tuple(Sums({"n": n, "r5": hits, "r1": n - hits}) for hits in side)
            for side in (before, after)
        )
    )


def test_a_ratio_of_rates_is_quasi_poisson_regression_with_one_step():
    # Calmer than chance, so the dispersion is not let below 1; t(0.975, 18) = 2.100922.
    found = rate_ratio(BEFORE, AFTER)
    assert found.value == pytest.approx(234 / 308)
    assert found.error == pytest.approx((1 / 308 + 1 / 234) ** 0.5)
    assert (found.dispersion, found.df) == (1.0, 18)
    reach = exp(2.100922 * found.error)
    assert (found.low, found.high) == pytest.approx((found.value / reach, found.value * reach))

    wild = rate_ratio((10, 60, 5, 55), (8, 50, 3, 40))
    assert wild.dispersion == pytest.approx(23.65994, abs=1e-5)
    assert wild.low < 1 < wild.high
    nothing_left = rate_ratio((5, 6, 7), (0, 0, 0))
    assert nothing_left.value == pytest.approx(0.5 / 18.5)
    assert rate_ratio((0, 0), (0, 0)) is None
    assert ratio_beyond(found, found).value == pytest.approx(1.0)


def test_before_and_after_of_counts_and_of_shares():
    fewer = before_and_after(VOLUME, counts(BEFORE, AFTER))
    assert (fewer.before, fewer.after, fewer.n_before) == (30.8, 23.4, 308)
    assert fewer.without == (30.8,) * 10
    assert verdict_of(fewer, higher_is_better=False) is EffectVerdict.BETTER
    assert Effect.of_json(fewer.as_json()) == fewer

    happier = before_and_after(CSAT, ratings([12] * 5, [16] * 5))
    assert happier.change.value == pytest.approx(0.2)
    assert verdict_of(happier, higher_is_better=True) is EffectVerdict.BETTER
    assert verdict_of(happier, higher_is_better=False) is EffectVerdict.WORSE


def test_what_also_changed_elsewhere_is_no_effect():
    weeks = counts(BEFORE, AFTER)
    found = against_untouched(VOLUME, weeks, weeks)
    assert found.change.value == pytest.approx(1.0)
    assert found.without[0] == pytest.approx(found.after)
    assert verdict_of(found, higher_is_better=False) is EffectVerdict.NO_CHANGE
    rising = counts((5, 6, 5, 6, 40, 44, 41, 45), AFTER)
    steady = counts((30,) * 8, (30,) * 10)
    assert apart_before(VOLUME, rising, steady)
    assert not apart_before(VOLUME, counts(BEFORE, AFTER), counts(BEFORE, BEFORE))


def test_a_time_series_is_what_the_regression_says():
    found = time_series(VOLUME, counts(BEFORE, AFTER))
    same = interrupted_counts([*BEFORE, *AFTER], 10)
    assert found.change.value == same.level.value
    assert (found.slope.low, found.slope.high) == (same.slope.low, same.slope.high)
    assert found.without == same.without
    assert found.durbin_watson == same.durbin_watson
    assert not found.has_season
    assert time_series(VOLUME, counts(BEFORE * 6, AFTER * 6)).has_season


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: before_and_after(VOLUME, counts([9] * 3, [9] * 8)), Why.FEW_WEEKS),
        (lambda: time_series(VOLUME, counts([9] * 7, [9] * 8)), Why.FEW_WEEKS),
        (lambda: before_and_after(VOLUME, counts([1] * 4, [1] * 4)), Why.FEW_COUNTED),
        (lambda: before_and_after(CSAT, ratings([3] * 4, [3] * 4, n=5)), Why.FEW_ANSWERS),
        (lambda: time_series(CSAT, ratings([0] * 8, [0] * 8, n=0)), Why.GAPS),
        (lambda: time_series(VOLUME, counts([0] * 8, [0] * 8)), Why.NOTHING),
    ],
)
def test_what_the_data_cannot_carry_is_refused_in_plain_words(ask, why):
    with pytest.raises(CannotMeasure) as refused:
        ask()
    assert refused.value.why is why
    for language in ("en", "zh-hans"):
        with override(language):
            assert "%(" not in why_not(refused.value)


def test_an_effect_is_said_in_both_languages():
    fewer = before_and_after(VOLUME, counts(BEFORE, AFTER))
    with override("en"):
        assert effect_sentence("Received (Delivery)", fewer, VOLUME.unit) == (
            "Received (Delivery) fell by 24% (95% interval: 8.8% to 36.7%)."
        )
        assert sides_sentence(fewer, VOLUME.unit) == (
            "Before 30.8 a week (308 in all), after 23.4 a week (234 in all)."
        )
    same = before_and_after(CSAT, ratings([12] * 5, [13] * 5))
    with override("en"):
        assert effect_sentence("Satisfied", same, CSAT.unit).startswith(
            "Satisfied: no change can be told; measured was +5 percentage points"
        )
    with override("zh-hans"):
        assert effect_sentence("收到（配送）", fewer, VOLUME.unit) == (
            "收到（配送）下降了 24%（95% 置信区间：8.8% 至 36.7%）。"
        )
        assert "无法判断" in effect_sentence("满意", same, CSAT.unit)
    series = time_series(VOLUME, counts(BEFORE, AFTER))
    with override("en"):
        assert slope_sentence(series, VOLUME.unit) == (
            "Since then no change of the trend can be told."
        )
    assert slope_sentence(fewer, VOLUME.unit) == ""


def test_only_whole_weeks_count_that_are_over_and_known():
    day, today = date(2026, 3, 4), date(2026, 4, 8)
    span = span_of(day, before=12, after=12, today=today, first_day=date(2026, 1, 15))
    assert (span.before, span.after) == (6, 5)
    assert (span.first, span.last) == (date(2026, 1, 21), date(2026, 4, 7))
    assert span_of(day, before=12, after=12, today=day, first_day=None).after == 0


def test_a_problem_that_was_picked_at_its_worst_is_told():
    effect = before_and_after(VOLUME, counts((20, 21, 19, 20, 22, 20, 21, 60), AFTER))
    span = Span(date(2026, 3, 4), 8, 10)
    worst = span.starts()[7]
    assert picked_at_its_worst(effect, span, worst.replace(day=28), higher_is_better=False)
    assert not picked_at_its_worst(effect, span, date(2026, 1, 20), higher_is_better=False)
    assert not picked_at_its_worst(effect, span, date(2026, 6, 1), higher_is_better=False)
    hints = hints_of(effect, span, EffectDesign.BEFORE_AFTER, asked_weeks=24)
    assert hints == [Hint.SHORTENED, Hint.SEASON]


def test_owners_are_asked_for_an_effect_once():
    due = date(2026, 3, 1)
    assert asks_again(due, None, due)
    assert asks_again(due, date(2026, 1, 1), date(2026, 3, 9))
    assert not asks_again(due, due, date(2026, 4, 1))
    assert not asks_again(due, None, date(2026, 2, 1))
    assert not asks_again(None, None, due)
