"""Changes on two scales as a bivariate normal, fitted to published rates of reliable change.

Published are the mean and spread of each scale at the start and at the end, and the shares that
improved and worsened reliably on the official rule. Two things are not published: how start and
end correlate within a person, and how the changes on both scales correlate. Both are solved for
from the two shares; other thresholds then give other shares. Floor, ceiling and skew are not in
the model, nor are people who lack a last score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares
from scipy.special import ndtr

from analysis.truncated_normal import bivariate_normal_cdf

HALF = 0.5  # "at least n points" of whole scores is n less half a point on the continuous scale


class Rates(NamedTuple):
    """Shares of people (0 to 1) who improved reliably and who worsened reliably."""

    improved: float
    worsened: float


class Scale(NamedTuple):
    """Mean fall and spreads of one scale, in points."""

    fall: float
    sd_start: float
    sd_end: float

    def sd_change(self, across: float) -> float:
        """Spread of the change when start and end correlate by `across`."""
        spread = self.sd_start**2 + self.sd_end**2 - 2 * across * self.sd_start * self.sd_end
        return math.sqrt(max(spread, 1e-12))


@dataclass(frozen=True)
class ChangeModel:
    """Falls on PHQ-9 and GAD-7: scales, correlation across time, correlation of the changes."""

    phq9: Scale
    gad7: Scale
    across: float
    between: float
    misfit: float = 0.0

    def rates(self, phq9_points: int, gad7_points: int) -> Rates:
        """Shares with reliable improvement and deterioration at thresholds of whole points.

        Improved: a fall of at least the threshold on one scale, a rise of as much on neither;
        worsened: the other way round.

        >>> model = ChangeModel(Scale(5, 6, 6), Scale(5, 5, 5), 0.6, 0.7)
        >>> [round(rate, 3) for rate in model.rates(6, 4)]
        [0.688, 0.043]
        """
        p, g = phq9_points - HALF, gad7_points - HALF
        sd_p, sd_g = self.phq9.sd_change(self.across), self.gad7.sd_change(self.across)

        def below(x: float, y: float) -> float:
            h, k = (x - self.phq9.fall) / sd_p, (y - self.gad7.fall) / sd_g
            return float(bivariate_normal_cdf(h, k, self.between))

        neither = below(p, g) - below(-p, g) - below(p, -g) + below(-p, -g)
        no_rise = (
            1
            - float(ndtr((-p - self.phq9.fall) / sd_p))
            - float(ndtr((-g - self.gad7.fall) / sd_g))
            + below(-p, -g)
        )
        return Rates(no_rise - neither, below(p, g) - neither)


def fitted(
    phq9: Scale, gad7: Scale, published: Rates, phq9_points: int, gad7_points: int
) -> ChangeModel:
    """The model that gives the published rates at the official thresholds, or comes nearest.

    Least squares in both correlations; `misfit` of the result is the largest distance from a
    published rate and is 0 (to 1e-6) where both are met.

    >>> truth = ChangeModel(Scale(5, 6, 6), Scale(5, 5, 5), 0.6, 0.7)
    >>> found = fitted(truth.phq9, truth.gad7, truth.rates(6, 4), 6, 4)
    >>> round(found.across, 3), round(found.between, 3), found.misfit < 1e-6
    (0.6, 0.7, True)
    """

    def model(unknown: np.ndarray) -> ChangeModel:
        return ChangeModel(phq9, gad7, float(unknown[0]), float(unknown[1]))

    def misfit(unknown: np.ndarray) -> np.ndarray:
        return np.subtract(model(unknown).rates(phq9_points, gad7_points), published)

    found = least_squares(
        misfit, [0.5, 0.5], bounds=([-0.9, -0.9], [0.98, 0.98]), xtol=1e-12, ftol=1e-14, gtol=1e-12
    )
    best = model(found.x)
    return ChangeModel(phq9, gad7, best.across, best.between, float(np.abs(misfit(found.x)).max()))
