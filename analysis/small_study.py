"""Whether small trials show other effects than large ones: one prespecified regression.

Random-effects meta-regression of the effect on √(1/n₁ + 1/n₂), which depends on size alone and
not on the effect itself. It is used once, at ten trials or more, and reported as asymmetry:
selective reporting is one reason for it and not the only one. Pustejovsky and Rodgers 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

LEAST_TRIALS = 10


@dataclass(frozen=True)
class Asymmetry:
    """Slope on √(1/n₁ + 1/n₂) with its 95 per cent limits, p value, and residual tau²."""

    k: int
    slope: float
    se: float
    low: float
    high: float
    p: float
    tau2: float


def small_study_asymmetry(
    effects: np.ndarray, variances: np.ndarray, n1: np.ndarray, n2: np.ndarray
) -> Asymmetry:
    """Slope of the effect on √(1/n₁ + 1/n₂), by REML with the Knapp-Hartung error.

    y = a + b x + u + e, u ~ N(0, tau²), e ~ N(0, v); covariance of (a, b) is (X'WX)⁻¹ times
    Σ w r² / (k − 2); t with k − 2 degrees of freedom.

    Raises:
        ValueError: fewer than ten trials, a variance or a size that is not above zero.

    >>> x = np.linspace(0.1, 0.6, 12)
    >>> found = small_study_asymmetry(2 * x, x**2, 2 / x**2, 2 / x**2)
    >>> found.k, round(found.slope, 6), found.tau2 < 1e-6
    (12, 2.0, True)
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    sizes = np.asarray(n1, float), np.asarray(n2, float)
    k = len(y)
    if k < LEAST_TRIALS:
        raise ValueError(f"{k} trials are too few for a small-study test: {LEAST_TRIALS} at least")
    if not ((v > 0).all() and (sizes[0] > 0).all() and (sizes[1] > 0).all()):
        raise ValueError("variances and sizes must be above zero; leave out trials without them")
    design = np.column_stack([np.ones(k), np.sqrt(1 / sizes[0] + 1 / sizes[1])])
    tau2 = _reml(y, v, design)
    coefficients, inverse, spread = _weighted(y, v, design, tau2)
    scale = spread / (k - 2)
    se = float(np.sqrt(scale * inverse[1, 1]))
    slope = float(coefficients[1])
    half = float(student.ppf(0.975, k - 2)) * se
    p = float(2 * student.sf(abs(slope) / se, k - 2)) if se > 0 else 0.0
    return Asymmetry(k, slope, se, slope - half, slope + half, p, tau2)


def _weighted(
    y: np.ndarray, v: np.ndarray, design: np.ndarray, tau2: float
) -> tuple[np.ndarray, np.ndarray, float]:
    w = 1 / (v + tau2)
    inverse = np.linalg.inv(design.T @ (w[:, None] * design))
    coefficients = inverse @ design.T @ (w * y)
    return coefficients, inverse, float((w * (y - design @ coefficients) ** 2).sum())


def _reml(y: np.ndarray, v: np.ndarray, design: np.ndarray) -> float:
    def deviance(tau2: float) -> float:
        _, inverse, spread = _weighted(y, v, design, tau2)
        return float(np.log(v + tau2).sum() - np.linalg.slogdet(inverse)[1] + spread)

    top = max(10 * float(np.var(y, ddof=1)), 1e-6)
    grid = np.concatenate([[0.0], np.geomspace(1e-8, top, 120)])
    best = int(np.argmin([deviance(point) for point in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    fine = {"xatol": 1e-12}
    found = minimize_scalar(deviance, bounds=(low, high), method="bounded", options=fine)
    return float(found.x) if found.fun < deviance(0.0) - 1e-12 else 0.0
