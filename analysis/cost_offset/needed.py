"""What repays a course from benefits and tax: the value of a month, and the months it takes."""

from __future__ import annotations

import numpy as np

from analysis.cost_offset.accounts import GROUPS, heights
from analysis.cost_offset.parameters import Parameters
from analysis.cost_offset.scenarios import BASE
from analysis.payback import person_months_needed
from analysis.quantity import UNSTATED, Interval, Quantity, derive

LARGEST = ("effect", "effect_most", "unemployed_most")
SHARES = ("share_unemployed", "share_inactive")
VALUES = {group: BASE[f"value_{group}"] for group in GROUPS}


def value_of_month(given: Parameters) -> Quantity:
    """Value to the Exchequer of a month in work, over the groups who would gain the months."""
    parts = heights(
        {name: given[BASE[name]].high for name in LARGEST}
        | {name: given.central(BASE[name]) for name in SHARES}
    )
    weights = np.array([float(parts[group]) for group in GROUPS])
    laws = [given[VALUES[group]] for group in GROUPS]
    low, mid, high = (
        float(np.average(values, weights=weights))
        for values in (
            [law.low for law in laws],
            [law.distribution.value for law in laws],
            [law.high for law in laws],
        )
    )
    rows = given.rows([*VALUES.values(), *(BASE[name] for name in (*LARGEST, *SHARES))])
    return Quantity(mid, "GBP", Interval("bound", low, high), rows)


def months_needed(cost: Quantity, value: Quantity) -> Quantity:
    """Person-months of work that repay a cost, between the ends of cost and value.

    >>> cost = Quantity(1000, "GBP", Interval("bound", 800, 1200))
    >>> print(months_needed(cost, Quantity(500, "GBP", Interval("bound", 400, 800))).with_limits())
    2.00 months (bounds 1.00 to 3.00)
    """
    (low, high), (least, most) = (
        item.interval.limits or (item.value,) * 2 for item in (cost, value)
    )
    found = person_months_needed([cost.value, low, high], [value.value, most, least])
    limits = Interval("bound", found[1], found[2]) if low < high or least < most else UNSTATED
    return derive(found[0], "months", cost, value, interval=limits, decimals=2)


def per(
    needed: Quantity,
    by: Quantity,
    unit: str,
    scale: float = 1.0,
    decimals: int | None = None,
) -> Quantity:
    """What is needed over something taken as it stands, with the bounds of what is needed.

    >>> needed = Quantity(3, "months", Interval("bound", 2, 8))
    >>> print(per(needed, Quantity(24, "months"), "percent", scale=100).with_limits())
    12.5% (bounds 8.3% to 33.3%)
    """
    limits, interval, factor = needed.interval.limits, UNSTATED, scale / by.value
    if limits is not None:
        low, high = (factor * limit for limit in limits)
        interval = Interval(needed.interval.kind, low, high, needed.interval.level)
    return derive(factor * needed.value, unit, needed, by, interval=interval, decimals=decimals)
