"""A smooth null for printed rates: latent rates without a bunch, drawn and printed like the data.

Every unit has a latent rate from a smooth distribution; recoveries are binomial at the unit's
size, which is known to a multiple of 5 only; the rate is printed in whole percents. The
distribution is fitted to the printed rates with the bin at a cut left out, and units that come
again keep a level of their own. Deconvolution by a spline on the log density after Efron 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit, ndtr

from analysis.printed_rates import (
    OFFSETS,
    Floats,
    Ints,
    Window,
    mixing,
    printed_percent,
    spline_basis,
)

RIDGE = 0.01
KNOTS = {
    "coarse": (0.02, 0.15, 0.38, 0.62, 0.85, 0.98),
    "fine": (0.02, 0.1, 0.26, 0.42, 0.58, 0.74, 0.9, 0.98),
}
BLOCK = 500_000


@dataclass(frozen=True)
class Sample:
    """Printed rates: one entry a unit and time, with the unit's code, size, time and percent."""

    unit: Ints
    size: Ints
    period: Ints
    percent: Ints

    def __len__(self) -> int:
        return len(self.percent)

    def where(self, chosen: NDArray[np.bool_]) -> Sample:
        """The entries chosen."""
        return Sample(self.unit[chosen], self.size[chosen], self.period[chosen],
                      self.percent[chosen])  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """A smooth latent distribution, the printed counts it expects, and how both follow the data.

    `density` is mass per latent rate, `expected` counts per percent, `alpha` the coefficients;
    `residual` maps observed less expected counts to what a refit would leave of them, to first
    order.
    """

    density: Floats
    expected: Floats
    residual: Floats
    alpha: Floats


def counts_of(percents: ArrayLike, window: Window) -> Floats:
    """Entries at each percent of the window."""
    inside = np.asarray(percents, dtype=np.int64) - window.first
    inside = inside[(inside >= 0) & (inside <= window.last - window.first)]
    return np.bincount(inside, minlength=window.last - window.first + 1).astype(float)


def fit_latent(
    counts: Floats,
    mix: Floats,
    window: Window,
    cut: int | None,
    knots: Sequence[float] | Floats,
    *,
    start: Floats | None = None,
    rounds: int = 60,
) -> Fit:
    """Smooth latent density by Poisson likelihood of all printed bins but the one at the cut.

    log g(θ) = Σ αⱼ bⱼ(logit θ), natural cubic spline with few knots (Efron's g-modelling);
    E = mix · g; damped Fisher scoring, with a slight penalty on second differences of α.
    `residual` = I − D(DᵀWD)⁻¹DᵀW, D = ∂E/∂α,
    W = 1/E and 0 at the cut.

    Args:
        counts: observed entries per percent.
        mix: expected counts per unit of latent mass, from `mixing`.
        cut: the percent to leave out, or None.
        knots: latent rates (0 to 1) where the spline bends.
        start: coefficients to start from, those of a normal density by default.
    """
    theta = window.latent
    basis = spline_basis(logit(np.asarray(knots)), logit(theta))
    alpha = _normal_start(counts, window, np.asarray(knots), basis) if start is None else start
    use = np.ones(len(counts))
    if cut is not None:
        use[window.position(cut)] = 0.0

    def likelihood(values: Floats) -> tuple[float, Floats, Floats]:
        density = np.exp(np.clip(basis @ values, -60.0, 5.0))
        expected = np.maximum(mix @ density, 1e-9)
        bends = np.diff(values, 2)
        loss = (use * (expected - counts * np.log(expected))).sum() + RIDGE * (bends @ bends) / 2
        return float(loss), density, expected

    second = np.diff(np.eye(len(alpha)), 2, axis=0)
    penalty, damping = RIDGE * second.T @ second, 0.0
    loss, density, expected = likelihood(alpha)
    for _ in range(rounds):
        slope = (mix * density) @ basis
        weight = use / np.maximum(expected, 0.05)
        gram = slope.T @ (weight[:, None] * slope) + penalty
        score = slope.T @ (weight * (counts - expected)) - penalty @ alpha
        held = gram + damping * np.diag(np.diag(gram)) + 1e-12 * np.trace(gram) * np.eye(len(gram))
        step = np.linalg.solve(held, score)
        new = likelihood(alpha + step)
        if new[0] <= loss + 1e-9:
            alpha, gain = alpha + step, loss - new[0]
            loss, density, expected = new
            damping = damping / 10 if damping > 1e-6 else 0.0
            if gain < 1e-7:
                break
        else:
            damping = max(10 * damping, 1e-3)
    slope = (mix * density) @ basis
    weight = use / np.maximum(expected, 0.05)
    gram = slope.T @ (weight[:, None] * slope) + penalty
    hat = slope @ np.linalg.solve(gram, slope.T * weight)
    return Fit(density, expected, np.eye(len(counts)) - hat, alpha)


def _normal_start(counts: Floats, window: Window, knots: Floats, basis: Floats) -> Floats:
    """Log of a normal density at the knots, with mean and spread of the printed rates."""
    rates, total = window.percents / 100, max(float(counts.sum()), 1.0)
    centre = float(counts @ rates) / total
    spread = max((float(counts @ (rates - centre) ** 2) / total) ** 0.5, 0.01)
    alpha: Floats = -0.5 * ((knots - centre) / spread) ** 2
    return alpha - float(np.log(np.exp(basis @ alpha).sum()))


