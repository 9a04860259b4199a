"""Reliable recoveries of a year that would not have happened otherwise, and what each costs.

The trials' effects are carried to the service on several scales; the suppositions that this needs
are those of `analysis.counterfactual`. Cost of one: total cost over net extra recoveries, a ratio
of means; its limits are the trial's at the central cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.comparators import STANDS, comparators
from analysis.cost_offset.activity import MILLION, YEAR
from analysis.counterfactual import service_year
from analysis.evidence import Evidence
from analysis.quantity import UNSTATED, Interval, Quantity, derive

WAYS: dict[str, str] = {
    "risk_difference": "same difference",
    "risk_ratio": "same ratio",
    "odds_ratio": "same odds ratio",
    STANDS: "comparator's rate as it stands",
}


@dataclass(frozen=True)
class Attributed:
    """Net extra recoveries against one comparator, carried over in one way.

    `matched` says that treated and comparator share people, outcome and time; a comparator's rate
    taken as it stands is never matched, since it leaves the trial's treated arm out.
    """

    comparator: str
    way: str
    net: Quantity
    matched: bool


def attributed(evidence: Evidence, year: str = YEAR) -> list[Attributed]:
    """Every comparator and way that gives a comparator's rate between zero and one."""
    return [
        Attributed(item.label, way, net, item.matched and way != STANDS)
        for item in comparators(evidence, service_year(evidence, year))
        for way, net in item.net.items()
        if net is not None
    ]


def cost_of_one(total: Quantity, net: Quantity) -> Quantity:
    """Cost of a net extra recovery, GBP to the hundred; digits beyond that say nothing.

    Without end where the trial's limits include no extra recovery.

    >>> net = Quantity(2000, "recoveries", Interval("model", 1000, 4000, 0.95))
    >>> print(cost_of_one(Quantity(12, "GBP million"), net).with_limits())
    £6,000 (95% model interval 3,000 to 12,000)
    """

    def over(number: float) -> float:
        return round(MILLION * total.value / number, -2) if number > 0 else math.inf

    limits, interval = net.interval.limits, UNSTATED
    if limits is not None:
        low, high = over(limits[1]), over(limits[0])
        interval = Interval(net.interval.kind, low, high, net.interval.level)
    return derive(over(net.value), "GBP", total, net, interval=interval)


def ends(found: list[Attributed]) -> tuple[Attributed, Attributed]:
    """The most and the fewest net extra recoveries."""
    ordered = sorted(found, key=lambda item: item.net.value)
    return ordered[-1], ordered[0]
