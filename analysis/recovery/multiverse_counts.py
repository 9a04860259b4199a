"""Counts for the multiverse by year and source, and the shares that they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.evidence import Evidence
from analysis.multiverse import Floats
from analysis.quantity import Quantity
from analysis.recovery.bases import BASES, annual_counts, base_count, monthly_counts
from analysis.year_sums import YearlyCounts

SOURCES = {"annual": "annual tables", "months": "sums of months", "cohort": "one cohort, months"}
NUMERATORS = {
    "recovery": "moved_to_recovery",
    "reliable_recovery": "reliable_recovery_count",
    "reliable_improvement": "reliable_improvement_count",
    "deterioration": "reliable_deterioration_count",
}


@dataclass(frozen=True)
class Counts:
    """Counts by source, year and measure, and as arrays with years in rows and a column a source.

    Sources: annual tables, sums of months, and the months again for one cohort.
    """

    years: tuple[str, ...]
    sources: Mapping[str, YearlyCounts]

    def __getitem__(self, measure: str) -> Floats:
        """One count, NaN where it was not published."""
        return self._array(lambda counts: counts.get(measure))

    def base(self, name: str) -> Floats:
        """One of the five bases, NaN where it was not published."""
        return self._array(lambda counts: base_count(name, counts))

    def rows(self, measure: str, year: str, source: str) -> frozenset[str]:
        """Data rows behind one count; empty where it was not published."""
        count = self.sources[source].get(year, {}).get(measure)
        return frozenset() if count is None else count.rows

    def _array(self, pick: Callable[[dict[str, Quantity]], Quantity | None]) -> Floats:
        found = [[pick(self.sources[s].get(y, {})) for s in SOURCES] for y in self.years]
        return np.array([[np.nan if c is None else c.value for c in row] for row in found])


def yearly_counts(evidence: Evidence) -> Counts:
    """England by financial year: annual tables of the data set, and sums of twelve months."""
    annual, months = annual_counts(evidence), monthly_counts(evidence)
    years = tuple(sorted({*annual, *months}))
    return Counts(years, {"annual": annual, "months": months, "cohort": months})


def gross_shares(counts: Counts, waiting_rate: float) -> tuple[Floats, Floats, Floats]:
    """Shares with the outcome (base × outcome × year × source × missing rule), and their bounds.

    None recovered: x/b. Pairs: (x/b)·(finished/paired). Those who left, L = b − finished, as
    finishers: (x + L·x/finished)/b; as a waiting list: (x + L·c·w)/b, c the share of finishers at
    caseness. Bounds (base × outcome × year × source): x/b and (x + everyone unmeasured)/b. Shares
    between 0 and 1; NaN where a count is missing or base and finishers are not one cohort.
    """
    bases = {name: counts.base(name) for name in BASES}
    finished, cases, paired = (
        bases["finished"],
        bases["finished_at_caseness"],
        counts["paired_scores"],
    )
    one_cohort = np.array([source == "cohort" for source in SOURCES])
    once = counts["ended_treated_once"]
    bases["started"] = np.where(one_cohort, finished + once, bases["started"])
    base = np.stack(list(bases.values()))[:, None]
    events = np.stack([counts[measure] for measure in NUMERATORS.values()])[None]
    none, unknown = np.zeros_like(finished), np.full_like(finished, np.nan)
    left = np.where(one_cohort, once, np.nan)
    leavers = np.stack([none, none, left, bases["ended"] - finished, unknown])[:, None]
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