def persistence(sample: Sample) -> float:
    """Correlation of a unit's latent rates at two times, net of binomial noise, 0 to 0.99.

    Mean product of deviations of two times of one unit over the mean squared deviation less
    m(1 − m)/n; deviations from the mean of the period.
    """
    rate = np.clip(sample.percent / 100, 0.0, 1.0)
    size = np.maximum(sample.size, 1)
    periods = np.unique(sample.period, return_inverse=True)[1]
    means = np.bincount(periods, rate * size) / np.bincount(periods, size)
    deviation = rate - means[periods]
    m = means[periods]
    variance = float(np.average(deviation**2 - m * (1 - m) / size, weights=size))
    unit = np.unique(sample.unit, return_inverse=True)[1]
    root = np.sqrt(size)
    sums = np.bincount(unit, root * deviation) ** 2 - np.bincount(unit, size * deviation**2)
    pairs = np.bincount(unit, root) ** 2 - np.bincount(unit, size)
    if variance <= 0 or pairs.sum() < 1e-9 * size.sum():
        return 0.0
    return float(np.clip(sums.sum() / pairs.sum() / variance, 0.0, 0.99))


def quantiles(density: Floats, window: Window, points: int = 2049) -> Floats:
    """Latent rates at evenly spaced normal scores −5 to 5, for a density of mass per grid cell."""
    theta = window.latent
    half = (theta[1] - theta[0]) / 2
    edges = np.append(theta - half, theta[-1] + half)
    total = np.append(0.0, np.cumsum(density / density.sum()))
    keep = np.append(True, np.diff(total) > 1e-15)
    levels = ndtr(np.linspace(-5.0, 5.0, points))
    latent: Floats = np.interp(levels, total[keep], edges[keep]).round(9)
    return latent


@dataclass(frozen=True)
class Law:
    """What the null draws from: latent quantiles by period, and how far a unit's level persists."""

    periods: Ints
    table: Floats
    correlation: float


def fit_law(sample: Sample, window: Window, cut: int | None) -> Law:
    """The smooth latent law of each period, fitted without the cut; units persist over periods."""
    periods = np.unique(sample.period)
    tables = []
    for period in periods:
        part = sample.where(sample.period == period)
        counts, mix = counts_of(part.percent, window), mixing(part.size, window)
        fit = fit_latent(counts, mix, window, cut, knots_of(part, window))
        tables.append(quantiles(fit.density, window))
    return Law(periods, np.array(tables), persistence(sample))


def knots_of(sample: Sample, window: Window, smoothness: str = "coarse") -> Floats:
    """Latent rates at quantiles of the printed rates, at least half a percent apart."""
    inside = (sample.percent >= window.first) & (sample.percent <= window.last)
    rates = sample.percent[inside] if inside.any() else window.percents
    knots = np.quantile(rates, KNOTS[smoothness]) / 100
    apart = 0.005 * np.arange(len(knots))
    knots = np.maximum.accumulate(knots - apart) + apart
    held: Floats = np.clip(knots, 0.005 + apart, None)
    return held


def simulated_latent(sample: Sample, law: Law, draws: int, rng: np.random.Generator) -> Floats:
    """Latent rates under the null, draw × entry: Gaussian copula within a unit."""
    unit = np.unique(sample.unit, return_inverse=True)[1]
    own = rng.standard_normal((draws, unit.max() + 1), dtype=np.float32)
    z = rng.standard_normal((draws, len(unit)), dtype=np.float32)
    z *= np.float32(np.sqrt(1 - law.correlation))
    z += np.float32(np.sqrt(law.correlation)) * own[:, unit]
    points = law.table.shape[1]
    place = np.clip((z + 5.0) * ((points - 1) / 10.0) + 0.5, 0, points - 1).astype(np.int64)
    row = np.searchsorted(law.periods, sample.period)
    drawn: Floats = law.table.ravel()[place + row * points]
    return drawn


def simulated_sizes(sample: Sample, draws: int, rng: np.random.Generator) -> Ints:
    """True sizes that round to the published ones, draw × entry."""
    offsets = rng.integers(OFFSETS[0], OFFSETS[-1] + 1, (draws, len(sample)), dtype=np.int8)
    sizes: Ints = np.maximum(sample.size + offsets, 1)
    return sizes


def simulate_counts(
    sample: Sample,
    law: Law,
    window: Window,
    strata: ArrayLike,
    draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Printed counts under the null: draw × stratum × percent.

    Args:
        strata: a whole number from 0 for each entry; sums over strata give any union of them.
        draws: number of simulated data sets.
        rng: source of randomness.
    """
    stratum = np.asarray(strata, dtype=np.int64)
    groups, bins = int(stratum.max()) + 1, window.last - window.first + 1
    result = np.empty((draws, groups, bins))
    block = max(1, min(draws, BLOCK // max(len(sample), 1)))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        latent = simulated_latent(sample, law, size, rng)
        n = simulated_sizes(sample, size, rng)
        inside = printed_percent(rng.binomial(n, latent), n) - window.first
        kept = (inside >= 0) & (inside < bins)
        draw = np.arange(size)[:, None]
        cell = (draw * groups + stratum) * bins + inside
        counts = np.bincount(cell[kept], minlength=size * groups * bins)
        result[start : start + size] = counts.reshape(size, groups, bins)
    return result
