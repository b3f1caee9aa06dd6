"""Interrupted time series: what a figure did after a measure that it would not have done anyhow.

Segmented regression y = b0 + b1·t + b2·after + b3·(t - t0)·after, t counting periods from 0 and t0
being the first period with the measure: b2 is the change of level, b3 the change of slope.
Standard errors are those of Newey & West 1987 (heteroskedasticity and autocorrelation, Bartlett
weights), because neighbouring periods are alike. Counts are fitted as quasi-Poisson rates.

Sources: Wagner et al. 2002, J Clin Pharm Ther 27:299-309; Lopez Bernal, Cummins & Gasparrini
2017, Int J Epidemiol 46:348-355.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analytics.metrics.intervals import CONFIDENCE, normal_quantile
from analytics.metrics.student import t_quantile, two_sided_p

FEWEST_EACH_SIDE = 8  # periods below which nothing is said
SEASON_FROM = 24  # periods below which a season cannot be told from the measure
_STEPS, _SETTLED = 50, 1e-10

Numbers = NDArray[np.float64]


class Refusal(StrEnum):
    """Why a series cannot carry the question."""

    FEW_PERIODS = "few_periods"
    SEASON = "season"
    NOTHING_COUNTED = "nothing_counted"
    NO_CURVE = "no_curve"


class CannotTell(ValueError):
    """The series cannot carry the question: `why`, and in words for developers."""

    def __init__(self, why: Refusal, words: str) -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate with its interval and two-sided p-value (0..1)."""

    value: float
    low: float
    high: float
    p_value: float

    @property
    def is_significant(self) -> bool:
        """The interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Interruption:
    """`level` and `slope`: the changes at and after the measure, in the unit of the figure (and
    per period); for counts they are ratios, 1 meaning no change, and so are their intervals.
    `fitted`: the series as the model sees it; `without`: what it would have been without the
    measure, from the first period with it on. `durbin_watson`: 2 without autocorrelation, towards
    0 with much. `dispersion`: of counts, 1 being that of a Poisson; None for other figures."""

    level: Coefficient
    slope: Coefficient
    fitted: tuple[float, ...]
    without: tuple[float, ...]
    durbin_watson: float
    n_before: int
    n_after: int
    dispersion: float | None = None


def interrupted_mean(
    values: Sequence[float], first_after: int, *, confidence: float = CONFIDENCE
) -> Interruption:
    """For means, shares and scores: least squares with Newey-West errors and Student's t.

    Raises CannotTell with fewer than FEWEST_EACH_SIDE periods on a side.
    """
    y = np.asarray(values, float)
    design = _design(len(y), first_after)
    weights, *_ = np.linalg.lstsq(design, y, rcond=None)
    residuals = y - design @ weights
    covariance = _newey_west(design, residuals)
    df = len(y) - design.shape[1]
    quantile = t_quantile(confidence, df)
    found = []
    for at in (2, 3):
        value, error = float(weights[at]), math.sqrt(max(float(covariance[at, at]), 0.0))
        p = two_sided_p(value / error, df) if error else float(value == 0)
        found.append(Coefficient(value, value - quantile * error, value + quantile * error, p))
    return Interruption(
        level=found[0],
        slope=found[1],
        fitted=tuple((design @ weights).tolist()),
        without=tuple((design[first_after:, :2] @ weights[:2]).tolist()),
        durbin_watson=_durbin_watson(residuals),
        n_before=first_after,
        n_after=len(y) - first_after,
    )


def interrupted_counts(
    counts: Sequence[int],
    first_after: int,
    *,
    exposure: Sequence[float] | None = None,
    season: int | None = None,
    with_slope: bool = True,
    confidence: float = CONFIDENCE,
) -> Interruption:
    """For counts: quasi-Poisson regression of the rate per `exposure` (people, orders, days).

    `season`: periods a year has (12 for months), which adds two pairs of harmonics; CannotTell
    with fewer than SEASON_FROM periods. Without slope only a change of level is fitted
    (`slope` is then 1 without doubt). The standard errors are those of a Poisson times the root
    of the dispersion χ²/(n - k), never below 1 of it.
    """
    y = np.asarray(counts, float)
    if y.min(initial=0.0) < 0:
        raise ValueError("A count is zero or more.")
    offset = np.zeros(len(y)) if exposure is None else np.log(np.asarray(exposure, float))
    design = _design(len(y), first_after)
    if not with_slope:
        design = design[:, :3]
    plain = design.shape[1]
    if season:
        design = np.hstack([design, _harmonics(len(y), season)])
    weights, fitted, information = _poisson(design, y, offset)
    df = len(y) - design.shape[1]
    chi_square = float(np.sum((y - fitted) ** 2 / np.maximum(fitted, 1e-12)))
    dispersion = chi_square / df
    covariance = np.linalg.inv(information) * max(dispersion, 1.0)
    z = normal_quantile(confidence)
    nothing = design.copy()
    nothing[:, 2:plain] = 0
    without = np.exp(nothing @ weights + offset)[first_after:]
    return Interruption(
        level=_ratio(float(weights[2]), math.sqrt(covariance[2, 2]), z),
        slope=(
            _ratio(float(weights[3]), math.sqrt(covariance[3, 3]), z)
            if with_slope
            else Coefficient(1.0, 1.0, 1.0, 1.0)
        ),
        fitted=tuple(fitted.tolist()),
        without=tuple(without.tolist()),
        durbin_watson=_durbin_watson((y - fitted) / np.sqrt(np.maximum(fitted, 1e-12))),
        n_before=first_after,
        n_after=len(y) - first_after,
        dispersion=dispersion,
    )


def _design(n: int, first_after: int) -> Numbers:
    if min(first_after, n - first_after) < FEWEST_EACH_SIDE:
        raise CannotTell(
            Refusal.FEW_PERIODS,
            f"{first_after} periods before and {n - first_after} after; "
            f"{FEWEST_EACH_SIDE} each are needed.",
        )
    time = np.arange(n, dtype=float)
    after = (time >= first_after).astype(float)
    return np.column_stack([np.ones(n), time, after, (time - first_after) * after])


def _harmonics(n: int, season: int) -> Numbers:
    if n < SEASON_FROM:
        raise CannotTell(
            Refusal.SEASON, f"{n} periods; {SEASON_FROM} are needed to tell a season."
        )
    angle = 2 * math.pi * np.arange(n) / season
    return np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])


def _newey_west(design: Numbers, residuals: Numbers) -> Numbers:
    """Covariance of the weights with Bartlett's kernel, ⌊4·(n/100)^(2/9)⌋ lags (Newey & West
    1994) and n/(n - k) for small samples."""
    n, k = design.shape
    bread = np.linalg.inv(design.T @ design)
    scores = design * residuals[:, None]
    meat = scores.T @ scores
    lags = int(4 * (n / 100) ** (2 / 9))
    for lag in range(1, lags + 1):
        shifted = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (shifted + shifted.T)
    covariance: Numbers = bread @ meat @ bread * n / (n - k)
    return covariance


def _poisson(design: Numbers, y: Numbers, offset: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Weights, fitted counts and information of a Poisson regression with log link, by iteratively
    reweighted least squares (McCullagh & Nelder 1989)."""
    if y.sum() == 0:
        raise CannotTell(Refusal.NOTHING_COUNTED, "Nothing was counted in any period.")
    fitted = y + 0.5
    weights: Numbers = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        working = np.log(fitted) - offset + (y - fitted) / fitted
        information = design.T @ (design * fitted[:, None])
        try:
            right = np.linalg.solve(information, design.T @ (fitted * working))
            better = np.asarray(right, np.float64)
        except np.linalg.LinAlgError:
            break
        fitted = np.exp(np.clip(design @ better + offset, -500, 500))
        if np.max(np.abs(better - weights)) < _SETTLED:
            return better, fitted, design.T @ (design * fitted[:, None])
        weights = better
    raise CannotTell(
        Refusal.NO_CURVE, "No curve fits these counts: one side has nothing but zeros."
    )


def _ratio(weight: float, error: float, z: float) -> Coefficient:
    return Coefficient(
        math.exp(weight),
        math.exp(weight - z * error),
        math.exp(weight + z * error),
        math.erfc(abs(weight / error) / math.sqrt(2)) if error else float(weight == 0),
    )


def _durbin_watson(residuals: Numbers) -> float:
    """Σ(e_t - e_{t-1})² / Σe²; 2 where nothing is left over."""
    squares = float(residuals @ residuals)
    return float(np.sum(np.diff(residuals) ** 2) / squares) if squares > 1e-18 else 2.0
