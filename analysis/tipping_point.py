"""How far a reporting bias in last scores would move a rate of recovery on two scales.

The rate is the share below both cuts at the end. Its published value does not say how many
scores lie just below the cuts, which is what decides how far a small bias moves it. So several
models of `last_scores` are calibrated to the same published means, standard deviations and rate,
and the answer is the range over them. Scores at the start are in `tipping_start`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr

from analysis.last_scores import (
    FAMILIES,
    Family,
    Floats,
    Group,
    Margin,
    Model,
    normal_score,
    share_below,
)
from analysis.truncated_normal import bivariate_normal_cdf

_EDGE = 0.99  # correlation beyond which two scales are one


@dataclass(frozen=True)
class Scale:
    """Last scores on one scale: mean and standard deviation, cut and top of the scale (points).

    Recovered is below `cut`; for whole scores that is half a point below the threshold.
    """

    mean: float
    sd: float
    cut: float
    top: float

    def __post_init__(self) -> None:
        if not (0 < self.mean < self.top and self.sd > 0 and 0 < self.cut < self.top):
            raise ValueError(
                f"{self}: mean and cut lie within the scale, and the spread is above 0"
            )


@dataclass(frozen=True)
class Target:
    """What a model has to reproduce: both scales, and the share below both cuts (0 to 1)."""

    phq9: Scale
    gad7: Scale
    rate: float

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1:
            raise ValueError(f"rate={self.rate!r}: a share between 0 and 1; divide a percentage")


@dataclass(frozen=True)
class Refused:
    """A model that cannot give the published rate, with the most it can give (0 to 1)."""

    name: str
    most: float


def one_group(target: Target, family: Family) -> Model | Refused:
    """Everyone in one group of a family; the correlation between the scales gives the rate.

    The most that margins can give is the smaller of the two shares below a cut, at perfect
    correlation. Normal scores cannot give the rate published for the programme.

    >>> scales = Scale(9.4, 6.4, 9.5, 27), Scale(8.4, 5.7, 7.5, 21)
    >>> round(one_group(Target(*scales, 0.499), "normal").most, 3)
    0.437
    >>> round(one_group(Target(*scales, 0.499), "gamma").groups[0].correlation, 2)
    0.95
    """
    name = f"one group, {family} scores"
    margins = [Margin(family, s.mean, s.sd, s.top) for s in (target.phq9, target.gad7)]
    h, k = (
        float(normal_score(margin.below(scale.cut)))
        for margin, scale in zip(margins, (target.phq9, target.gad7), strict=True)
    )

    def gap(correlation: float) -> float:
        return float(bivariate_normal_cdf(h, k, correlation)) - target.rate

    if gap(_EDGE) < 0 or gap(-_EDGE) > 0:
        return Refused(name, float(ndtr(min(h, k))))
    return Model(name, (Group(1.0, margins[0], margins[1], brentq(gap, -_EDGE, _EDGE)),))


def _halves(scale: Scale, responders: float, between: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Mean of responders, mean of the others and their common spread.

    `between` is the share of the variance that lies between the two groups.
    """
    between = np.asarray(between, dtype=float)
    apart = scale.sd * np.sqrt(between / (responders * (1 - responders)))
    better = scale.mean - (1 - responders) * apart
    return better, scale.mean + responders * apart, scale.sd * np.sqrt(1 - between)


