"""Bunching at a target: printed rates around a cut against a smooth null, and at placebo cuts.

Two statistics, both sums of weighted printed counts: the bin at the cut against its neighbours, and
the bins above against those below with the cut left out. Each is taken less what a smooth null
expects, standardised by simulated data sets in which units repeat, and compared upwards. The same
procedure runs at placebo cuts on either side of the target; the p over cuts asks how often the
null has anywhere among them what was seen at the target. Intervals resample whole units. After
Kleven 2016, with the rounding that printed rates need; no density test that assumes continuity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.printed_rates import Floats, Ints, Window, expected_by_unit, mixing
from analysis.smooth_null import (
    Fit,
    Sample,
    counts_of,
    fit_latent,
    knots_of,
)

Statistic = Literal["excess", "step"]
STATISTICS: tuple[Statistic, ...] = ("excess", "step")
PLACEBO_REACH = 5
BANDWIDTHS = (1, 2, 3)


def contrast(window: Window, cut: int, bandwidth: int, statistic: Statistic) -> Floats:
    """Weights on printed counts. Excess: bin at the cut less the mean of b bins on either side.

    Step: b bins above less b bins below, the bin at the cut left out.

    >>> contrast(Window(48, 52), 50, 1, "excess").tolist()
    [0.0, -0.5, 1.0, -0.5, 0.0]
    >>> contrast(Window(48, 52), 50, 2, "step").tolist()
    [-1.0, -1.0, 0.0, 1.0, 1.0]
    """
    here = window.position(cut)
    window.position(cut - bandwidth), window.position(cut + bandwidth)
    weights = np.zeros(window.last - window.first + 1)
    below, above = slice(here - bandwidth, here), slice(here + 1, here + bandwidth + 1)
    if statistic == "excess":
        weights[below] = weights[above] = -0.5 / bandwidth
        weights[here] = 1.0
    else:
        weights[below], weights[above] = -1.0, 1.0
    return weights


@dataclass(frozen=True)
class Finding:
    """One statistic at one bandwidth for one sample.

    Args:
        statistic: "excess" or "step".
        bandwidth: bins taken on either side.
        extra: entries at the target (or above less below) beyond what the null expects.
        low: lower limit of `extra`, 95% over resampled units.
        high: upper limit.
        expected: what the null expects in the bin (for a step, in all bins compared).
        z: standardised `extra` at every cut, in the order of the cuts.
        p: share of simulated data sets with as much at the target.
        p_cuts: share with as much at any of the cuts.
        place: index of the target among the cuts.
    """

    statistic: Statistic
    bandwidth: int
    extra: float
    low: float
    high: float
    expected: float
    z: Floats
    p: Floats
    p_cuts: float
    place: int

    @property
    def relative(self) -> tuple[float, float, float]:
        """Extra entries and their limits in percent of what the null expects."""
        low, mid, high = (100 * part / self.expected for part in (self.low, self.extra, self.high))
        return mid, low, high

    @property
    def p_target(self) -> float:
        """p at the target itself, without regard to the other cuts."""
        return float(self.p[self.place])

    @property
    def rank(self) -> int:
        """1 if no other cut has a larger standardised statistic, 2 if one has, and so on."""
        return 1 + int((self.z > self.z[self.place]).sum())


def cuts_around(target: int, reach: int = PLACEBO_REACH) -> Ints:
    """The target and the placebo cuts on either side.

    >>> cuts_around(50)[[0, -1]].tolist()
    [45, 55]
    """
    return np.arange(target - reach, target + reach + 1)


def upper_p(seen: Floats, drawn: Floats) -> Floats:
    """(1 + draws at least as large)/(1 + draws), over the first axis of the draws.

    >>> upper_p(np.array([2.0]), np.array([[0.0], [1.0], [2.0]])).tolist()
    [0.5]
    """
    larger: Floats = (drawn >= seen - 1e-12).sum(axis=0)
    return (1.0 + larger) / (1.0 + len(drawn))


def resampled_units(units: int, draws: int, rng: np.random.Generator) -> Floats:
    """How often each unit is drawn when as many units are drawn with replacement: draw × unit."""
    return rng.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)


def findings(
    sample: Sample,
    drawn: Floats,
    target: int,
    window: Window,
    rng: np.random.Generator,
    *,
    bandwidths: Sequence[int] = BANDWIDTHS,
    statistics: Sequence[Statistic] = STATISTICS,
    smoothness: str = "coarse",
    resamples: int = 400,
) -> list[Finding]:
    """Every statistic and bandwidth for one sample, from data sets simulated for it.

    At each cut c the null is fitted without c: residual counts r = N − E. For a simulated data
    set r = R(N* − mean N*), R the map of `fit_latent` that stands for refitting. T = w·r; z = T
    over its simulated standard deviation.

    Args:
        sample: the printed rates.
        drawn: simulated counts, draw × percent, summed over the sample's strata.
        target: the percent at which bunching is looked for.
        window: percents that counts and fit extend over.
        rng: source of randomness for resampling units.
        bandwidths: bins taken on either side.
        statistics: which statistics.
        smoothness: knots of the latent distribution, "coarse" or "fine".
        resamples: number of resamplings of whole units.
    """
    cuts = cuts_around(target)
    counts, mix = counts_of(sample.percent, window), mixing(sample.size, window)
    knots = knots_of(sample, window, smoothness)
    middle = fit_latent(counts, mix, window, None, knots)
    fits = [fit_latent(counts, mix, window, int(cut), knots, start=middle.alpha) for cut in cuts]
    noise = drawn - drawn.mean(axis=0)
    spread = [noise @ fit.residual.T for fit in fits]
    place = int(np.flatnonzero(cuts == target)[0])
    units = _unit_residuals(sample, fits[place], window)
    weights = resampled_units(len(units), resamples, rng)
    result = []
    for statistic in statistics:
        for bandwidth in bandwidths:
            vectors = [contrast(window, int(cut), bandwidth, statistic) for cut in cuts]
            seen = np.array(
                [v @ (counts - fit.expected) for v, fit in zip(vectors, fits, strict=True)]
            )
            null = np.stack([part @ v for part, v in zip(spread, vectors, strict=True)], axis=1)
            scale = np.maximum(null.std(axis=0), 1e-9)
            seen_z, null_z = seen / scale, null / scale
            again = weights @ (units @ vectors[place])
            low, high = np.quantile(again, [0.025, 0.975])
            compared = vectors[place] > 0 if statistic == "excess" else vectors[place] != 0
            over_cuts = upper_p(seen_z[place], null_z.max(axis=1))
            result.append(
                Finding(
                    statistic,
                    bandwidth,
                    float(seen[place]),
                    float(low),
                    float(high),
                    float(max(fits[place].expected[compared].sum(), 1e-6)),
                    seen_z,
                    upper_p(seen_z, null_z),
                    float(over_cuts),
                    place,
                )
            )
    return result


def _unit_residuals(sample: Sample, fit: Fit, window: Window) -> Floats:
    """Observed less expected counts of each unit: unit × percent. They sum to those of all."""
    unit = np.unique(sample.unit, return_inverse=True)[1]
    groups, bins = int(unit.max()) + 1, window.last - window.first + 1
    inside = sample.percent - window.first
    kept = (inside >= 0) & (inside < bins)
    observed = np.bincount(unit[kept] * bins + inside[kept], minlength=groups * bins)
    expected = np.zeros((groups, bins))
    np.add.at(expected, unit, expected_by_unit(sample.size, fit.density, window))
    return (observed.reshape(groups, bins) - expected) @ fit.residual.T


@dataclass(frozen=True)
class Band:
    """Printed counts beside what a smooth null expects, with 95% of simulated data sets.

    Arrays run over the percents of the window; the null is fitted without the target.
    """

    percents: Ints
    counts: Floats
    expected: Floats
    low: Floats
    high: Floats


def null_band(
    sample: Sample, drawn: Floats, target: int, window: Window, smoothness: str = "coarse"
) -> Band:
    """Expected printed counts, and the range that simulated data sets have about them."""
    counts, mix = counts_of(sample.percent, window), mixing(sample.size, window)
    fit = fit_latent(counts, mix, window, target, knots_of(sample, window, smoothness))
    noise = (drawn - drawn.mean(axis=0)) @ fit.residual.T
    low, high = np.quantile(noise, [0.025, 0.975], axis=0) + fit.expected
    return Band(window.percents, counts, fit.expected, np.maximum(low, 0.0), high)
