"""Every look that is taken for bunching: populations, years, sizes, bandwidths, nulls, statistics.

A look is one way of asking whether printed rates pile up at the target. All are computed, none
was chosen in advance, and areas and providers are the same courses counted another way, so their
counts are never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.bunching import Band, Finding, findings, null_band
from analysis.evidence import Evidence
from analysis.printed_rates import Window
from analysis.quantity import Quantity
from analysis.smooth_null import KNOTS, Sample, fit_law, simulate_counts

DRAWS, SEED = 1000, 20260401
LEAST = 100
TARGET_ROW = "recovery_2017_18"
POPULATIONS = {
    "provider_months": ("month_rates", "provider", "Provider-months"),
    "ccg_months": ("month_rates", "ccg", "Area-months, clinical commissioning groups"),
    "subicb_months": ("month_rates", "subicb", "Area-months, sub-ICB locations"),
    "provider_years": ("area_years", "provider", "Provider-years"),
    "ccg_years": ("area_years", "ccg", "Area-years, clinical commissioning groups"),
    "icb_years": ("area_years", "icb", "Area-years, integrated care boards"),
}
MAIN = {
    "population": "provider_months", "years": "all", "sizes": "all", "bandwidth": 2, "null": "fine",
}  # fmt: skip


@dataclass(frozen=True)
class Looks:
    """Looks as a table, the data rows behind them, and the target that they share.

    `band` shows the first population as a whole beside its null.
    """

    target: Quantity
    table: pd.DataFrame
    band: Band
    lineage: frozenset[str]

    def main(self, **other: object) -> pd.Series:
        """The look of the main settings, or of those with some changed."""
        frame = self.table
        for column, value in (MAIN | {"statistic": "excess"} | other).items():
            frame = frame[frame[column] == value]
        return frame.iloc[0]


def target_of(evidence: Evidence) -> Quantity:
    """The recovery target, a whole percent."""
    return evidence.quantity("targets", TARGET_ROW, "target_value")


def base_shares(evidence: Evidence) -> pd.Series:
    """By year: base of the rate over finished courses, summed over areas; for sizes without one."""
    frame = evidence.table("area_years", level=["ccg", "icb"]).dropna(subset=["base", "finished"])
    sums = frame.groupby("year")[["base", "finished"]].sum()
    return sums["base"] / sums["finished"]


def population(
    evidence: Evidence, name: str, **where: str
) -> tuple[Sample, list[str], frozenset[str]]:
    """One entry a unit and time, the years that the periods stand for, and the rows behind.

    Sizes printed as finished courses are brought to the base of the rate by the year's share.
    """
    table, level, _ = POPULATIONS[name]
    frame = evidence.table(table, level=level, **where)
    if table == "month_rates":
        shares = base_shares(evidence)
        factor = np.where(
            frame["denominator"] == "finished courses", frame["year"].map(shares), 1.0
        )
        size, percent = frame["mean_size"] * factor, frame["rate_percent"]
        times = np.maximum(np.rint(frame["months"].to_numpy()), 1).astype(int)
        converted = frame["denominator"].eq("finished courses").any()
    else:
        frame = frame.dropna(subset=["base", "recovery_percent"])
        size, percent = frame["base"], frame["recovery_percent"]
        times, converted = np.ones(len(frame), dtype=int), False
    rows = evidence.rows(table, frame.index)
    if converted:
        areas = evidence.table("area_years", level=["ccg", "icb"], year=[*frame["year"].unique()])
        rows |= evidence.rows("area_years", areas.index)
    years = sorted(frame["year"].unique())
    sample = Sample(
        np.repeat(pd.factorize(frame["code"])[0], times),
        np.repeat(np.maximum(np.rint(size.to_numpy()), 1).astype(np.int64), times),
        np.repeat(frame["year"].map(years.index).to_numpy(), times),
        np.repeat(np.rint(percent.to_numpy()).astype(np.int64), times),
    )
    return sample, years, rows


@lru_cache(maxsize=2 * len(POPULATIONS))
def looks_at(evidence: Evidence, name: str, draws: int = DRAWS, seed: int = SEED) -> Looks:
    """Every look at one population, with a number of draws and a seed for the simulated null.

    A year alone, or the larger units alone (at or above the median size), is a look when it has
    enough entries. One set of simulated data serves all looks at a population.
    """
    target = target_of(evidence)
    cut = round(target.value)
    window = Window.around(cut)
    rng = np.random.default_rng([seed, list(POPULATIONS).index(name)])
    sample, years, rows = population(evidence, name)
    large = sample.size >= np.median(sample.size)
    stratum = 2 * sample.period + large
    drawn = simulate_counts(sample, fit_law(sample, window, cut), window, stratum, draws, rng)
    band = null_band(sample, drawn.sum(axis=1), cut, window, str(MAIN["null"]))
    periods = {"all": np.ones(len(sample), dtype=bool)}
    if len(years) > 1:
        periods |= {year: sample.period == i for i, year in enumerate(years)}
    records: list[dict[str, object]] = []
    for period, inside in periods.items():
        for sizes, kept in (("all", inside), ("large", inside & large)):
            if kept.sum() < LEAST:
                continue
            null = drawn[:, np.unique(stratum[kept])].sum(axis=1)
            for smoothness in KNOTS:
                labels = {
                    "population": name,
                    "years": period,
                    "sizes": sizes,
                    "null": smoothness,
                    "entries": int(kept.sum()),
                }
                found = findings(sample.where(kept), null, cut, window, rng, smoothness=smoothness)
                records += [labels | _record(item) for item in found]
    return Looks(target, pd.DataFrame(records), band, rows | target.rows)


def _record(item: Finding) -> dict[str, object]:
    return {
        "statistic": item.statistic,
        "bandwidth": item.bandwidth,
        "extra": item.extra,
        "relative": item.relative,
        "expected": item.expected,
        "z": item.z[item.place],
        "p": item.p_target,
        "p_cuts": item.p_cuts,
        "rank": item.rank,
        "p_by_cut": item.p,
    }


def looks(evidence: Evidence, draws: int = DRAWS, seed: int = SEED) -> Looks:
    """Every look at every population."""
    parts = [looks_at(evidence, name, draws, seed) for name in POPULATIONS]
    table = pd.concat([part.table for part in parts], ignore_index=True)
    rows = frozenset[str]().union(*(part.lineage for part in parts))
    return Looks(parts[0].target, table, parts[0].band, rows)
