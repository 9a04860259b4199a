"""Net extra recoveries of a year: the band over comparators and scales."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.contrasts import Scale
from analysis.counterfactual import (
    SCALES,
    Service,
    net_extra,
    net_extra_as_it_stands,
    rate_effect,
    service_year,
)
from analysis.evidence import Evidence
from analysis.quantity import Interval, Quantity, computes, derive, share
from analysis.tables import Table
from analysis.trial_contrasts import (
    OUTCOMES,
    TrialContrast,
    missing_outcomes,
    trial_contrast,
)

YEAR = "2024-25"
LABELS: dict[Scale, str] = {
    "risk_difference": "Difference",
    "risk_ratio": "Ratio",
    "odds_ratio": "Odds ratio",
}
STANDS = "Rate as it stands"
REFUSED = "refused: comparator negative"


@dataclass(frozen=True)
class Comparison:
    """A comparator, the treated rate it is set against, and the net extra recoveries of each way.

    `net` holds a quantity by scale (and as the rate stands), or None where it is refused;
    `matched` says that treated and comparator share population, outcome and time.
    """

    label: str
    treated: Quantity
    comparator: Quantity
    net: dict[str, Quantity | None]
    matched: bool = False
    in_band: bool = True


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

    The trial's treated rate is set against a comparator's rate on three scales, and the effect is
    carried to the service's own rate; or the comparator's rate is taken as it stands. Rows beside
    the band: the trial's missing outcomes counted as not recovered, and at their worst.
    """
    service = service_year(evidence, year)
    first, later = (trial_contrast(evidence, name) for name in ("pmhc_6m", "pmhc_12m"))
    found = [_of_trial(service, first), _of_trial(service, later)]
    others = {"Untreated": "whiteford_untreated_3m", "Waiting lists": "mekonen_waiting_list"}
    for label, row in others.items():
        record = evidence.table(OUTCOMES).loc[row]
        rate = evidence.quantity(OUTCOMES, row, "percent")
        name = f"{label}, {record['weeks_text']} ({record['study']})"
        found.append(_of_rates(service, name, first.treated, rate))
    lower = evidence.quantity(OUTCOMES, others["Waiting lists"], "ci_low")
    found.append(
        _of_rates(service, f"{found[-1].label}, lower limit", first.treated, lower, in_band=False)
    )
    missing = missing_outcomes(evidence, "pmhc_6m")
    label = f"{named(first)}, missing not recovered"
    found.append(
        _of_rates(service, label, missing.treated, missing.control, matched=True, in_band=False)
    )
    return found


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
    columns = [*SCALES, STANDS]
    frame = pd.DataFrame(
        {
            "Comparator": [item.label for item in found],
            "Treated there": [item.treated for item in found],
            "Comparator's rate": [item.comparator for item in found],
            "Same people, outcome and time": [item.matched for item in found],
        }
        | {
            LABELS.get(column, column): printed(item.net[column] for item in found)
            for column in columns
        }
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


def named(trial: TrialContrast) -> str:
    """The comparator of a trial in words."""
    return f"Usual care, {trial.time} ({trial.study})"


def admissible(service: Service, effect: Quantity, scale: Scale) -> Quantity | None:
    """Net extra recoveries, or None where the effect implies a comparator below zero."""
    try:
        return net_extra(service, effect, scale)
    except ValueError:
        return None


def _of_trial(service: Service, trial: TrialContrast) -> Comparison:
    net = {scale: admissible(service, trial.effect(scale), scale) for scale in SCALES}
    stands = net_extra_as_it_stands(service, trial.control)
    return Comparison(
        named(trial), trial.treated, trial.control, {**net, STANDS: stands}, matched=True
    )


def _of_rates(
    service: Service,
    label: str,
    treated: Quantity,
    control: Quantity,
    matched: bool = False,
    in_band: bool = True,
) -> Comparison:
    net = {
        scale: admissible(service, rate_effect(treated, control, scale), scale) for scale in SCALES
    }
    stands = net_extra_as_it_stands(service, control)
    return Comparison(label, treated, control, {**net, STANDS: stands}, matched, in_band)
