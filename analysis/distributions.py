"""Distributions of uncertain inputs, each given by an estimate and its limits.

One documented reading of the three numbers for every family:

=========== ============================================================================
fixed       the estimate
uniform     between the limits; the estimate is not used
triangular  mode at the estimate, none beyond the limits
normal      mean at the estimate; the limits are 95% limits
beta        mean at the estimate, standard deviation of a normal with those 95% limits
gamma       the same; the limits are on the natural scale
lognormal   median at √(low·high); the limits are 95% limits, on the natural scale
=========== ============================================================================

Briggs, Claxton and Sculpher, Decision Modelling for Health Economic Evaluation (2006), chapter 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Family = Literal["fixed", "uniform", "triangular", "normal", "beta", "gamma", "lognormal"]
FAMILIES: tuple[Family, ...] = get_args(Family)
Z95 = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Distribution:
    """A family with its estimate and limits.

    Raises ValueError for an unknown family, a number that is not finite, limits out of order or
    that do not hold the estimate, and moments that the family cannot have.

    >>> cost = Distribution("gamma", 400.0, 300.0, 500.0)
    >>> round(cost.sd, 2), round(cost.quantile(0.5), 1)
    (51.02, 397.8)
    """

    family: Family
    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"distribution {self.family!r} is not one of {', '.join(FAMILIES)}")
        if not all(math.isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError(f"{self.family}: estimate and limits must be finite, got {self}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.family}: the limits must hold the estimate, got {self}")
        if self.family != "fixed" and self.low == self.high:
            raise ValueError(f"{self.family} needs limits that differ; use fixed, got {self}")
        if self.family in ("gamma", "lognormal") and self.low <= 0:
            raise ValueError(f"{self.family} is for positive numbers, got {self}")
        if self.family == "beta" and self.sd**2 >= self.value * (1 - self.value):
            raise ValueError(f"no beta distribution has that mean and spread: {self}")

    @classmethod
    def fixed(cls, value: float) -> Distribution:
        """A number taken as known."""
        return cls("fixed", value, value, value)

    @property
    def sd(self) -> float:
        """Standard deviation of a normal distribution with these 95% limits."""
        return (self.high - self.low) / (2 * Z95)

    @property
    def _beta(self) -> tuple[float, float]:
        n = self.value * (1 - self.value) / self.sd**2 - 1
        return self.value * n, (1 - self.value) * n

    @property
    def _log(self) -> tuple[float, float]:
        low, high = math.log(self.low), math.log(self.high)
        return (low + high) / 2, (high - low) / (2 * Z95)

    def draw(self, generator: np.random.Generator, size: int) -> Floats | float:
        """Random values; for a fixed number the number itself, and no use of the generator."""
        match self.family:
            case "fixed":
                return self.value
            case "uniform":
                return generator.uniform(self.low, self.high, size)
            case "triangular":
                return generator.triangular(self.low, self.value, self.high, size)
            case "normal":
                return generator.normal(self.value, self.sd, size)
            case "beta":
                return generator.beta(*self._beta, size)
            case "gamma":
                scale = self.sd**2 / self.value
                return generator.gamma(self.value / scale, scale, size)
            case "lognormal":
                return generator.lognormal(*self._log, size)

    @property
    def law(self) -> stats.distributions.rv_frozen:
        """The same distribution in scipy: its mean, quantiles and density."""
        match self.family:
            case "uniform":
                return stats.uniform(self.low, self.high - self.low)
            case "triangular":
                width = self.high - self.low
                return stats.triang((self.value - self.low) / width, self.low, width)
            case "normal":
                return stats.norm(self.value, self.sd)
            case "beta":
                return stats.beta(*self._beta)
            case "gamma":
                scale = self.sd**2 / self.value
                return stats.gamma(self.value / scale, scale=scale)
            case "lognormal":
                centre, spread = self._log
                return stats.lognorm(spread, scale=math.exp(centre))
        raise ValueError("a fixed number has no spread")

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.value if self.family == "fixed" else float(self.law.mean())

    def quantile(self, probability: float) -> float:
        """Value not exceeded with a probability."""
        return self.value if self.family == "fixed" else float(self.law.ppf(probability))
