"""Two scores that are jointly normal, and what selecting people by either of them does.

PHQ-9 and GAD-7 are cut at their caseness thresholds; people at or above a cut on either scale are
selected. Published means and standard deviations describe those selected, so the population they
were taken from has to be solved for. Floor and ceiling of the scales are not in the model. Source
of the rule: strategyunit_2025.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, root
from scipy.special import ndtr, owens_t

from analysis.recovery_index import RecoveryRule

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Floats = NDArray[np.float64]

POINTS, _SPREAD = (-100.0, 100.0), (1e-6, 100.0)  # widths that catch a slip of unit
_EDGE = 0.99  # correlation between the scales beyond which they are one scale, not two
_SCORES = {"mean_phq9": POINTS, "sd_phq9": _SPREAD, "mean_gad7": POINTS, "sd_gad7": _SPREAD}


class Cuts(NamedTuple):
    """Where the continuous model is cut on each scale, in points: at or above makes a case."""

    phq9: float
    gad7: float


def check_fields(record: DataclassInstance, **bounds: tuple[float, float]) -> None:
    """Refuse a field that is out of its bounds, or, where it has none, no bool (ValueError)."""
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name not in bounds:
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"{field.name}={value!r}: must be True or False; pass a bool")
            continue
        low, high = bounds[field.name]
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise ValueError(
                f"{field.name}={value!r}: must be a finite number from {low:g} to {high:g}; "
                "check the row it comes from and its unit"
            )


@dataclass(frozen=True)
class Published:
    """Published scores at the start: means and SDs in points, share not at caseness (0 to 1).

    `selected` says whom the means and SDs describe: True, only those at caseness; False, everyone
    (the share not at caseness is of everyone in either case).
    """

    mean_phq9: float
    sd_phq9: float
    mean_gad7: float
    sd_gad7: float
    not_at_caseness: float
    selected: bool

    def __post_init__(self) -> None:
        check_fields(self, **_SCORES, not_at_caseness=(0, 1))


@dataclass(frozen=True)
class Population:
    """The population before selection: means and SDs in points, correlation between the scales."""

    mean_phq9: float
    sd_phq9: float
    mean_gad7: float
    sd_gad7: float
    correlation: float

    def __post_init__(self) -> None:
        check_fields(self, **_SCORES, correlation=(-_EDGE, _EDGE))


class Selected(NamedTuple):
    """Time-1 moments of those at or above a cut (points), and the share that is below both."""

    mean_phq9: float
    sd_phq9: float
    mean_gad7: float
    sd_gad7: float
    correlation: float
    not_at_caseness: float


def caseness_cuts(rule: RecoveryRule, *, continuity: bool) -> Cuts:
    """Cuts of the continuous model: with `continuity`, half a point below the whole-score rule.

    >>> caseness_cuts(RecoveryRule(10, 8, 6, 4, strict=False), continuity=True)
    Cuts(phq9=9.5, gad7=7.5)
    """
    half = 0.5 if continuity else 0.0
    return Cuts(rule.phq9_caseness - half, rule.gad7_caseness - half)


def bivariate_normal_cdf(h: ArrayLike, k: ArrayLike, rho: ArrayLike) -> Floats:
    """P(X < h, Y < k) for standard normals of correlation rho, exact by Owen's T; elementwise.

    >>> round(float(bivariate_normal_cdf(0, 0, 0.5)), 6)  # 1/4 + asin(rho) / (2 pi)
    0.333333
    """
    h, k, rho = (np.asarray(value, dtype=float) for value in (h, k, rho))
    h, k = (np.where(np.abs(z) < 1e-14, 1e-14, np.clip(z, -40, 40)) for z in (h, k))
    root_ = np.sqrt(np.maximum(1 - rho**2, 1e-24))
    opposite = 0.5 * (h * k < 0)
    owen = owens_t(h, (k - rho * h) / (h * root_)) + owens_t(k, (h - rho * k) / (k * root_))
    share: Floats = np.clip((ndtr(h) + ndtr(k)) / 2 - owen - opposite, 0, 1)
    return share


def standardised_cuts(population: Population, cuts: Cuts) -> tuple[float, float]:
    """Both cuts in standard deviations from the mean of their scale."""
    return (
        (cuts.phq9 - population.mean_phq9) / population.sd_phq9,
        (cuts.gad7 - population.mean_gad7) / population.sd_gad7,
    )


def selected_moments(population: Population, cuts: Cuts) -> Selected:
    """Moments of those at or above a cut on either scale, in closed form.

    First and second moments over the quadrant below both cuts (Rosenbaum's formulae for the
    truncated bivariate normal) are taken from those of everyone. ValueError if nobody is selected.

    >>> m = selected_moments(Population(15, 6, 13, 5, 0.6), Cuts(9.5, 7.5))
    >>> [round(value, 3) for value in m]
    [15.732, 5.513, 13.646, 4.531, 0.501, 0.071]
    """
    h, k = standardised_cuts(population, cuts)
    rho = population.correlation
    s = np.sqrt(1 - rho**2)
    below = float(bivariate_normal_cdf(h, k, rho))
    if below > 1 - 1e-9:
        raise ValueError(f"cuts={cuts}: nobody scores that high; lower a cut or raise a mean")
    density_h, density_k = (np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) for z in (h, k))
    at_h, at_k = density_h * ndtr((k - rho * h) / s), density_k * ndtr((h - rho * k) / s)
    corner = s * density_h * np.exp(-(((k - rho * h) / s) ** 2) / 2) / np.sqrt(2 * np.pi)
    stay = 1 - below
    x, y = (at_h + rho * at_k) / stay, (at_k + rho * at_h) / stay
    xx = (stay + h * at_h + rho**2 * k * at_k - rho * corner) / stay
    yy = (stay + k * at_k + rho**2 * h * at_h - rho * corner) / stay
    xy = (rho * stay + rho * (h * at_h + k * at_k) - corner) / stay
    sd_x, sd_y = np.sqrt(xx - x**2), np.sqrt(yy - y**2)
    return Selected(
        float(population.mean_phq9 + population.sd_phq9 * x),
        float(population.sd_phq9 * sd_x),
        float(population.mean_gad7 + population.sd_gad7 * y),
        float(population.sd_gad7 * sd_y),
        float((xy - x * y) / (sd_x * sd_y)),
        below,
    )


def before_selection(published: Published, cuts: Cuts) -> Population:
    """The population whose selected part has the published moments.

    With `published.selected`: five equations (two means, two SDs, share not at caseness) in five
    unknowns, by root finding. Otherwise means and SDs are taken as they are and only the
    correlation is solved for. ValueError when no bivariate normal fits.

    >>> p = before_selection(Published(15.732, 5.513, 13.646, 4.531, 0.0705, True), Cuts(9.5, 7.5))
    >>> round(p.mean_phq9, 1), round(p.sd_gad7, 1), round(p.correlation, 2)
    (15.0, 5.0, 0.6)
    """
    four = (published.mean_phq9, published.sd_phq9, published.mean_gad7, published.sd_gad7)
    refusal = ValueError(
        f"not_at_caseness={published.not_at_caseness!r}: no bivariate normal with these means and "
        f"SDs has this share below {cuts}; check that all figures are of the same people"
    )
    if not published.selected:
        h, k = standardised_cuts(Population(*four, 0.0), cuts)
        low, high = (float(bivariate_normal_cdf(h, k, rho)) for rho in (-_EDGE, _EDGE))
        if not low < published.not_at_caseness < high:
            raise refusal
        correlation = brentq(
            lambda rho: float(bivariate_normal_cdf(h, k, rho)) - published.not_at_caseness,
            -_EDGE, _EDGE, xtol=1e-13,
        )  # fmt: skip
        return Population(*four, correlation)

    def population(unknown: Floats) -> Population:
        m, log_s, n, log_t, z = unknown
        return Population(m, np.exp(log_s), n, np.exp(log_t), _EDGE * np.tanh(z))

    def misfit(unknown: Floats) -> Floats:
        try:
            found = selected_moments(population(unknown), cuts)
        except ValueError:
            return np.full(5, 1e3)
        target = (*four, published.not_at_caseness)
        return np.subtract((*found[:4], found.not_at_caseness), target) * (1, 1, 1, 1, 50)

    # Where few are outside the first start does; where many are, the root is far from what was
    # published and others are tried.
    for lower, wider, z in product((0.0, 0.5, 1.0), (1.0, 1.3), (0.5, 0.0, 1.2)):
        start = np.array(
            [
                four[0] - lower * four[1], np.log(wider * four[1]),
                four[2] - lower * four[3], np.log(wider * four[3]), z,
            ]
        )  # fmt: skip
        solution = root(misfit, start, tol=1e-12)
        if np.abs(misfit(solution.x)).max() <= 1e-7:
            break
    else:
        raise refusal
    found = population(solution.x)
    return Population(*(float(getattr(found, field.name)) for field in fields(found)))
