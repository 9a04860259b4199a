"""Intervals of each kind: sampling, rounding, process, and bounds for what nobody measured.

Each function gives one kind of interval; its first sentence says which, because a record of a
whole year has no sampling error about that year and a bound is not a confidence interval.
Proportions are shares between 0 and 1.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import beta, norm, t

Limits = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """How many times the binomial variance the months of a series vary, and about what."""

    phi: float
    degrees_of_freedom: float
    about: Literal["level", "neighbour"]


def check_count(events: float, n: float) -> None:
    """Refuse a numerator and denominator that are not 0 <= events <= n with n > 0."""
    if not (math.isfinite(n) and n > 0):
        raise ValueError(f"n is {n} but must be above 0; leave out rows without a denominator")
    if not (math.isfinite(events) and 0 <= events <= n):
        raise ValueError(
            f"events is {events} but must lie in 0 to n = {n}; swap the columns if mixed"
        )


def check_share(name: str, value: float) -> None:
    """Refuse a proportion outside 0 to 1, a percentage passed by mistake above all."""
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise ValueError(f"{name} is {value} but must lie in 0 to 1; divide a percentage by 100")


def normal_quantile(level: float) -> float:
    """Two-sided standard normal quantile of a level, 1.959964 for 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level} but must lie between 0 and 1; write 0.95 for 95%")
    return float(norm.ppf((1 + level) / 2))


def clopper_pearson(events: int, n: int, level: float = 0.95) -> Limits:
    """Exact sampling interval of a proportion, for draws from a stream like the one sampled.

    Beta quantiles: low = B(α/2; k, n − k + 1), high = B(1 − α/2; k + 1, n − k), α = 1 − level.
    Coverage is at least the level; nothing is said on transport to another population. Raises
    ValueError unless events and n are whole and 0 <= events <= n. Clopper and Pearson 1934.

    >>> low, high = clopper_pearson(8, 87)
    >>> round(low, 4), round(high, 4)
    (0.0405, 0.1732)
    """
    check_count(events, n)
    if events != int(events) or n != int(n):
        raise ValueError(f"events and n are {events} and {n} but must be whole; pass raw counts")
    normal_quantile(level)
    alpha = 1 - level
    low = 0.0 if events == 0 else float(beta.ppf(alpha / 2, events, n - events + 1))
    high = 1.0 if events == n else float(beta.ppf(1 - alpha / 2, events + 1, n - events))
    return low, high


def wilson(events: float, n: float, level: float = 0.95) -> Limits:
    """Score sampling interval of a proportion, with coverage near the level on average.

    Limits: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Counts may be fractional, because
    an effective sample size is. Raises ValueError unless 0 <= events <= n. Wilson 1927.

    >>> low, high = wilson(8, 87)
    >>> round(low, 4), round(high, 4)
    (0.0473, 0.1711)
    """
    check_count(events, n)
    z = normal_quantile(level)
    p = events / n
    centre, scale = p + z**2 / (2 * n), 1 + z**2 / n
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    # At 0 and n one limit is exactly the estimate; floating point would miss it by a little.
    low = 0.0 if events == 0 else (centre - half) / scale
    high = 1.0 if events == n else (centre + half) / scale
    return low, high


def rounding_interval(value: float, half_width: float) -> Limits:
    """Rounding interval: every value that would print as this one.

    Half the printed unit on either side: 2.5 for counts rounded to 5, 0.05 for one decimal.
    Raises ValueError for a half width that is not positive and finite.

    >>> rounding_interval(12210, 2.5)
    (12207.5, 12212.5)
    """
    if not math.isfinite(value):
        raise ValueError(f"value is {value} but must be finite; leave out empty cells")
    if not (math.isfinite(half_width) and half_width > 0):
        raise ValueError(f"half_width is {half_width} but must be above 0; pass half the unit")
    return value - half_width, value + half_width


def rounded_ratio_interval(
    numerator: float, denominator: float, numerator_half: float, denominator_half: float
) -> Limits:
    """Rounding interval of a share whose two counts were rounded before division.

    [(a − h)/(D + H), (a + h)/(D − H)] held within 0 and 1. A denominator that is a difference of
    two counts rounded to 5 has H = 5. Raises ValueError when D − H is not positive.

    >>> low, high = rounded_ratio_interval(12210, 27185, 2.5, 2.5)
    >>> round(low, 5), round(high, 5)
    (0.44901, 0.44928)
    """
    check_count(numerator, denominator)
    low_top, high_top = rounding_interval(numerator, numerator_half)
    low_base, high_base = rounding_interval(denominator, denominator_half)
    if low_base <= 0:
        raise ValueError(f"denominator is {denominator}, within its rounding; leave out the cell")
    return max(0.0, low_top / high_base), min(1.0, high_top / low_base)


def _series(events: ArrayLike, sizes: ArrayLike) -> tuple[Floats, Floats, float]:
    """Counts and sizes of at least three months as arrays, with their pooled rate."""
    y, n = np.asarray(events, dtype=float), np.asarray(sizes, dtype=float)
    if y.shape != n.shape or y.ndim != 1 or y.size < 3:
        raise ValueError("events and sizes must be equal rows of 3 or more; pass one a month")
    for count, size in zip(y, n, strict=True):
        check_count(count, size)
    pooled = float(y.sum() / n.sum())
    if pooled in (0.0, 1.0):
        raise ValueError("events are 0 or n in all months, so there is no spread; pool the months")
    return y, n, pooled


