"""Distributions of last scores on two scales: margins of several families, joined by a copula.

Whole scores are a continuous score rounded, so a scale starts half a point below its lowest score
and ends half a point above its highest. The joint distribution of both scales at the end is not
published; a model supposes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc, ndtr, ndtri

from analysis.truncated_normal import bivariate_normal_cdf

Floats = NDArray[np.float64]
Family = Literal["normal", "beta", "gamma", "lognormal"]
FAMILIES: tuple[Family, ...] = get_args(Family)
HALF = 0.5  # a whole score stands for everything within half a point of it


def normal_score(share: Floats) -> Floats:
    """Normal score of a share, finite at none and all."""
    score: Floats = ndtri(np.clip(share, 1e-15, 1 - 1e-15))
    return score


def share_below(family: Family, mean: ArrayLike, sd: ArrayLike, top: float, x: ArrayLike) -> Floats:
    """Share below x of one family with a given mean and spread; NaN where it cannot have them."""
    mean, sd, x = (np.asarray(value, dtype=float) for value in (mean, sd, x))
    m, z = mean + HALF, np.maximum(x + HALF, 0.0)
    below: Floats
    with np.errstate(invalid="ignore", divide="ignore"):
        if family == "normal":
            below = ndtr((x - mean) / sd)
        elif family == "gamma":
            below = gammainc((m / sd) ** 2, z * m / sd**2)
        elif family == "lognormal":
            spread = np.log1p((sd / m) ** 2)
            below = ndtr((np.log(z) - np.log(m) + spread / 2) / np.sqrt(spread))
        elif family == "beta":
            mu, size = m / (top + 1), (sd / (top + 1)) ** 2
            n = mu * (1 - mu) / size - 1
            possible = (mu > 0) & (mu < 1) & (n > 0)
            n = np.where(possible, n, np.nan)
            below = betainc(mu * n, (1 - mu) * n, np.minimum(z / (top + 1), 1.0))
        else:
            raise ValueError(f"family {family!r} is not one of {FAMILIES}")
    return below


@dataclass(frozen=True)
class Margin:
    """One scale within one group: a family with its mean and standard deviation, in points."""

    family: Family
    mean: float
    sd: float
    top: float

    def below(self, x: ArrayLike) -> Floats:
        """Share with a score below x.

        >>> scores = [Margin(family, 9.4, 6.4, 27).below(9.5) for family in FAMILIES]
        >>> [round(float(share), 3) for share in scores]
        [0.506, 0.55, 0.592, 0.623]
        """
        return share_below(self.family, self.mean, self.sd, self.top, np.asarray(x, dtype=float))


@dataclass(frozen=True)
class Group:
    """A part of all people (`weight`, 0 to 1): two margins and a Gaussian copula between them."""

    weight: float
    phq9: Margin
    gad7: Margin
    correlation: float


@dataclass(frozen=True)
class Model:
    """A joint distribution of last scores: one group of people or several."""

    name: str
    groups: tuple[Group, ...]

    def rate(self, phq9_cut: ArrayLike, gad7_cut: ArrayLike) -> Floats:
        """Share below both cuts, elementwise over arrays of cuts (points).

        >>> one = Margin("normal", 10, 5, 27)
        >>> half = Model("independent", (Group(1.0, one, one, 0.0),)).rate([10, 5], [10, 10])
        >>> half.round(4).tolist()
        [0.25, 0.0793]
        """
        parts = [
            group.weight
            * bivariate_normal_cdf(
                normal_score(group.phq9.below(phq9_cut)),
                normal_score(group.gad7.below(gad7_cut)),
                group.correlation,
            )
            for group in self.groups
        ]
        total: Floats = np.sum(parts, axis=0)
        return total


def mass_at(models: Iterable[Model], score: float) -> list[float]:
    """Share of people at one whole PHQ-9 score at the end, in each model (0 to 1).

    >>> normal = Margin("normal", 10, 5, 27)
    >>> one = Model("one", (Group(1.0, normal, normal, 0.5),))
    >>> [round(share, 4) for share in mass_at([one], 10)]
    [0.0797]
    """
    found = []
    for model in models:
        ends = [score - HALF, score + HALF]
        parts = [g.weight * np.diff(g.phq9.below(ends)) for g in model.groups]
        found.append(float(np.sum(parts)))
    return found
