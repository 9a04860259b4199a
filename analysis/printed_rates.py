"""Rates printed in whole percents: which rate a unit of a given size prints, and how often.

A unit of n referrals of which k recovered prints 100k/n rounded half up. Small sizes cannot print
every percent, and one in two is a share that many of them can: whoever looks for bunching has to
compute at the sizes given. Sizes are published rounded to 5, so the true one lies within 2 of it;
a rate rebuilt from two rounded counts is another thing than the printed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline
from scipy.special import gammaln, ndtr

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ROUNDING = 5
OFFSETS = np.arange(-(ROUNDING // 2), ROUNDING // 2 + 1)
EXACT = 600
STEP = 0.02
LARGEST = 50_000


@dataclass(frozen=True)
class Window:
    """Whole percents from first to last, and the grid of latent rates that can print them.

    >>> Window.around(50).percents[[0, -1]].tolist(), len(Window.around(50).latent)
    ([30, 70], 141)
    """

    first: int
    last: int

    @classmethod
    def around(cls, target: int, reach: int = 20) -> Window:
        """All percents within `reach` of a target; ValueError outside 1 to 99."""
        if not 0 < target - reach < target + reach < 100:
            raise ValueError(f"a window of {target} ± {reach} must lie within 1 to 99 percent")
        return cls(target - reach, target + reach)

    @property
    def percents(self) -> Ints:
        """The whole percents."""
        return np.arange(self.first, self.last + 1)

    @property
    def latent(self) -> Floats:
        """Latent rates (0 to 1) every half percent, up to 15 percents beyond the window."""
        low, high = max(1, self.first - 15), min(99, self.last + 15)
        return np.arange(2 * low, 2 * high + 1) / 200

    def position(self, percent: int) -> int:
        """Index of a percent; ValueError outside the window."""
        if not self.first <= percent <= self.last:
            raise ValueError(f"{percent} lies outside {self.first} to {self.last}")
        return percent - self.first


def printed_percent(counts: ArrayLike, sizes: ArrayLike) -> Ints:
    """The whole percent that count k of size n prints: ⌊100k/n + ½⌋, in whole numbers.

    >>> printed_percent([99, 100, 1], [200, 200, 2]).tolist()
    [50, 50, 50]
    """
    k, n = np.asarray(counts, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    return (200 * k + n) // (2 * n)


def rounded_count(counts: ArrayLike, step: int = ROUNDING) -> Ints:
    """Counts as published, to the nearest multiple of a step.

    >>> rounded_count([97, 98, 102, 103]).tolist()
    [95, 100, 100, 105]
    """
    return (np.asarray(counts, dtype=np.int64) + step // 2) // step * step


def rebuilt_tenths(recovered: ArrayLike, finished: ArrayLike, not_cases: ArrayLike) -> Ints:
    """Tenths of a percent of the rate rebuilt from published counts, each rounded to 5.

    ⌊1000 · R(k) / (R(f) − R(c))⌋, R rounding to 5; −1 where the rebuilt base is not positive.

    >>> rebuilt_tenths([102], [215], [14]).tolist()
    [500]
    """
    base = rounded_count(finished) - rounded_count(not_cases)
    return np.where(base > 0, 1000 * rounded_count(recovered) // np.maximum(base, 1), -1)


def least_counts(percents: ArrayLike, sizes: ArrayLike) -> Ints:
    """Least count whose printed percent is at least the one given: ⌈(2r − 1)n/200⌉.

    >>> least_counts([50, 51], 101).tolist()
    [50, 52]
    """
    r, n = np.asarray(percents, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    counts: Ints = np.maximum(-(-(2 * r - 1) * n // 200), 0)
    return counts


@lru_cache(maxsize=4)
def exact_law(window: Window) -> Floats:
    """P(printed percent | size, latent rate) for sizes up to 600: size × percent × latent rate.

    Binomial probabilities, summed over the counts that print each percent. Row 0 is empty.
    """
    latent, edges = window.latent, np.append(window.percents, window.last + 1)
    law = np.zeros((EXACT + 1, len(edges) - 1, len(latent)))
    log_p, log_q = np.log(latent), np.log1p(-latent)
    log_factorial = gammaln(np.arange(EXACT + 2) + 1.0)
    for n in range(1, EXACT + 1):
        cuts = np.minimum(least_counts(edges, n), n + 1)
        k = np.arange(cuts[0], cuts[-1])[:, None]
        ways = log_factorial[n] - log_factorial[k] - log_factorial[n - k]
        mass = np.exp(ways + k * log_p + (n - k) * log_q)
        sums = np.vstack([np.zeros(len(latent)), np.cumsum(mass, axis=0)])
        law[n] = np.diff(sums[cuts - cuts[0]], axis=0)
    return law


def large_class(sizes: ArrayLike) -> Ints:
    """Class of a size above 600: two percent wide, the last for 50,000 and more.

    >>> large_class([600, 603, 10**6]).tolist()
    [0, 0, 221]
    """
    n = np.clip(np.asarray(sizes, dtype=float), EXACT, LARGEST)
    classes: Ints = np.rint(np.log(n / EXACT) / STEP).astype(np.int64)
    return classes


@lru_cache(maxsize=4)
def large_law(window: Window) -> Floats:
    """P(printed percent | size, latent rate) for each class of large sizes: normal, no lattice."""
    classes = np.arange(int(large_class(LARGEST)) + 1)
    n, theta = EXACT * np.exp(STEP * classes)[:, None, None], window.latent
    edges = (np.append(window.percents, window.last + 1) - 0.5)[:, None] / 100
    return np.diff(ndtr((edges - theta) / np.sqrt(theta * (1 - theta) / n)), axis=1)


def lattice(sizes: ArrayLike, window: Window) -> Floats:
    """Counts that print each percent over their mean number n/100: size × percent.

    >>> lattice([1000, 1005], Window(49, 51)).round(3).tolist()
    [[1.0, 1.0, 1.0], [0.995, 0.995, 0.995]]
    """
    n = np.asarray(sizes, dtype=np.int64)
    edges = np.append(window.percents, window.last + 1)
    return np.diff(least_counts(edges, n[:, None]), axis=1) / (n[:, None] / 100)


def mixing(sizes: ArrayLike, window: Window, weights: ArrayLike | None = None) -> Floats:
    """Expected printed counts per unit of latent mass: percent × latent rate, summed over units.

    Each size is spread evenly over the true sizes that round to it. Weights count a unit more
    than once.

    >>> window = Window.around(50)
    >>> float(mixing([400, 400], window).sum(axis=0).max().round(6))
    2.0
    """
    n = np.asarray(sizes, dtype=np.int64)
    w = np.ones(len(n)) if weights is None else np.asarray(weights, dtype=float)
    true = np.maximum(n[:, None] + OFFSETS, 1)
    spread = np.broadcast_to(w[:, None] / len(OFFSETS), true.shape)
    small = true <= EXACT
    exact = np.bincount(true[small], spread[small], EXACT + 1)
    used = np.flatnonzero(exact)
    result = np.tensordot(exact[used], exact_law(window)[used], axes=1)
    if not small.all():
        distinct, which = np.unique(true[~small], return_inverse=True)
        mass = np.bincount(which, spread[~small])[:, None] * lattice(distinct, window)
        classes, place = np.unique(large_class(distinct), return_inverse=True)
        sums = np.zeros((len(classes), mass.shape[1]))
        np.add.at(sums, place, mass)
        result = result + np.einsum("cr,crt->rt", sums, large_law(window)[classes])
    return result


def expected_by_unit(sizes: ArrayLike, density: Floats, window: Window) -> Floats:
    """Probability of each printed percent for each unit under a latent density: unit × percent.

    >>> window = Window.around(50)
    >>> flat = np.full(len(window.latent), 1 / len(window.latent))
    >>> float(expected_by_unit([400], flat, window)[0, 20].round(4))
    0.0141
    """
    true = np.maximum(np.asarray(sizes, dtype=np.int64)[:, None] + OFFSETS, 1)
    small = true <= EXACT
    result = np.empty((*true.shape, window.last - window.first + 1))
    result[small] = (exact_law(window) @ density)[true[small]]
    if not small.all():
        large = true[~small]
        smooth = (large_law(window) @ density)[large_class(large)]
        result[~small] = smooth * lattice(large, window)
    mean: Floats = result.mean(axis=1)
    return mean


def spline_basis(knots: Sequence[float], at: ArrayLike) -> Floats:
    """Natural cubic spline with value one at its own knot, linear beyond the outer knots.

    Columns are knots; a combination Σ aⱼbⱼ passes through the values aⱼ.

    >>> spline_basis([0.0, 1.0, 2.0], [0.0, 1.0, 3.0]).round(6).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.25, -1.5, 2.25]]
    """
    spline = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")
    x = np.asarray(at, dtype=float)
    inside = np.clip(x, knots[0], knots[-1])
    basis: Floats = spline(inside) + (x - inside)[:, None] * spline(inside, 1)
    return basis