def dispersion(
    events: ArrayLike, sizes: ArrayLike, about: Literal["level", "neighbour"] = "level"
) -> Dispersion:
    """Quasi-binomial dispersion φ: how many times the binomial variance a monthly series varies.

    About one constant "level": φ = Σ (yₜ − nₜp)² / (nₜ p (1 − p)) / (T − 1), p pooled; a trend
    counts as spread (McCullagh and Nelder 1989). About the "neighbour", the month before:
    φ = mean of (pₜ₊₁ − pₜ)² / (p(1 − p)(1/nₜ + 1/nₜ₊₁)); a slow trend drops out, and as differences
    overlap the degrees of freedom are 2(T − 1)²/(3T − 4) (von Neumann and others 1941); months must
    follow each other. Raises ValueError for fewer than three months, or when all are 0 or 1.

    >>> round(dispersion([40, 50, 60], [100, 100, 100]).phi, 3)
    4.0
    >>> dispersion([40, 50, 60], [100, 100, 100], about="neighbour").degrees_of_freedom
    1.6
    """
    y, n, p = _series(events, sizes)
    months = y.size
    if about == "level":
        chi2 = float(((y - n * p) ** 2 / (n * p * (1 - p))).sum())
        return Dispersion(chi2 / (months - 1), months - 1, about)
    if about == "neighbour":
        scaled = np.diff(y / n) ** 2 / (p * (1 - p) * (1 / n[1:] + 1 / n[:-1]))
        return Dispersion(float(scaled.mean()), 2 * (months - 1) ** 2 / (3 * months - 4), about)
    raise ValueError(f"about is {about!r} but must be 'level' or 'neighbour'; choose one")


def _logit_limits(p: float, n: float, spread: Dispersion, level: float) -> Limits:
    """Limits of a rate on the logit scale with a t quantile, never narrower than binomial."""
    normal_quantile(level)
    quantile = float(t.ppf((1 + level) / 2, spread.degrees_of_freedom))
    half = quantile * math.sqrt(max(spread.phi, 1.0) / (n * p * (1 - p)))
    return float(expit(logit(p) - half)), float(expit(logit(p) + half))


def process_interval(events: ArrayLike, sizes: ArrayLike, level: float = 0.95) -> Limits:
    """Process interval of the level of a monthly series; what is repeated is the whole series.

    Pooled rate p; standard error on the logit scale √(φ / (N p (1 − p))), φ about the level, at
    least 1; t quantile with T − 1 degrees of freedom. It supposes months that are independent about
    a stable level: with autocorrelation it is too narrow. Raises ValueError as `dispersion` does.

    >>> low, high = process_interval([40, 50, 60], [100, 100, 100])
    >>> round(low, 3), round(high, 3)
    (0.27, 0.73)
    """
    _, n, p = _series(events, sizes)
    return _logit_limits(p, float(n.sum()), dispersion(events, sizes), level)


def month_process_interval(
    events: float, n: float, spread: Dispersion, level: float = 0.95
) -> Limits:
    """Process interval of the level behind one month; what is repeated is that month.

    As `process_interval` with the month's own rate and size and a dispersion estimated from the
    series it stands in. Raises ValueError for a month with no events or nothing else.

    >>> low, high = month_process_interval(500, 1000, Dispersion(4.0, 30, "neighbour"))
    >>> round(low, 3), round(high, 3)
    (0.436, 0.564)
    """
    check_count(events, n)
    if events in (0, n):
        raise ValueError(f"events is {events} of {n}; the logit needs both outcomes; use wilson")
    return _logit_limits(events / n, n, spread, level)


def missing_outcome_bounds(events: float, n_observed: float, n_total: float) -> Limits:
    """Identification bound of a proportion when n_total − n_observed outcomes were not measured.

    All of the missing fail, or all succeed: [k/N, (k + N − n)/N]. Nothing is assumed; no sampling
    error is in it. Raises ValueError unless 0 <= events <= n_observed <= n_total. Manski 2003.

    >>> missing_outcome_bounds(40, 80, 100)
    (0.4, 0.6)
    """
    check_count(events, n_observed)
    check_count(n_observed, n_total)
    return events / n_total, (events + n_total - n_observed) / n_total


def leaver_bounds(
    recovered: int,
    finished: int,
    leavers: int,
    belonging: Limits = (0.0, 1.0),
    recovery: Limits = (0.0, 1.0),
    unmeasured: int = 0,
) -> Limits:
    """Identification bound of recovery among everyone who ended, finishers and leavers together.

    (R + L b r) / (F + L b): of L leavers a share b belongs to the population (eligible, at caseness
    at entry) and a share r of those recovered; both lie somewhere in their intervals, by default
    anywhere. F counts finishers at caseness; of them `unmeasured` lack a last score and stand among
    those not recovered. Numerator and denominator move together, so the extremes are at corners.
    Raises ValueError for counts or shares out of order. Manski 2003.

    >>> leaver_bounds(50, 100, 100)
    (0.25, 0.75)
    >>> low, high = leaver_bounds(50, 100, 100, belonging=(0.8, 1.0), recovery=(0.1, 0.5))
    >>> round(low, 3), round(high, 3)
    (0.3, 0.5)
    """
    check_count(recovered + unmeasured, finished)
    if min(recovered, leavers, unmeasured) < 0:
        raise ValueError("recovered, leavers and unmeasured must not be below 0; pass counts")
    for name, (least, most) in (("belonging", belonging), ("recovery", recovery)):
        check_share(name, least)
        check_share(name, most)
        if least > most:
            raise ValueError(f"{name} is ({least}, {most}) but low must not exceed high; swap them")
    low = min((recovered + leavers * b * recovery[0]) / (finished + leavers * b) for b in belonging)
    most = recovered + unmeasured
    high = max((most + leavers * b * recovery[1]) / (finished + leavers * b) for b in belonging)
    return low, high
