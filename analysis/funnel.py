"""Funnel limits for the rates of many units, and how far units differ beyond chance.

Binomial limits hold units to chance alone; where units differ for reasons of their own, additive
limits leave room for that spread too (Spiegelhalter 2005). Rates and targets are shares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import chi2

from analysis.intervals import normal_quantile
from analysis.random_effects import between_study_variance

Floats = NDArray[np.float64]


def sampling_variance(target: ArrayLike, sizes: ArrayLike, count_step: float = 0.0) -> Floats:
    """Variance of a unit's rate about its target by chance and by rounded counts.

    t(1 − t)/n for chance. Where events and size were both rounded to a multiple of ``count_step``
    c, the size being a difference of two such counts, c²/12·(1 + 2t²)/n² is added. Raises
    ValueError for a target outside 0 to 1, a size not above 0 or a negative step.

    >>> sampling_variance(0.5, [100, 400]).tolist()
    [0.0025, 0.000625]
    >>> round(float(sampling_variance(0.5, 100, count_step=5)), 8)
    0.0028125
    """
    t, n = np.asarray(target, float), np.asarray(sizes, float)
    if not ((t > 0) & (t < 1)).all():
        raise ValueError("a target must lie between 0 and 1; divide a percentage by 100")
    if not (n > 0).all():
        raise ValueError("a size is not above 0; leave out units without a denominator")
    if count_step < 0:
        raise ValueError(f"count_step is {count_step} but must not be negative; pass 5 or 0")
    variance: Floats = t * (1 - t) / n + count_step**2 / 12 * (1 + 2 * t**2) / n**2
    return variance


def funnel_limits(
    target: ArrayLike, sizes: ArrayLike, tau2: float = 0.0, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits within which a unit's rate lies if its true rate is the target, give or take τ.

    t ± z √(t(1 − t)/n + τ²), held within 0 and 1; τ² = 0 gives binomial limits. Spiegelhalter 2005,
    section 4.

    >>> low, high = funnel_limits(0.5, [100], level=0.95)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.402, 0.598)
    >>> low, high = funnel_limits(0.5, [100], tau2=0.0075)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.304, 0.696)
    """
    if tau2 < 0:
        raise ValueError(
            f"tau2 is {tau2} but a variance is not below 0; pass 0 for binomial limits"
        )
    t = np.asarray(target, float)
    half = normal_quantile(level) * np.sqrt(sampling_variance(t, sizes) + tau2)
    return np.clip(t - half, 0, 1), np.clip(t + half, 0, 1)


def outside(
    rates: ArrayLike, target: ArrayLike, sizes: ArrayLike, tau2: float = 0.0, level: float = 0.95
) -> NDArray[np.int64]:
    """Where each rate stands: −1 below its funnel limits, 0 within them, 1 above.

    >>> outside([0.35, 0.55, 0.65], 0.5, [100, 100, 100]).tolist()
    [-1, 0, 1]
    """
    y = np.asarray(rates, float)
    low, high = funnel_limits(target, sizes, tau2, level)
    sides: NDArray[np.int64] = (y > high).astype(int) - (y < low).astype(int)
    return sides


def z_scores(rates: ArrayLike, target: ArrayLike, sizes: ArrayLike) -> Floats:
    """Distance of each rate from its target in binomial standard errors.

    >>> z_scores([0.6], 0.5, [100]).round(6).tolist()
    [2.0]
    """
    y = np.asarray(rates, float)
    scores: Floats = (y - np.asarray(target, float)) / np.sqrt(sampling_variance(target, sizes))
    return scores


def winsorised(scores: ArrayLike, tail: float = 0.1) -> Floats:
    """Scores with the lowest and the highest ``tail`` of them pulled in to that quantile.

    Keeps a few odd units from widening the limits that are to find them; it also takes spread from
    units that are not odd, so what follows from it is a lower figure. Spiegelhalter 2005.

    >>> winsorised([-9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], tail=0.1).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    if not 0 <= tail < 0.5:
        raise ValueError(f"tail is {tail} but must lie in 0 to below 0.5; pass 0.1 for a tenth")
    z = np.asarray(scores, float)
    low, high = np.quantile(z, [tail, 1 - tail])
    pulled: Floats = np.clip(z, low, high)
    return pulled


def overdispersion(scores: ArrayLike) -> float:
    """φ, how many times the variance of chance alone the units vary about their targets.

    φ = Σz²/k over z-scores; 1 if nothing but chance separates the units.

    >>> overdispersion([-2.0, 0.0, 2.0, 0.0])
    2.0
    """
    z = np.asarray(scores, float)
    if z.size == 0:
        raise ValueError("no scores; pass one a unit")
    return float((z**2).mean())


def between_variance(
    rates: ArrayLike,
    target: ArrayLike,
    sizes: ArrayLike,
    tail: float = 0.0,
    count_step: float = 0.0,
) -> float:
    """Variance τ² of the units' true rates about their targets, a square of shares.

    Differences from the targets, with variances t(1 − t)/n, by Paule and Mandel's rule, which lies
    within `between_variance_limits`; with ``tail`` above 0 their z-scores are winsorised first.

    >>> round(between_variance([0.4, 0.5, 0.6], 0.5, [1000, 1000, 1000]), 5)
    0.00975
    """
    v = sampling_variance(target, sizes, count_step)
    z = (np.asarray(rates, float) - np.asarray(target, float)) / np.sqrt(v)
    kept = winsorised(z, tail) if tail else z
    return between_study_variance(kept * np.sqrt(v), v, "paule_mandel")


def between_variance_limits(
    rates: ArrayLike,
    target: ArrayLike,
    sizes: ArrayLike,
    level: float = 0.95,
    count_step: float = 0.0,
) -> tuple[float, float]:
    """Limits of τ² if true rates are draws from a normal distribution: the Q-profile.

    Values of τ² at which Σw(d − d̄)² with w = 1/(v + τ²) equals the quantiles of χ² with k − 1
    degrees of freedom (Viechtbauer 2007); 0 where it is below the quantile at τ² = 0.

    >>> low, high = between_variance_limits([0.4, 0.5, 0.6], 0.5, [1000, 1000, 1000])
    >>> round(low, 5), round(high, 5)
    (0.00246, 0.39473)
    """
    v = sampling_variance(target, sizes, count_step)
    d = np.asarray(rates, float) - np.asarray(target, float)
    if d.size < 2:
        raise ValueError("limits of a spread need two or more units; pass one rate a unit")

    def spread(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(w @ (d - w @ d / w.sum()) ** 2)

    def solve(quantile: float) -> float:
        if spread(0.0) <= quantile:
            return 0.0
        top = float(((d - d.mean()) ** 2).sum() / quantile)
        return float(brentq(lambda tau2: spread(tau2) - quantile, 0.0, top, xtol=1e-14))

    high, low = chi2.ppf([(1 - level) / 2, (1 + level) / 2], d.size - 1)
    return solve(float(low)), solve(float(high))
