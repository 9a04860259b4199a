"""The multiverse of the service: which base, outcome and comparator gives which rate.

Base, outcome, gross or net, time and rater make the estimand; year, source, missing-data rule,
scale of transport and operator are options within it. Values are percentages of the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.contrasts import Scale
from analysis.evidence import Evidence
from analysis.multiverse import Floats, Grid, Mask, Screening, screen
from analysis.quantity import Quantity
from analysis.recovery.bases import BASES, MEASURES
from analysis.recovery.multiverse_counts import (
    NUMERATORS,
    SOURCES,
    Counts,
    gross_shares,
    yearly_counts,
)
from analysis.recovery.multiverse_rules import service_rules
from analysis.recovery.multiverse_trials import TrialGrid, trial_multiverse
from analysis.trial_contrasts import TrialName, trial_contrast

OUTCOMES = {
    "recovery": "recovery",
    "reliable_recovery": "reliable recovery",
    "reliable_improvement": "reliable improvement",
    "deterioration": "reliable deterioration",
}
MISSING = {
    "not_recovered": "missing: taken as no",
    "pairs": "missing: left out",
    "waiting_list": "missing: as a waiting list",
    "finishers": "missing: as finishers",
}
SCALES: dict[str, tuple[Scale, str]] = {
    "rd": ("risk_difference", "risk difference"),
    "rr": ("risk_ratio", "risk ratio"),
    "or": ("odds_ratio", "odds ratio"),
}
CARRIED: dict[str, TrialName] = {"6": "pmhc_6m", "12": "pmhc_12m"}
COMPARISONS = {
    "none": "none",
    **{f"{s}_{m}": f"{SCALES[s][1]}, {m} months" for m in CARRIED for s in SCALES},
    "reeact": "usual GP care, REEACT",
    "waiting_list": "pooled waiting lists",
}
ESTIMAND = ("denominator", "outcome", "net", "horizon", "rater")


@dataclass(frozen=True)
class Multiverse:
    """The grid, what is admissible, and values with limits in percent, NaN where inadmissible.

    Beside it the grid of the `trials` in their own populations.
    `low` and `high` are the limits of a comparison, of the kind of its trial's effect in
    `comparators`; `least` and `most` identification bounds for people without a measured outcome:
    none of them, or all, had the outcome.
    """

    grid: Grid
    screening: Screening
    values: Floats
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    counts: Counts
    comparators: Mapping[str, Quantity]
    trials: TrialGrid

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row an admissible combination: its levels, value and limits."""
        found = np.nonzero(self.screening.admissible)
        frame = pd.DataFrame(
            {
                name: np.asarray(self.grid.choices[name], dtype=object)[index]
                for name, index in zip(self.grid.names, found, strict=True)
            }
        )
        frame["value"] = self.values[found]
        for name in ("low", "high", "least", "most"):
            frame[name] = getattr(self, name)[found]
        frame["net"] = np.where(frame["comparison"] == "none", "gross", "net")
        kinds = {name: effect.interval.kind for name, effect in self.comparators.items()}
        frame["kind"] = frame["comparison"].map(kinds).fillna("record")
        return frame

    def rows(self, points: pd.DataFrame) -> frozenset[str]:
        """Data rows behind some points."""
        found: set[str] = set()
        for point in points.to_dict("records"):
            found |= self._count_rows(point)
            for name in (point["comparison"], point["missing"]):
                if name in self.comparators:
                    found |= self.comparators[name].rows
        return frozenset(found)

    def _count_rows(self, point: Mapping[str, str]) -> frozenset[str]:
        measures: Iterable[str] = (
            NUMERATORS[point["outcome"]],
            *MEASURES[point["denominator"]],
            *(("paired_scores", "finished_course") if np.isfinite(point["least"]) else ()),
            *(("paired_scores",) if point["missing"] == "pairs" else ()),
            *(("ended_treated_once", "finished_course") if point["source"] == "cohort" else ()),
            *(("finished_course",) if point["missing"] != "not_recovered" else ()),
            *(("not_at_caseness",) if point["missing"] == "waiting_list" else ()),
        )
        rows = (self.counts.rows(m, point["year"], point["source"]) for m in measures)
        return frozenset().union(*rows)


