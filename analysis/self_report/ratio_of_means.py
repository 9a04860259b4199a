"""Ratios of two estimated means or shares, with their sampling intervals."""

from __future__ import annotations

import math

from scipy.stats import norm, t

from analysis.quantity import Interval, Quantity, derive


def fieller(
    numerator: float,
    se_numerator: float,
    denominator: float,
    se_denominator: float,
    degrees_of_freedom: float,
    level: float = 0.95,
) -> tuple[float, float]:
    """Limits of the ratio of two independent means, by Fieller's theorem.

    With t the quantile and g = (t·se_d/d)²: limits are
    (r ± (t/d)·√(se_n²(1 − g) + r²·se_d²)) / (1 − g), r = n/d. With no error in the denominator this
    is the numerator's interval divided by it. Raises ValueError when g reaches 1, where the
    denominator does not differ from zero and the interval is unbounded. Fieller 1954.

    >>> low, high = fieller(2, 0.3, 5, 0.4, 20)
    >>> round(low, 3), round(high, 3)
    (0.267, 0.556)
    """
    quantile = float(t.ppf((1 + level) / 2, degrees_of_freedom))
    g = (quantile * se_denominator / denominator) ** 2
    if g >= 1:
        raise ValueError(
            f"denominator {denominator} with error {se_denominator} does not differ from zero; "
            "print both means and no ratio"
        )
    ratio = numerator / denominator
    half = (
        quantile
        / abs(denominator)
        * math.sqrt(se_numerator**2 * (1 - g) + (ratio * se_denominator) ** 2)
    )
    return (ratio - half) / (1 - g), (ratio + half) / (1 - g)


def log_ratio_of_shares(
    part: float, se_logit_part: float, whole: float, se_logit_whole: float, level: float = 0.95
) -> tuple[float, float]:
    """Limits of the ratio of two independent shares whose logits have standard errors.

    Delta method on the logarithm: se(ln p) = (1 − p)·se(logit p). Shares between 0 and 1.

    >>> low, high = log_ratio_of_shares(0.2, 0.1, 0.4, 0.1)
    >>> round(low, 3), round(high, 3)
    (0.411, 0.608)
    """
    error = math.hypot((1 - part) * se_logit_part, (1 - whole) * se_logit_whole)
    half = float(norm.ppf((1 + level) / 2)) * error
    ratio = part / whole
    return ratio * math.exp(-half), ratio * math.exp(half)


def share_of_known(part: Quantity, whole: Quantity) -> Quantity:
    """An estimated mean as a percentage of one that is a full count, with the part's interval."""
    interval = None
    if part.interval.limits is not None:
        low, high = (100 * limit / whole.value for limit in part.interval.limits)
        interval = Interval("sampling", low, high, part.interval.level)
    return derive(100 * part.value / whole.value, "percent", part, whole, interval=interval)