def two_groups(target: Target, responders: float, correlation: float) -> Model | Refused:
    """Responders and others, each within the ends of the scale; their distance gives the rate.

    Both groups have beta scores of one spread, and the scales correlate within them. The share
    of the variance between groups is the least that gives the rate, the same on both scales.
    """
    name = f"two groups, {responders:.0%} responders, {correlation:g} within"
    scales = (target.phq9, target.gad7)

    def rate(between: Floats) -> Floats:
        parts = [_halves(scale, responders, between) for scale in scales]
        total: Floats = np.zeros_like(between)
        for group, weight in ((0, responders), (1, 1 - responders)):
            shares = [
                share_below("beta", part[group], part[2], scale.top, scale.cut)
                for part, scale in zip(parts, scales, strict=True)
            ]
            phq9, gad7 = map(normal_score, shares)
            total = total + weight * bivariate_normal_cdf(phq9, gad7, correlation)
        return total

    grid = np.linspace(0.0, 0.97, 98)
    rates = rate(grid)
    known = np.isfinite(rates)
    found = np.flatnonzero(known[:-1] & known[1:] & (rates[:-1] <= target.rate)
                           & (rates[1:] > target.rate))  # fmt: skip
    if not known.any() or not found.size:
        return Refused(name, float(np.nanmax(rates)) if known.any() else 0.0)
    low, high = grid[found[0]], grid[found[0] + 1]
    between = brentq(lambda h: float(rate(np.array([h]))[0]) - target.rate, low, high)
    parts = [_halves(scale, responders, between) for scale in scales]
    groups = []
    for group, weight in ((0, responders), (1, 1 - responders)):
        phq9, gad7 = (
            Margin("beta", float(part[group]), float(part[2]), scale.top)
            for part, scale in zip(parts, scales, strict=True)
        )
        groups.append(Group(weight, phq9, gad7, correlation))
    return Model(name, tuple(groups))


@lru_cache(maxsize=64)
def calibrated(
    target: Target,
    responders: tuple[float, ...] = (0.55, 0.65, 0.75),
    correlations: tuple[float, ...] = (0.3, 0.7),
) -> tuple[tuple[Model, ...], tuple[Refused, ...]]:
    """Every model that reproduces the target, and every one that cannot.

    One group of each family; two groups for each share of responders and each correlation of the
    scales within them. Raises ValueError if no model fits.
    """
    tried: list[Model | Refused] = [one_group(target, family) for family in FAMILIES]
    tried += [two_groups(target, share, r) for share in responders for r in correlations]
    models = tuple(item for item in tried if isinstance(item, Model))
    if not models:
        raise ValueError(f"{target}: no model has these means, spreads and rate; check the rows")
    return models, tuple(item for item in tried if isinstance(item, Refused))


def cuts_under_bias(
    target: Target, bias: ArrayLike, gad7_per_phq9: float, proportional: bool = False
) -> tuple[Floats, Floats]:
    """Where the cuts lie on the reported scales when reported last scores are too low.

    Constant: true = reported + b, so the cut moves down by b points of PHQ-9 and by
    b·`gad7_per_phq9` points of GAD-7. Proportional: true = reported·(1 + q) on both scales, with q
    such that the bias is b points of PHQ-9 on average. Bias in points, may be an array.

    >>> target = Target(Scale(10, 6, 9.5, 27), Scale(8, 5, 7.5, 21), 0.4)
    >>> [cut.tolist() for cut in cuts_under_bias(target, [0, 2], 0.5)]
    [[9.5, 7.5], [7.5, 6.5]]
    >>> [cut.round(3).tolist() for cut in cuts_under_bias(target, [0, 2], 0.5, proportional=True)]
    [[9.5, 7.917], [7.5, 6.25]]
    """
    bias = np.asarray(bias, dtype=float)
    if proportional:
        factor = 1 + bias / target.phq9.mean
        return target.phq9.cut / factor, target.gad7.cut / factor
    return target.phq9.cut - bias, target.gad7.cut - gad7_per_phq9 * bias


def tipping_bias(bias: Floats, rate: Floats, level: float) -> float:
    """The least bias at which a falling curve of rates reaches a level; NaN if it never does.

    Linear between the points of the curve.

    >>> round(tipping_bias(np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.4, 0.2]), 0.3), 3)
    1.5
    """
    falling = np.minimum.accumulate(rate)
    if level < falling[-1]:
        return float("nan")
    return float(np.interp(-level, -falling, bias))
