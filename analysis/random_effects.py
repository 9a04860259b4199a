"""Random-effects pooling of study estimates, with Hartung–Knapp limits and prediction limits.

statsmodels has no REML, its DerSimonian–Laird variance goes below zero, and its Paule–Mandel
iteration returns 0 when a step overshoots the root at a strict tolerance; so the variance between
studies is solved for here, and statsmodels serves the tests.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import t

from analysis.intervals import normal_quantile

Method = Literal["reml", "paule_mandel"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """A pooled mean in the unit of the estimates, with what is known of its spread.

    ``low`` and ``high`` are limits of the mean, ``prediction_low`` and ``prediction_high`` of the
    true effect in a new study (NaN below three studies); ``tau2`` is the variance between studies
    in squared units, ``i2`` its share in percent of the total at a typical study.
    """

    k: int
    mean: float
    se: float
    low: float
    high: float
    tau2: float
    i2: float
    prediction_low: float
    prediction_high: float


def pool(
    effects: ArrayLike, variances: ArrayLike, method: Method = "reml", level: float = 0.95
) -> Pooled:
    """Mean of the true effects of studies of which these are a sample, with Hartung–Knapp limits.

    yᵢ ~ N(μ, vᵢ + τ²), wᵢ = 1/(vᵢ + τ²), μ = Σwy/Σw, SE² = Σw(y − μ)²/((k − 1)Σw), t quantile with
    k − 1 degrees of freedom, also where that is narrower than the normal limits. Prediction:
    μ ± t √(τ² + SE²), k − 2 degrees of freedom. I² = τ²/(τ² + s²) with the typical variance
    s² = (k − 1)Σ(1/v)/((Σ1/v)² − Σ1/v²). One study keeps its own error and normal limits. Raises
    ValueError for no studies, rows of unequal length, or variances not above 0. Hartung and Knapp
    2001; Higgins and others 2009.

    >>> fit = pool([0.1, 0.3, 0.7], [0.01, 0.02, 0.02])
    >>> round(fit.mean, 3), round(fit.tau2, 3), round(fit.low, 3), round(fit.high, 3)
    (0.357, 0.078, -0.403, 1.117)
    """
    y, v = _studies(effects, variances)
    k = y.size
    if k == 1:
        se = math.sqrt(v[0])
        half = normal_quantile(level) * se
        mean = float(y[0])
        return Pooled(1, mean, se, mean - half, mean + half, 0.0, 0.0, math.nan, math.nan)
    tau2 = between_study_variance(y, v, method)
    w = relative_weights(v, tau2)
    mean = float(w @ y)
    se = math.sqrt(w @ (y - mean) ** 2 / (k - 1))
    half = float(t.ppf((1 + level) / 2, k - 1)) * se
    reach = float(t.ppf((1 + level) / 2, k - 2)) * math.sqrt(tau2 + se**2) if k > 2 else math.nan
    typical = (k - 1) * (1 / v).sum() / ((1 / v).sum() ** 2 - (1 / v**2).sum())
    i2 = 100 * tau2 / (tau2 + typical)
    return Pooled(
        k, mean, se, mean - half, mean + half, tau2, float(i2), mean - reach, mean + reach
    )


def relative_weights(variances: ArrayLike, tau2: float) -> Floats:
    """Share of each study in the pooled mean, 1/(vᵢ + τ²) scaled to sum to one.

    >>> relative_weights([0.1, 0.3], 0.1).round(3).tolist()
    [0.667, 0.333]
    """
    w: Floats = 1 / (np.asarray(variances, float) + tau2)
    return w / float(w.sum())


def between_study_variance(
    effects: ArrayLike, variances: ArrayLike, method: Method = "reml"
) -> float:
    """Variance τ² of true effects between studies, never below 0, in squared units.

    "reml" minimises Σ log(vᵢ + τ²) + log Σw + Σw(y − μ)² (Viechtbauer 2005); "paule_mandel" solves
    Σw(y − μ)² = k − 1 and is 0 where the left side is smaller at τ² = 0 (Paule and Mandel 1982).
    Raises ValueError for another method, or as `pool` does.

    >>> round(between_study_variance([0.1, 0.3, 0.7], [0.01, 0.02, 0.02], "paule_mandel"), 4)
    0.0773
    """
    y, v = _studies(effects, variances)
    if method not in ("reml", "paule_mandel"):
        raise ValueError(f"method is {method!r} but must be 'reml' or 'paule_mandel'; choose one")
    if y.size == 1:
        return 0.0
    return _reml(y, v) if method == "reml" else _paule_mandel(y, v)


def _studies(effects: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    if y.ndim != 1 or y.shape != v.shape or y.size == 0:
        raise ValueError("effects and variances must be equal rows of 1 or more; pass one a study")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("an effect is not finite or a variance not above 0; leave out the study")
    return y, v


def _spread(y: Floats, v: Floats, tau2: float) -> float:
    """Weighted sum of squares about the weighted mean."""
    w = 1 / (v + tau2)
    return float(w @ (y - w @ y / w.sum()) ** 2)


def _reml(y: Floats, v: Floats) -> float:
    def deviance(tau2: float) -> float:
        total = v + tau2
        return float(np.log(total).sum() + np.log((1 / total).sum())) + _spread(y, v, tau2)

    # The deviance can have two valleys: a grid finds the deeper one, then its floor is sought.
    top = max(10 * float(np.var(y, ddof=1)), 1e-6)
    grid = np.concatenate([[0.0], np.geomspace(1e-8, top, 200)])
    best = int(np.argmin([deviance(tau2) for tau2 in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(
        deviance, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    )
    return float(found.x) if found.fun < deviance(0.0) - 1e-12 else 0.0


def _paule_mandel(y: Floats, v: Floats) -> float:
    def excess(tau2: float) -> float:
        return _spread(y, v, tau2) - (y.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    # Weights are below 1/τ², so at this value the left side has fallen below k − 1.
    top = float(((y - y.mean()) ** 2).sum() / (y.size - 1))
    return float(brentq(excess, 0.0, top, xtol=1e-14))
