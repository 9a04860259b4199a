"""A reporting bias at the start as well as at the end, by simulation.

First scores that are too high make cases of people who were none: they leave the denominator, and
those of them who recovered leave the numerator. That needs first and last scores of the same
people, which no table gives: first scores are the selected part of a bivariate normal, last
scores come from a model calibrated in `tipping_point`, and a correlation over time joins them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.last_scores import Group, Model
from analysis.tipping_point import Target, cuts_under_bias
from analysis.truncated_normal import Cuts, Population

Floats = NDArray[np.float64]


def normal_scores(values: Floats) -> Floats:
    """Standard normal scores of the ranks of each column, so that the margin is exact.

    >>> normal_scores(np.array([[3.0], [1.0], [2.0]])).round(3).ravel().tolist()
    [0.967, -0.967, 0.0]
    """
    ranks = values.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    scores: Floats = ndtri((ranks + 0.5) / len(values))
    return scores


@lru_cache(maxsize=64)
def first_scores(population: Population, cuts: Cuts, seed: int, draws: int) -> Floats:
    """First scores of people at caseness: those at or above a cut among `draws` people.

    Returns an array of two columns, PHQ-9 and GAD-7, in points. Raises ValueError when fewer than
    a hundred are selected.
    """
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((draws, 2))
    rho = population.correlation
    phq9 = population.mean_phq9 + population.sd_phq9 * z[:, 0]
    other = rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]
    scores = np.column_stack([phq9, population.mean_gad7 + population.sd_gad7 * other])
    scores = scores[(scores[:, 0] >= cuts.phq9) | (scores[:, 1] >= cuts.gad7)]
    if len(scores) < 100:
        raise ValueError(f"draws={draws}: only {len(scores)} at caseness; draw more")
    return scores


def later_given_first(first: Floats, noise: Floats, correlation: float, over_time: float) -> Floats:
    """Normal scores of both scales later, given those at the start.

    Scales correlate by `correlation` later, and each with itself by `over_time`. Across scales the
    correlation over time is the product with √(c·correlation), c that of the first scores, or as
    much more as the four need to be possible at all. Sums and differences of the two scales are
    independent, so each is a regression of its own. `noise` has two columns of standard normals.
    """
    c = float(np.clip(np.asarray(np.corrcoef(first.T))[0, 1], -0.99, 0.99))
    apart = np.sqrt((1 - c) * (1 - correlation))
    across = max(over_time * np.sqrt(max(c * correlation, 0.0)), over_time - 0.98 * apart)
    on_sum = (over_time + across) / np.sqrt((1 + c) * (1 + correlation))
    on_gap = (over_time - across) / apart
    on_sum, on_gap = (float(np.clip(value, -1, 1)) for value in (on_sum, on_gap))
    total = (first[:, 0] + first[:, 1]) / np.sqrt(2 * (1 + c))
    gap = (first[:, 0] - first[:, 1]) / np.sqrt(2 * (1 - c))
    total = on_sum * total + np.sqrt(1 - on_sum**2) * noise[:, 0]
    gap = on_gap * gap + np.sqrt(1 - on_gap**2) * noise[:, 1]
    total, gap = np.sqrt((1 + correlation) / 2) * total, np.sqrt((1 - correlation) / 2) * gap
    return np.column_stack([total + gap, total - gap])


def rates_under_bias(
    model: Model,
    target: Target,
    first: Floats,
    bias: Floats,
    gad7_per_phq9: float,
    *,
    at_end: bool,
    over_time: float,
    seed: int,
) -> Floats:
    """Rate of recovery under a bias at the start, and at the end too if `at_end`, for each bias.

    rate(b) = P(a true case, truly below both cuts later) / P(a true case), where true first
    scores are the reported ones less b points of PHQ-9 and b·`gad7_per_phq9` of GAD-7. Nobody
    recorded below the cuts becomes a case. The simulated fall is applied to the published rate, so
    the curve starts there exactly. Shares between 0 and 1; bias in points.
    """
    groups = _allocation(model, len(first), seed)
    noise = np.random.default_rng(seed + 1).standard_normal((len(first), 2))
    start = normal_scores(first)
    shares = np.empty_like(first)
    for number, group in enumerate(model.groups):
        chosen = groups == number
        within = _within(model, group, over_time)
        later = later_given_first(start[chosen], noise[chosen], group.correlation, within)
        shares[chosen] = ndtr(normal_scores(later))
    rates = np.empty(len(bias))
    for i, size in enumerate(bias):
        phq9, gad7 = cuts_under_bias(target, size if at_end else 0.0, gad7_per_phq9)
        limits = [(float(g.phq9.below(phq9)), float(g.gad7.below(gad7))) for g in model.groups]
        below: NDArray[np.bool_] = np.all(shares < np.array(limits)[groups], axis=1)
        case = (first[:, 0] - size >= target.phq9.cut) | (
            first[:, 1] - gad7_per_phq9 * size >= target.gad7.cut
        )
        rates[i] = below[case].mean() if case.any() else np.nan
    return target.rate * rates / float(rates[0])


def _allocation(model: Model, people: int, seed: int) -> NDArray[np.int64]:
    """Which group each person belongs to: shares exact, order by chance."""
    ends = np.rint(np.cumsum([group.weight for group in model.groups]) * people).astype(int)
    groups = np.searchsorted(ends, np.arange(people), side="right")
    return np.random.default_rng(seed).permutation(groups)


def _within(model: Model, group: Group, over_time: float) -> float:
    """Correlation over time within a group that gives `over_time` over everybody.

    Groups that lie apart at the end, but not at the start, leave less of the spread to follow the
    first score; at most nine tenths of a correlation are possible within.
    """
    total = sum(g.weight * g.phq9.mean for g in model.groups)
    spread = sum(g.weight * (g.phq9.sd**2 + (g.phq9.mean - total) ** 2) for g in model.groups)
    return min(over_time * math.sqrt(spread) / group.phq9.sd, 0.9)