def service_multiverse(evidence: Evidence) -> Multiverse:
    """Every combination for England, 2012-13 on: the share of a base with an outcome, in percent.

    Gross: outcomes / base. Missing last scores: none recovered (as published); pairs of scores
    only, caseness taken as common among the unpaired; those who left at the rate of finishers, or,
    at caseness as often as finishers, at that of pooled waiting lists. Net: p₁ − p₀ with p₀
    implied by the Norwegian trial on one of three scales. The array is computed at once.
    """
    counts, effects = yearly_counts(evidence), norwegian_effects(evidence)
    waiting = evidence.quantity("controlled_outcomes", "mekonen_waiting_list", "percent")
    grid = Grid(
        {
            "denominator": tuple(BASES),
            "outcome": tuple(OUTCOMES),
            "comparison": tuple(COMPARISONS),
            "horizon": ("end", "12_months"),
            "rater": ("self_report", "interview"),
            "year": counts.years,
            "source": tuple(SOURCES),
            "missing": tuple(MISSING),
            "operator": ("published", "strict"),
        }
    )
    gross, least, most = gross_shares(counts, waiting.value / 100)
    values = np.full((*gross.shape, len(COMPARISONS)), np.nan)
    low, high = values.copy(), values.copy()
    values[..., 0] = gross
    for name, effect in effects.items():
        at, scale = list(COMPARISONS).index(name), SCALES[name.split("_")[0]][0]
        limits = effect.interval.limits or (np.nan, np.nan)
        for array, size in zip((values, low, high), (effect.value, *limits), strict=True):
            array[..., at] = carried_net(gross, size, scale)
    names = ("denominator", "outcome", "year", "source", "missing", "comparison")
    results = grid.spread(values, *names)
    comparator_rates = grid.spread(gross, *names[:-1]) - results
    screening = screen(grid, service_rules(grid, results, comparator_rates))
    gross_only = grid.where("comparison", "none")

    def kept(array: Floats, where: Mask | np.bool_, *axes: str) -> Floats:
        return np.where(screening.admissible & where, 100 * grid.spread(array, *axes), np.nan)

    return Multiverse(
        grid,
        screening,
        kept(values, np.True_, *names),
        kept(low, np.True_, *names),
        kept(high, np.True_, *names),
        kept(least, gross_only, *names[:4]),
        kept(most, gross_only, *names[:4]),
        counts,
        {"waiting_list": waiting, **effects},
        trial_multiverse(evidence),
    )


def norwegian_effects(evidence: Evidence) -> dict[str, Quantity]:
    """The Norwegian trial's effect by comparison of the grid: scale and months."""
    trials = {months: trial_contrast(evidence, name) for months, name in CARRIED.items()}
    return {
        f"{short}_{months}": trial.effect(scale)
        for months, trial in trials.items()
        for short, (scale, _) in SCALES.items()
    }


def carried_net(rate: Floats, effect: float, scale: Scale) -> Floats:
    """Net shares p₁ − p₀ of a whole grid, p₀ implied by an effect that is constant on the scale.

    `contrasts.implied_rate` refuses a p₀ below 0; here it comes out as it is, for the rules of the
    grid to name it. Rates are shares, a difference is in points.

    >>> sizes = {"risk_difference": 20, "risk_ratio": 1.5, "odds_ratio": 2.25}
    >>> [round(float(carried_net(np.array(0.5), size, s)), 3) for s, size in sizes.items()]
    [0.2, 0.167, 0.192]
    """
    if scale == "risk_difference":
        return np.where(np.isfinite(rate), effect / 100, np.nan)
    return rate - rate / (effect if scale == "risk_ratio" else effect * (1 - rate) + rate)
