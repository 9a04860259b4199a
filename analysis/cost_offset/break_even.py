"""Break-even for the public purse from seven settings: what the page computes as sliders move."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from analysis.payback import Shape, Stream, balance, payback_month

MONTHS = 120
READ_AT = (24, 84, 120)  # a claimed horizon, the last year with evidence, the last year drawn
NHS_MONTHS = 12


@dataclass(frozen=True)
class Range:
    """The values that a slider can take, and what it is called."""

    low: float
    high: float
    step: float
    label: str


RANGES: dict[str, Range] = {
    "cost": Range(100, 3000, 10, "Cost per person treated, £ "),
    "effect": Range(0, 15, 0.05, "More in work at the most, percentage points "),
    "full_at": Range(1, MONTHS, 1, "Months until that many "),
    "lasts": Range(0, MONTHS, 1, "Months the effect lasts "),
    "value": Range(0, 1500, 10, "Value of a work month to the Exchequer, £ "),
    "saving": Range(0, 2000, 10, "NHS saving per person over the first year, £ "),
    "rate": Range(0, 6, 0.5, "Discount rate, percent a year "),
}


@dataclass(frozen=True)
class Settings:
    """One setting of the sliders, per person treated.

    Args:
        cost: GBP.
        effect: more people in work at the height, percentage points of those treated.
        full_at: month in which the effect is full.
        lasts: months until which it lasts.
        value: GBP of benefits and tax for a month that one more person is in work.
        saving: GBP of NHS care not needed, spread over the first year.
        rate: discount rate, percent a year.

    Raises ValueError for a value that no slider can take.
    """

    cost: float
    effect: float
    full_at: int
    lasts: int
    value: float
    saving: float
    rate: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value, allowed = getattr(self, field.name), RANGES[field.name]
            if not allowed.low <= value <= allowed.high:
                raise ValueError(
                    f"{field.name} is {value}: it must lie from {allowed.low} to {allowed.high}"
                )

    @property
    def streams(self) -> tuple[Stream, Stream]:
        """Both streams of the public purse: benefits and tax, and care not needed."""
        work, rate = Shape(self.full_at, self.lasts), self.rate / 100
        return (
            Stream(self.effect / 100 * self.value, work, rate),
            Stream(self.saving / NHS_MONTHS, Shape.plateau(NHS_MONTHS), rate),
        )

    def balance(self) -> NDArray[np.float64]:
        """What has come back less the cost, GBP, after months 0 … ``MONTHS``."""
        return balance(self.streams, self.cost, MONTHS)

    def payback(self) -> int | None:
        """Month after which the cost has come back, or None.

        >>> Settings(650, 4, 1, 25, 650, 0, 0).payback()
        25
        """
        return payback_month(self.streams, self.cost, MONTHS)

    def net(self, month: int) -> int:
        """Net benefit after a month in whole pounds, a half rounded up.

        >>> Settings(650, 4, 1, 25, 650, 0, 0).net(24)
        -26
        """
        return int(np.floor(self.balance()[month] + 0.5))

    def person_months(self) -> float:
        """Months of work gained per person treated, to the last month drawn, not discounted."""
        path = Shape(self.full_at, self.lasts)
        return float(self.effect / 100 * path.months_of_full_effect(MONTHS))


def pounds(amount: int) -> str:
    """Whole pounds with a true minus sign.

    >>> pounds(-1250), pounds(0)
    ('−£1,250', '£0')
    """
    return f"{'−' if amount < 0 else ''}£{abs(amount):,}"


def payback_text(month: int | None) -> str:
    """The payback month in words, as the page prints it."""
    return f"in month {month}" if month else f"not within {MONTHS} months"
