"""Slope and relative index of inequality for groups in an order, such as deciles of deprivation.

Each group stands at the middle of its part of the people (its ridit), so that the slope runs over
everyone from one end of the order to the other and not only between the extreme groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student_t


@dataclass(frozen=True)
class Gradient:
    """A straight line over the ranks of the people, from 0 at the first end to 1 at the last.

    ``first`` and ``last`` are the fitted rates at the ends, ``slope`` their difference (slope index
    of inequality, in the unit of the rates) and ``ratio`` last over first (relative index of
    inequality). Limits tell how well a straight line fits the groups.
    """

    first: float
    last: float
    slope: float
    slope_low: float
    slope_high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    degrees_of_freedom: int


def ridits(sizes: ArrayLike) -> NDArray[np.float64]:
    """Middle of each group's part of the people, ranked in the given order, from 0 to 1.

    Raises ValueError for fewer than two groups or a size that is not above 0. Bross 1958.

    >>> ridits([1, 1, 2]).tolist()
    [0.125, 0.375, 0.75]
    """
    n = np.asarray(sizes, float)
    if n.ndim != 1 or n.size < 2 or not (np.isfinite(n).all() and (n > 0).all()):
        raise ValueError("a rank needs two or more groups, each with people; drop empty groups")
    parts: NDArray[np.float64] = n / n.sum()
    return np.cumsum(parts) - parts / 2


def gradient(rates: ArrayLike, sizes: ArrayLike, level: float = 0.95) -> Gradient:
    """Slope index and relative index of inequality of grouped rates.

    Least squares of the rates on ridits, weighted by size. The slope index is the fitted difference
    b between the ends, the relative index (a + b)/a. Limits: b ± t SE with k − 2 degrees of freedom
    and the residual variance Σn(y − ŷ)²/(k − 2); the ratio on the log scale by the delta method.
    Raises ValueError for fewer than three groups, or where the line reaches 0 at an end and a
    ratio means nothing. Mackenbach and Kunst 1997; Pamuk 1985.

    >>> found = gradient([60.0, 52.0, 47.0, 41.0], [10, 10, 10, 10])
    >>> round(found.slope, 2), round(found.slope_low, 2), round(found.slope_high, 2)
    (-24.8, -32.1, -17.5)
    >>> round(found.first, 2), round(found.last, 2), round(found.ratio, 3)
    (62.4, 37.6, 0.603)
    """
    y, n = np.asarray(rates, float), np.asarray(sizes, float)
    x = ridits(n)
    if y.shape != n.shape or y.size < 3:
        raise ValueError("rates and sizes must be equal rows of 3 or more; pass one a group")
    design = np.column_stack([np.ones_like(x), x])
    inverse = np.linalg.inv(design.T @ (n[:, None] * design))
    a, b = inverse @ design.T @ (n * y)
    freedom = y.size - 2
    residual = float(n @ (y - design @ [a, b]) ** 2) / freedom
    covariance = residual * inverse
    first, last = float(a), float(a + b)
    if min(first, last) <= 0:
        raise ValueError(f"the line runs from {first:g} to {last:g}: a ratio needs both above 0")
    quantile = float(student_t.ppf((1 + level) / 2, freedom))
    half = quantile * math.sqrt(covariance[1, 1])
    # d log((a + b)/a) = (1/last − 1/first) da + (1/last) db
    partial = np.array([1 / last - 1 / first, 1 / last])
    reach = quantile * math.sqrt(float(partial @ covariance @ partial))
    ratio = last / first
    return Gradient(
        first,
        last,
        float(b),
        float(b) - half,
        float(b) + half,
        ratio,
        ratio * math.exp(-reach),
        ratio * math.exp(reach),
        freedom,
    )
