"""How far areas and providers differ beyond chance, by level and year."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import Evidence
from analysis.funnel import (
    between_variance,
    between_variance_limits,
    outside,
    overdispersion,
    winsorised,
    z_scores,
)
from analysis.governance.area_rates import (
    COUNT_STEP,
    LEVELS_BY_YEAR,
    TABLE,
    UNITS_OF,
    Areas,
    areas,
    highest,
    lowest,
)
from analysis.quantity import Interval, Quantity, computes
from analysis.tables import Table

LEVEL = 0.95
FIRST, LATEST = ("ccg", "2018-19"), ("icb", "2024-25")
STANDARD_ROWS = {"2018-19": "recovery_2018_19", "2024-25": "recovery_2024_25"}
EXTREMES = {"highest": "highest_1_2014_15", "lowest": "lowest_1_2014_15"}


@dataclass(frozen=True)
class Spread:
    """What separates the units of one level and year: ratios, percent and percentage points."""

    units: Quantity
    phi: Quantity
    phi_winsorised: Quantity
    tau: Quantity
    tau_winsorised: Quantity
    outside_binomial: Quantity
    outside_additive: Quantity
    outside_winsorised: Quantity


def tau_points(found: Areas, *, expected: bool = False, tail: float = 0.0) -> Quantity:
    """Standard deviation of true rates about their targets, in percentage points.

    The target is the mean of all units, or with ``expected`` each unit's rate expected from the
    deprivation of its patients. Limits hold if true rates are draws from a normal distribution.
    """
    target = found.expected if expected else found.mean
    tau2 = between_variance(found.rates, target, found.sizes, tail, COUNT_STEP)
    interval = Interval("unstated")
    if not tail:
        low, high = between_variance_limits(found.rates, target, found.sizes, LEVEL, COUNT_STEP)
        interval = Interval("model", 100 * math.sqrt(low), 100 * math.sqrt(high), LEVEL)
    return Quantity(100 * math.sqrt(tau2), "percentage points", interval, found.rows)


def spread(found: Areas) -> Spread:
    """Overdispersion, spread between units, and shares outside each kind of limits."""
    rates, mean, sizes = found.rates, found.mean, found.sizes
    scores = z_scores(rates, mean, sizes)

    def share_outside(tau2: float) -> Quantity:
        beyond = float((outside(rates, mean, sizes, tau2, LEVEL) != 0).mean())
        return Quantity(100 * beyond, "percent", rows=found.rows, decimals=0)

    def record(value: float, unit: str, decimals: int) -> Quantity:
        return Quantity(value, unit, rows=found.rows, decimals=decimals)

    return Spread(
        record(found.count, "count", 0),
        record(overdispersion(scores), "ratio", 1),
        record(overdispersion(winsorised(scores)), "ratio", 1),
        tau_points(found),
        tau_points(found, tail=0.1),
        share_outside(0.0),
        share_outside(between_variance(rates, mean, sizes, 0.0, COUNT_STEP)),
        share_outside(between_variance(rates, mean, sizes, 0.1, COUNT_STEP)),
    )


def at_standard(evidence: Evidence, level: str, year: str, *, rebuilt: bool = False) -> Quantity:
    """Share of units at or above the standard, by printed rates or by rebuilt ones."""
    aim = evidence.quantity("targets", STANDARD_ROWS[year], "target_value")
    found = areas(evidence, level, year)
    rates = 100 * found.rates if rebuilt else found.frame["recovery_percent"].to_numpy()
    met = 100 * float((rates >= aim.value).mean())
    return Quantity(met, "percent", rows=found.rows | aim.rows, decimals=0)


@computes
def facts(evidence: Evidence) -> dict[str, Quantity]:
    """Range, spread and share outside the limits, for areas of the year chosen and the latest."""
    found: dict[str, Quantity] = {}
    for name, (level, year) in {"first": FIRST, "latest": LATEST}.items():
        own = spread(areas(evidence, level, year))
        found |= {
            f"variation_lowest_{name}": lowest(evidence, level, year),
            f"variation_highest_{name}": highest(evidence, level, year),
            f"variation_phi_{name}": own.phi,
            f"variation_phi_winsorised_{name}": own.phi_winsorised,
            f"variation_tau_{name}": own.tau,
            f"variation_outside_binomial_{name}": own.outside_binomial,
            f"variation_outside_additive_{name}": own.outside_additive,
            f"variation_met_{name}": at_standard(evidence, level, year),
            f"variation_met_rebuilt_{name}": at_standard(evidence, level, year, rebuilt=True),
        }
    found["variation_tau_providers"] = tau_points(areas(evidence, "provider", LATEST[1]))
    for name, row in EXTREMES.items():
        found[f"variation_{name}_earliest"] = evidence.quantity(
            "area_extremes", row, "recovery_percent"
        )
    found["variation_standard"] = evidence.quantity(
        "targets", STANDARD_ROWS[LATEST[1]], "target_value"
    )
    return found


@computes
def by_year(evidence: Evidence) -> dict[str, Quantity | Table]:
    """Spread in every level and year, and the year that a few odd units make stand out."""
    years = sorted(set(evidence.table(TABLE)["year"]))
    records = []
    kept: dict[tuple[str, str], Spread] = {}
    for level, own_years in {**LEVELS_BY_YEAR, "provider": tuple(years)}.items():
        for year in own_years:
            own = spread(areas(evidence, level, year))
            kept[level, year] = own
            records.append(
                (
                    f"{UNITS_OF[level].capitalize()}, {year}",
                    own.units,
                    lowest(evidence, level, year),
                    highest(evidence, level, year),
                    own.phi,
                    own.phi_winsorised,
                    own.tau,
                    own.tau_winsorised,
                    own.outside_binomial,
                    own.outside_additive,
                    own.outside_winsorised,
                )
            )
    odd = kept["ccg", "2021-22"]
    return {
        "variation_phi_odd": odd.phi,
        "variation_phi_odd_winsorised": odd.phi_winsorised,
        "variation_lowest_odd": lowest(evidence, "ccg", "2021-22"),
        "variation_phi_lowest": _least(kept, "phi"),
        "variation_phi_highest": _most(kept, "phi"),
        "variation_spread": Table(
            "Differences between areas and between providers beyond chance, by year. Dispersion is "
            "how many times the variance of chance they vary; spread is the standard deviation of "
            "true rates, with limits from the Q-profile. Winsorised figures pull the extreme units "
            "in first. Areas and providers are the same courses.",
            pd.DataFrame(
                records,
                columns=[
                    "Units and year",
                    "Units",
                    "Lowest printed rate",
                    "Highest printed rate",
                    "Dispersion",
                    "Dispersion, winsorised",
                    "Spread",
                    "Spread, winsorised",
                    "Outside binomial limits",
                    "Outside additive limits",
                    "Outside additive limits, winsorised",
                ],
            ),
            folded=True,
        ),
    }


def _least(kept: dict[tuple[str, str], Spread], name: str) -> Quantity:
    return _pick([getattr(item, name) for item in kept.values()], int(np.argmin(_of(kept, name))))


def _most(kept: dict[tuple[str, str], Spread], name: str) -> Quantity:
    return _pick([getattr(item, name) for item in kept.values()], int(np.argmax(_of(kept, name))))


def _of(kept: dict[tuple[str, str], Spread], name: str) -> list[float]:
    return [getattr(item, name).value for item in kept.values()]


def _pick(items: list[Quantity], at: int) -> Quantity:
    """One of several, with the rows of all, since any of them might have been picked."""
    rows = frozenset().union(*(item.rows for item in items))
    return Quantity(items[at].value, items[at].unit, rows=rows, decimals=items[at].decimals)
