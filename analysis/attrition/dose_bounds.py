"""Sharp bounds on the share of people who reach k sessions, from mean, median and known shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.errors import BookError
from analysis.intervals import Limits

SLACK = 1e-9


class ContradictionError(BookError, ValueError):
    """No distribution of sessions has all the properties that are said of it."""


@dataclass(frozen=True)
class Known:
    """What is known of a number of sessions, a whole number of at least 0.

    Args:
        shares: limits of the share reaching a number of sessions, ``{k: (low, high)}`` in 0 to 1.
        mean: limits of the mean, or None where it is not known.
        maximum: largest number of sessions, or None where it is not known.

    Raises:
        ContradictionError: limits are the wrong way round or outside 0 to 1.
    """

    shares: tuple[tuple[int, Limits], ...] = ()
    mean: Limits | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        for k, (low, high) in self.shares:
            if k < 0 or not -SLACK <= low <= high <= 1 + SLACK:
                raise ContradictionError(f"share reaching {k}: limits {low} to {high}")

    def and_shares(self, shares: Iterable[tuple[int, Limits]]) -> Known:
        """The same with further shares known."""
        return replace(self, shares=(*self.shares, *shares))

    def from_minimum(self, minimum: int) -> Known:
        """The same where nobody has fewer sessions than a minimum."""
        return self.and_shares([(minimum, (1.0, 1.0))])

    def with_median(self, median: int) -> Known:
        """The same with a median: half or more reach it and half or fewer pass it."""
        return self.and_shares([(median, (0.5, 1.0)), (median + 1, (0.0, 0.5))])


def envelope(known: Known, reach: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest share reaching 1, 2, …, ``reach`` sessions, before the mean is used.

    Shares cannot rise with the number of sessions, so a lower limit holds for every smaller
    number and an upper limit for every larger one.

    Raises:
        ContradictionError: a lower limit lies above an upper one.
    """
    low, high = np.zeros(reach), np.ones(reach)
    for k, (least, most) in known.shares:
        low[:k] = np.maximum(low[:k], least)
        high[max(k - 1, 0) :] = np.minimum(high[max(k - 1, 0) :], most)
    if known.maximum is not None:
        high[known.maximum :] = 0.0
    if (low > high + SLACK).any():
        raise ContradictionError(f"shares contradict each other: {known}")
    return low, np.maximum(low, high)


def reaching(known: Known, k: int) -> Limits:
    """Identification bound of the share with at least k sessions, S(k), in 0 to 1.

    The mean is the sum of S(1), S(2), …, and S never rises. With the envelope l ≤ S ≤ u and a mean
    from m₁ to m₂, the largest S(k) leaves every other share as low as it can be and the smallest
    as high, which gives in closed form

    max S(k) = min{u(k), minⱼ (m₂ − Σ_{i≤j} l(i) − Σ_{i>k} l(i)) / (k − j)}, j = 0, …, k − 1;
    min S(k) = max{l(k), maxⱼ (m₁ − Σ_{i<k} u(i) − Σ_{i≥k+j} u(i)) / j}, j = 1, 2, ….

    Both are attained. Without a maximum a mean gives no lower limit, since a few people may have
    very many sessions. With a mean of 6, nobody below 2 and no more known, the share reaching 7 is
    at most (6 − 2)/(7 − 2), Markov's inequality above the minimum:

    >>> low, high = reaching(Known(mean=(6.0, 6.0)).from_minimum(2), 7)
    >>> round(low, 3), round(high, 3)
    (0.0, 0.8)

    Raises:
        ContradictionError: no distribution has all the properties.
    """
    last = max([k, *(number for number, _ in known.shares)], default=k)
    reach = last if known.maximum is None else max(last, known.maximum)
    low, high = envelope(known, reach)
    if k <= 0:
        return 1.0, 1.0
    least, most = float(low[k - 1]), float(high[k - 1])
    if known.mean is None:
        return least, most
    smallest, largest = known.mean
    endless = known.maximum is None and high[-1] > 0
    if low.sum() > largest + SLACK or (not endless and high.sum() < smallest - SLACK):
        raise ContradictionError(f"no distribution with these shares has this mean: {known}")
    before = np.concatenate([[0.0], np.cumsum(low)])[:k]
    most = min(most, float(((largest - before - low[k:].sum()) / (k - np.arange(k))).min()))
    if not endless:
        above = high[k - 1 :]
        after = above.sum() - np.cumsum(above)
        steps = np.arange(1, len(above) + 1)
        least = max(least, float(((smallest - high[: k - 1].sum() - after) / steps).max()))
    return min(least, most), max(least, most)
