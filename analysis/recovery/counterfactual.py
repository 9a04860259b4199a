"""Net extra recoveries of a year: the band over comparators and scales."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.comparators import (
    OTHERS,
    STANDS,
    TRIALS,
    Comparison,
    comparators,
    named,
    of_rates,
)
from analysis.contrasts import Scale
from analysis.counterfactual import SCALES, net_extra, service_year
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.trial_contrasts import OUTCOMES, missing_outcomes, trial_contrast

YEAR = "2024-25"
LABELS: dict[Scale, str] = {
    "risk_difference": "Difference",
    "risk_ratio": "Ratio",
    "odds_ratio": "Odds ratio",
}
REFUSED = "refused: comparator negative"


def thousands(number: Quantity) -> Quantity:
    """A scenario's recoveries to the nearest thousand: digits beyond that say nothing."""
    interval = number.interval
    if interval.limits is not None:
        low, high = (round(limit, -3) for limit in interval.limits)
        interval = Interval(interval.kind, low, high, interval.level)
    return derive(round(number.value, -3), number.unit, number, interval=interval)


def printed(numbers: Iterable[Quantity | None]) -> list[Quantity | str]:
    """Cells of a table: numbers to the thousand, and what was refused."""
    return [REFUSED if number is None else thousands(number) for number in numbers]


def comparisons(evidence: Evidence, year: str = YEAR) -> list[Comparison]:
    """Every comparator from usual care to waiting list, carried to a year of the service.

    Rows beside the band: waiting lists at the lower limit of their rate, and the trial's missing
    outcomes counted as not recovered.
    """
    service = service_year(evidence, year)
    found, first = comparators(evidence, service), trial_contrast(evidence, TRIALS[0])
    lower = evidence.quantity(OUTCOMES, OTHERS["Waiting lists"], "ci_low")
    label = f"{found[-1].label}, lower limit"
    missing = missing_outcomes(evidence, TRIALS[0])
    return [
        *found,
        of_rates(service, label, first.treated, lower, in_band=False),
        of_rates(
            service,
            f"{named(first)}, missing not recovered",
            missing.treated,
            missing.control,
            matched=True,
            in_band=False,
        ),
    ]


@computes
def band(evidence: Evidence, year: str = YEAR) -> dict[str, Quantity | Table]:
    """Net extra reliable recoveries of a year over comparators and scales, and their extremes."""
    service, found = service_year(evidence, year), comparisons(evidence, year)
    usual, later, missing = found[0], found[1], found[-1]
    kept = [item for item in found if item.in_band]
    matched = [item.net[scale] for item in kept if item.matched for scale in SCALES]
    everything = [number for item in kept for number in item.net.values()]
    worst = missing_outcomes(evidence, "pmhc_6m").worst
    at_worst = net_extra(service, worst, "risk_difference")
    columns: list[tuple[str, str]] = [*((scale, LABELS[scale]) for scale in SCALES), (STANDS,) * 2]
    frame = pd.DataFrame(
        {
            "Comparator": [item.label for item in found],
            "Treated there": [item.treated for item in found],
            "Comparator's rate": [item.comparator for item in found],
            "Same people, outcome and time": [item.matched for item in found],
        }
        | {label: printed(item.net[column] for item in found) for column, label in columns}
    )
    caption = (
        f"Net extra reliable recoveries in {year} among those who finished a course and were at "
        "caseness, by comparator and by how the comparison is carried over"
    )
    numbers = {
        "net_finished": service.base,
        "net_recovered": service.recoveries,
        "net_rate": service.rate,
        "net_difference": usual.net["risk_difference"],
        "net_ratio": usual.net["risk_ratio"],
        "net_odds": usual.net["odds_ratio"],
        "net_stands": usual.net[STANDS],
        "net_stands_later": later.net[STANDS],
        "net_missing_difference": missing.net["risk_difference"],
        "net_worst": at_worst,
    }
    rounded = {
        name: thousands(number) if number.unit == "recoveries" else number
        for name, number in numbers.items()
        if number
    }
    ends = {
        f"net_{name}_{end}": number
        for name, numbers_of in (("matched", matched), ("band", everything))
        for end, number in zip(("low", "high"), _ends(numbers_of), strict=True)
    }
    shares = {f"{name}_share": share(n, service.recoveries) for name, n in ends.items()}
    rounded_ends = {name: thousands(number) for name, number in ends.items()}
    return {**rounded, **rounded_ends, **shares, "net_table": Table(caption, frame)}


def _ends(numbers: list[Quantity | None]) -> tuple[Quantity, Quantity]:
    """The lowest and the highest admissible number, each with its own interval."""
    kept = sorted((number for number in numbers if number), key=lambda number: number.value)
    return kept[0], kept[-1]
