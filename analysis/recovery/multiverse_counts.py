"""Counts for the multiverse by year and source, and the shares that they give.

Annual tables are refreshed after the year and sums of monthly figures are not: they stand side by
side as sources and are never joined within a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.evidence import Evidence

MONTHS_OF_A_YEAR = 12
SOURCES = {"annual": "annual tables", "months": "sums of months", "cohort": "one cohort, months"}
NUMERATORS = {
    "recovery": "moved_to_recovery",
    "reliable_recovery": "reliable_recovery_count",
    "reliable_improvement": "reliable_improvement_count",
    "deterioration": "reliable_deterioration_count",
}
DENOMINATORS = {
    "finished_at_caseness": ("finished_course", "not_at_caseness", "recovery_denominator"),
    "finished": ("finished_course",),
    "started": ("first_treatment",),
    "ended": ("ended_referrals",),
    "referred": ("referrals_received",),
}


@dataclass(frozen=True)
class Counts:
    """Counts by measure as arrays of year and source, with the data rows behind each."""

    years: tuple[str, ...]
    frames: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]

    def __getitem__(self, measure: str) -> NDArray[np.float64]:
        """Years in rows; annual tables, sums of months, and the months again for one cohort."""
        columns = [self.frames[source][0].reindex(self.years) for source in SOURCES]
        empty = pd.Series(np.nan, index=list(self.years))
        return np.column_stack([frame.get(measure, empty).to_numpy(float) for frame in columns])

    def rows(self, measure: str, year: str, source: str) -> frozenset[str]:
        """Data rows behind one count; empty where it was not published."""
        refs = self.frames[source][1]
        if measure not in refs or year not in refs.index:
            return frozenset()
        found = refs.at[year, measure]
        return found if isinstance(found, frozenset) else frozenset({found} - {np.nan})


def yearly_counts(evidence: Evidence) -> Counts:
    """England by financial year: annual tables of the data set, and sums of twelve months.

    A sum counts only where all twelve months of a measure are there.
    """
    annual = evidence.table("annual_national", series="data_set", preferred=True, unit="referrals")
    annual["rows"] = [frozenset({f"annual_national/{row}"}) for row in annual.index]
    outcomes = evidence.table("monthly_outcomes", preferred=True, unit="referrals")
    outcomes["row"] = "monthly_outcomes/" + outcomes.index
    pathway = evidence.table("monthly_pathway")
    pathway["row"] = "monthly_pathway/" + pathway.index
    months = pd.concat([outcomes, pathway])[["month", "measure", "value", "row"]]
    months["year"] = months["month"].map(_financial_year)
    groups = months.groupby(["year", "measure"])
    sums = pd.DataFrame({"value": groups["value"].sum(), "rows": groups["row"].agg(frozenset)})
    sums = sums[groups["month"].nunique() == MONTHS_OF_A_YEAR].reset_index()
    frames = {"annual": _by_measure(annual), "months": _by_measure(sums)}
    years = tuple(sorted({*frames["annual"][0].index, *frames["months"][0].index}))
    return Counts(years, {**frames, "cohort": frames["months"]})


def _financial_year(month: str) -> str:
    start = int(month[:4]) - (int(month[5:7]) < 4)
    return f"{start}-{(start + 1) % 100:02d}"


def _by_measure(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    values, rows = (
        frame.pivot(index="year", columns="measure", values=c) for c in ("value", "rows")
    )
    return values, rows


def gross_shares(counts: Counts, waiting_rate: float) -> tuple[NDArray, NDArray, NDArray]:
    """Shares with the outcome (base × outcome × year × source × missing rule), and their bounds.

    None recovered: x/b. Pairs: (x/b)·(finished/paired). Those who left, L = b − finished, as
    finishers: (x + L·x/finished)/b; as a waiting list: (x + L·c·w)/b, c the share of finishers at
    caseness. Bounds (base × outcome × year × source): x/b and (x + everyone unmeasured)/b. Shares
    between 0 and 1; NaN where a count is missing or base and finishers are not one cohort.
    """
    finished, paired = counts["finished_course"], counts["paired_scores"]
    below = counts["not_at_caseness"]
    cases = np.where(
        np.isfinite(finished - below), finished - below, counts["recovery_denominator"]
    )
    one_cohort = np.array([source == "cohort" for source in SOURCES])
    once = counts["ended_treated_once"]
    started = np.where(one_cohort, finished + once, counts["first_treatment"])
    ended = counts["ended_referrals"]
    base = np.stack([cases, finished, started, ended, counts["referrals_received"]])[:, None]
    events = np.stack([counts[measure] for measure in NUMERATORS.values()])[None]
    none, unknown = np.zeros_like(finished), np.full_like(finished, np.nan)
    left = np.where(one_cohort, once, np.nan)
    leavers = np.stack([none, none, left, ended - finished, unknown])[:, None]
    share = events / base
    gross = np.stack(
        [
            share,
            share * finished / paired,
            (events + leavers * waiting_rate * cases / finished) / base,
            (events + leavers * events / finished) / base,
        ],
        axis=-1,
    )
    most = np.minimum((events + leavers + finished - paired) / base, 1.0)
    return gross, np.where(np.isfinite(most), share, np.nan), most
