"""Effects of one trial that share people: their mean, its variance, and pooling over trials."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.random_effects import Pooled, pool

WITHIN_TRIAL = 0.5


def combine(effects: ArrayLike, variances: ArrayLike, correlation: float) -> tuple[float, float]:
    """Mean of k correlated effects with equal weights, and its sampling variance.

    (Σvᵢ + r Σᵢ≠ⱼ sᵢsⱼ)/k², s the standard errors and r their common correlation. Borenstein and
    others 2009, chapter 24.

    >>> mean, variance = combine([0.4, 0.6], [0.04, 0.04], 0.5)
    >>> round(mean, 3), round(variance, 3)
    (0.5, 0.03)
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    between = np.sqrt(v).sum() ** 2 - v.sum()
    return float(y.mean()), float((v.sum() + correlation * between) / y.size**2)


def pooled_over_trials(rows: pd.DataFrame) -> Pooled:
    """Random-effects mean over trials of ``g``, each trial's outcomes and arms averaged first.

    Outcomes of a trial are taken to correlate by ``WITHIN_TRIAL``; REML, Hartung–Knapp.

    >>> rows = pd.DataFrame({"study": ["a", "a", "b"], "g": [0.4, 0.6, 0.7],
    ...                      "g_se": [0.2, 0.2, 0.1]})
    >>> fit = pooled_over_trials(rows)
    >>> fit.k, round(fit.mean, 3)
    (2, 0.65)
    """
    trials = [
        combine(trial["g"], trial["g_se"] ** 2, WITHIN_TRIAL) for _, trial in rows.groupby("study")
    ]
    means, variances = zip(*trials, strict=True)
    return pool(means, variances)


def pooled_columns(fit: Pooled) -> dict[str, float]:
    """Columns of a pooled figure in the tables: value, its error, limits and spread."""
    return {
        "value": fit.mean,
        "se": fit.se,
        "ci_low": fit.low,
        "ci_high": fit.high,
        "ci_level": 95,
        "tau2": fit.tau2,
        "prediction_low": fit.prediction_low,
        "prediction_high": fit.prediction_high,
    }
