"""Does a treatment pay for itself: money that flows by month against a cost paid at the start.

Every benefit is a stream: an amount a month at its height, and a shape that says how it rises,
how long it holds and how it fades. Amounts and shapes are numbers or arrays of draws; a stream is
valued without a loop over months, from two running sums of discount factors. Money of the year of
treatment; a month's money comes at the end of the month. After HM Treasury, The Green Book.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PENNY = 0.01
LONGEST = 600  # months


@dataclass(frozen=True)
class Shape:
    """How an effect develops by month since treatment, as a share of its maximum.

    It rises evenly and is full in month ``full_at``, holds to the end of month ``until``, and of
    what there is then a share ``kept`` is left a year later, and of that the same share in the
    next year::

        share(k) = min(1, k / full_at)                        for k <= until
                   min(1, until / full_at) · kept^((k − until) / 12)  for k > until

    An effect that is full at once has ``full_at`` 1; one that ends has ``kept`` 0. Whole months;
    numbers or arrays of draws.

    Raises ValueError for months that are not whole, below 0 or beyond 50 years, and for a share
    kept outside 0 to 1.

    >>> Shape.plateau(3).by_month(5)
    array([1., 1., 1., 0., 0.])
    >>> Shape(full_at=2, until=3, kept=0.25).by_month(15)[[0, 1, 2, 8, 14]]
    array([0.5 , 1.  , 1.  , 0.5 , 0.25])
    """

    full_at: ArrayLike
    until: ArrayLike
    kept: ArrayLike = 0.0

    def __post_init__(self) -> None:
        for name in ("full_at", "until"):
            months = np.asarray(getattr(self, name))
            if not np.all((months >= 0) & (months <= LONGEST) & (np.rint(months) == months)):
                raise ValueError(
                    f"{name} must be whole months from 0 to {LONGEST}, got {getattr(self, name)}"
                )
            object.__setattr__(self, name, months.astype(np.int64))
        if np.any(np.asarray(self.full_at) < 1):
            raise ValueError("full_at is the month in which the effect is full: 1 at the earliest")
        kept = np.asarray(self.kept, dtype=np.float64)
        if not np.all((kept >= 0) & (kept <= 1)):
            raise ValueError(f"kept is the share left after a year, from 0 to 1, got {self.kept}")
        object.__setattr__(self, "kept", kept)

    @classmethod
    def plateau(cls, months: ArrayLike) -> Shape:
        """Full at once, for so many months."""
        return cls(1, months)

    def _arrays(self) -> tuple[Ints, Ints, Floats]:
        return np.asarray(self.full_at), np.asarray(self.until), np.asarray(self.kept)

    def by_month(self, months: int) -> Floats:
        """Share of the maximum in each month 1 … ``months``; the months are the last axis."""
        k = np.arange(1.0, months + 1)
        full, until, kept = (item[..., None] for item in self._arrays())
        risen = np.minimum(1.0, np.minimum(k, until) / full)
        left = np.where(k <= until, 1.0, kept ** (np.maximum(0.0, k - until) / 12))
        shares: Floats = risen * left
        return shares

    def months_of_full_effect(self, horizon: int, annual_rate: float = 0.0) -> Floats:
        """Sum over the months to a horizon of the share, each discounted: months at full effect.

        From the running sums S₀ of the discount factors and S₁ of month times factor, and after
        ``until`` a geometric series with the ratio of the monthly factor and the share kept.

        >>> Shape.plateau(24).months_of_full_effect(60).item()
        24.0
        >>> Shape(full_at=84, until=120).months_of_full_effect(84).item()  # (84 + 1) / 2
        42.5
        """
        s0, s1 = running_sums(annual_rate, horizon)
        full_at, fades_from, kept = self._arrays()
        until = np.minimum(fades_from, horizon)
        rise = np.minimum(full_at, until)
        total = s1[rise] / full_at + s0[until] - s0[rise]
        if np.any((kept > 0) & (until < horizon)):
            month = (1.0 + annual_rate) ** (-1 / 12)
            ratio = month * kept ** (1 / 12)
            left = 1.0 - ratio
            series = np.where(
                left > 1e-9,
                ratio * (1.0 - ratio ** (horizon - until)) / np.where(left > 1e-9, left, 1.0),
                horizon - until,
            )
            height = np.minimum(1.0, fades_from / full_at)
            total = total + height * month**until * series
        return np.asarray(total)


@dataclass(frozen=True)
class Stream:
    """A benefit in GBP a month at its height, its shape, and the annual rate it is discounted at.

    The rate is a share: 0.035 for 3.5 percent.
    """

    per_month_gbp: ArrayLike
    shape: Shape
    annual_rate: float = 0.0

    def value(self, horizon: int) -> Floats:
        """Present value in GBP of what comes by the end of a month.

        >>> Stream(0.04 * 650, Shape.plateau(25)).value(60).item()
        650.0
        """
        months = self.shape.months_of_full_effect(horizon, self.annual_rate)
        return np.asarray(self.per_month_gbp) * months

    def by_month(self, months: int) -> Floats:
        """Present value in GBP of each month's benefit; the months are the last axis."""
        amount = np.asarray(self.per_month_gbp, dtype=np.float64)[..., None]
        return amount * self.shape.by_month(months) * discount_factors(self.annual_rate, months)


