"""Regression to the mean in the two-scale recovery index: a four-variate normal model.

PHQ-9 and GAD-7 at two times are jointly normal. People are selected by a score at or above a cut
on either scale at time 1; success is both scores below their cuts at time 2. Unless a shift is
given nobody's true state changes: selected people move towards the mean of their own population
before the selection (everyone measured, at caseness or not), and some cross both cuts. What drew
people into that population in the first place, such as coming forward at one's worst, is not in
the model; nor are floor and ceiling of the scales. Source of the rule: strategyunit_2025.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.recovery_index import RecoveryRule, recovered, reliable_recovery
from analysis.truncated_normal import (
    POINTS,
    Cuts,
    Population,
    Published,
    before_selection,
    bivariate_normal_cdf,
    check_fields,
    selected_moments,
    standardised_cuts,
)

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_FAR = 8.5  # standard deviations; the normal mass beyond is below 1e-16


@dataclass(frozen=True)
class Retest:
    """How scores at time 2 hang on scores at time 1, in the population before selection.

    `r_phq9`, `r_gad7`: correlation of a scale with itself across time, 0 to 1. The correlation of
    one scale with the other across time is `correlation * sqrt(r_phq9 * r_gad7)` if `shared`
    (what fades, a bad day or week, marks both scales alike) and `correlation` itself if not (what
    fades is error of each scale alone). `shift_*`: change of the mean by time 2 in points, added
    to everyone; zero is regression to the mean alone.
    """

    r_phq9: float
    r_gad7: float
    shared: bool = True
    shift_phq9: float = 0.0
    shift_gad7: float = 0.0

    def __post_init__(self) -> None:
        check_fields(self, r_phq9=(0, 1), r_gad7=(0, 1), shift_phq9=POINTS, shift_gad7=POINTS)


class Regressed(NamedTuple):
    """Time 2 for those selected at time 1: share below both cuts (0 to 1), means in points."""

    below_both: float
    mean_phq9: float
    mean_gad7: float


class Simulated(NamedTuple):
    """Simulated shares (0 to 1) of those selected, Monte Carlo standard errors, number selected."""

    below_both: float
    below_both_se: float
    reliable_recovery: float
    reliable_recovery_se: float
    mean_phq9: float
    mean_gad7: float
    selected: int


def _across(correlation: Floats, r_phq9: Floats, r_gad7: Floats, shared: bool) -> Floats:
    """Correlation of one scale at time 1 with the other at time 2; refuses the impossible."""
    if not shared and (correlation**2 > r_phq9 * r_gad7).any():
        raise ValueError(
            "shared=False: needs correlation² <= r_phq9 * r_gad7, as true scores cannot correlate "
            "beyond 1; raise the reliabilities or use shared=True"
        )
    across = correlation * np.sqrt(r_phq9 * r_gad7) if shared else correlation
    spread = (1 - r_phq9) * (1 - r_gad7) - (correlation - across) ** 2
    if (spread < -1e-12).any():
        raise ValueError(
            "r_phq9, r_gad7: too far apart for this correlation between the scales (no such "
            "four-variate normal exists); bring them closer together"
        )
    return across


def _below_both(cases: Sequence[tuple[Population, Retest]], cuts: Cuts) -> Floats:
    """Share of the selected below both cuts at time 2, for many settings at once.

    P = [Phi2(time 2) - Phi4(both times)] / [1 - Phi2(time 1)]. Phi4 integrates, over the quadrant
    below both cuts at time 1, the exact bivariate probability of time 2 given time 1.
    """
    columns = np.array(
        [
            (*standardised_cuts(p, cuts), p.correlation, t.r_phq9, t.r_gad7,
             t.shift_phq9 / p.sd_phq9, t.shift_gad7 / p.sd_gad7)
            for p, t in cases
        ]
    ).T[..., None, None]  # fmt: skip
    h, k, rho, r_x, r_y, up_x, up_y = columns
    across = np.concatenate(
        [_across(rho[[i]], r_x[[i]], r_y[[i]], t.shared) for i, (_, t) in enumerate(cases)]
    )
    h2, k2 = h - up_x, k - up_y
    s = np.sqrt(1 - rho**2)
    # Time 1 is x = u and y = rho u + s v with u, v independent: u on rows, v on columns.
    top = np.clip(h, -_FAR, _FAR)
    u = (top + _FAR) / 2 * (_NODES[:, None] + 1) - _FAR
    edge = np.clip((k - rho * u) / s, -_FAR, _FAR)
    v = (edge + _FAR) / 2 * (_NODES + 1) - _FAR
    mass = (top + _FAR) * (edge + _FAR) / 4 * _WEIGHTS[:, None] * _WEIGHTS
    mass = mass * np.exp(-(u**2 + v**2) / 2) / (2 * np.pi)
    # Time 2 given (u, v): loadings, then what is left over.
    x_v, y_v = (across - rho * r_x) / s, (r_y - rho * across) / s
    var_x = np.maximum(1 - r_x**2 - x_v**2, 1e-24)
    var_y = np.maximum(1 - across**2 - y_v**2, 1e-24)
    left = np.clip((rho - r_x * across - x_v * y_v) / np.sqrt(var_x * var_y), -1, 1)
    given_x = (h2 - r_x * u - x_v * v) / np.sqrt(var_x)
    given_y = (k2 - across * u - y_v * v) / np.sqrt(var_y)
    twice = (mass * bivariate_normal_cdf(given_x, given_y, left)).sum(axis=(1, 2))
    once, later = (bivariate_normal_cdf(a, b, rho)[:, 0, 0] for a, b in ((h, k), (h2, k2)))
    shares: Floats = np.clip((later - twice) / (1 - once), 0, 1)
    return shares


def stationary_limit(not_at_caseness: float) -> float:
    """The largest share that can be below both cuts at time 2 when nothing but time has changed.

    If the whole population has the same share p below both cuts at both times, at most p / (1 - p)
    of those selected can have crossed, whatever the distribution and the reliability; p is the
    limit for independent times. ValueError unless 0 <= p < 1.

    >>> round(stationary_limit(0.2), 3)
    0.25
    """
    if not 0 <= not_at_caseness < 1:
        raise ValueError(
            f"not_at_caseness={not_at_caseness!r}: must be a share from 0 to below 1; "
            "divide a percentage by 100"
        )
    return min(not_at_caseness / (1 - not_at_caseness), 1.0)


def regress(population: Population, retest: Retest, cuts: Cuts) -> Regressed:
    """Share of selected people below both cuts at time 2, and their means, by integration.

    The share is Gauss-Legendre quadrature over time 1 of an exact bivariate probability (error
    under 1e-6 for correlations to 0.95, 1e-5 to 0.99); the means are closed form, E[time 2] =
    mean + shift + B (E[time 1 | selected] - mean), B the regression of time 2 on time 1. Points;
    ValueError when nobody is selected or the correlations contradict each other.

    >>> people = Population(15, 6, 13, 5, 0.6)
    >>> result = regress(people, Retest(0.8, 0.8), Cuts(9.5, 7.5))
    >>> [round(value, 3) for value in result]
    [0.037, 15.585, 13.517]
    """
    chosen = selected_moments(population, cuts)
    share = float(_below_both([(population, retest)], cuts)[0])
    rho = population.correlation
    across = float(
        _across(np.array(rho), np.array(retest.r_phq9), np.array(retest.r_gad7), retest.shared)
    )
    x = (chosen.mean_phq9 - population.mean_phq9) / population.sd_phq9
    y = (chosen.mean_gad7 - population.mean_gad7) / population.sd_gad7
    x, y = np.array([[retest.r_phq9, across], [across, retest.r_gad7]]) @ np.linalg.solve(
        [[1, rho], [rho, 1]], [x, y]
    )
    return Regressed(
        share,
        float(population.mean_phq9 + retest.shift_phq9 + population.sd_phq9 * x),
        float(population.mean_gad7 + retest.shift_gad7 + population.sd_gad7 * y),
    )


def simulate(
    population: Population,
    retest: Retest,
    rule: RecoveryRule,
    rng: np.random.Generator,
    *,
    draws: int,
    continuity: bool,
) -> Simulated:
    """The same share by simulation, and the share that also meets the reliable-change rule.

    With `continuity` scores are rounded to whole points before the rule is applied, which is the
    half-point correction of `caseness_cuts`. Standard errors are of the simulation only.
    ValueError when fewer than two of the draws are selected.

    >>> rule, rng = RecoveryRule(10, 8, 6, 4, strict=False), np.random.default_rng(1)
    >>> people = Population(15, 6, 13, 5, 0.6)
    >>> s = simulate(people, Retest(0.8, 0.8), rule, rng, draws=200_000, continuity=True)
    >>> round(s.below_both, 3), round(s.reliable_recovery, 3)
    (0.038, 0.022)
    """
    rho, r_x, r_y = (np.array(v) for v in (population.correlation, retest.r_phq9, retest.r_gad7))
    across = _across(rho, r_x, r_y, retest.shared)
    now = np.array([[1, rho], [rho, 1]])
    later = np.array([[r_x, across], [across, r_y]])
    values, vectors = np.linalg.eigh(np.block([[now, later], [later, now]]))
    factor = vectors * np.sqrt(np.maximum(values, 0))
    scores = rng.standard_normal((draws, 4)) @ factor.T
    scores = scores * ([population.sd_phq9, population.sd_gad7] * 2) + (
        population.mean_phq9,
        population.mean_gad7,
        population.mean_phq9 + retest.shift_phq9,
        population.mean_gad7 + retest.shift_gad7,
    )
    whole = np.rint(scores) if continuity else scores
    case = (whole[:, 0] >= rule.phq9_caseness) | (whole[:, 1] >= rule.gad7_caseness)
    n = int(case.sum())
    if n < 2:
        raise ValueError(f"draws={draws}: only {n} selected; draw more or lower a cut")
    phq9, gad7, phq9_end, gad7_end = whole[case].T
    well = recovered(phq9, gad7, phq9_end, gad7_end, rule).mean()
    reliably = reliable_recovery(phq9, gad7, phq9_end, gad7_end, rule).mean()
    mean_phq9, mean_gad7 = (float(mean) for mean in scores[case, 2:].mean(axis=0))
    return Simulated(
        float(well),
        float(np.sqrt(well * (1 - well) / n)),
        float(reliably),
        float(np.sqrt(reliably * (1 - reliably) / n)),
        mean_phq9,
        mean_gad7,
        n,
    )


def sensitivity(
    published: Published,
    retest: Retest,
    cuts: Cuts,
    ranges: Mapping[str, Sequence[float] | Floats],
) -> dict[str, Floats]:
    """The share below both cuts at time 2 as each input in turn takes the values of its range.

    Keys are fields of `Published` or `Retest`, or `reliability` for both `r_*` together. The
    population is solved anew for each published figure; the integrals are one vectorised call.
    ValueError on an unknown key, an empty range, or a value that no population fits.

    >>> start = Published(15.732, 5.513, 13.646, 4.531, 0.0705, True)
    >>> swing = sensitivity(start, Retest(0.8, 0.8), Cuts(9.5, 7.5), {"reliability": [0.6, 0.9]})
    >>> swing["reliability"].round(3).tolist()
    [0.051, 0.027]
    """
    of_published = {field.name for field in fields(Published)}
    of_retest = {field.name for field in fields(Retest)}
    reference = before_selection(published, cuts)
    cases: list[tuple[Population, Retest]] = []
    for name, values in ranges.items():
        if name not in of_published | of_retest | {"reliability"} or len(values) == 0:
            known = ", ".join(sorted(of_published | of_retest | {"reliability"}))
            raise ValueError(f"ranges[{name!r}]: needs a known input and a value; known: {known}")
        for value in values:
            change: dict[str, Any] = {name: value}
            if name in of_published:
                cases.append((before_selection(replace(published, **change), cuts), retest))
            elif name == "reliability":
                cases.append((reference, replace(retest, r_phq9=value, r_gad7=value)))
            else:
                cases.append((reference, replace(retest, **change)))
    if not cases:
        return {}
    shares = np.split(_below_both(cases, cuts), np.cumsum([len(v) for v in ranges.values()])[:-1])
    return dict(zip(ranges, shares, strict=True))
