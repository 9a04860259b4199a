"""Whether an area's rate stays where it is: correlation between years, corrected for reliability.

A rate moves from year to year by chance and by rounding as well as in truth, and both pull a
correlation towards 0. The corrected correlation is that of the true rates, if errors of different
years are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from analysis.evidence import Evidence
from analysis.funnel import Floats
from analysis.governance.area_rates import areas
from analysis.quantity import Interval, Quantity

LEAST_BASE = 500
FEWEST = 20
LEVEL, DRAWS, SEED = 0.95, 1000, 1710


@dataclass(frozen=True)
class Panel:
    """Rates of units (rows) in years (columns) with the variance of their errors; NaN if absent."""

    rates: Floats
    errors: Floats
    rows: frozenset[str]


@dataclass(frozen=True)
class Persistence:
    """Correlation of rates some years apart, as observed and as corrected for reliability."""

    pairs: int
    units: float
    observed: float
    ranks: float
    reliability: float
    corrected: Quantity


def panel(
    evidence: Evidence, level: str, years: Sequence[str], *, beyond_expected: bool = False
) -> Panel:
    """Rates of a level by unit code and year, units with a base of at least ``LEAST_BASE``.

    With ``beyond_expected`` the rate expected from the deprivation of patients is taken away.
    """
    rates, errors = {}, {}
    rows: frozenset[str] = frozenset()
    for year in years:
        found = areas(evidence, level, year, least_base=LEAST_BASE, deprivation=beyond_expected)
        codes = found.frame["code"].to_numpy()
        own = found.rates - (found.expected if beyond_expected else 0.0)
        rates[year] = pd.Series(own, index=codes)
        errors[year] = pd.Series(found.variances, index=codes)
        rows |= found.rows
    return Panel(pd.DataFrame(rates).to_numpy(), pd.DataFrame(errors).to_numpy(), rows)


def corrected_correlation(
    x: Floats, y: Floats, error_x: Floats, error_y: Floats, weights: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Observed correlation, mean reliability, and the correlation corrected by it (Spearman 1904).

    Reliability of a year is λ = 1 − mean error variance/observed variance, and the corrected
    correlation r/√(λₓλᵧ); it may pass 1. ``weights`` (draws × units) says how often each unit
    counts in each draw; without it there is one draw in which all count once. A reliability that
    is not above 0 gives NaN.

    With variances 5/4 in x and 5/4 in y, covariance 1 and an error variance of 1/4 in each, the
    observed correlation is 0.8, reliabilities are 0.8 and the corrected correlation is 1:

    >>> x, y = np.array([0.0, 1, 2, 3]), np.array([0.0, 2, 1, 3])
    >>> e = np.full(4, 0.25)
    >>> observed, reliability, corrected = corrected_correlation(x, y, e, e)
    >>> observed.tolist(), reliability.tolist(), corrected.tolist()
    ([0.8], [0.8], [1.0])
    """
    w = np.ones((1, x.size)) if weights is None else weights
    total = w.sum(axis=1)

    def mean(values: Floats) -> Floats:
        found: Floats = w @ values / total
        return found

    mx, my = mean(x), mean(y)
    vx, vy = mean(x * x) - mx**2, mean(y * y) - my**2
    cov = mean(x * y) - mx * my
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = cov / np.sqrt(vx * vy)
        lx, ly = 1 - mean(error_x) / vx, 1 - mean(error_y) / vy
        product = np.where((lx > 0) & (ly > 0), lx * ly, np.nan)
        return observed, (lx + ly) / 2, observed / np.sqrt(product)


def persistence(
    found: Panel, apart: int, *, draws: int = DRAWS, seed: int = SEED
) -> Persistence | None:
    """Mean correlation over all pairs of years so far apart, with limits from resampled units.

    Years of one unit are resampled together. None where no pair has ``FEWEST`` units.
    """
    units, years = found.rates.shape
    generator = np.random.default_rng(seed)
    counts = generator.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)
    kept, resampled = [], []
    for first in range(years - apart):
        x, y = found.rates[:, first], found.rates[:, first + apart]
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.sum() < FEWEST:
            continue
        x, y = x[both], y[both]
        error_x, error_y = found.errors[both, first], found.errors[both, first + apart]
        once = corrected_correlation(x, y, error_x, error_y)
        ranks = float(spearmanr(x, y).statistic)
        kept.append((*(float(part[0]) for part in once), ranks, float(both.sum())))
        resampled.append(corrected_correlation(x, y, error_x, error_y, counts[:, both])[2])
    if not kept:
        return None
    observed, reliability, corrected, ranks, sizes = (
        float(np.mean([item[i] for item in kept])) for i in range(5)
    )
    drawn = np.mean(resampled, axis=0)
    low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = min(low, corrected), max(high, corrected)
    return Persistence(
        len(kept),
        sizes,
        observed,
        ranks,
        reliability,
        Quantity(corrected, "correlation", Interval("sampling", low, high, LEVEL), found.rows),
    )