def discount_factors(annual_rate: float, months: int) -> Floats:
    """Present value of 1 at the end of months 1 … n: (1 + r)^(−k/12).

    >>> discount_factors(0.035, 24)[[11, 23]].round(6)
    array([0.966184, 0.933511])
    """
    if not -1 < annual_rate < 1:
        raise ValueError(f"an annual rate is a share such as 0.035, got {annual_rate}")
    return (1.0 + annual_rate) ** (-np.arange(1, months + 1) / 12)


@lru_cache(maxsize=128)
def running_sums(annual_rate: float, months: int) -> tuple[Floats, Floats]:
    """Sums over the first 0 … n months of the discount factor, and of month times factor."""
    factors = discount_factors(annual_rate, months)
    first = np.concatenate([[0.0], np.cumsum(factors)])
    second = np.concatenate([[0.0], np.cumsum(factors * np.arange(1, months + 1))])
    for sums in (first, second):
        sums.setflags(write=False)
    return first, second


def benefit(streams: tuple[Stream, ...], horizon: int) -> Floats:
    """Present value in GBP of all streams of one account by the end of a month.

    Streams of different accounts are not to be added: benefits and tax are transfers, which
    count for the Exchequer and not for society.
    """
    if not streams:
        return np.asarray(0.0)
    total: Floats = streams[0].value(horizon)
    for stream in streams[1:]:
        total = total + stream.value(horizon)
    return total


def net_benefit(streams: tuple[Stream, ...], cost_gbp: ArrayLike, horizon: int) -> Floats:
    """Benefit less cost, GBP a person.

    >>> net_benefit((Stream(0.04 * 650, Shape.plateau(25)),), 1000, 60).item()
    -350.0
    """
    return benefit(streams, horizon) - np.asarray(cost_gbp, dtype=np.float64)


def benefit_cost_ratio(streams: tuple[Stream, ...], cost_gbp: ArrayLike, horizon: int) -> Floats:
    """Benefit by a horizon as a multiple of the cost."""
    return benefit(streams, horizon) / np.asarray(cost_gbp, dtype=np.float64)


def balance(streams: tuple[Stream, ...], cost_gbp: float, months: int) -> Floats:
    """What has come back less the cost, in GBP, after months 0 … n (running sum by month)."""
    flow = np.sum([stream.by_month(months) for stream in streams], axis=0)
    return np.concatenate([[0.0], np.cumsum(flow)]) - cost_gbp


def payback_month(streams: tuple[Stream, ...], cost_gbp: float, months: int) -> int | None:
    """First month after which the cost has come back, to the nearest penny; None if not in time.

    >>> payback_month((Stream(0.04 * 650, Shape.plateau(25)),), 650, 120)
    25
    >>> payback_month((Stream(0.04 * 650, Shape.plateau(24)),), 650, 120) is None
    True
    """
    reached = balance(streams, cost_gbp, months) >= -PENNY / 2
    return int(np.argmax(reached)) if reached.any() else None


def person_months_needed(cost_gbp: ArrayLike, value_gbp: ArrayLike) -> Floats:
    """Months of work per treated person that repay the cost: cost over value of a job-month.

    >>> person_months_needed(650, 650).item()
    1.0
    """
    return np.asarray(cost_gbp, dtype=np.float64) / np.asarray(value_gbp, dtype=np.float64)
