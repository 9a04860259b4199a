"""Random-effects pooling: REML or Paule-Mandel, with Hartung-Knapp intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import t as student


@dataclass(frozen=True)
class Pooled:
    """A pooled mean with its error, 95 per cent limits, heterogeneity and prediction limits."""

    k: int
    mean: float
    se: float
    low: float
    high: float
    tau2: float
    i2: float
    prediction_low: float
    prediction_high: float


def pool(effects: np.ndarray, variances: np.ndarray, method: str = "reml") -> Pooled:
    """Mean of true effects over studies, with its Hartung-Knapp interval.

    y_i ~ N(mu, v_i + tau^2); weights 1 / (v_i + tau^2); standard error
    sqrt(q / (k - 1) / sum w) with q = sum w (y - mu)^2; t with k - 1 degrees of freedom.
    Prediction limits mu +- t_(k-2) sqrt(tau^2 + se^2). With one study its own error and the
    normal limits are given, tau^2 is 0 and there are no prediction limits.

    Raises:
        ValueError: no studies, or a variance that is not above zero.

    >>> fit = pool(np.array([0.1, 0.3, 0.7]), np.array([0.01, 0.02, 0.02]))
    >>> round(fit.mean, 3), round(fit.tau2, 3)
    (0.357, 0.078)
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    k = len(y)
    if k == 0 or not (v > 0).all():
        raise ValueError("pooling needs studies with variances above zero")
    if k == 1:
        error = float(np.sqrt(v[0]))
        limits = y[0] - 1.959964 * error, y[0] + 1.959964 * error
        return Pooled(1, float(y[0]), error, *map(float, limits), 0.0, 0.0, np.nan, np.nan)
    tau2 = _reml(y, v) if method == "reml" else _paule_mandel(y, v)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    se = float(np.sqrt((w * (y - mean) ** 2).sum() / (k - 1) / w.sum()))
    half = student.ppf(0.975, k - 1) * se
    fixed = 1 / v
    typical = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    reach = student.ppf(0.975, k - 2) * np.sqrt(tau2 + se**2) if k > 2 else np.nan
    return Pooled(
        k, mean, se, mean - half, mean + half, tau2, 100 * tau2 / (tau2 + typical),
        mean - reach, mean + reach,
    )  # fmt: skip


def _reml(y: np.ndarray, v: np.ndarray) -> float:
    def deviance(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return float(np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum())

    top = max(10 * float(np.var(y, ddof=1)), 1e-6)
    grid = np.concatenate([[0.0], np.geomspace(1e-8, top, 200)])
    best = int(np.argmin([deviance(x) for x in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    fine = {"xatol": 1e-12}
    found = minimize_scalar(deviance, bounds=(low, high), method="bounded", options=fine)
    return float(found.x) if found.fun < deviance(0.0) - 1e-12 else 0.0


def _paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    def excess(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum() - (len(y) - 1))

    return 0.0 if excess(0.0) <= 0 else float(brentq(excess, 0.0, 1e4 * float(np.var(y))))
